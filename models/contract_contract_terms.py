from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date, Domain

from ..tools.periods import month_of
from .service_hour_move import LEDGER

# Terms by which tickets and work find their contract.
FINDING_TERMS = {
    "active",
    "company_id",
    "date_end",
    "date_start",
    "partner_id",
    "service_tier_id",
}
# Written by the settlement alone.
LEDGER_TERMS = {"granted_until", "settled_until"}
# What work takes from its contract before it is rated.
FOUND_BY_WORK = ["work_type_id", "service_contract_id", "charge"]
# Terms that settled hours stand on.
SETTLED_TERMS = {"company_id", "date_start", "partner_id"}


class ContractContract(models.Model):
    """What follows from a change of a service contract's terms, and what may not.

    Apart from what a service contract is, so that either file is read in one go.
    """

    _inherit = "contract.contract"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        self._check_ledger_terms({name for vals in vals_list for name in vals})
        contracts = super().create(vals_list)
        for contract, vals in zip(contracts, vals_list, strict=True):
            if vals.get("date_end"):
                contract._pass_end_to_lines(vals["date_end"])
        contracts._find_work()
        return contracts

    def write(self, vals):
        self._check_ledger_terms(vals)
        self._check_settled_terms(vals)
        self._check_settled_end(vals)
        ends = {contract: contract.date_end for contract in self}
        fresh = self.filtered(lambda contract: not contract.service_tier_id)
        starts = {
            record: record.date_start
            for record in (*self, *self.contract_line_ids)
            if "date_start" in vals
        }
        result = super().write(vals)
        if "date_start" in vals:
            for contract in self.filtered("service_tier_id"):
                contract._keep_later_starts(starts)
        if "date_end" in vals:
            for contract, end in ends.items():
                contract._pass_end_to_lines(vals["date_end"], end)
                contract._revive_allowances(end)
        if "service_tier_id" in vals:
            fresh._start_after_what_is_invoiced()
        if FINDING_TERMS & set(vals):
            self._find_work()
        return result

    def _check_ledger_terms(self, names):
        context = self.env.context
        defaults = {f"default_{name}" for name in LEDGER_TERMS}
        forged = LEDGER_TERMS & set(names) or defaults & set(context)
        if forged and context.get("hour_ledger") is not LEDGER:
            raise AccessError(
                self.env._("Only the settlement says until when a contract is settled.")
            )

    def _check_settled_terms(self, vals):
        # sudo: whoever changes terms, settled hours are settled
        settled = self.filtered(lambda c: c.settled_until or c.sudo().settlement_ids)
        for contract in settled:
            kept = "service_tier_id" not in vals or vals["service_tier_id"]
            if not kept or contract._changed_terms(vals) & SETTLED_TERMS:
                raise UserError(
                    self.env._(
                        "Hours of the contract “%(contract)s” are settled until "
                        "%(day)s, so its customer, company and start stay as they are, "
                        "and it stays a service contract. End it and make a new one.",
                        contract=contract.display_name,
                        day=contract._settled_day(),
                    )
                )

    def _settled_day(self):
        """The last day of which hours are settled: of periods, or of jobs."""
        # sudo: as above
        return self.settled_until or max(self.sudo().settlement_ids.mapped("date_to"))

    def _check_settled_end(self, vals):
        end = Date.to_date(vals.get("date_end"))
        for contract in self.filtered("settled_until") if end else ():
            if end < contract.settled_until and end != contract.date_end:
                raise UserError(
                    self.env._(
                        "Hours of the contract “%(contract)s” are settled until "
                        "%(day)s, so it cannot end before that day.",
                        contract=contract.display_name,
                        day=contract.settled_until,
                    )
                )

    def _changed_terms(self, vals):
        """Names of what ``vals`` really change of the terms hours are settled by."""
        self.ensure_one()
        present = {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "date_start": self.date_start,
        }
        wanted = dict(vals)
        if "date_start" in wanted:
            wanted["date_start"] = Date.to_date(wanted["date_start"])
        return {n for n, value in present.items() if wanted.get(n, value) != value}

    def _pass_end_to_lines(self, end, end_before=False):
        """Let fees end with the contract, and go on with it when it is extended."""
        self.ensure_one()
        if not self.service_tier_id:
            return
        end = Date.to_date(end)
        for line in self.contract_line_ids:
            follows = line.date_end == end_before
            too_long = end and (not line.date_end or line.date_end > end)
            unbegun = end and line.date_start > end
            if (follows or too_long) and line.date_end != end and not unbegun:
                line.date_end = end

    def _keep_later_starts(self, starts):
        """OCA contract moves all lines with the header, but some start later than it.

        :param starts: of a contract and all its lines, as they were before
        """
        for line in self.contract_line_ids:
            before = starts.get(line)
            if before and before != starts[self]:
                line.date_start = max(before, self.date_start)

    def _start_after_what_is_invoiced(self):
        """A contract that becomes a service contract is settled from then on."""
        for contract in self.filtered("service_tier_id"):
            invoiced = contract.contract_line_ids.mapped("last_date_invoiced")
            if any(invoiced):
                # A fee may be billed ahead, hours never are.
                this_month = month_of(contract.company_id._service_day()).first
                last_month = Date.subtract(this_month, days=1)
                contract.with_context(hour_ledger=LEDGER).settled_until = min(
                    last_month, *(day for day in invoiced if day)
                )

    def _find_work(self):
        """Let tickets and open work of the customers find their contract again.

        A ticket keeps the contract it has; work that is settled keeps its own anyway.
        """
        partners = self.commercial_partner_id
        if not partners:
            return
        # sudo: who makes a contract may not see the tickets of every team
        tickets = self.env["helpdesk.ticket"].sudo()
        entries = self.env["account.analytic.line"].sudo()
        of_customers = Domain("commercial_partner_id", "in", partners.ids)
        tickets = tickets.search(
            of_customers & Domain("service_contract_id", "=", False)
        )
        entries = entries.search(
            Domain("ticket_id", "any", of_customers)
            & Domain("settlement_id", "=", False)
        )
        found = {tickets: ["service_contract_id"], entries: FOUND_BY_WORK}
        for records, names in found.items():
            for name in names:
                self.env.add_to_compute(records._fields[name], records)
            records.modified(names)
        self.env["service.coverage"]._decide_open_tickets(
            of_customers & Domain("company_id", "in", self.company_id.ids)
        )
