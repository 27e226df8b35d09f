import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, LazyTranslate

from ...tools.guard import Guard
from ...tools.moments import aware, naive_minute, this_minute
from ...tools.sla import Promise, Reading, State
from ...tools.working_time import minute_of
from ..tier.service_tier_target import METRICS
from .service_sla import CLOCKS

_lt = LazyTranslate(__name__)
FOLLOW_THE_LOG = _lt("Clocks follow their log, and are not edited.")
KEPT = Guard(
    seal=CLOCKS, creation=True, change=True, deletion=True, message=FOLLOW_THE_LOG
)


class ServiceSlaTimer(models.Model):
    """One promise on one ticket, as of the last event that concerns it.

    Written by ``service.sla`` alone, from the log; nothing here changes by the mere
    passing of time except that ``breached_at`` and the next check are kept up to date.
    """

    _name = "service.sla.timer"
    _inherit = ["service.guarded"]
    _description = "SLA Timer"
    _order = "deadline, id"
    _log_access = False

    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one("res.company", index=True, readonly=True)
    metric = fields.Selection(METRICS, required=True, readonly=True)
    tier_id = fields.Many2one("service.tier", readonly=True, ondelete="restrict")
    target_id = fields.Many2one(
        "service.tier.target",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    calendar_id = fields.Many2one(
        "resource.calendar", readonly=True, index=True, ondelete="restrict"
    )
    target_minutes = fields.Integer(string="SLA Target", readonly=True)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("met", "Met"),
            ("missed", "Breached"),
            ("void", "No longer applies"),
        ],
        required=True,
        readonly=True,
    )
    started_at = fields.Datetime(string="Reported", readonly=True)
    as_of = fields.Datetime(
        readonly=True,
        help="The moment to which the elapsed time and the overrun refer.",
    )
    elapsed_minutes = fields.Integer(
        string="Time Elapsed", readonly=True, help="Working time, without pauses."
    )
    overrun_minutes = fields.Integer(
        string="Overrun at the Last Event",
        readonly=True,
        help="Working time past the deadline.",
    )
    overrun_now = fields.Integer(
        string="Overrun",
        compute="_compute_overrun_now",
        help="Working time beyond the deadline up to now, also while the clock runs.",
    )
    deadline = fields.Datetime(
        readonly=True, help="For a paused timer: the deadline it had before the pause."
    )
    risk_at = fields.Datetime(
        string="At Risk From", readonly=True, help="When 75% of the time has elapsed."
    )
    breached_at = fields.Datetime(
        string="Breached", readonly=True, help="A breach is permanent."
    )
    stopped_at = fields.Datetime(string="Done", readonly=True)
    next_check_at = fields.Datetime(readonly=True)
    justification = fields.Text(readonly=True, help="The reason for the breach.")
    justified_by_id = fields.Many2one("res.users", readonly=True)

    _once = models.Constraint(
        "UNIQUE(ticket_id, metric)", "A ticket has one timer per SLA target."
    )
    # The escalation asks for what is due, however many timers are open.
    _next_check_idx = models.Index("(next_check_at) WHERE next_check_at IS NOT NULL")

    @api.model
    def _guards(self):
        return (*super()._guards(), KEPT)

    @api.depends("ticket_id", "metric")
    def _compute_display_name(self):
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        for timer in self:
            timer.display_name = f"{timer.ticket_id.number}: {metrics[timer.metric]}"

    def _compute_overrun_now(self):
        now = this_minute()
        for timer in self:
            timer.overrun_now = timer._reading().at(now).overrun

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort by the overrun of now: only of clocks that run late does it grow."""
        if field_name != "overrun_now":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        # sudo: these figures sort the rows that may be read, and are shown nowhere
        late = self.sudo().search(
            [("state", "=", "running"), ("deadline", "<", fields.Datetime.now())],
            order="id",
        )
        grown = json.dumps({timer.id: timer.overrun_now for timer in late})
        return SQL(
            "COALESCE((%s::jsonb ->> %s::text)::int, %s) %s %s",
            grown,
            SQL.identifier(alias, "id"),
            SQL.identifier(alias, "overrun_minutes"),
            direction,
            nulls,
        )

    def _reading(self):
        """The timer as ``tools.sla`` sees it, as of its last event."""
        self.ensure_one()

        def minute(moment):
            return minute_of(aware(moment)) if moment else None

        hours = self.calendar_id._working_time(self.company_id)
        return Reading(
            State(self.state),
            None if self.state == "void" else Promise(self.target_minutes, hours),
            minute(self.started_at),
            minute(self.as_of),
            self.elapsed_minutes,
            self.overrun_minutes,
            minute(self.deadline),
            minute(self.breached_at),
            minute(self.stopped_at),
        )

    def _broken_at(self):
        """The deadline that was missed, noted or not yet (naive); or False."""
        return naive_minute(self._reading().at(this_minute()).breached_at)

    def _to_justify(self):
        return self.filtered(
            lambda timer: timer.breached_at and not timer.justification
        )

    def action_justify(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_sla_justification_action"
        ) | {"context": {"default_timer_id": self.id}}

    def action_new_deadline(self):
        self.ensure_one()
        if self.state != "running":
            raise UserError(
                self.env._(
                    "The clock is not running, so there is no deadline to move. "
                    "Resume work on the ticket first."
                )
            )
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_sla_deadline_action"
        ) | {"context": {"default_timer_id": self.id}}

    def action_open_ticket(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
        }
