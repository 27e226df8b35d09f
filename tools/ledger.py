"""The plan of a customer's hours: rating and allocation over the same facts.

Looking at a balance and settling a period are this one function. A look discards the
plan, a settlement posts it.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from .allocation import Bucket, Demand, Slice, allocate, minutes_by
from .charging import Charge, Share
from .package import Package, closings, steps
from .rating import Rated, Settled, Work, rate


class Payment(NamedTuple):
    """Who pays for a work entry: the packages of a contract, and then money.

    ``of_packages`` says that packages may pay for such work at all, ``flat`` that the
    first unit of its rounding costs a flat fee, ``burns`` that surcharges take hours of
    packages instead of money.
    """

    contract_id: int | None = None
    of_packages: bool = True
    charge: Charge = Charge.FULL
    flat: bool = False
    burns: bool = False

    @property
    def uses_packages(self) -> bool:
        """Whether hours of packages pay for the entry."""
        return self.of_packages and self.charge.uses_packages


class Facts(NamedTuple):
    """What is known about the open work of a customer.

    ``settled`` holds what is settled of each rounding group, and ``payments`` who pays
    for which work, by its id. What packages carry over by the day ``until`` is planned
    as if their periods were settled.
    """

    works: Collection[Work]
    settled: Mapping[Hashable, Settled]
    packages: Collection[Package]
    payments: Mapping[int, Payment]
    until: date | None = None


class Plan(NamedTuple):
    """Where every billed minute goes, for each part of each work entry."""

    facts: Facts
    rated: dict[int, Rated]
    slices: list[Slice]
    shares: dict[int, tuple[Share, ...]]

    def total(self, work_id: int) -> Share:
        """The shares of all parts of an entry together."""
        return Share.sum(self.shares[work_id])

    def uncovered(self) -> int:
        """Billed minutes that packages may pay for, but none does."""
        payments = self.facts.payments
        return sum(
            self.total(work.id).overage
            for work in self.facts.works
            if payments[work.id].uses_packages
        )

    def of(self, work_ids: Collection[int]) -> "Plan":
        """The same plan, as far as it is about some entries."""
        works = [work for work in self.facts.works if work.id in work_ids]
        return Plan(
            self.facts._replace(works=works),
            {id_: self.rated[id_] for id_ in work_ids},
            [part for part in self.slices if part.demand_id[0] in work_ids],
            {id_: self.shares[id_] for id_ in work_ids},
        )


class Balance(NamedTuple):
    """What the packages of one day hold, in minutes.

    ``until`` is the day the first of them ends, or None without any. ``available`` is
    what is granted less what is used, expired or pending. ``overage`` is open work
    that no package pays for, whatever its day.
    """

    until: date | None
    granted: int
    used: int
    expired: int
    pending: int
    available: int
    overage: int


def plan(facts: Facts) -> Plan:
    """Rate the open work and serve it from the packages.

    The id of a demand is that of the entry and the number of its part.
    """
    rated = rate(facts.works, facts.settled)
    demands = [
        demand
        for work in facts.works
        for demand in _demands(work, facts.payments[work.id], rated[work.id])
    ]
    slices, packages = _served(demands, facts.packages, facts.until)
    facts = facts._replace(packages=packages)
    paid = minutes_by("demand_id", slices)
    burned = minutes_by("demand_id", slices, of="burned")
    shares = {}
    for work in facts.works:
        charge = facts.payments[work.id].charge
        shares[work.id] = tuple(
            _share(charge, billed, paid[work.id, n], burned[work.id, n])
            for n, billed in enumerate(rated[work.id].parts)
        )
    return Plan(facts, rated, slices, shares)


def _served(
    demands: list[Demand], packages: Collection[Package], until: date | None
) -> tuple[list[Slice], list[Package]]:
    """Serve the demands, step by step where packages carry over on the way.

    Returns the slices, and the packages with those that take over what is left.
    """
    last = until or max((demand.day for demand in demands), default=date.min)
    standing = {package.id: package for package in packages}
    successors = []
    slices: list[Slice] = []
    for day in steps(packages, last):
        now = [demand for demand in demands if demand.day <= day]
        demands = [demand for demand in demands if demand.day > day]
        served, _unpaid = allocate(now, [p.bucket() for p in standing.values()])
        slices += served
        burned = minutes_by("bucket_id", served, of="burned")
        for id_, minutes in burned.items():
            package = standing[id_]
            standing[id_] = package._replace(used=package.used + minutes)
        if day < last:
            for closed in closings(list(standing.values()), [], day):
                package = standing[closed.package_id]
                standing[package.id] = package.closed(closed)
                if closed.carried:
                    successor = package.successor(closed.carried)
                    successors.append(successor)
                    standing[successor.id] = successor
    return slices, [*packages, *successors]


def _demands(work: Work, payment: Payment, rated: Rated) -> Iterator[Demand]:
    if payment.uses_packages:
        for n, part in enumerate(work.parts):
            yield Demand(
                id=(work.id, n),
                order=(*work.order, n),
                day=work.day,
                minutes=rated.parts[n],
                factor=part.factor,
                contract_id=payment.contract_id,
            )


def _share(charge: Charge, billed: int, paid: int, burned: int) -> Share:
    rest = billed - paid
    free = 0 if charge.costs_money else rest
    return Share(billed, burned, paid, rest - free, free)


def balance(planned: Plan, day: date, contract_id: int | None = None) -> Balance:
    """The balance of a contract on ``day``, with all open work of the facts planned."""
    facts = planned.facts
    pending_of = minutes_by("bucket_id", planned.slices, of="burned")
    current = [
        package
        for package in facts.packages
        if package.first_day <= day <= package.last_day
        and package.contract_id in (None, contract_id)
    ]
    granted = sum(package.granted for package in current)
    used = sum(package.used for package in current)
    expired = sum(package.expired for package in current)
    pending = sum(pending_of[package.id] for package in current)
    return Balance(
        until=min((package.last_day for package in current), default=None),
        granted=granted,
        used=used,
        expired=expired,
        pending=pending,
        available=sum(
            max(0, package.remaining - pending_of[package.id]) for package in current
        ),
        overage=sum(
            planned.total(work.id).overage
            for work in facts.works
            if facts.payments[work.id].contract_id == contract_id
        ),
    )


class Taken(NamedTuple):
    """What a work entry takes from one package: ``minutes`` of it are paid for, and
    ``burned`` minutes are what the package loses."""

    bucket: Bucket
    minutes: int
    burned: int


def taken(slices: Iterable[Slice]) -> dict[int, list[Taken]]:
    """What each work entry takes from packages, all of its parts together."""
    totals: dict[int, dict[int, Taken]] = {}
    for part in slices:
        of_work = totals.setdefault(part.demand_id[0], {})
        before = of_work.get(part.bucket_id, Taken(part.bucket, 0, 0))
        of_work[part.bucket_id] = Taken(
            part.bucket, before.minutes + part.minutes, before.burned + part.burned
        )
    return {work_id: list(of_work.values()) for work_id, of_work in totals.items()}
