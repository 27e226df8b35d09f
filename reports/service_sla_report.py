from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.duration import to_clock
from ..tools.moments import aware, local, midnight, this_minute
from ..tools.sla import Metric, State
from ..tools.working_time import minute_of

# What ends a pause, besides another one.
ENDS = ("resumed", "resolved")
PERMILLE = 1000


class Wait(NamedTuple):
    """A time in which the clocks stood still; ``end`` is none where they still do."""

    reason: str
    begin: datetime
    end: datetime | None
    minutes: int


class Promised(NamedTuple):
    """What became of one promise; ``overrun`` is as of now where the clock runs."""

    outcome: str
    deadline: datetime | bool
    done: datetime | bool
    overrun: int
    paused: bool
    void: bool
    justification: str


class Row(NamedTuple):
    """A ticket of the report."""

    number: str
    title: str
    tier: str
    reported: datetime
    promises: dict[str, Promised]
    waits: list[Wait]
    waited: dict[str, int]


class Total(NamedTuple):
    """A line of the summary; ``percent`` is none where nothing is decided."""

    metric: str
    promised: int
    kept: int
    broken: int
    open: int
    percent: float | None


class ServiceSlaReport(models.AbstractModel):
    """What was promised on a customer's tickets, and how it was kept."""

    _name = "report.helpdesk_service_contract.sla_report"
    _description = "SLA Report"

    @api.model
    def _get_report_values(self, docids, data=None):
        return {
            "doc_ids": docids,
            "doc_model": "service.sla.report",
            "docs": self.env["service.sla.report"].browse(docids),
            "clock": to_clock,
            "figures": lambda statement: self._in_language(statement)._figures(
                statement
            ),
        }

    @api.model
    def _in_language(self, statement):
        return self.with_context(lang=statement._lang())

    @api.model
    def _figures(self, statement):
        """All that the report shows of one customer and period."""
        # sudo: the clock of the company is the same for everybody
        company = statement.company_id.sudo()
        timers = self._timers(statement)
        rows = self._rows(timers)
        return {
            "period": self._period(statement),
            "contracts": self._contracts(statement, timers),
            "totals": self._totals(rows),
            "rows": rows,
            "moment": lambda moment: self._moment(moment, company._service_zone()),
            "made_at": fields.Datetime.now(),
            "made_by": self.env.user.name,
        }

    @api.model
    def _timers(self, statement):
        """The promises on tickets that were reported in the period."""
        # sudo: as above
        zone = statement.company_id.sudo()._service_zone()
        return self.env["service.sla.timer"].search_fetch(
            [
                ("ticket_id.commercial_partner_id", "=", statement._customer().id),
                ("ticket_id.company_id", "=", statement.company_id.id),
                # What was broken stays, whatever becomes of its ticket.
                "|",
                ("breached_at", "!=", False),
                "&",
                ("ticket_id.active", "=", True),
                ("state", "!=", "void"),
                ("started_at", ">=", midnight(statement.date_from, zone)),
                (
                    "started_at",
                    "<",
                    midnight(statement.date_to + timedelta(days=1), zone),
                ),
            ],
            order="started_at, ticket_id, id",
        )

    @api.model
    def _rows(self, timers):
        now = this_minute()
        # Not what else a ticket holds: descriptions are long.
        timers.ticket_id.fetch(["name", "number", "service_contract_id"])
        events = self._pausing_events(timers.ticket_id)
        return [
            self._row(ticket, of_ticket, events.get(ticket, ()), now)
            for ticket, of_ticket in timers.grouped("ticket_id").items()
        ]

    @api.model
    def _pausing_events(self, tickets):
        """What paused and resumed the clocks of tickets, by ticket and in order."""
        found = self.env["service.sla.event"].search_fetch(
            [("ticket_id", "in", tickets.ids), ("kind", "in", ["paused", *ENDS])],
            ["ticket_id", "kind", "at", "waiting_for"],
            order="at, id",
        )
        return found.grouped("ticket_id")

    @api.model
    def _row(self, ticket, timers, events, now):
        waits = _waits(events, timers[0].started_at, now)
        waited = {}
        for wait in waits:
            waited[wait.reason] = waited.get(wait.reason, 0) + wait.minutes
        return Row(
            ticket.number,
            ticket.name,
            timers[0].tier_id.name,
            timers[0].started_at,
            {timer.metric: self._promised(timer, now) for timer in timers},
            waits,
            waited,
        )

    @api.model
    def _promised(self, timer, now):
        broken, overrun = bool(timer.breached_at), timer.overrun_minutes
        if timer.state == State.RUNNING:
            reading = timer._reading().at(now)
            broken, overrun = reading.breached_at is not None, reading.overrun
        kept = "kept" if timer.state == State.MET else "open"
        return Promised(
            "broken" if broken else kept,
            timer.deadline,
            timer.stopped_at,
            overrun,
            timer.state == State.PAUSED,
            timer.state == State.VOID,
            (timer.justification or "").strip(),
        )

    @api.model
    def _totals(self, rows):
        """A line for each metric that was promised at all."""
        totals = []
        for metric in Metric:
            outcomes = [
                row.promises[metric].outcome for row in rows if metric in row.promises
            ]
            if not outcomes:
                continue
            kept, broken = outcomes.count("kept"), outcomes.count("broken")
            totals.append(
                Total(
                    str(metric),
                    len(outcomes),
                    kept,
                    broken,
                    outcomes.count("open"),
                    _percent(kept, kept + broken),
                )
            )
        return totals

    @api.model
    def _contracts(self, statement, timers):
        """Service contracts in force in the period, and those of its tickets."""
        contracts = self.env["contract.contract"]
        in_force = contracts.search(
            contracts._domain_serving(statement._customer(), statement.company_id)
            & contracts._in_force_domain(statement.date_from, statement.date_to)
        )
        contracts = in_force | timers.ticket_id.service_contract_id
        return [contract.code or contract.name for contract in contracts]

    @api.model
    def _period(self, statement):
        contracts = self.env["contract.contract"]
        return contracts._days_label(
            statement.date_from, statement.date_to, statement._lang()
        )

    @api.model
    def _moment(self, moment, zone):
        """A moment as people of the company read it; the day as the customer does."""
        shown = local(moment, zone)
        return f"{format_date(self.env, shown.date())} {shown:%H:%M}"


def _percent(part, whole):
    """With one digit that is never rounded up: 100% means all of them."""
    return PERMILLE * part // whole / 10 if whole else None


def _waits(events, started_at, now):
    """The pauses since the report, as the log has them in the order of the clock."""
    waits, begun = [], None
    for event in [*events, None]:
        if begun:
            begin, end = max(begun.at, started_at), event and event.at
            until = minute_of(aware(end)) if end else now
            minutes = until - minute_of(aware(begin))
            if minutes > 0:
                reason = begun.waiting_for or "other"
                waits.append(Wait(reason, begin, end, minutes))
        begun = event if event and event.kind == "paused" else None
    return waits
