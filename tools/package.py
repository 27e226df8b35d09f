"""Packages: hours that are granted for work within a window of days, and what its end
does to those that are left."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from .allocation import Bucket, Slice, minutes_by

# Ids of successors that are planned lie below all others.
AHEAD = 10**14
CARRIED_RANK = 1


class Closing(NamedTuple):
    """What the end of a period does to a package beside the work it pays for.

    ``released`` minutes of what had expired are needed after all; ``expired`` minutes
    are lost, of which ``carried`` go over to a successor.
    """

    package_id: int
    released: int
    expired: int
    carried: int


class Package(NamedTuple):
    """The posted figures of an hour package, in minutes, and its window of days.

    ``carried`` is what went over to a successor, and is part of ``expired``;
    ``rollover`` is how much may go over when the window ends, to be used by the day
    ``rollover_until``. A package without a ``contract_id`` serves all contracts of the
    facts. ``rank`` orders packages of one window: an id cannot, for an allowance that
    is due has none yet.
    """

    id: int
    first_day: date
    last_day: date
    granted: int
    used: int = 0
    expired: int = 0
    carried: int = 0
    rollover: int = 0
    contract_id: int | None = None
    rank: int = 0
    rollover_until: date | None = None

    @property
    def remaining(self) -> int:
        """What is neither used nor expired."""
        return self.granted - self.used - self.expired

    def bucket(self) -> Bucket:
        """What open work can still take.

        Expired minutes count: a late entry may use what was left in the package of
        its own work date, and the expiry is then reversed for it. What was carried
        over waits in the successor, whose window holds that date too.
        """
        left = self.granted - self.used - self.carried
        window = self.first_day, self.last_day
        return Bucket(self.id, *window, left, self.contract_id, self.rank)

    def closed(self, closing: Closing) -> "Package":
        """The package after its end."""
        return self._replace(
            expired=self.expired + closing.expired - closing.released,
            carried=self.carried + closing.carried,
        )

    def successor(self, minutes: int) -> "Package":
        """What takes over the minutes that are carried over.

        Its window holds that of the old package too, so that a late entry may still
        take the hours its own period had left.
        """
        return Package(
            id=self.id - AHEAD,
            first_day=self.first_day,
            last_day=self.rollover_until or self.last_day,
            granted=minutes,
            contract_id=self.contract_id,
            rank=CARRIED_RANK,
        )


def closings(
    packages: Iterable[Package], slices: Iterable[Slice], last_day: date
) -> list[Closing]:
    """What is lost, carried over or given back when the work until a day is posted.

    Minutes are carried over once, when the package ends; what a late entry leaves of
    them later is lost.
    """
    burned = minutes_by("bucket_id", slices, of="burned")
    closed = []
    for package in packages:
        over = package.last_day <= last_day
        unused = package.granted - package.used - burned[package.id]
        lost = unused if over else min(unused, package.expired)
        change = lost - package.expired
        if change:
            fresh = package.rollover if not package.expired else 0
            closed.append(
                Closing(
                    package.id,
                    released=max(0, -change),
                    expired=max(0, change),
                    carried=min(fresh, max(0, change)),
                )
            )
    return closed


def steps(packages: Iterable[Package], last_day: date) -> list[date]:
    """Days up to which open work is served, one after the other.

    What a package carries over must be known before later work is served from it.
    """
    ends = {
        package.last_day
        for package in packages
        if package.rollover and package.remaining and package.last_day < last_day
    }
    return [*sorted(ends), last_day]
