"""Clocks: what they add to making tickets and to moving them to another stage.

The base of both is helpdesk_mgmt without us, in a database of its own: the same users,
stages and mails. Beside it stands what OCA's helpdesk_mgmt_sla adds for two SLAs, as
figures named ``….peer`` that claim nothing.
"""

from functools import cache
from typing import NamedTuple

from . import desk
from .bench import Side
from .figure import measures, ratio

CREATE_LIMITS = {1: 1.25, 10: 1.15, 100: 1.10}
STAGE_LIMITS = {1: 1.25, 100: 1.15}
TURNS = {1: 60, 10: 30, 100: 12}
EXTRA_SQL = 2


class Place(NamedTuple):
    """A database and the desk in it."""

    bench: object
    desk: desk.Desk


@measures("sla.create", 1, 10, 100)
def create(bench, name, size):
    """Tickets made in one call, with a promise to answer and one to resolve."""
    limit, turns = CREATE_LIMITS[size], TURNS[size]
    size = bench.size(size, min(size, 10))
    sides = [_creating(place, size) for place in _places(bench)]
    extra_sql = EXTRA_SQL * size if name.endswith(".100") else None
    return _figures(name, bench.compare(*sides, turns=turns), limit, extra_sql)


@measures("sla.stage", 1, 100)
def stage(bench, name, size):
    """Tickets closed in one call, which stops both clocks."""
    limit, turns = STAGE_LIMITS[size], TURNS[size]
    size = bench.size(size, min(size, 10))
    sides = []
    for place in _places(bench):
        with place.bench.transaction() as env:
            tickets = place.desk.report(env, size)
        place.bench.analyse()
        sides.append(_closing(place, tickets.ids))
    return _figures(name, bench.compare(*sides, turns=turns), limit)


@cache
def our_desk(bench):
    return desk.with_us(bench)


@cache
def _places(bench):
    """Ours, helpdesk_mgmt alone, and the peer if there is one."""
    places = [
        Place(bench, our_desk(bench)),
        Place(bench.plain, desk.alone(bench.plain)),
    ]
    if bench.peer:
        places.append(Place(bench.peer, desk.with_peer(bench.peer)))
    for place in places:
        place.bench.analyse()
    return places


def _creating(place, size):
    # helpdesk_mgmt writes into the values it is given.
    def creating(env):
        env[desk.TICKETS].create([place.desk.ticket() for _ in range(size)])

    return Side(place.desk.user, creating, bench=place.bench)


def _closing(place, ticket_ids):
    def closing(env):
        tickets = env[desk.TICKETS].browse(ticket_ids)
        tickets.write({"stage_id": place.desk.done})

    return Side(place.desk.user, closing, bench=place.bench)


def _figures(name, calls, limit, extra_sql=None):
    ours, alone, *peer = calls
    return [
        ratio(name, ours, alone, limit, extra_sql),
        *[ratio(f"{name}.peer", theirs, alone, None) for theirs in peer],
    ]
