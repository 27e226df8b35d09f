from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import LazyTranslate

from ...tools.guard import Guard
from ...tools.moments import aware, this_minute
from ...tools.working_time import minute_of
from .service_sla import CLOCKS, STARTING

_lt = LazyTranslate(__name__)
# Which promise applies depends on these, and on the tier, which decisions tell.
GROUNDS = {"express", "priority", "reported_at"}
# What the timers come to; written with them alone.
MOMENTS = Guard(
    frozenset({"service_breach_at", "service_deadline", "service_risk_at"}),
    CLOCKS,
    message=_lt(
        "Deadlines follow from the SLA targets. A service manager can set a new "
        "one and give the reason."
    ),
)
# When a ticket moved: clocks that start late believe it.
MOVED_ON = Guard(
    frozenset({"closed_date", "last_stage_update"}),
    CLOCKS,
    group="helpdesk_service_contract.group_manager",
    message=_lt(
        "When a ticket reached its stage and when it was closed follow from its "
        "stages. Ask a service manager to correct them."
    ),
)
# A ticket may change its stage by these.
MOVES = {"stage_id", "team_id", "user_id"}


class HelpdeskTicket(models.Model):
    """The clocks of what was promised for a ticket."""

    _inherit = "helpdesk.ticket"

    active = fields.Boolean(tracking=True)
    last_stage_update = fields.Datetime(copy=False)
    sla_timer_ids = fields.One2many("service.sla.timer", "ticket_id")
    sla_event_ids = fields.One2many("service.sla.event", "ticket_id")
    # These hold whatever time it is: the next moments, not what they come to by now.
    service_deadline = fields.Datetime(
        string="Next Deadline",
        readonly=True,
        index=True,
        copy=False,
        help="The earliest deadline of the running clocks.",
    )
    service_risk_at = fields.Datetime(
        string="At Risk From",
        readonly=True,
        copy=False,
        help="When three quarters of the time of a running clock have elapsed.",
    )
    service_breach_at = fields.Datetime(
        string="SLA Breached",
        readonly=True,
        index="btree_not_null",
        copy=False,
        help="When an SLA target was breached, or will be if nothing happens.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), MOMENTS, MOVED_ON)

    @api.model_create_multi
    def create(self, vals_list):
        # What follows from the creation itself is no change of what was promised.
        starting = self.with_context(**STARTING.opened)
        tickets = super(HelpdeskTicket, starting).create(vals_list)
        tickets = tickets.with_env(self.env)
        self.env["service.sla"]._start(tickets)
        if not {"import_file", "tell_later", "tracking_disable"} & {
            name for name, value in self.env.context.items() if value
        }:
            tickets._tell_of_report()
        return tickets

    def write(self, vals):
        starting = STARTING.is_open(self.env.context)
        if starting or not (GROUNDS | MOVES | {"active"}) & set(vals):
            return super().write(vals)
        self._check_reported_at(vals)
        self._check_archived(vals)
        before = {ticket: ticket._stage_of_clock() for ticket in self}
        result = super().write(vals)
        if "stage_id" in vals:
            self._forget_closing()
        if MOVES & set(vals):
            self.env["service.sla"]._moved(before)
        if GROUNDS & set(vals):
            self.env["service.sla"]._follow(self)
        if "active" in vals:
            self.env["service.sla"]._refresh(self)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_clocked(self):
        # sudo: promises count, visible or not
        if clocked := self.sudo().filtered("sla_event_ids"):
            raise UserError(
                self.env._(
                    "Times were promised for ticket %s, and how they were kept stays "
                    "on record. Archive the ticket instead.",
                    clocked[0].display_name,
                )
            )

    @api.constrains("reported_at")
    def _check_not_in_future(self):
        for ticket in self:
            if minute_of(aware(ticket.reported_at)) > this_minute():
                raise ValidationError(
                    self.env._("A ticket cannot be reported in the future.")
                )

    def _show_moments(self, vals):
        """Keep the moments that the timers come to, if they are others."""
        changed = self.filtered(
            lambda ticket: any(ticket[name] != moment for name, moment in vals.items())
        )
        changed.with_context(**CLOCKS.opened, tracking_disable=True).write(vals)

    def _check_reported_at(self, vals):
        """Nobody gains time by dating the report otherwise."""
        moment = fields.Datetime.to_datetime(vals.get("reported_at"))
        if not moment or self._is_by("group_manager"):
            return
        # sudo: promises count, visible or not
        for ticket in self.sudo().filtered(lambda t: t.reported_at != moment):
            if any(timer._broken_at() for timer in ticket.sla_timer_ids):
                raise UserError(
                    self.env._(
                        "An SLA target on ticket %s has already been breached, so "
                        "only a service manager can correct the report date.",
                        ticket.display_name,
                    )
                )
            if ticket.sla_timer_ids and moment > ticket.reported_at:
                raise UserError(
                    self.env._(
                        "SLA targets count from when ticket %s was reported, so "
                        "only a service manager can set a later time.",
                        ticket.display_name,
                    )
                )

    def _check_archived(self, vals):
        """Nobody gets rid of a promise by hiding its ticket."""
        if vals.get("active", True) or self._is_by("group_back_office"):
            return
        # sudo: as above
        for ticket in self.sudo():
            running = any(not timer.stopped_at for timer in ticket.sla_timer_ids)
            if running and not ticket.stage_id.closed:
                raise UserError(
                    self.env._(
                        "The clocks of ticket %s have not stopped yet. Close the "
                        "ticket before you archive it, or ask back office.",
                        ticket.display_name,
                    )
                )

    def _forget_closing(self):
        """A ticket that is opened again was not closed."""
        # sudo: the stage counts, visible or not
        opened = self.filtered(lambda t: t.closed_date and not t.sudo().stage_id.closed)
        opened.with_context(**CLOCKS.opened).closed_date = False

    def _is_by(self, group):
        """Whether the system or somebody of that group acts."""
        user = self.env.user
        return self.env.su or user.has_group(f"helpdesk_service_contract.{group}")

    def _stage_of_clock(self):
        """Whether the stage ends the clocks, and what it makes them wait for."""
        # sudo: the stage counts, visible or not
        stage = self.sudo().stage_id
        return stage.closed, stage.waiting_for

    def _awaits_answer(self):
        """Whether the customer still waits for the first real answer."""
        reaction = self.sla_timer_ids.filtered(lambda timer: timer.metric == "reaction")
        kinds = set(self.sla_event_ids.mapped("kind"))
        return bool(reaction) and "responded" not in kinds
