from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.charging import Charge
from ...tools.coverage_effects import EFFECTS, Basis
from ...tools.duration import to_minutes
from ...tools.rating import rate
from ...tools.rules import UNPRICED, Place

CHARGES = [
    (Charge.FULL.value, "Charged"),
    (Charge.MONEY.value, "Charged, no package hours"),
    (Charge.PACKAGES.value, "Package hours only, the rest is free"),
    (Charge.FREE.value, "Free of charge"),
    (Charge.HOLD.value, "On hold"),
]
# What back office may decide for one entry.
WAIVERS = {Charge.PACKAGES, Charge.FREE}

# Above all ids of the database.
UNSAVED = 2**40


class AccountAnalyticLine(models.Model):
    """A timesheet line on a ticket is a work entry: rated at once, settled later."""

    _name = "account.analytic.line"
    _inherit = ["service.guarded", "account.analytic.line"]

    date = fields.Date(default=lambda self: self._default_date())
    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        index="btree_not_null",
        ondelete="restrict",
    )
    # Not partner_id, which follows the project and is checked at a price on every line.
    customer_id = fields.Many2one(
        "res.partner",
        compute="_compute_customer_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    work_type_id = fields.Many2one(
        "service.work.type",
        compute="_compute_work_type_id",
        store=True,
        precompute=True,
        readonly=False,
        ondelete="restrict",
    )
    possible_work_type_ids = fields.Many2many(
        "service.work.type", compute="_compute_possible_work_type_ids"
    )
    started_at = fields.Datetime(
        string="Started",
        help="When the work began. Only needed if out-of-hours work is surcharged, and "
        "to order the work of a day.",
    )
    block_entry_id = fields.Many2one(
        "account.analytic.line",
        string="Continues Entry",
        index="btree_not_null",
        ondelete="restrict",
        help="The first entry of the session or visit this work belongs to, if they "
        "are rounded together.",
    )
    in_blocks = fields.Boolean(
        compute="_compute_in_blocks",
        help="This kind of work is rounded by session or visit.",
    )
    block_entry_ids = fields.One2many("account.analytic.line", "block_entry_id")
    worked_minutes = fields.Integer(
        compute="_compute_worked_minutes", store=True, precompute=True
    )
    billed_minutes = fields.Integer(
        string="Billable",
        compute="_compute_billed_minutes",
        store=True,
        help="Rounded by the tier's rate: what the work adds to the rounded total.",
    )
    rating = fields.Json(
        compute="_compute_billed_minutes",
        store=True,
        copy=False,
        help="What the billable time was calculated from.",
    )
    rate_id = fields.Many2one(
        "service.tier.rate",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The rate that the billable time was calculated with, once it is settled.",
    )
    service_contract_id = fields.Many2one(
        "contract.contract",
        compute="_compute_payer",
        store=True,
        precompute=True,
        ondelete="restrict",
        help="The contract this work is logged under, by the decision who pays for the "
        "ticket: the contract in force on the day of the work, or the ad hoc "
        "contract for the price list.",
    )
    charge = fields.Selection(
        CHARGES,
        compute="_compute_payer",
        store=True,
        precompute=True,
        help="Follows the coverage decision of the ticket, unless back office decided "
        "otherwise for this entry.",
    )
    waiver = fields.Selection(
        [(charge, label) for charge, label in CHARGES if charge in WAIVERS],
        copy=False,
        help="What back office decided for this entry only.",
    )
    charge_reason = fields.Char(string="Reason", copy=False)
    decision_id = fields.Many2one(
        "service.coverage.decision",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Who pays, as it was decided when the work was settled.",
    )

    @api.model
    def _default_date(self):
        """Work on a ticket is of the company's day, whatever clock its author has."""
        ticket_id = self.env.context.get("default_ticket_id")
        if not ticket_id:
            return fields.Date.context_today(self)
        ticket = self.env["helpdesk.ticket"].browse(ticket_id)
        return ticket.company_id.sudo()._service_day()

    # Not on the contract of the entry, which waits for the work type.
    @api.depends(
        "ticket_id.ad_hoc_contract_id",
        "ticket_id.coverage_code",
        "ticket_id.service_contract_id",
    )
    def _compute_work_type_id(self):
        usual = {}
        for entry in self:
            if not entry.ticket_id:
                entry.work_type_id = False
            elif entry.is_history:
                entry.work_type_id = entry.work_type_id
            elif not entry.work_type_id and entry.date:
                key = entry.ticket_id, entry.date
                if key not in usual:
                    tier = entry.ticket_id._payer(entry.date).contract.service_tier_id
                    usual[key] = tier._usual_work_type()
                entry.work_type_id = usual[key]

    @api.depends("ticket_id", "service_contract_id", "charge")
    def _compute_possible_work_type_ids(self):
        """Those with a rate; without a contract, or where nothing is charged, all."""
        types = self.env["service.work.type"]
        for entry in self:
            contract = entry.service_contract_id
            if contract and entry.charge != "free":
                tier = contract.sudo().service_tier_id
                entry.possible_work_type_ids = types.browse(tier._rules().rates)
            else:
                companies = [False, entry.ticket_id.company_id.id]
                entry.possible_work_type_ids = types.search(
                    [("company_id", "in", companies)]
                )

    @api.depends("service_contract_id", "work_type_id", "charge")
    def _compute_in_blocks(self):
        for entry in self:
            _tier, rules = entry._rate()
            entry.in_blocks = bool(rules) and rules.scope == "block"

    def _rate(self):
        """The tier and the rules by which the time of the entry is rounded.

        They are those of its contract. Free work that the contract has no rate for goes
        by the tier that makes it free, and if that has none either, it counts to the
        minute: it has no price. Other work has no rules then.
        """
        self.ensure_one()
        tier = self.service_contract_id.service_tier_id
        rules = tier._rules().rates.get(self.work_type_id.id)
        if rules or self.charge != "free" or not self.work_type_id:
            return tier, rules
        deciding = self.ticket_id.service_tier_id
        return deciding or tier, (
            deciding._rules().rates.get(self.work_type_id.id) or UNPRICED
        )

    @api.depends("ticket_id", "date", "name")
    def _compute_display_name(self):
        """On a ticket, entries are told apart by what was done, and when."""
        on_tickets = self.filtered("ticket_id")
        others = super(AccountAnalyticLine, self - on_tickets)
        result = others._compute_display_name()
        for entry in on_tickets:
            day = format_date(self.env, entry.date)
            entry.display_name = f"{day}: {entry.name or '–'}"
        return result

    @api.depends("ticket_id.commercial_partner_id")
    def _compute_customer_id(self):
        for entry in self:
            entry.customer_id = entry.ticket_id.commercial_partner_id

    @api.onchange("started_at")
    def _onchange_started_at(self):
        if self.started_at:
            self.date = self.company_id.sudo()._service_day(self.started_at)

    @api.depends("unit_amount", "ticket_id")
    def _compute_worked_minutes(self):
        for entry in self:
            entry.worked_minutes = (
                to_minutes(entry.unit_amount) if entry.ticket_id else 0
            )

    # Also on what it is itself: an entry on a form is none of its ticket's yet.
    @api.depends(
        "date",
        "worked_minutes",
        "service_contract_id",
        "work_type_id",
        "charge",
        "started_at",
        "block_entry_id",
        "service_contract_id.service_tier_id",
        "ticket_id.express",
        "ticket_id.timesheet_ids.worked_minutes",
        "ticket_id.timesheet_ids.date",
        "ticket_id.timesheet_ids.started_at",
        "ticket_id.timesheet_ids.charge",
        "ticket_id.timesheet_ids.block_entry_id",
        "ticket_id.timesheet_ids.work_type_id",
        "ticket_id.timesheet_ids.service_contract_id",
    )
    def _compute_billed_minutes(self):
        """Rate the open entries of a ticket together, for they share rounded totals."""
        rating = self.env["service.rating"]
        open_entries = self._not_settled()
        # A form holds copies of entries; each is rated once.
        rated = (self.ticket_id.timesheet_ids - self._origin) | open_entries
        rated = rated._not_settled().filtered(
            # A form may hold a kind of work that has no rate; it is not saved so.
            lambda entry: (
                entry.service_contract_id
                and (isinstance(entry.id, int) or entry._rate()[1])
            )
        )
        figures = {}
        settled = rating._settled_among(self.ticket_id.timesheet_ids)
        for jobs in rating._jobs(rated).values():
            minutes = rate([job.work for job in jobs], settled)
            for job in jobs:
                result = minutes[job.work.id]
                kept = rating._record(job.work, job.payment, result)
                figures[job.work.id] = result.billed, kept
        # Assigned once, so that only figures that change are written: people who log
        # on one ticket at once must not collide over each other's entries.
        for entry in open_entries:
            entry.billed_minutes, entry.rating = figures.get(
                entry._rating_id(), (0, False)
            )

    def _settled(self):
        """Hook: those of these entries whose period or job is settled."""
        return self.browse()

    @api.model
    def _settled_domain(self):
        """Hook: what ``_settled`` finds, as a domain."""
        return Domain.FALSE

    def _not_settled(self):
        return self - self._settled()

    @api.model
    def _not_settled_domain(self):
        return ~self._settled_domain()

    @api.model
    def _open_domain(self):
        """Work for the next settlement; what is on hold waits for its verdict."""
        return self._not_settled_domain() & Domain("charge", "!=", Charge.HOLD.value)

    @api.model
    def _unassigned_domain(self):
        """Work on hold until somebody chooses which contract pays for it."""
        of_contract = [
            code for code, to in EFFECTS.items() if to.basis == Basis.CONTRACT
        ]
        return (
            Domain("ticket_id.coverage_code", "in", [str(code) for code in of_contract])
            & Domain("service_contract_id", "=", False)
            & Domain("charge", "=", Charge.HOLD.value)
        )

    def _rating_id(self):
        """The id of the entry in rating; one that is not saved yet comes last."""
        id_ = self.id
        if isinstance(id_, int):
            return id_
        return id_.origin or UNSAVED + abs(hash(id_)) % UNSAVED

    def _place(self):
        """What the minutes of the entry may be added up with."""
        return Place(
            self.service_contract_id._origin.id,
            self.ticket_id._origin.id,
            self.date,
            # A settled entry on a form is a copy, for which nothing is computed.
            Charge(self.charge or self._origin.charge),
            self._block()._rating_id(),
            self._rating_id(),
        )

    def _block(self):
        """The entry that the session or visit of this one began with."""
        return self.block_entry_id or self

    def action_open_work_entry(self):
        """Open the entry in the dialog it was logged in."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.work_entry_action_log"
        ) | {"name": self.env._("Work Entry"), "res_id": self.id}

    @api.depends(
        "date",
        "waiver",
        "work_type_id",
        "ticket_id.ad_hoc_contract_id",
        "ticket_id.coverage_code",
        "ticket_id.off_place",
        "ticket_id.service_contract_id",
    )
    def _compute_payer(self):
        payers = {}
        for entry in self._not_settled():
            if entry.is_history and entry.ticket_id:
                entry.service_contract_id = False
                entry.charge = Charge.FREE.value
            elif entry.ticket_id and entry.date:
                on_site = entry.work_type_id.on_site
                key = entry.ticket_id, entry.date, on_site
                if key not in payers:
                    payers[key] = entry.ticket_id._payer(entry.date, on_site=on_site)
                payer = payers[key]
                entry.service_contract_id = payer.contract
                entry.charge = entry.waiver or payer.charge.value
            else:
                entry.service_contract_id = entry.charge = False
