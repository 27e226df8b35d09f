"""Allocation: which package pays for which work, and what nobody pays for."""

from collections import Counter
from collections.abc import Hashable, Iterable
from datetime import date
from typing import NamedTuple

PERCENT = 100


class Bucket(NamedTuple):
    """The minutes a package can still give, to work done within its window.

    A bucket serves the demands of one contract, or all where ``contract_id`` is None.
    Of two with one window, that of lower ``rank`` gives first.
    """

    id: int
    first_day: date
    last_day: date
    minutes: int
    contract_id: int | None = None
    rank: int = 0


class Demand(NamedTuple):
    """Billed minutes to be paid for, on the day the work was done.

    ``order`` decides who is served first on whichever day. ``factor`` is how many
    minutes a package loses for 100 billed ones.
    """

    id: Hashable
    order: tuple
    day: date
    minutes: int
    factor: int = PERCENT
    contract_id: int | None = None


class Slice(NamedTuple):
    """Billed minutes of a demand that one package pays for with ``burned`` minutes."""

    demand_id: Hashable
    bucket: Bucket
    minutes: int
    burned: int

    @property
    def bucket_id(self) -> int:
        """The package that pays."""
        return self.bucket.id


class Allocation(NamedTuple):
    """Who pays: ``slices`` from packages, and ``unpaid`` minutes by demand id."""

    slices: list[Slice]
    unpaid: dict[Hashable, int]


def allocate(demands: Iterable[Demand], buckets: Iterable[Bucket]) -> Allocation:
    """Serve the demands from the buckets; what is left over is unpaid.

    Demands are served in their order, each from the bucket that expires first among
    those whose window holds its day, then the one that began first, then by rank and
    id. The order in which either was given does not matter.
    """
    queue = sorted(buckets, key=lambda b: (b.last_day, b.first_day, b.rank, b.id))
    left = {bucket.id: bucket.minutes for bucket in queue}
    slices = []
    unpaid = {}
    for demand in sorted(demands, key=lambda demand: demand.order):
        wanted = demand.minutes
        for bucket in queue:
            if not wanted:
                break
            if not bucket.first_day <= demand.day <= bucket.last_day:
                continue
            if bucket.contract_id not in (None, demand.contract_id):
                continue
            taken = min(wanted, _affordable(left[bucket.id], demand.factor))
            if taken > 0:
                burned = _burned(taken, demand.factor)
                slices.append(Slice(demand.id, bucket, taken, burned))
                left[bucket.id] -= burned
                wanted -= taken
        unpaid[demand.id] = wanted
    return Allocation(slices, unpaid)


def _burned(minutes: int, factor: int) -> int:
    """Whole minutes a package loses for billed ones; a started minute is lost."""
    return -(-minutes * factor // PERCENT)


def _affordable(left: int, factor: int) -> int:
    """Most billed minutes for which a package that has ``left`` loses no more."""
    return left * PERCENT // factor


def minutes_by(
    key: str, slices: Iterable[Slice], of: str = "minutes"
) -> Counter[Hashable]:
    """Minutes of the slices added up by ``bucket_id`` or by ``demand_id``."""
    totals: Counter[Hashable] = Counter()
    for part in slices:
        totals[getattr(part, key)] += getattr(part, of)
    return totals
