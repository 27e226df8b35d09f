"""Periods that recur, and what a part of one is worth: of a fee, and of its hours."""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from .periods import MONTHS_PER_YEAR, Period, day_after

ONE_DAY = timedelta(days=1)
QUARTER = 15


class Recurrence(NamedTuple):
    """Periods of equal length that follow one another from ``anchor`` on.

    They are as long as ``months``, or as ``days`` where that is 0. All are counted from
    the anchor, so that a period which begins on the 31st does not drift to the 28th.
    """

    anchor: date
    months: int = 0
    days: int = 0

    def parts(self, day: date) -> list[Period]:
        """The months of the period that holds ``day``; one counted in days has none.

        Each of them counts the same, however many days it has.
        """
        if not self.months:
            first = day - timedelta(days=(day - self.anchor).days % self.days)
            return [Period(first, first + timedelta(days=self.days - 1))]
        years = day.year - self.anchor.year
        passed = years * MONTHS_PER_YEAR + day.month - self.anchor.month
        if day_after(self.anchor, passed) > day:
            passed -= 1
        passed -= passed % self.months
        begins = [day_after(self.anchor, passed + n) for n in range(self.months + 1)]
        return [Period(begin, end - ONE_DAY) for begin, end in pairwise(begins)]

    def period(self, day: date) -> Period:
        """The period that holds ``day``."""
        parts = self.parts(day)
        return Period(parts[0].first, parts[-1].last)

    def between(self, first: date, last: date) -> Iterator[Period]:
        """Periods from ``first`` to ``last``, cut to that span at both ends."""
        while first <= last:
            end = min(self.period(first).last, last)
            yield Period(first, end)
            first = end + ONE_DAY

    def touching(self, first: date, last: date) -> Iterator[Period]:
        """Periods that hold a day from ``first`` to ``last``.

        The first one is cut to begin on ``first``; the last one is whole.
        """
        while first <= last:
            end = self.period(first).last
            yield Period(first, end)
            first = end + ONE_DAY


class Portion(NamedTuple):
    """Days that are covered of all days, for each month of a period."""

    months: tuple[tuple[int, int], ...]

    @property
    def fraction(self) -> Fraction:
        """Between 0 and 1. Every month counts the same, a part of it by its days."""
        return sum(Fraction(*month) for month in self.months) / len(self.months)

    def __str__(self):
        """As on an invoice: 17/31 of a month, 6/12 or (17/31 + 5)/12 of a year."""
        if len(self.months) == 1:
            return "{}/{}".format(*self.months[0])
        terms, whole = [], 0
        for covered, days in self.months:
            if covered == days:
                whole += 1
            elif covered:
                terms += [whole, f"{covered}/{days}"]
                whole = 0
        terms = [str(term) for term in (*terms, whole) if term]
        total = " + ".join(terms) or "0"
        total = f"({total})" if "/" in total else total
        return f"{total}/{len(self.months)}"


def portion(parts: list[Period], first: date, last: date) -> Portion:
    """How much of a period the days from ``first`` to ``last`` are."""
    covered = []
    for part in parts:
        days = (min(part.last, last) - max(part.first, first)).days + 1
        covered.append((max(0, days), (part.last - part.first).days + 1))
    return Portion(tuple(covered))


def price_of_part(
    price: Fraction, step: Fraction, parts: list[Period], first: date, last: date
) -> Fraction:
    """What the days from ``first`` to ``last`` cost of a ``price`` for all ``parts``.

    Rounded to multiples of ``step``, half away from zero, as the difference of what is
    due by either end, so that the parts of a period always add up to its price.
    """
    begin = parts[0].first
    by_last = portion(parts, begin, last).fraction
    before = portion(parts, begin, first - ONE_DAY).fraction
    return _rounded(price * by_last, step) - _rounded(price * before, step)


def minutes_of_part(minutes: int, parts: list[Period], first: date, last: date) -> int:
    """What the days from ``first`` to ``last`` have of ``minutes`` for all ``parts``.

    Every started quarter of an hour counts, but never more than the whole.
    """
    share = minutes * portion(parts, first, last).fraction
    return min(minutes, math.ceil(share / QUARTER) * QUARTER)


def _rounded(amount: Fraction, step: Fraction) -> Fraction:
    steps = (abs(amount) / step + Fraction(1, 2)).__floor__() * step
    return steps if amount >= 0 else -steps
