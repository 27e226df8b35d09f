"""What a measurement gives, and the measurements there are, by name."""

from functools import partial
from typing import NamedTuple

# Each takes a ``Bench`` and gives one or more figures.
MEASUREMENTS = {}


class Figure(NamedTuple):
    """One line of the report.

    ``value`` is what the limit is about, in ``unit``: mostly the median of ``ours``
    over the median of ``peer``, which was measured in turns with it. Both of these are
    milliseconds, or requests per second where the unit says so. ``sql`` and
    ``peer_sql`` count the statements of one call. A limit of None claims nothing.
    """

    name: str
    value: float
    limit: float | None = None
    better: str = "lower"
    unit: str = "× the time"
    ours: float | None = None
    peer: float | None = None
    sql: int | None = None
    peer_sql: int | None = None
    sql_limit: int | None = None
    repetitions: int = 1


def measures(name, *sizes):
    """Register a function by the name of its figure, once for each size if any."""

    def register(function):
        if not sizes:
            MEASUREMENTS[name] = partial(function, name=name)
        for size in sizes:
            sized = f"{name}.{size}"
            MEASUREMENTS[sized] = partial(function, name=sized, size=size)
        return function

    return register


def ratio(name, ours, peer, limit, extra_sql=None):
    """The figure of two ``bench.Calls``; ``extra_sql`` limits what ours has more."""
    return Figure(
        name,
        value=ours.milliseconds / peer.milliseconds,
        limit=limit,
        ours=ours.milliseconds,
        peer=peer.milliseconds,
        sql=ours.sql,
        peer_sql=peer.sql,
        sql_limit=None if extra_sql is None else peer.sql + extra_sql,
        repetitions=ours.repetitions,
    )
