from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.periods import (
    Period,
    day_after,
    month_of,
    months_between,
    window,
)

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
MONTHS = st.integers(1, 12)
ONE_DAY = timedelta(days=1)


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


@pytest.mark.parametrize(
    ("first", "months", "following"),
    [
        # No such day in February or April: the month is used to its end.
        (date(2026, 1, 28), 1, date(2026, 2, 28)),
        (date(2026, 1, 29), 1, date(2026, 3, 1)),
        (date(2026, 1, 30), 1, date(2026, 3, 1)),
        (date(2026, 1, 31), 1, date(2026, 3, 1)),
        (date(2028, 1, 29), 1, date(2028, 2, 29)),
        (date(2028, 1, 31), 1, date(2028, 3, 1)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 1, 31), 3, date(2026, 5, 1)),
        (date(2026, 1, 15), 6, date(2026, 7, 15)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 8, 31), 6, date(2027, 3, 1)),
        (date(2026, 8, 31), 18, date(2028, 3, 1)),
        (date(2028, 2, 29), 12, date(2029, 3, 1)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 3, 1)),
        (date(2026, 1, 31), -1, date(2025, 12, 31)),
    ],
)
def test_the_day_that_follows_months(first, months, following):
    assert day_after(first, months) == following


@pytest.mark.parametrize(
    ("months", "last"),
    [
        (1, date(2026, 2, 14)),
        (2, date(2026, 3, 14)),
        (3, date(2026, 4, 14)),
        (4, date(2026, 5, 14)),
        (5, date(2026, 6, 14)),
        (6, date(2026, 7, 14)),
        (7, date(2026, 8, 14)),
        (8, date(2026, 9, 14)),
        (9, date(2026, 10, 14)),
        (10, date(2026, 11, 14)),
        (11, date(2026, 12, 14)),
        (12, date(2027, 1, 14)),
    ],
)
def test_a_window_ends_the_day_before_its_first_returns(months, last):
    assert window(date(2026, 1, 15), months) == Period(date(2026, 1, 15), last)


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 6, 1), 1, date(2026, 6, 30)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        # Art. 112 of the civil code.
        (date(2026, 1, 28), 1, date(2026, 2, 27)),
        (date(2026, 1, 29), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 29), 1, date(2028, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 30), 6, date(2027, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_windows_that_begin_at_the_ends_of_months(first, months, last):
    assert window(first, months).last == last


@given(DAYS, MONTHS, MONTHS)
def test_a_longer_window_holds_a_shorter_one(first, one, other):
    shorter, longer = sorted((one, other))
    assert first < window(first, shorter).last <= window(first, longer).last
    assert (shorter == longer) == (window(first, shorter) == window(first, longer))


@given(DAYS, MONTHS)
def test_a_window_ends_in_its_last_month_or_the_day_before_it_begins(first, months):
    """By the letter of the law: the day that answers to the first one is not there."""
    last = window(first, months).last
    following = last + ONE_DAY
    passed = (following.year - first.year) * 12 + following.month - first.month
    if passed == months:
        assert following.day == first.day
    else:
        assert passed == months + 1
        assert following.day == 1
        assert last.day < first.day
