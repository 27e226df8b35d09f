from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.duration import to_minutes
from ..tools.rating import rate
from ..tools.terms import Place

# Above all ids of the database.
UNSAVED = 2**40


class AccountAnalyticLine(models.Model):
    """A timesheet line on a ticket is a work entry: rated at once, settled later."""

    _inherit = "account.analytic.line"

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
    )
    work_type_id = fields.Many2one(
        "service.work.type",
        compute="_compute_work_type_id",
        store=True,
        precompute=True,
        readonly=False,
        ondelete="restrict",
    )
    started_at = fields.Datetime(
        string="Started",
        help="When the work began. Only needed where work out of hours is surcharged, "
        "and to order the work of one day.",
    )
    session_entry_id = fields.Many2one(
        "account.analytic.line",
        string="Continues",
        index="btree_not_null",
        ondelete="restrict",
        help="The entry whose session or visit this work belongs to, where they are "
        "rounded together.",
    )
    in_sessions = fields.Boolean(
        compute="_compute_in_sessions",
        help="This kind of work is rounded by session or visit.",
    )
    session_member_ids = fields.One2many("account.analytic.line", "session_entry_id")
    # What every plan asks for: a contract of many years has few entries that are open.
    # One index for open and settled work, or PostgreSQL takes the wrong one of two.
    _contract_work_idx = models.Index(
        "(service_contract_id, settlement_id, date)"
        " WHERE service_contract_id IS NOT NULL"
    )
    worked_minutes = fields.Integer(
        compute="_compute_worked_minutes", store=True, precompute=True
    )
    billed_minutes = fields.Integer(
        string="Billed",
        compute="_compute_billed_minutes",
        store=True,
        help="Rounded by the tier's rate: what the work adds to the rounded total.",
    )
    rating = fields.Json(
        compute="_compute_billed_minutes",
        store=True,
        copy=False,
        help="What the billed time was made from.",
    )
    settlement_id = fields.Many2one(
        "service.settlement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    rate_id = fields.Many2one(
        "service.tier.rate",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="What rated the billed time, once it is settled.",
    )
    package_minutes = fields.Integer(string="From Packages", readonly=True, copy=False)
    overage_minutes = fields.Integer(
        string="Beyond Packages", readonly=True, copy=False
    )
    free_minutes = fields.Integer(string="Free", readonly=True, copy=False)
    move_ids = fields.One2many("service.hour.move", "entry_id", string="Hour Moves")
    shares = fields.Json(
        readonly=True,
        copy=False,
        help="Where each part of the billed time went, once it is settled.",
    )
    explanation = fields.Text(
        compute="_compute_explanation",
        help="How the billed time came about and where it goes. Until the period is "
        "settled, this is a plan that changes with other work of the period.",
    )
    price_note = fields.Text(
        string="Price",
        compute="_compute_price_note",
        groups="helpdesk_service_contract.group_back_office,"
        "account.group_account_invoice,account.group_account_readonly",
    )

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
            elif not entry.work_type_id and entry.date:
                key = entry.ticket_id, entry.date
                if key not in usual:
                    tier = entry.ticket_id._payer(entry.date).account.service_tier_id
                    usual[key] = tier._usual_work_type()
                entry.work_type_id = usual[key]

    @api.depends("service_contract_id", "work_type_id")
    def _compute_in_sessions(self):
        for entry in self:
            tier = entry.service_contract_id.service_tier_id
            terms = tier and tier._terms().rates.get(entry.work_type_id.id)
            entry.in_sessions = bool(terms) and terms.scope == "session"

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
        "session_entry_id",
        "service_contract_id.service_tier_id",
        "ticket_id.express",
        "ticket_id.timesheet_ids.worked_minutes",
        "ticket_id.timesheet_ids.date",
        "ticket_id.timesheet_ids.started_at",
        "ticket_id.timesheet_ids.charge",
        "ticket_id.timesheet_ids.session_entry_id",
        "ticket_id.timesheet_ids.work_type_id",
        "ticket_id.timesheet_ids.service_contract_id",
    )
    def _compute_billed_minutes(self):
        """Rate the open entries of a ticket together, for they share rounded totals."""
        rating = self.env["service.rating"]
        open_entries = self.filtered(lambda entry: not entry.settlement_id)
        # A form holds copies of entries; each is rated once.
        rated = (self.ticket_id.timesheet_ids - self._origin) | open_entries
        rated = rated.filtered(
            lambda entry: entry.service_contract_id and not entry.settlement_id
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
            self.charge,
            self._session()._rating_id(),
            self._rating_id(),
        )

    def _session(self):
        """The entry that the session or visit of this one began with."""
        return self.session_entry_id or self

    @api.depends("rating", "shares", "charge", "charge_reason")
    def _compute_explanation(self):
        explanations = self.env["service.explanation"]._explain(self)
        for entry in self:
            entry.explanation = explanations.get(entry.id, False)

    @api.depends("rating", "shares")
    def _compute_price_note(self):
        notes = self.env["service.explanation"]._price_notes(self)
        for entry in self:
            entry.price_note = notes.get(entry.id, False)

    def action_open_work_entry(self):
        """Open the entry in the dialog it was logged in."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.work_entry_action_log"
        ) | {"name": self.env._("Work Entry"), "res_id": self.id}
