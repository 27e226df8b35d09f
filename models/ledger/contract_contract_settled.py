from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tools import LazyTranslate, format_date

from ...tools.guard import Guard
from ...tools.periods import month_of
from .service_hour_move import LEDGER

_lt = LazyTranslate(__name__)
SETTLED = Guard(
    frozenset({"granted_until", "settled_until"}),
    LEDGER,
    message=_lt("Only a settlement records until when a contract is settled."),
)

# Terms that settled hours stand on.
SETTLED_FIELDS = {"company_id", "counts_from", "date_start", "partner_id"}


class ContractContract(models.Model):
    """What settled hours keep of a contract as it was."""

    _inherit = "contract.contract"

    @api.model
    def _guards(self):
        return (*super()._guards(), SETTLED)

    def write(self, vals):
        self._check_settled_fields(vals)
        self._check_settled_end(vals)
        ends = {contract: contract.date_end for contract in self}
        fresh = self.filtered(lambda contract: not contract.service_tier_id)
        result = super().write(vals)
        if "date_end" in vals:
            for contract, end in ends.items():
                contract._move_end_of_allowances(end)
        if "service_tier_id" in vals:
            fresh._start_after_what_is_invoiced()
        return result

    def _check_settled_fields(self, vals):
        # sudo: settled hours are settled, visible or not
        settled = self.filtered(lambda c: c.settled_until or c.sudo().settlement_ids)
        for contract in settled:
            kept = "service_tier_id" not in vals or vals["service_tier_id"]
            if not kept or contract._changed_fields(vals) & SETTLED_FIELDS:
                raise UserError(
                    self.env._(
                        "The hours of the contract “%(contract)s” are settled "
                        "until %(day)s, so its customer, company and start date "
                        "cannot change, and it must remain a service contract. End "
                        "it and create a new one.",
                        contract=contract.display_name,
                        day=format_date(self.env, contract._settled_day()),
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
                        day=format_date(self.env, contract.settled_until),
                    )
                )

    def _changed_fields(self, vals):
        """Names of what ``vals`` really change of the terms hours are settled by."""
        self.ensure_one()
        present = {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "counts_from": self.counts_from,
            "date_start": self.date_start,
        }
        wanted = dict(vals)
        for name in {"counts_from", "date_start"} & set(wanted):
            wanted[name] = Date.to_date(wanted[name]) or False
        return {n for n, value in present.items() if wanted.get(n, value) != value}

    def _start_after_what_is_invoiced(self):
        """A contract that becomes a service contract is settled from then on."""
        for contract in self.filtered("service_tier_id"):
            invoiced = contract.contract_line_ids.mapped("last_date_invoiced")
            if any(invoiced):
                # A fee may be billed ahead, hours never are.
                this_month = month_of(contract.company_id._service_day()).first
                last_month = Date.subtract(this_month, days=1)
                contract.with_context(**LEDGER.opened).settled_until = min(
                    last_month, *(day for day in invoiced if day)
                )
