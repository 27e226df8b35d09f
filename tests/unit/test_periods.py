from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.periods import Period, month_of, months_between

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 10, 4), date(2026, 10, 1), date(2026, 10, 31)),
        (date(2026, 2, 28), date(2026, 2, 1), date(2026, 2, 28)),
        (date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_month_of(day, first, last):
    assert month_of(day) == Period(first, last)


def test_months_are_cut_at_both_ends():
    assert list(months_between(date(2026, 10, 15), date(2026, 12, 10))) == [
        Period(date(2026, 10, 15), date(2026, 10, 31)),
        Period(date(2026, 11, 1), date(2026, 11, 30)),
        Period(date(2026, 12, 1), date(2026, 12, 10)),
    ]


def test_no_months_between_a_day_and_an_earlier_one():
    assert list(months_between(date(2026, 10, 2), date(2026, 10, 1))) == []


@given(DAYS, st.integers(0, 900))
def test_months_cover_every_day_once(first, length):
    last = first + timedelta(days=length)
    days = [
        period.first + timedelta(days=offset)
        for period in months_between(first, last)
        for offset in range((period.last - period.first).days + 1)
    ]
    assert days == [first + timedelta(days=offset) for offset in range(length + 1)]
