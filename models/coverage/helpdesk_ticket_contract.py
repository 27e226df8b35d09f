from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.guard import Guard, Seal
from ...tools.serving import Serving
from .res_company import BACK_OFFICE

# The system gives a ticket its contract without anybody choosing it.
SERVING = Seal("serving")
# What may move a ticket to another contract.
MOVING = {
    "category_id",
    "company_id",
    "contract_choices",
    "item_id",
    "partner_id",
    "place_id",
    "reported_at",
    "service_contract_id",
}
CHOSEN = Guard(frozenset({"contract_choices", "contract_chosen_by_id"}), SERVING)


class HelpdeskTicket(models.Model):
    """The contract that serves a ticket: found by rule, or chosen by a person."""

    _inherit = "helpdesk.ticket"

    service_contract_id = fields.Many2one(
        "contract.contract",
        compute="_compute_service_contract_id",
        inverse="_inverse_service_contract_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        tracking=True,
        domain="[('service_tier_id.kind', '!=', 'ad_hoc'),"
        " ('service_tier_id', '!=', False),"
        " ('company_id', '=', company_id),"
        " ('commercial_partner_id', '=', commercial_partner_id)]",
        help="The contract in force for the customer when the ticket came in. Work is "
        "billed under it.",
    )
    contract_serving = fields.Json(
        compute="_compute_contract_serving",
        store=True,
        help="Which contracts of the customer fit the ticket best, and why.",
    )
    contract_to_choose = fields.Boolean(
        string="Contract to Be Chosen",
        compute="_compute_contract_to_choose",
        store=True,
        help="Several contracts of the customer fit equally. Until one is chosen, the "
        "strictest promise of them counts and no work is billed.",
    )
    contract_choices = fields.Json(
        readonly=True,
        copy=False,
        help="Ids of the contracts that people chose, the latest last, 0 for none of "
        "them. Each counts for the days on which it is in force.",
    )
    contract_chosen_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    may_choose_contract = fields.Boolean(compute="_compute_may_choose_contract")

    @api.model
    def _guards(self):
        return (*super()._guards(), CHOSEN)

    def write(self, vals):
        if not MOVING & set(vals):
            return super().write(vals)
        self._hold_work()
        before = {ticket: ticket.service_contract_id for ticket in self}
        result = super().write(vals)
        moved = self.filtered(lambda one: one.service_contract_id != before[one])
        moved._check_no_work_left_behind()
        return result

    def _hold_work(self):
        """Hook: let nobody else log work on these tickets until we are done."""

    def _check_no_work_left_behind(self):
        """Hook: no work was logged on these tickets while they moved."""

    def _find_contract_again(self):
        """Let tickets without a contract look for one; what fits has changed."""
        self._hold_work()
        self.env.add_to_compute(self._fields["contract_serving"], self)
        self.modified(["contract_serving"])
        moved = self.filtered("service_contract_id")
        moved._check_no_work_left_behind()

    @api.depends(
        "category_id",
        "commercial_partner_id",
        "company_id",
        "item_id",
        "place_id",
        "reported_at",
    )
    def _compute_contract_serving(self):
        contracts = self.env["contract.contract"]
        by_customer = contracts._by_customer(
            self.commercial_partner_id, self.company_id
        )
        resting = self._resting()
        for ticket in resting:
            ticket.contract_serving = ticket.contract_serving
        for ticket in self - resting:
            of_customer = ticket.company_id, ticket.commercial_partner_id
            ticket.contract_serving = ticket._as_kept(
                ticket._serving_on(
                    ticket._served_day(), by_customer.get(of_customer, contracts)
                )
            )

    def _serving_on(self, day, of_customer=None):
        """Which contract of the customer serves the ticket on a day."""
        contracts = self.env["contract.contract"]
        if of_customer is None:
            of_customer = contracts._by_customer(
                self.commercial_partner_id, self.company_id
            ).get((self.company_id, self.commercial_partner_id), contracts)
        in_force = of_customer.filtered(lambda contract: contract._in_force(day))
        of_item = self.item_id.service_contract_id
        if of_item and of_item._in_force(day) and of_item._is_service():
            # Also one that was archived since.
            in_force |= of_item
        return in_force._serve(self.item_id, self.place_id, self.category_id)

    @api.model
    def _as_kept(self, serving):
        """A ``tools.serving.Serving`` as JSON; nothing without a contract in force."""
        if not (serving.best or serving.fits):
            return False
        return {
            "best": [*serving.best],
            "fits": [
                [fit.contract_id, fit.met, [[*one] for one in fit.conditions]]
                for fit in serving.fits
            ],
        }

    def _kept_serving(self):
        """What the rules say of the ticket, without the reasons."""
        return Serving(tuple((self.contract_serving or {}).get("best", ())))

    @api.depends("contract_choices", "contract_serving")
    def _compute_service_contract_id(self):
        resting = self._resting()
        for ticket in self:
            chosen = ticket._chosen_on(ticket._served_day())
            if ticket in resting or ticket._keeps_contract():
                ticket.service_contract_id = ticket.service_contract_id
            elif chosen is not None:
                ticket.service_contract_id = chosen
            else:
                ticket.service_contract_id = ticket._kept_serving().contract_id

    @api.depends("contract_choices", "contract_serving", "service_contract_id")
    def _compute_contract_to_choose(self):
        for ticket in self:
            ticket.contract_to_choose = (
                not ticket.service_contract_id
                and ticket._kept_serving().to_choose
                and ticket._chosen_on(ticket._served_day()) is None
            )

    def _chosen_on(self, day):
        """The contract that a person chose for work of ``day``, empty for none of them;
        None where nobody chose."""
        contracts = self.env["contract.contract"]
        for id_ in reversed(self.contract_choices or ()):
            contract = contracts.browse(id_ or ())
            if not contract or contract._serves_customer_on(
                self.commercial_partner_id, self.company_id, day
            ):
                return contract
        return None

    def _keeps_contract(self):
        """Hook: whether work that is billed holds the ticket at its contract."""
        return False

    def _inverse_service_contract_id(self):
        """A contract that is entered is chosen, unless it is the one of the rules."""
        if SERVING.is_open(self.env.context):
            return
        for ticket in self:
            contract = ticket.service_contract_id
            by_rule = contract.id or None
            if by_rule != ticket._kept_serving().contract_id:
                ticket._choose_contract(contract)
            elif ticket.contract_choices:
                ticket._withdraw_choice()

    def action_choose_contract(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_contract_choice_action"
        ) | {"context": {"default_ticket_id": self.id}}

    def _choose_contract(self, contract):
        """Let a person decide which contract serves the ticket; empty for none."""
        self._check_contract_choice(contract)
        self._keep_choices([*(self.contract_choices or ()), contract.id or 0])

    def _withdraw_choice(self):
        """Let the rules find the contract again."""
        self._check_contract_choice(
            self.service_contract_id.browse(self._kept_serving().contract_id)
        )
        self._keep_choices(False)

    def _keep_choices(self, choices):
        self.with_context(**SERVING.opened).write(
            {
                "contract_choices": choices,
                "contract_chosen_by_id": bool(choices) and self.env.uid,
            }
        )

    def _check_contract_choice(self, contract):
        """Hook: whether the user may move the ticket to a contract, and it may move."""
        self.ensure_one()
        if not self._is_contract_choice_allowed():
            raise AccessError(
                self.env._(
                    "Only back office chooses the contract of a ticket here. Ask them, "
                    "and log the work as usual for now."
                )
            )
        # sudo: contracts decide who pays, visible or not
        ticket, contract = self.sudo(), contract.sudo()
        if contract:
            ticket._check_whose(contract)
        if contract and contract not in ticket._contracts_to_choose_from():
            raise UserError(
                self.env._(
                    "The contract “%(contract)s” was not in force when ticket "
                    "%(ticket)s was reported. Choose another one.",
                    contract=contract.display_name,
                    ticket=self.number,
                )
            )

    @api.depends_context("uid")
    @api.depends("company_id")
    def _compute_may_choose_contract(self):
        for ticket in self:
            ticket.may_choose_contract = ticket._is_contract_choice_allowed()

    def _is_contract_choice_allowed(self):
        user = self.env.user
        # sudo: whether technicians choose is no secret to them
        by_all = self.company_id.sudo().service_technicians_choose
        return by_all or self.env.su or user.has_group(BACK_OFFICE)

    def _contracts_to_choose_from(self):
        """Contracts of the customer that were in force when the ticket came in; once
        it has one, also those of today, which work of today may be under."""
        contracts = self.env["contract.contract"].with_context(active_test=False)
        days = {self._served_day()}
        if not self.contract_to_choose:
            days.add(self.company_id.sudo()._service_day())
        return contracts.browse().union(
            *(contracts._serving(self.partner_id, self.company_id, day) for day in days)
        )

    def _leave_customer(self, customer):
        """A contract that was chosen among those of a former customer is none here."""
        result = super()._leave_customer(customer)
        if self.contract_choices:
            self._keep_choices(False)
        return result

    def _contract_on(self, day):
        """The contract that pays for work done on ``day``, or none; and whether it has
        to be chosen first.

        A ticket may outlive the contract it came in under.
        """
        self.ensure_one()
        contract, chosen = self.service_contract_id, self._chosen_on(day)
        if chosen is not None:
            return chosen, False
        if not contract or contract._in_force(day):
            return contract, self.contract_to_choose
        serving = self._serving_on(day)
        return contract.browse(serving.contract_id), serving.to_choose

    @api.constrains("service_contract_id", "partner_id", "company_id")
    def _check_service_contract(self):
        for ticket in self.sudo().filtered("service_contract_id"):
            ticket._check_whose(ticket.service_contract_id)

    def _check_whose(self, contract):
        """Whether a contract is one of the customer, and of the ticket's company."""
        self.ensure_one()
        if contract.commercial_partner_id != self.commercial_partner_id:
            raise ValidationError(
                self.env._(
                    "The contract “%(contract)s” serves %(customer)s and "
                    "cannot pay for another customer's ticket.",
                    contract=contract.display_name,
                    customer=contract.commercial_partner_id.display_name,
                )
            )
        if contract.company_id != self.company_id:
            raise ValidationError(
                self.env._(
                    "The contract “%(contract)s” is one of %(company)s, so it "
                    "cannot pay for a ticket of another company.",
                    contract=contract.display_name,
                    company=contract.company_id.name,
                )
            )
