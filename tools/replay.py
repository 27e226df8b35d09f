"""Replay: the ledger once more, from grants, adjustments and entries alone.

What is posted should be what comes out. The replay knows nothing of what was posted to
packages, except the grants and adjustments that people, sales and contracts made.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from .allocation import Slice
from .charging import Share
from .ledger import Facts, Payment, Plan, plan
from .package import Closing, Package, closings, steps
from .rating import Rated, Work


class Grant(NamedTuple):
    """Minutes added to a package, or taken away again, for a reason of its own."""

    package_id: int
    minutes: int


class End(NamedTuple):
    """The end of a package that no settlement saw; leftovers may go to a successor."""

    package_id: int


class Reopening(NamedTuple):
    """Minutes that had expired are there again, for the package ends later now."""

    package_id: int
    minutes: int
    last_day: date


class Entry(NamedTuple):
    """A settled entry with what rating knew when it was settled."""

    work: Work
    payment: Payment
    rated: Rated


class Settlement(NamedTuple):
    """A settlement of one contract: the entries it took, and until when.

    ``reserved`` are minutes of packages that open work of other contracts was planned
    to take: by the day until which the settlement posted, and by package.
    """

    contract_id: int
    last_day: date
    entries: Sequence[Entry]
    reserved: Mapping[date, Mapping[int, int]] = {}


class Book:
    """Packages as the replay finds them, and where every entry went.

    ``successors`` name the package that took over what another carried over.
    """

    def __init__(self, packages: Iterable[Package], successors: dict[int, int]):
        self.packages = {
            package.id: package._replace(granted=0, used=0, expired=0, carried=0)
            for package in packages
        }
        self.successors = successors
        self.shares: dict[int, tuple[Share, ...]] = {}
        self.rated: dict[int, Rated] = {}
        self.taken: Counter[tuple[int, int]] = Counter()

    def play(self, event: Grant | End | Reopening | Settlement) -> None:
        """Let one event happen."""
        match event:
            case Grant(package_id, minutes):
                self._change(package_id, granted=minutes)
                package = self.packages[package_id]
                # What is taken back after the end comes out of what had expired.
                short = package.used + package.expired - package.granted
                self._change(package_id, expired=-max(0, short))
            case End(package_id):
                package = self.packages[package_id]
                self._close(closings([package], [], package.last_day))
            case Reopening(package_id, minutes, last_day):
                package = self.packages[package_id]._replace(last_day=last_day)
                self.packages[package_id] = package
                self._change(package_id, expired=-minutes)
            case Settlement():
                self._settle(event)

    def _settle(self, settled: Settlement) -> None:
        served = [
            package
            for package in self.packages.values()
            if package.contract_id in (None, settled.contract_id)
        ]
        done: set[int] = set()
        for day in steps(served, settled.last_day):
            entries = [
                entry
                for entry in settled.entries
                if entry.work.day <= day and entry.work.id not in done
            ]
            done |= {entry.work.id for entry in entries}
            reserved = settled.reserved.get(day, {})
            self._post(self._plan(entries, reserved), settled, day)

    def _plan(self, entries: Sequence[Entry], reserved: Mapping[int, int]) -> Plan:
        before = {}
        for entry in sorted(entries, key=lambda entry: entry.work.order):
            before.setdefault(entry.work.group, entry.rated.before)
        return plan(
            Facts(
                works=[entry.work for entry in entries],
                settled=before,
                packages=[
                    package._replace(used=package.used + reserved.get(package.id, 0))
                    for package in self.packages.values()
                ],
                payments={entry.work.id: entry.payment for entry in entries},
            )
        )

    def _post(self, planned: Plan, settled: Settlement, day: date) -> None:
        self.shares |= planned.shares
        self.rated |= planned.rated
        touched = {part.bucket_id for part in planned.slices}
        ending = [
            package
            for package in self.packages.values()
            if package.contract_id in (None, settled.contract_id)
            and (
                package.id in touched
                or (package.first_day <= settled.last_day and package.remaining)
            )
        ]
        closed = closings(ending, planned.slices, day)
        self._consume(planned.slices)
        self._close(closed)

    def _consume(self, slices: Iterable[Slice]) -> None:
        for part in slices:
            self.taken[part.demand_id[0], part.bucket_id] += part.burned
            self._change(part.bucket_id, used=part.burned)

    def _close(self, closed: Iterable[Closing]) -> None:
        for closing in closed:
            self._change(
                closing.package_id,
                expired=closing.expired - closing.released,
                carried=closing.carried,
            )
            if closing.carried and closing.package_id in self.successors:
                self._change(
                    self.successors[closing.package_id], granted=closing.carried
                )

    def _change(self, package_id: int, **minutes: int) -> None:
        package = self.packages[package_id]
        self.packages[package_id] = package._replace(
            **{name: getattr(package, name) + added for name, added in minutes.items()}
        )
