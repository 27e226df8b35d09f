from babel.dates import format_datetime

from odoo import api, fields, models
from odoo.tools.misc import get_lang

from ...tools.moments import aware, this_minute
from ...tools.sla import State

# The clock on the screen runs on by itself for so long, without asking again.
HORIZON = 3 * 24 * 60
OPEN = ("running", "paused")


class HelpdeskTicket(models.Model):
    """What the live clocks on the screen need."""

    _inherit = "helpdesk.ticket"

    service_clock = fields.Json(
        string="SLA",
        compute="_compute_service_clock",
        compute_sudo=True,
        help="What the customer was promised, and how much of the time is left.",
    )
    awaits_answer = fields.Boolean(compute="_compute_service_clock", compute_sudo=True)
    to_justify = fields.Char(
        compute="_compute_service_clock",
        compute_sudo=True,
        groups="base.group_user",
        help="SLA targets breached without a reason given.",
    )

    @api.depends_context("lang")
    @api.depends("stage_id")
    def _compute_service_clock(self):
        now, second = this_minute(), fields.Datetime.now().second
        timers = self.env["service.sla.timer"]
        metrics = dict(timers._fields["metric"]._description_selection(self.env))
        for ticket in self:
            timers = ticket._origin.sla_timer_ids
            shown = timers.filtered(lambda timer: timer.state != State.VOID)
            clocks = [timer._clock(now) for timer in shown.sorted(_urgency)]
            ticket.service_clock = (
                {"now": now, "second": second, "clocks": clocks} if clocks else False
            )
            ticket.awaits_answer = bool(timers) and ticket._origin._awaits_answer()
            ticket.to_justify = ", ".join(
                metrics[timer.metric] for timer in timers._to_justify()
            )

    def _promises_for_customer(self):
        """What the portal says about each promise: where it stands, in words."""
        self.ensure_one()
        timers = self.sla_timer_ids.filtered(lambda timer: timer.state != State.VOID)
        metrics = dict(timers._fields["metric"]._description_selection(self.env))
        return [
            {"label": metrics[timer.metric], "words": timer._words_for_customer()}
            for timer in timers.sorted("metric")
        ]

    def action_answered_otherwise(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_sla_answer_action"
        ) | {"context": {"default_ticket_id": self.id}}

    def action_justify(self):
        """Ask why the first promise was broken that nobody has justified yet."""
        self.ensure_one()
        return self.sla_timer_ids._to_justify()[:1].action_justify()

    def action_open_clocks(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_sla_event_action"
        ) | {"domain": [("ticket_id", "=", self.id)]}


def _urgency(timer):
    """What runs comes first, by its deadline; then what stands still, and the rest."""
    order = ("running", "paused", "missed", "met")
    return order.index(timer.state), timer.deadline or fields.Datetime.now(), timer.id


class ServiceSlaTimer(models.Model):
    _inherit = "service.sla.timer"

    def _clock(self, now):
        """The timer for the live clock; minutes since the epoch, and words."""
        self.ensure_one()
        reading = self._reading().at(now)
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        waiting = self.ticket_id.stage_id.waiting_for or "other"
        return {
            "metric": self.metric,
            "label": metrics[self.metric],
            "state": self.state,
            "target": self.target_minutes,
            "elapsed": reading.elapsed,
            "overrun": reading.overrun,
            "deadline": reading.deadline,
            "deadline_label": self._moment(self.deadline),
            "breached": reading.breached_at is not None,
            "spans": self._spans(reading, now),
            "reason": self._waiting_words()[waiting] if self.state == "paused" else "",
            "stopped_label": self._moment(self.stopped_at),
        }

    def _words_for_customer(self):
        self.ensure_one()
        moments = {
            "deadline": self._moment(self.deadline),
            "done": self._moment(self.stopped_at),
        }
        if self.state == "met":
            return self.env._("completed %(done)s, on time", **moments)
        if self.state == "missed":
            return self.env._("completed %(done)s, due %(deadline)s", **moments)
        if self.state == "paused":
            waiting = self._waiting_words()[
                self.ticket_id.stage_id.waiting_for or "other"
            ]
            return self.env._("the clock is paused (%s)", waiting)
        if self._reading().at(this_minute()).breached_at is not None:
            return self.env._("late: it was due by %(deadline)s", **moments)
        return self.env._("by %(deadline)s", **moments)

    def _spans(self, reading, now):
        if reading.state != State.RUNNING:
            return []
        until = max(now, reading.deadline or now) + HORIZON
        return reading.promise.hours.spans(now, until)

    def _moment(self, moment):
        """A moment as people of the company read it."""
        if not moment:
            return ""
        zone = self.company_id.sudo()._service_zone()
        return format_datetime(
            aware(moment).astimezone(zone),
            "EEE dd.MM, HH:mm",
            locale=get_lang(self.env).code,
        )

    @api.model
    def _waiting_words(self):
        return {
            "customer": self.env._("waiting for the customer"),
            "supplier": self.env._("waiting for a supplier"),
            "date": self.env._("waiting for the appointment"),
            "other": self.env._("waiting for something else"),
        }
