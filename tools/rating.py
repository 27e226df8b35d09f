"""Rating: how many minutes of a customer's money the minutes of work are.

A price list says "every started hour" and also says where the minutes are added up
before they are rounded: alone, per session, per ticket and day, or over the ticket.
"""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate, pairwise
from typing import NamedTuple

from .apportion import apportion


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

    def unit(self, minute: int) -> tuple[float, float]:
        """From which minute of work until which the unit lasts that holds ``minute``.

        A first unit without further ones lasts as long as the work.
        """
        if not self.step:
            return 0, math.inf
        if minute < self.first:
            return 0, self.first
        begin = minute - (minute - self.first) % self.step
        return begin, begin + self.step


class Part(NamedTuple):
    """Minutes of a work entry that are surcharged alike.

    ``express`` and ``after_hours`` are percents on top of the price of an hour, and
    ``factor`` is how many minutes a package loses for 100 billed ones.
    """

    minutes: int
    express: int = 0
    after_hours: int = 0
    factor: int = 100

    @property
    def side(self) -> tuple[int, int, int]:
        """What makes the minutes of two parts cost the same."""
        return self.express, self.after_hours, self.factor


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
    exactly the rounded total, in whatever order they were typed. A unit in which a
    surcharge begins or ends is shared; see ``shared_out``.

    ``before`` holds what is settled of each group. It stands first whatever its date
    and is never rated again, not even where the rounding has changed since.
    """
    totals = dict(before)
    rated = {}
    for work in sorted(works, key=lambda work: work.order):
        before = totals.get(work.group, Settled())
        worked = before.worked + work.minutes
        added = max(0, work.rounding.up(worked) - before.billed)
        totals[work.group] = Settled(worked, before.billed + added)
        parts = shared_out(added, work.parts, work.rounding, before)
        rated[work.id] = Rated(before, tuple(parts))
    return rated


def first_unit(work: Work) -> list[int]:
    """What each part has of the first unit of work that opens its group."""
    return shared_out(work.rounding.first, work.parts, work.rounding, Settled())


def shared_out(
    billed: int, parts: Sequence[Part], rounding: Rounding, before: Settled
) -> list[int]:
    """What each part has of the ``billed`` minutes that its entry adds to ``before``.

    A unit that lies within one part is that part's. One in which a surcharge begins or
    ends is shared between the sides in proportion to the minutes worked on each: by the
    largest remainders, the earlier side first.
    """
    if len(parts) < 2:
        return [billed] * len(parts)
    # The parts, one after the other, on the axis of all minutes of the group.
    spans = [*pairwise(accumulate((p.minutes for p in parts), initial=before.worked))]
    first, last = before.billed, before.billed + billed
    cuts = {first, last}
    for _begin, border in spans[:-1]:
        cuts |= {cut for cut in rounding.unit(border) if first < cut < last}
    shares = [0] * len(parts)
    for begin, end in pairwise(sorted(cuts)):
        until = end if rounding.step else math.inf
        minutes = [
            max(0, min(stop, until) - max(start, begin)) for start, stop in spans
        ]
        if not any(minutes):
            # Worked before, but billed only now that the rounding is another one.
            minutes[0] = 1
        for number, share in enumerate(_by_side(end - begin, parts, minutes)):
            shares[number] += share
    return shares


def _by_side(billed: int, parts: Sequence[Part], minutes: list[int]) -> list[int]:
    """Share minutes between the sides, and then between the parts of each side."""
    sides: dict[Hashable, list[int]] = {}
    for number, part in enumerate(parts):
        if minutes[number]:
            sides.setdefault(part.side, []).append(number)
    weights = [sum(minutes[n] for n in numbers) for numbers in sides.values()]
    shares = [0] * len(parts)
    for numbers, total in zip(sides.values(), apportion(billed, weights), strict=True):
        of_side = apportion(total, [minutes[n] for n in numbers])
        for number, share in zip(numbers, of_side, strict=True):
            shares[number] = share
    return shares
