"""The plan of a contract's hours: rating and allocation over the same facts.

Looking at a balance and settling a period are this one function. A look discards the
plan, a settlement posts it.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from .allocation import Bucket, Demand, Slice, allocate
from .rating import Settled, Work, rate


class Package(NamedTuple):
    """The posted figures of an hour package, in minutes, and its window of days."""

    id: int
    first_day: date
    last_day: date
    granted: int
    consumed: int = 0
    expired: int = 0

    def bucket(self) -> Bucket:
        """What open work can still take.

        Expired minutes count: a late entry may use what was left in the package of
        its own work date, and the expiry is then reversed for it.
        """
        return Bucket(
            self.id, self.first_day, self.last_day, self.granted - self.consumed
        )


class Facts(NamedTuple):
    """What is known about the open work of one contract.

    ``settled`` holds what is settled of each rounding group, and ``outside`` the
    ids of work that no package may pay for.
    """

    works: Collection[Work]
    settled: Mapping[Hashable, Settled]
    packages: Collection[Package]
    outside: Collection[int] = frozenset()


class Plan(NamedTuple):
    """Where every billed minute goes: for each work entry, what the slices give it
    and its overage make up what it is billed."""

    billed: dict[int, int]
    slices: list[Slice]
    overage: dict[int, int]


class Balance(NamedTuple):
    """What the packages of one day hold, in minutes.

    ``until`` is the day the first of them ends, or None without any. ``available`` is
    what is granted less what is posted, expired or pending. ``overage`` is open work
    that no package pays for, whatever its day.
    """

    until: date | None
    granted: int
    posted: int
    expired: int
    pending: int
    available: int
    overage: int


def plan(facts: Facts) -> Plan:
    """Rate the open work and serve it from the packages."""
    billed = rate(facts.works, facts.settled)
    demands = [
        Demand(work.id, work.day, billed[work.id])
        for work in facts.works
        if work.id not in facts.outside
    ]
    buckets = [package.bucket() for package in facts.packages]
    slices, overage = allocate(demands, buckets)
    overage |= {id_: billed[id_] for id_ in facts.outside}
    return Plan(billed, slices, overage)


def balance(facts: Facts, day: date) -> Balance:
    """The balance on ``day``, with all open work of the facts planned."""
    planned = plan(facts)
    pending_of = minutes_by("bucket_id", planned.slices)
    current = [p for p in facts.packages if p.first_day <= day <= p.last_day]
    granted = sum(package.granted for package in current)
    posted = sum(package.consumed for package in current)
    expired = sum(package.expired for package in current)
    pending = sum(pending_of[package.id] for package in current)
    return Balance(
        until=min((package.last_day for package in current), default=None),
        granted=granted,
        posted=posted,
        expired=expired,
        pending=pending,
        available=max(0, granted - posted - expired - pending),
        overage=sum(planned.overage.values()),
    )


def minutes_by(key: str, slices: Iterable[Slice]) -> Counter[int]:
    """Minutes of the slices added up by ``bucket_id`` or by ``demand_id``."""
    totals: Counter[int] = Counter()
    for part in slices:
        totals[getattr(part, key)] += part.minutes
    return totals
