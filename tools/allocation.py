"""Allocation: which package pays for which work entry, and what nobody pays for."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Bucket(NamedTuple):
    """The minutes a package can still give, to work done within its window."""

    id: int
    first_day: date
    last_day: date
    minutes: int


class Demand(NamedTuple):
    """The billed minutes of one work entry, on the day the work was done."""

    id: int
    day: date
    minutes: int


class Slice(NamedTuple):
    """Minutes that one package gives to one work entry."""

    demand_id: int
    bucket_id: int
    minutes: int


class Allocation(NamedTuple):
    """Who pays: ``slices`` from packages, and ``overage`` minutes by demand id."""

    slices: list[Slice]
    overage: dict[int, int]


def allocate(demands: Iterable[Demand], buckets: Iterable[Bucket]) -> Allocation:
    """Serve the demands from the buckets; what is left over is overage.

    Demands are served in the order of work dates, each from the bucket that expires
    first among those whose window holds its day, then the one that began first, then
    by id. The order in which either was given does not matter.
    """
    queue = sorted(buckets, key=lambda b: (b.last_day, b.first_day, b.id))
    left = {bucket.id: bucket.minutes for bucket in queue}
    slices = []
    overage = {}
    for demand in sorted(demands, key=lambda demand: (demand.day, demand.id)):
        wanted = demand.minutes
        for bucket in queue:
            if not bucket.first_day <= demand.day <= bucket.last_day:
                continue
            taken = min(wanted, left[bucket.id])
            if taken > 0:
                slices.append(Slice(demand.id, bucket.id, taken))
                left[bucket.id] -= taken
                wanted -= taken
        overage[demand.id] = wanted
    return Allocation(slices, overage)
