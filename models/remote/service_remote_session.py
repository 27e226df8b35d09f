from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_datetime

from ...tools.guard import Seal

REPORT = "helpdesk_service_contract.report_remote_protocol"

# Held by the methods that move a session on.
MOVING = Seal("session")
# Held while help is logged that was allowed to begin.
HELPED = Seal("helped")
STATES = [
    ("planned", "Planned"),
    ("running", "In Progress"),
    ("ended", "Completed"),
    ("cancelled", "Cancelled"),
]
OUTCOMES = [
    ("solved", "Solved"),
    ("not_remote", "Cannot be solved remotely"),
    ("continued", "To be continued"),
]


class ServiceRemoteSession(models.Model):
    """Remote help on a ticket. Nothing of what is on the screen is kept.

    A technician helps one customer at a time, and agrees on one session at a time.
    """

    _name = "service.remote.session"
    _inherit = ["service.guarded"]
    _description = "Remote Session"
    _order = "id desc"
    _check_company_auto = True

    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, index=True, precompute=True
    )
    commercial_partner_id = fields.Many2one(
        related="ticket_id.commercial_partner_id",
        string="Customer",
        store=True,
        precompute=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Technician",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    person_id = fields.Many2one(
        "res.partner",
        string="Person at the Computer",
        compute="_compute_person_id",
        store=True,
        precompute=True,
        readonly=False,
        ondelete="restrict",
        domain="[('commercial_partner_id', '=', commercial_partner_id),"
        " ('is_company', '=', False), ('type', '=', 'contact')]",
        help="Who shares the screen and gives consent.",
    )
    state = fields.Selection(
        STATES, required=True, default="planned", readonly=True, copy=False, index=True
    )
    planned_start = fields.Datetime(
        string="Appointment",
        help="Leave empty to start as soon as the customer has accepted.",
    )
    planned_minutes = fields.Integer(string="Planned Duration", default=60)
    planned_stop = fields.Datetime(
        string="Until", compute="_compute_planned_stop", store=True, precompute=True
    )
    tool_id = fields.Many2one(
        "service.remote.program",
        default=lambda self: self.env["service.remote.program"].search([], limit=1),
        ondelete="restrict",
        check_company=True,
    )
    connection_number = fields.Char(
        help="The number the customer reads out from the remote program. Never a "
        "password."
    )
    connection_url = fields.Char(compute="_compute_connection_url")
    work_type_id = fields.Many2one(
        "service.work.type",
        compute="_compute_work_type_id",
        store=True,
        readonly=False,
        check_company=True,
        ondelete="restrict",
        domain="[('on_site', '=', False)]",
    )
    acceptance_ids = fields.One2many(
        "service.terms.acceptance", "session_id", readonly=True
    )
    started_at = fields.Datetime(readonly=True, copy=False)
    ended_at = fields.Datetime(readonly=True, copy=False)
    minutes = fields.Integer(
        string="Time",
        compute="_compute_minutes",
        store=True,
        help="From start to end by the clock, in whole minutes.",
    )
    consent_id = fields.Many2one(
        "service.terms.acceptance",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The statements under which the session was started.",
    )
    accepted_line_ids = fields.Many2many(
        "service.terms.acceptance.line",
        string="Accepted Terms",
        readonly=True,
        copy=False,
        help="What the person had accepted when the session was started.",
    )
    outcome = fields.Selection(OUTCOMES, readonly=True, copy=False)
    note = fields.Text(string="What was done", readonly=True, copy=False)
    recorded = fields.Boolean(
        readonly=True,
        copy=False,
        help="Recorded with the remote program, with consent.",
    )
    ended_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    entry_id = fields.Many2one(
        "account.analytic.line",
        string="Work Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    billed_minutes = fields.Integer(
        related="entry_id.billed_minutes", string="Billable"
    )
    visit_ticket_id = fields.Many2one(
        "helpdesk.ticket",
        string="Visit",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    _planned_length = models.Constraint(
        "CHECK(planned_minutes BETWEEN 1 AND 1440)",
        "A session is planned for at least one minute and at most one day.",
    )
    # Ranges, as PostgreSQL indexes them without an extension for plain numbers.
    _one_plan_at_a_time = models.Constraint(
        "EXCLUDE USING gist (int4range(user_id, user_id, '[]') WITH &&,"
        " tsrange(planned_start, planned_stop) WITH &&)"
        " WHERE (state = 'planned' AND planned_start IS NOT NULL)",
        "The technician has another session at this time. Choose another time.",
    )
    _one_runs = models.UniqueIndex(
        "(user_id) WHERE state = 'running'",
        "The technician already has a running session. End it first.",
    )
    _entry_once = models.UniqueIndex("(entry_id) WHERE entry_id IS NOT NULL")
    _ends_after_start = models.Constraint(
        "CHECK(ended_at IS NULL OR ended_at > started_at)",
        "A session must end after it starts.",
    )

    @api.depends("ticket_id")
    def _compute_display_name(self):
        for session in self:
            moment = session.started_at or session.planned_start or session.create_date
            session.display_name = self.env._(
                "Session of %(moment)s, ticket %(ticket)s",
                moment=session._local(moment) if moment else "–",
                # sudo: one's own session is so called, wherever its ticket went
                ticket=session.sudo().ticket_id.number or "–",
            )

    @api.depends("ticket_id")
    def _compute_person_id(self):
        for session in self:
            contact = session.ticket_id._contact()
            session.person_id = contact._is_named_person() and contact

    @api.depends("planned_start", "planned_minutes")
    def _compute_planned_stop(self):
        for session in self:
            length = timedelta(minutes=session.planned_minutes)
            start = session.planned_start
            session.planned_stop = start and start + length

    @api.depends("connection_number", "tool_id")
    def _compute_connection_url(self):
        for session in self:
            tool = session.tool_id
            session.connection_url = tool and tool._url(session.connection_number)

    @api.depends("ticket_id")
    def _compute_work_type_id(self):
        for session in self:
            # sudo: the rates of the tier decide, visible or not
            tier = session.ticket_id.sudo()._paying_tier() if session.ticket_id else ()
            types = self.env["service.work.type"].browse(
                tier._rules().rates if tier else []
            )
            remote = types.filtered("remote") or types.search(
                [
                    ("remote", "=", True),
                    ("company_id", "in", [False, session.company_id.id]),
                ]
            )
            session.work_type_id = remote[:1]

    @api.depends("started_at", "ended_at")
    def _compute_minutes(self):
        for session in self:
            session.minutes = session._minutes_until(session.ended_at)

    def _minutes_until(self, end):
        """Minutes from the start until ``end``, as the clock on the wall shows them.

        Seconds are left out at both ends, so that the time billed is the one anybody
        computes from the two times of the protocol. Work takes a minute at least.
        """
        if not (self.started_at and end):
            return 0
        first, last = (moment.replace(second=0) for moment in (self.started_at, end))
        return max(1, int((last - first).total_seconds()) // 60)

    @api.constrains("person_id", "ticket_id")
    def _check_person(self):
        # sudo: whose contact a person is counts, visible or not
        for session in self.sudo().filtered("person_id"):
            person, customer = session.person_id, session.commercial_partner_id
            if (
                person.commercial_partner_id != customer
                or not person._is_named_person()
                or not person.active
            ):
                raise ValidationError(
                    self.env._(
                        "%(person)s is not a contact of %(customer)s. Choose who "
                        "will be at the computer.",
                        person=person.display_name,
                        customer=customer.display_name or "–",
                    )
                )

    def _is_on_calendar(self):
        """Whether the technician's time is taken by an agreed session."""
        self.ensure_one()
        return self.state == "planned" and bool(self.planned_start)

    def _local(self, moment):
        """A moment by the company's clock, in the words of the reader."""
        zone = str(self.company_id.sudo()._service_zone())
        return format_datetime(self.env, moment, tz=zone, dt_format="short")

    def action_print_protocol(self):
        self._check_ended()
        return self.env.ref(REPORT).report_action(self)

    def _check_ended(self):
        for session in self:
            if session.state != "ended":
                raise UserError(
                    self.env._(
                        "“%s” has not taken place yet. End the session first: the "
                        "report shows what was done, and for how long.",
                        session.display_name,
                    )
                )

    def _protocol_number(self):
        """Tells sessions of a ticket apart, and stays what it is."""
        self.ensure_one()
        # sudo: an accountant prints protocols, with no right on tickets
        return f"{self.sudo().ticket_id.number}/{self.id}"

    def _protocol_lang(self):
        """The language of whoever was helped."""
        self.ensure_one()
        # sudo: as above
        session = self.sudo()
        return session.person_id.lang or session.commercial_partner_id.lang

    def _protocol_name(self):
        """File name of the protocol, in the customer's language."""
        in_language = self.with_context(lang=self._protocol_lang())
        return in_language.env._(
            "Remote session report %s", self._protocol_number()
        ).replace("/", "-")
