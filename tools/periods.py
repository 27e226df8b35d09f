"""Periods: the dated windows in which hours are granted, settled and billed."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple


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
