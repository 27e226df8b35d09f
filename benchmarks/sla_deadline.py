"""Deadlines: ours against ``plan_hours``, by which Odoo tells when hours are over."""

from datetime import UTC, timedelta

from odoo import fields

from odoo.addons.helpdesk_service_contract.tools.working_time import (
    HOUR,
    minute_of,
    moment_of,
)

from .bench import Side
from .desk import RESOLUTION_HOURS
from .figure import Figure, measures
from .sla import our_desk

DEADLINES = 1000
TURNS = 10


@measures("sla.deadline")
def warm(bench, name):
    """A deadline 24 working hours ahead, asked for 1000 times in a warm transaction."""
    return [_figure(bench, name, 500, lambda work: work)]


@measures("sla.deadlines_cold")
def cold(bench, name):
    """The same 1000 deadlines where nothing is in any cache, not even rights."""

    def forget(env):
        env.registry.clear_all_caches()

    return [_figure(bench, name, 150, lambda _work: forget)]


def _figure(bench, name, limit, preparing):
    """How many times faster ours is; ``preparing`` gives what precedes a work."""
    desk = our_desk(bench)
    works = [_ours(desk, _starts(bench)), _odoos(desk, _starts(bench))]
    with bench.transaction() as env:
        ours, odoos = [work(env) for work in works]
        if [moment_of(minute) for minute in ours] != odoos:
            raise ValueError("Odoo has other deadlines: its calendar is not ours.")
    bench.analyse()
    sides = [Side(desk.user, work, preparing(work)) for work in works]
    ours, odoos = bench.compare(*sides, turns=TURNS)
    return Figure(
        name,
        value=odoos.milliseconds / ours.milliseconds,
        limit=limit,
        better="higher",
        unit="× faster",
        ours=ours.milliseconds,
        peer=odoos.milliseconds,
        sql=ours.sql,
        peer_sql=odoos.sql,
        repetitions=ours.repetitions,
    )


def _starts(bench):
    """Moments all over a year."""
    now = fields.Datetime.now().replace(second=0, microsecond=0, tzinfo=UTC)
    number = bench.size(DEADLINES, 20)
    return [now + timedelta(minutes=n * 523) for n in range(number)]


def _ours(desk, starts):
    minutes = [minute_of(start) for start in starts]

    def ours(env):
        calendar = env["resource.calendar"].browse(desk.calendar)
        company = env.company
        return [
            calendar._working_time(company).add(minute, RESOLUTION_HOURS * HOUR)
            for minute in minutes
        ]

    return ours


def _odoos(desk, starts):
    def odoos(env):
        calendar = env["resource.calendar"].browse(desk.calendar)
        return [
            calendar.plan_hours(RESOLUTION_HOURS, start, compute_leaves=True)
            for start in starts
        ]

    return odoos
