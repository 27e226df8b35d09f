from odoo import api, models

from ..tools import sla
from ..tools.sla import Event, Kind, Metric, State, Terms
from ..tools.working_time import minute_of
from .service_sla import aware, naive, this_minute

RISK_PERCENT = 75
# What else is in the log is for people.
KINDS = {str(kind): kind for kind in Kind}


class ServiceSla(models.AbstractModel):
    """Lets the timers of tickets show what their logs say.

    Apart from how the log is written, so that either file is read in one go.
    """

    _inherit = "service.sla"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _refresh(self, tickets):
        """Let the timers of tickets show what their logs say."""
        # sudo: only the system keeps the timers
        tickets, now = tickets.sudo(), this_minute()
        timers = tickets.sla_timer_ids
        by_key = {(timer.ticket_id.id, timer.metric): timer for timer in timers}
        fresh, broken, ended = [], [], timers.browse()
        for ticket in tickets:
            log = ticket.sla_event_ids.sorted("id")
            events = self._as_events(log)
            for metric in Metric:
                timer = by_key.get((ticket.id, str(metric)), timers.browse())
                vals = self._timer_vals(ticket, metric, log, events, now)
                if not vals or (not timer and vals["state"] == State.VOID):
                    continue
                if vals["breached_at"] and not self._is_noted(log, metric):
                    at = vals["breached_at"]
                    broken.append(self._event(ticket, "breached", at, metric=metric))
                if not timer:
                    fresh.append(vals)
                    continue
                if vals["stopped_at"] and self._told(log, metric):
                    ended |= timer
                timer.write(self._differing(timer, vals))
        timers |= timers.create(fresh)
        # sudo: as above
        self.env["service.sla.event"].sudo().create(broken)
        ended._close_reminders()
        self._wake(timers)

    @api.model
    def _timer_vals(self, ticket, metric, log, events, now):
        """What the timer is to hold; nothing where the ticket has no such promise."""
        reading = sla.read(metric, events)
        if reading is None:
            return {}
        terms = next(event.terms for event in reversed(log) if event.terms)
        promised = terms.get(metric)
        vals = {
            "ticket_id": ticket.id,
            "company_id": ticket.company_id.id,
            "metric": str(metric),
            "tier_id": terms["tier"],
            "state": str(reading.state),
            "started_at": naive(reading.started_at),
            "as_of": naive(reading.as_of),
            "elapsed_minutes": reading.elapsed,
            "overrun_minutes": reading.overrun,
            "deadline": naive(reading.deadline),
            "risk_at": naive(reading.reaches(RISK_PERCENT)),
            "breached_at": naive(reading.at(now).breached_at),
            "stopped_at": naive(reading.stopped_at),
            "next_check_at": self._next_check(reading, terms, log, metric, now),
        }
        if not promised:
            # A timer that is void keeps what was promised last.
            return vals
        judged_by = reading.terms or Terms(promised["minutes"], None)
        return vals | {
            "target_id": promised["target"],
            "calendar_id": promised["calendar"],
            "target_minutes": judged_by.minutes,
        }

    @api.model
    def _next_check(self, reading, terms, log, metric, now):
        """When somebody has to be told next, or the promise is broken."""
        if reading.state != State.RUNNING:
            return False
        told = self._told(log, metric)
        moments = [
            reading.reaches(percent)
            for percent in self._percents(terms, metric)
            if percent not in told
        ]
        if reading.at(now).breached_at is None:
            moments.append(reading.reaches(sla.PERCENT))
        return naive(min((m for m in moments if m is not None), default=None))

    @api.model
    def _percents(self, terms, metric):
        # sudo: what is promised is the same for everybody
        tier = self.env["service.tier"].sudo().browse(terms["tier"])
        return tier._promises().percents.get(terms[metric]["target"], ())

    @api.model
    def _told(self, log, metric):
        """The thresholds that were passed, each once for a ticket."""
        return {
            event.percent
            for event in log
            if event.kind == "escalated" and event.metric == metric
        }

    @api.model
    def _is_noted(self, log, metric):
        """Whether a breach since the last start is in the log."""
        noted = False
        for event in log:
            if event.kind == "started":
                noted = False
            elif event.kind == "breached" and event.metric == metric:
                noted = True
        return noted

    @api.model
    def _as_events(self, log):
        """The log as ``tools.sla`` reads it."""
        return [self._as_event(event) for event in log if event.kind in KINDS]

    @api.model
    def _as_event(self, event):
        calendars = self.env["resource.calendar"]
        terms = event.terms or {}
        return Event(
            KINDS[event.kind],
            minute_of(aware(event.at)),
            {
                metric: Terms(
                    terms[metric]["minutes"],
                    calendars.browse(terms[metric]["calendar"])._working_time(
                        event.company_id
                    ),
                )
                for metric in Metric
                if metric in terms
            },
            Metric(event.metric) if event.metric else None,
        )

    @api.model
    def _differing(self, timer, vals):
        def plain(value):
            return value.id if isinstance(value, models.Model) else value

        return {
            name: value for name, value in vals.items() if plain(timer[name]) != value
        }

    @api.model
    def _wake(self, timers):
        """Have the escalation run when the first of these timers is due."""
        first = min(filter(None, timers.mapped("next_check_at")), default=None)
        if first:
            cron = self.env.ref("helpdesk_service_contract.cron_sla_escalation")
            # sudo: whoever moves a clock moves the moment of the next look as well
            cron.sudo()._trigger(at=first)
