"""Rating: how many minutes of a customer's money the minutes of work are.

A price list says "every started hour" and also says where the minutes are added up
before they are rounded: alone, per session, per ticket and day, or over the ticket.
"""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import NamedTuple


class Rounding(NamedTuple):
    """Every started unit counts in full.

    ``first`` is the first unit and ``step`` each further one, in minutes:
    ``Rounding(60, 30)`` is "the first hour in full, then every started half hour".
    Without further units, ``step`` 0, the first one is charged however long the work.
    """

    first: int
    step: int

    def up(self, minutes: int) -> int:
        """Minutes charged for ``minutes`` of work; nothing is charged for nothing."""
        if minutes <= 0:
            return 0
        further = max(0, minutes - self.first) if self.step else 0
        started_steps = -(-further // self.step) if further else 0
        return self.first + started_steps * self.step


class Part(NamedTuple):
    """Minutes of a work entry that are surcharged alike.

    ``express`` and ``after_hours`` are percents on top of the price of an hour, and
    ``factor`` is how many minutes a package loses for 100 billed ones.
    """

    minutes: int
    express: int = 0
    after_hours: int = 0
    factor: int = 100


class Work(NamedTuple):
    """One work entry as rating sees it.

    ``start`` is the minute of ``day`` it began at, 0 where nobody noted it. Entries
    with an equal ``group`` are added up before rounding, so they also share one
    ``rounding``. ``parts`` hold the time really worked, in the order of the clock.
    """

    id: int
    day: date
    start: int
    parts: tuple[Part, ...]
    group: Hashable
    rounding: Rounding

    @property
    def minutes(self) -> int:
        """The time really worked."""
        return sum(part.minutes for part in self.parts)

    @property
    def order(self) -> tuple[date, int, int]:
        """By work date, start and id: whoever typed first has no advantage."""
        return self.day, self.start, self.id


class Settled(NamedTuple):
    """What came before in a group: minutes worked, and minutes billed for them."""

    worked: int = 0
    billed: int = 0


class Rated(NamedTuple):
    """What an entry is billed, part by part, after what came ``before`` it."""

    before: Settled
    parts: tuple[int, ...]

    @property
    def billed(self) -> int:
        """Billed minutes of the whole entry."""
        return sum(self.parts)


def rate(works: Iterable[Work], before: Mapping[Hashable, Settled]) -> dict[int, Rated]:
    """Billed minutes of each work entry, by its id.

    Rounding is cumulative within a group: an entry is billed what it adds to the
    rounded total, in the order of work, so no entry is negative and together they are
    exactly the rounded total, in whatever order they were typed. A unit that two parts
    of an entry share belongs to the part it was started in.

    ``before`` holds what is settled of each group. It stands first whatever its date
    and is never rated again, not even where the rounding has changed since.
    """
    totals = dict(before)
    rated = {}
    for work in sorted(works, key=lambda work: work.order):
        first = so_far = totals.get(work.group, Settled())
        billed = []
        for part in work.parts:
            worked = so_far.worked + part.minutes
            added = max(0, work.rounding.up(worked) - so_far.billed)
            so_far = Settled(worked, so_far.billed + added)
            billed.append(added)
        totals[work.group] = so_far
        rated[work.id] = Rated(first, tuple(billed))
    return rated
