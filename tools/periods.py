"""Periods: the dated windows in which hours are granted, settled and billed."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

MONTHS_PER_YEAR = 12


class Period(NamedTuple):
    """The days from ``first`` to ``last``, both included."""

    first: date
    last: date


def month_of(day: date) -> Period:
    """The calendar month that holds ``day``."""
    last = calendar.monthrange(day.year, day.month)[1]
    return Period(day.replace(day=1), day.replace(day=last))


def months_between(first: date, last: date) -> Iterator[Period]:
    """Calendar months from ``first`` to ``last``, cut to that span at both ends."""
    while first <= last:
        month_end = month_of(first).last
        yield Period(first, min(month_end, last))
        first = month_end + timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, MONTHS_PER_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def window(first: date, months: int) -> Period:
    """The ``months`` that begin on ``first``: from 15 January, 6 end on 14 July."""
    return Period(first, add_months(first, months) - timedelta(days=1))


def after(last: date, months: int) -> date:
    """The last day of the ``months`` that follow a period which ends on ``last``."""
    return window(last + timedelta(days=1), months).last


def recurring(anchor: date, months: int, first: date, last: date) -> Iterator[Period]:
    """Periods of ``months`` counted from ``anchor`` that touch ``first`` to ``last``.

    The first one is cut to begin on ``first``; the last one is whole. Counting from
    the anchor keeps the day: from 31 January months begin on 28 February, 31 March.
    """
    if last < first:
        return
    passed = (first.year - anchor.year) * MONTHS_PER_YEAR + first.month - anchor.month
    number = passed // months - 1
    while (begin := add_months(anchor, number * months)) <= last:
        number += 1
        end = add_months(anchor, number * months) - timedelta(days=1)
        if end >= first:
            yield Period(max(begin, first), end)
