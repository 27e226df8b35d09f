from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models

from ...tools import sla
from ...tools.moments import aware, naive_minute, this_minute
from ...tools.sla import Event, Kind, Metric, Promise, State
from ...tools.working_time import minute_of
from .service_sla import CLOCKS

RISK_PERCENT = 75
# What else is in the log is for people.
KINDS = {str(kind): kind for kind in Kind}
EVENT_FIELDS = [
    "at",
    "company_id",
    "kind",
    "metric",
    "percent",
    "promised",
    "ticket_id",
]
TIMER_FIELDS = [
    "as_of",
    "breached_at",
    "calendar_id",
    "company_id",
    "deadline",
    "elapsed_minutes",
    "metric",
    "next_check_at",
    "overrun_minutes",
    "risk_at",
    "started_at",
    "state",
    "stopped_at",
    "target_id",
    "target_minutes",
    "ticket_id",
    "tier_id",
]
LIVE_FIELDS = ["awaits_answer", "service_clock", "to_justify"]


class Log(NamedTuple):
    """What the log of a ticket says, read once for all of its promises.

    ``told`` are the thresholds that were passed, each once for a ticket; ``noted`` the
    promises whose breach since the last start is written down.
    """

    events: list[Event]
    promised: dict
    told: dict[str, set[int]]
    noted: set[str]


