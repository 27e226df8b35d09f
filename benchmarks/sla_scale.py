"""Clocks by the hundred thousand: a list of tickets, and the escalation."""

from datetime import timedelta
from functools import cache
from typing import NamedTuple
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields

from . import bulk
from .bench import Side
from .desk import TICKETS, promise
from .figure import measures, ratio
from .screen import list_fields
from .sla import our_desk

LIMIT = 1.2
FEW, MANY = 1_000, 100_000
PAGE = 80
# The web client counts no further.
COUNTED = 10_001
DUE = 50
TIMERS = "service.sla.timer"
EVENTS = "service.sla.event"
# Of ten tickets so many are of each kind; those that run have two open clocks each.
RUNNING, OVERDUE, LATE, IN_TIME = 5, 1, 1, 3
TARGET_HOURS = {"reaction": 100, "resolution": 1000}
AGO = {"due": 80, "overdue": 2000}


class Places(NamedTuple):
    """A bench with few tickets, and one with many."""

    few: object
    many: object


@measures("sla.list_scale")
def list_scale(bench, name):
    """A page of open tickets past a deadline: 100,000 tickets against 1,000.

    Most of it goes into the clocks of the page, so the search alone stands beside it.
    """
    places = _places(bench)
    with bench.transaction() as env:
        view = "helpdesk_service_contract.helpdesk_ticket_view_list_dispatch"
        spec = list_fields(env, view)
    figures = []
    for part, work, limit in (
        (name, _page, LIMIT),
        (f"{name}.search", _search, None),
    ):
        sides = [_listing(bench, place, spec, work) for place in places]
        few, many = bench.compare(*sides, turns=30)
        figures.append(ratio(part, many, few, limit))
    return figures


@measures("sla.cron_scale")
def cron_scale(bench, name):
    """The escalation of 50 clocks that are due: 100,000 open ones against 1,000."""
    few, many = bench.compare(*map(_escalating, _places(bench)), turns=10)
    return [ratio(name, many, few, LIMIT)]


def _listing(bench, place, spec, work):
    def listing(env):
        domain = [
            ("service_breach_at", "<", fields.Datetime.now()),
            ("stage_id.closed", "=", False),
        ]
        work(env[TICKETS], domain, spec, limit=PAGE, order="service_deadline")

    return Side(our_desk(bench).user, listing, bench=place)


def _page(tickets, domain, spec, **options):
    tickets.web_search_read(domain, spec, count_limit=COUNTED, **options)


def _search(tickets, domain, spec, **options):
    tickets.search_fetch(domain, spec, **options)


def _escalating(place):
    def escalating(env):
        # It commits as it goes, and here is to be undone.
        with patch.object(env.cr, "commit", env.cr.flush):
            env[TIMERS]._cron_escalate()

    return Side(SUPERUSER_ID, escalating, bench=place)


@cache
def _places(bench):
    desk = our_desk(bench)
    with bench.transaction() as env:
        customer_id = _customer(bench, env)
    places = Places(bench, bench.twin)
    numbers = bench.size(FEW, 20), bench.size(MANY, 200)
    for place, number in zip(places, numbers, strict=True):
        with place.transaction() as env:
            _load(env, desk, number // 10, customer_id)
            desk.report(env, DUE, partner_id=customer_id, reported_at=_hours_ago("due"))
        place.analyse()
    return places


def _customer(bench, env):
    """A customer whose clocks run day and night."""
    always = env["resource.calendar"].create(
        {"name": "Całodobowo", "tz": "Europe/Warsaw", "attendance_ids": []}
    )
    always.attendance_ids = [
        fields.Command.create(
            {"name": day, "dayofweek": day, "hour_from": 0, "hour_to": 24}
        )
        for day in "0123456"
    ]
    tier = env["service.tier"].create({"name": "Całodobowo"})
    for metric, hours in TARGET_HOURS.items():
        promise(env, tier, metric, hours, always)
    start = bench.stage.first_day - timedelta(days=365)
    contract = bench.stage.contract(env, "Duży klient", start, service_tier_id=tier.id)
    return contract.partner_id.id


def _load(env, desk, tens, customer_id):
    """So many times ten tickets, with their clocks and logs."""
    whose = {"partner_id": customer_id}
    past = whose | {"reported_at": _hours_ago("overdue")}
    running, in_time = desk.report(env, 2, **whose)
    overdue, late = desk.report(env, 2, **past)
    # Of what is overdue everybody is told already.
    env[TIMERS]._cron_escalate()
    (late | in_time).stage_id = desk.done
    env.flush_all()
    for ticket, share, later in (
        (running, RUNNING, 1),
        (overdue, OVERDUE, -1),
        (late, LATE, -1),
        (in_time, IN_TIME, 1),
    ):
        _copy(ticket.sudo(), share * tens - 1, timedelta(minutes=later))


def _copy(ticket, times, step):
    """Copies of a ticket with its clocks and its log, each a step later."""
    copied = ("service_deadline", "service_risk_at", "service_breach_at")
    timers, events = ticket.sla_timer_ids, ticket.sla_event_ids
    ticket_ids = bulk.copies(ticket, times, **_moments(ticket, copied, times, step))
    copied = ("deadline", "risk_at", "breached_at", "next_check_at")
    for timer in timers:
        moments = _moments(timer, copied, times, step)
        bulk.copies(timer, times, ticket_id=ticket_ids, **moments)
    for event in events:
        bulk.copies(event, times, ticket_id=ticket_ids)


def _moments(record, names, times, step):
    return {
        name: [record[name] + step * number for number in range(1, times + 1)]
        for name in names
        if record[name]
    }


def _hours_ago(kind):
    return fields.Datetime.now() - timedelta(hours=AGO[kind])
