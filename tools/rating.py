"""Rating: how many minutes of a customer's money the minutes of work are.

A price list says "every started hour" and also says where the minutes are added up
before they are rounded: alone, per ticket and day, or over the whole ticket.
"""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import NamedTuple


class Rounding(NamedTuple):
    """Every started unit counts in full.

    ``first`` is the first unit and ``step`` each further one, in minutes:
    ``Rounding(60, 30)`` is "the first hour in full, then every started half hour".
    """

    first: int
    step: int

    def up(self, minutes: int) -> int:
        """Minutes charged for ``minutes`` of work; nothing is charged for nothing."""
        if minutes <= 0:
            return 0
        further = max(0, minutes - self.first)
        started_steps = -(-further // self.step)
        return self.first + started_steps * self.step


class Work(NamedTuple):
    """One work entry as rating sees it.

    Entries with an equal ``group`` are added up before rounding, so they also share
    one ``rounding``. ``minutes`` is the time really worked.
    """

    id: int
    day: date
    minutes: int
    group: Hashable
    rounding: Rounding


class Settled(NamedTuple):
    """What is settled of a group already: minutes worked, and minutes billed for."""

    worked: int = 0
    billed: int = 0


def rate(works: Iterable[Work], before: Mapping[Hashable, Settled]) -> dict[int, int]:
    """Billed minutes of each work entry, by its id.

    Rounding is cumulative within a group: an entry is billed what it adds to the
    rounded total, in the order of work dates, so no entry is negative and together
    they are exactly the rounded total, in whatever order they were typed.

    ``before`` holds what is settled of each group. It stands first whatever its date
    and is never rated again, not even where the rounding has changed since.
    """
    totals = dict(before)
    billed = {}
    for work in sorted(works, key=lambda work: (work.day, work.id)):
        so_far = totals.get(work.group, Settled())
        worked = so_far.worked + work.minutes
        added = max(0, work.rounding.up(worked) - so_far.billed)
        totals[work.group] = Settled(worked, so_far.billed + added)
        billed[work.id] = added
    return billed
