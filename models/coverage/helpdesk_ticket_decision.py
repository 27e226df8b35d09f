from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.charging import Charge
from ...tools.coverage_effects import EFFECTS, Basis, Code
from ...tools.guard import Guard
from .service_coverage_decision import BY_THE_RULES, CODES, DECIDING

# A decision stands on these facts of the ticket itself.
FACTS = {
    "category_id",
    "channel_id",
    "company_id",
    "complaint_of_id",
    "complaint_verdict",
    "contract_choices",
    "item_id",
    "objection",
    "partner_id",
    "place_id",
    "quote_first",
    "report_verdict",
    "reported_at",
    "service_contract_id",
}
WRONG_CHANNEL = "helpdesk_service_contract.mail_template_channel"
DECIDED = Guard(
    frozenset(
        {
            "ad_hoc_contract_id",
            "channel_refused",
            "coverage_code",
            "coverage_decision_id",
            "off_place",
        }
    ),
    DECIDING,
    message=BY_THE_RULES,
)


class Payer(NamedTuple):
    """The contract that work is written on, and what is charged there."""

    contract: models.Model
    charge: Charge
    # Which contract it is has to be chosen first.
    to_choose: bool = False


class HelpdeskTicket(models.Model):
    """Who pays for the work on a ticket."""

    _inherit = "helpdesk.ticket"

    coverage_decision_id = fields.Many2one(
        "service.coverage.decision", string="Coverage", readonly=True, copy=False
    )
    coverage_decision_ids = fields.One2many(
        "service.coverage.decision", "ticket_id", string="Coverage Decisions"
    )
    coverage_code = fields.Selection(
        CODES, string="Who Pays", readonly=True, copy=False, index=True
    )
    off_place = fields.Boolean(
        string="Outside Covered Sites", readonly=True, copy=False
    )
    service_tier_id = fields.Many2one(related="coverage_decision_id.tier_id")
    ad_hoc_contract_id = fields.Many2one(
        "contract.contract",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    channel_refused = fields.Boolean(
        string="Wrong Channel",
        readonly=True,
        copy=False,
        help="Reported through a channel the tier does not accept. The customer was "
        "told which one to use.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), DECIDED)

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        self.env["service.coverage"]._decide(tickets, fresh=True)
        tickets.sudo()._apply_tier_priority()
        return tickets

    def write(self, vals):
        if not FACTS & set(vals):
            return super().write(vals)
        affected = self._affected()
        result = super().write(vals)
        moved = self._leave_foreign_contracts()
        affected |= self._affected()
        # A contract that is chosen takes the ticket up.
        chosen = {"contract_choices", "service_contract_id"} & set(vals)
        resting = self.browse() if chosen else affected._resting()
        self.env["service.coverage"]._decide(affected - resting)
        resting.filtered(lambda ticket: not ticket.stage_id.closed)._take_up()
        moved._open_ad_hoc_contracts()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        # sudo: decisions count, visible or not
        if decided := self.sudo().filtered("coverage_decision_ids"):
            raise UserError(
                self.env._(
                    "It was decided who pays for ticket %s, which is kept on record. "
                    "Archive the ticket instead.",
                    decided[0].display_name,
                )
            )

    def _leave_foreign_contracts(self):
        """Tickets with work whose contract is that of another customer or company."""
        # sudo: contracts decide who pays, visible or not
        foreign = self.sudo().filtered(
            lambda ticket: (
                ticket.ad_hoc_contract_id
                and (
                    ticket.ad_hoc_contract_id.commercial_partner_id,
                    ticket.ad_hoc_contract_id.company_id,
                )
                != (ticket.commercial_partner_id, ticket.company_id)
            )
        )
        foreign.with_context(**DECIDING.opened).ad_hoc_contract_id = False
        return foreign.filtered("timesheet_ids")

    def _affected(self):
        """These tickets, and those whose number among unjustified reports follows."""
        coverage = self.env["service.coverage"]
        judged = self.sudo().filtered("report_verdict")
        return self | self.union(
            *(coverage._unjustified_of_the_month(ticket) for ticket in judged)
        ).with_env(self.env)

    def _apply_decision(self, decision):
        self.ensure_one()
        self.with_context(**DECIDING.opened, tracking_disable=True).write(
            {
                "coverage_decision_id": decision.id,
                "coverage_code": decision.code,
                "off_place": decision.off_place,
            }
        )
        if self.timesheet_ids:
            self._open_ad_hoc_contracts()

    def _apply_tier_priority(self):
        """Customers of some tiers are served first."""
        for ticket in self:
            tier = ticket.service_tier_id
            wanted = tier and tier._coverage_rules().ticket_priority
            if wanted and (ticket.priority or "0") < wanted:
                ticket.priority = wanted

    def _tell_right_channel(self, *, fresh=False):
        """Mark a report by a channel its tier does not take, and answer it, once.

        What confirms that a ``fresh`` one was received says it as well.
        """
        self.ensure_one()
        refused = not self.service_tier_id._takes_channel(self.channel_id)
        if refused == self.channel_refused:
            return
        self.with_context(**DECIDING.opened).channel_refused = refused
        if refused and not fresh and not self.by_machine:
            self._send_notice(WRONG_CHANNEL)

    def _payer(self, day, *, on_site=False):
        """Who pays for work of ``day`` on this ticket.

        A ticket may outlive the contract it came in under; then the one in force on
        the day pays, or the price list. Work from before service counted here was
        billed elsewhere.
        """
        self.ensure_one()
        if self._is_work_from_before(day):
            return Payer(self.env["contract.contract"], Charge.FREE)
        payer = self._charged_on(day, on_site=on_site)
        if payer.contract or payer.to_choose or not self.coverage_code:
            return payer
        return payer._replace(contract=self._ad_hoc_contract())

    def _charged_on(self, day, *, on_site=False):
        """As ``_payer``, with no contract where the price list counts: nothing is
        looked up for it."""
        self.ensure_one()
        contract, to_choose = self._contract_on(day)
        if not self.coverage_code:
            return Payer(contract, Charge.FULL)
        wanted, charge = EFFECTS[Code(self.coverage_code)]
        if on_site and self.off_place:
            wanted, charge = Basis.AD_HOC, Charge.MONEY
        if wanted == Basis.CONTRACT and contract:
            return Payer(contract, charge)
        if wanted == Basis.CONTRACT and to_choose:
            return Payer(contract, Charge.HOLD, to_choose=True)
        if charge == Charge.FULL:
            charge = Charge.MONEY
        return Payer(contract.browse(), charge)

    def _ad_hoc_contract(self):
        """The customer's contract for work by the price list, or none yet."""
        self.ensure_one()
        if self.ad_hoc_contract_id or not self.partner_id:
            return self.ad_hoc_contract_id
        # sudo: the contract decides, visible or not
        contracts = self.env["contract.contract"].sudo()
        contracts = contracts._ad_hoc_contracts(
            self.commercial_partner_id, self.company_id
        )
        return contracts[:1].with_env(self.env)

    def _paying_tier(self):
        """The tier whose prices apply to work of today."""
        self.ensure_one()
        today = self.company_id.sudo()._service_day()
        contract = self._payer(today).contract
        return contract.service_tier_id or self.env["service.tier"]._first(
            self.company_id, "ad_hoc"
        )

    def _prepare_for_work(self):
        """What must be there before work is logged: an agreement, and an contract."""
        self._take_up()
        for ticket in self:
            if ticket.coverage_code == "quote" and not self._is_help_given():
                ticket._refuse_without_quote()
        self._open_ad_hoc_contracts()

    def _is_help_given(self):
        """Hook: whether what is logged is help that was allowed without a quote."""
        return False

    def _open_ad_hoc_contracts(self):
        """Let every ticket know its customer's contract for work by the price list."""
        today = {c: c.sudo()._service_day() for c in self.company_id}
        for ticket in self.filtered(
            lambda t: t.partner_id and not t.ad_hoc_contract_id
        ):
            payer = ticket._payer(today[ticket.company_id], on_site=True)
            contract = payer.contract
            if payer.to_choose or contract._is_service():
                continue
            if not contract:
                # sudo: a technician logs work; the contract is opened by the way
                contract = contract.sudo()._open_ad_hoc_contract(
                    ticket.commercial_partner_id,
                    ticket.company_id,
                    ticket._reported_day(),
                )
            ticket.sudo().with_context(**DECIDING.opened).ad_hoc_contract_id = contract

    def _decided_otherwise(self, before, decision):
        """Hook: ``decision`` takes the place of ``before``, which may be none."""
