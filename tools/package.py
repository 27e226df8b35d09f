"""Packages: hours that are granted for work within a window of days."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from .allocation import Bucket

if TYPE_CHECKING:
    from .closing import Closing

# Ids of successors that are planned lie below all others.
AHEAD = 10**14
CARRIED_RANK = 1


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

    def closed(self, closing: "Closing") -> "Package":
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