class ServiceSla(models.AbstractModel):
    """Lets the timers of tickets show what their logs say."""

    _inherit = "service.sla"

    @api.model
    def _refresh(self, tickets, timers=None):
        """Let the timers of tickets show what their logs say."""
        self._wake(self._bring_up_to_date(tickets, timers))

    @api.model
    def _bring_up_to_date(self, tickets, timers=None):
        """As ``_refresh``, but the escalation sleeps on; the moments of next checks."""
        if timers is None:
            timers = self._timers_of(tickets)
        events = self._log_of(tickets)
        by_key = {(timer.ticket_id, timer.metric): timer for timer in timers}
        return self._refresh_by(events.grouped("ticket_id"), by_key)

    @api.model
    def _timers_of(self, tickets):
        # sudo: only the system keeps the timers
        timers = self.env["service.sla.timer"].sudo()
        if not tickets:
            return timers
        return timers.search_fetch([("ticket_id", "in", tickets.ids)], TIMER_FIELDS)

    @api.model
    def _log_of(self, tickets):
        """The lines about some tickets, in the order in which they were written."""
        # sudo: as above
        events = self.env["service.sla.event"].sudo()
        of_tickets = [("ticket_id", "in", tickets.ids)]
        return events.search_fetch(of_tickets, EVENT_FIELDS, order="id")

    @api.model
    def _refresh_by(self, logs, timers):
        """Write what the logs of tickets say into their timers, by ticket and metric.

        A timer that is not there yet is made. The moments of next checks are returned.
        """
        now = this_minute()
        fresh, broken, changes = [], [], defaultdict(list)
        kept = self.env["service.sla.timer"].sudo()
        ended, shown = kept, defaultdict(list)
        for ticket, lines in logs.items():
            log = self._read_log(lines)
            of_ticket = []
            for metric in Metric:
                timer = timers.get((ticket, str(metric)), kept)
                vals = self._timer_vals(ticket, metric, log, now)
                if not vals or (not timer and vals["state"] == State.VOID):
                    continue
                of_ticket.append(vals)
                if vals["breached_at"] and metric not in log.noted:
                    at = vals["breached_at"]
                    broken.append(self._event(ticket, "breached", at, metric=metric))
                if not timer:
                    fresh.append(vals)
                    continue
                if vals["stopped_at"] and log.told[metric]:
                    ended |= timer
                changes[self._differing(timer, vals)].append(timer.id)
            shown[self._moments(of_ticket)].append(ticket.id)
        kept = kept.with_context(**CLOCKS.opened)
        for vals, ids in changes.items():
            kept.browse(ids).write(dict(vals))
        kept.create(fresh)
        kept.env["service.sla.event"].create(broken)
        self._show(shown)
        ended._close_reminders()
        return [moments[-1] for moments in shown]

    @api.model
    def _read_log(self, lines):
        events, told, noted, promised = [], defaultdict(set), set(), {}
        for line in lines:
            promises = {}
            # Each look at a Json field copies it.
            if of_line := line.promised:
                promised, promises = (
                    of_line,
                    self._as_promises(of_line, line.company_id),
                )
            if line.kind == "started":
                noted = set()
            elif line.kind == "breached":
                noted.add(line.metric)
            elif line.kind == "escalated":
                told[line.metric].add(line.percent)
            if line.kind in KINDS:
                events.append(
                    Event(
                        KINDS[line.kind],
                        minute_of(aware(line.at)),
                        promises,
                        Metric(line.metric) if line.metric else None,
                    )
                )
        return Log(events, promised, told, noted)

    @api.model
    def _as_promises(self, promised, company):
        calendars = self.env["resource.calendar"]
        return {
            metric: Promise(
                promised[metric]["minutes"],
                calendars.browse(promised[metric]["calendar"])._working_time(company),
            )
            for metric in Metric
            if metric in promised
        }

    @api.model
    def _timer_vals(self, ticket, metric, log, now):
        """What the timer is to hold; nothing where the ticket has no such promise."""
        reading = sla.read(metric, log.events)
        if reading is None:
            return {}
        promised = log.promised.get(metric)
        vals = {
            "ticket_id": ticket.id,
            "company_id": ticket.company_id.id,
            "metric": str(metric),
            "state": str(reading.state),
            "started_at": naive_minute(reading.started_at),
            "as_of": naive_minute(reading.as_of),
            "elapsed_minutes": reading.elapsed,
            "overrun_minutes": reading.overrun,
            "deadline": naive_minute(reading.deadline),
            "risk_at": naive_minute(reading.reaches(RISK_PERCENT)),
            "breached_at": naive_minute(reading.at(now).breached_at),
            "stopped_at": naive_minute(reading.stopped_at),
            "next_check_at": ticket.active
            and self._next_check(reading, log, metric, now),
        }
        if not promised:
            # A timer that is void keeps what was promised last.
            return vals
        judged_by = reading.promise or Promise(promised["minutes"], None)
        target = promised["target"]
        return vals | {
            "tier_id": promised["tier"],
            # The log goes on naming targets that were deleted since.
            "target_id": target if target in self._percents(promised) else False,
            "calendar_id": promised["calendar"],
            "target_minutes": judged_by.minutes,
        }

    @api.model
    def _next_check(self, reading, log, metric, now):
        """When somebody has to be told next, or the promise is broken."""
        if reading.state != State.RUNNING:
            return False
        promised = log.promised[metric]
        moments = [
            reading.reaches(percent)
            for percent in self._percents(promised).get(promised["target"], ())
            if percent not in log.told[metric]
        ]
        if reading.at(now).breached_at is None:
            moments.append(reading.reaches(sla.PERCENT))
        return naive_minute(min((m for m in moments if m is not None), default=None))

    @api.model
    def _percents(self, promised):
        """When somebody is told, by the targets that the tier of a promise has now."""
        # sudo: what is promised is the same for everybody
        tier = self.env["service.tier"].sudo().browse(promised["tier"])
        return tier._promises().percents

    @api.model
    def _differing(self, timer, vals):
        """What is to be written, as a key: timers that change alike are one write."""

        def plain(value):
            return value.id if isinstance(value, models.Model) else value

        return tuple(
            (name, value) for name, value in vals.items() if plain(timer[name]) != value
        )

    @api.model
    def _moments(self, timers):
        """The moments that lists of tickets are about, and that of the next check."""

        def first(name, of):
            return min((vals[name] for vals in of if vals[name]), default=False)

        running = [vals for vals in timers if vals["state"] == State.RUNNING]
        deadline = first("deadline", running)
        broken = first("breached_at", timers)
        return (
            deadline,
            first("risk_at", running),
            min(filter(None, (deadline, broken)), default=False),
            first("next_check_at", running),
        )

    @api.model
    def _show(self, tickets_by_moments):
        # sudo: as above
        tickets = self.env["helpdesk.ticket"].sudo()
        for (deadline, risk, breach, _check), ids in tickets_by_moments.items():
            tickets.browse(ids)._show_moments(
                {
                    "service_deadline": deadline,
                    "service_risk_at": risk,
                    "service_breach_at": breach,
                }
            )
        tickets.invalidate_model(LIVE_FIELDS, flush=False)

    @api.model
    def _wake(self, moments):
        """Have the escalation run when the first of these moments has come."""
        first = min(filter(None, moments), default=None)
        if not first:
            return
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "helpdesk_service_contract.cron_sla_escalation"
        )
        # sudo: the user who moves a clock moves the moment of the next look as well
        cron = self.env["ir.cron"].sudo().browse(cron_id)
        if first <= fields.Datetime.now():
            cron._trigger()
        else:
            # What ``_trigger`` does for later moments, without looking the cron up.
            self.env["ir.cron.trigger"].sudo().create(
                {"cron_id": cron_id, "call_at": first}
            )
