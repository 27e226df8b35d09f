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


def day_after(first: date, months: int) -> date:
    """The day that follows ``months`` from ``first``: the same day of a later month.

    A month that has no such day is used to its end (art. 112 of the Polish civil code):
    a month from 31 January ends on 28 February, so 1 March follows it.
    """
    years, month = divmod(first.month - 1 + months, MONTHS_PER_YEAR)
    begin = date(first.year + years, month + 1, 1)
    end = month_of(begin).last
    if first.day > end.day:
        return end + timedelta(days=1)
    return begin.replace(day=first.day)


def window(first: date, months: int) -> Period:
    """The ``months`` that begin on ``first``: from 15 January, 6 end on 14 July."""
    return Period(first, day_after(first, months) - timedelta(days=1))


def after(last: date, months: int) -> date:
    """The last day of the ``months`` that follow a period which ends on ``last``."""
    return window(last + timedelta(days=1), months).last
