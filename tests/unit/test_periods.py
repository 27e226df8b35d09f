from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.periods import (
    Period,
    add_months,
    month_of,
    months_between,
    recurring,
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
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 1, 15), 6, date(2026, 7, 15)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 8, 31), 18, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 31), -1, date(2025, 12, 31)),
    ],
)
def test_add_months(day, months, later):
    assert add_months(day, months) == later


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
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2028, 2, 29), 12, date(2029, 2, 27)),
    ],
)
def test_windows_that_begin_at_the_ends_of_months(first, months, last):
    assert window(first, months).last == last


@given(DAYS, MONTHS, MONTHS)
def test_a_longer_window_holds_a_shorter_one(first, one, other):
    shorter, longer = sorted((one, other))
    assert first < window(first, shorter).last <= window(first, longer).last
    assert (shorter == longer) == (window(first, shorter) == window(first, longer))


NEW_YEAR = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("anchor", "months", "span", "expected"),
    [
        # By the calendar: months, quarters and years, whenever the contract began.
        (
            NEW_YEAR,
            1,
            (date(2026, 2, 10), date(2026, 3, 1)),
            [
                (date(2026, 2, 10), date(2026, 2, 28)),
                (date(2026, 3, 1), date(2026, 3, 31)),
            ],
        ),
        (
            NEW_YEAR,
            3,
            (date(2026, 2, 10), date(2026, 7, 1)),
            [
                (date(2026, 2, 10), date(2026, 3, 31)),
                (date(2026, 4, 1), date(2026, 6, 30)),
                (date(2026, 7, 1), date(2026, 9, 30)),
            ],
        ),
        (
            NEW_YEAR,
            12,
            (date(2026, 2, 10), date(2027, 1, 31)),
            [
                (date(2026, 2, 10), date(2026, 12, 31)),
                (date(2027, 1, 1), date(2027, 12, 31)),
            ],
        ),
        # The last one begins within the span or not at all.
        (
            NEW_YEAR,
            3,
            (date(2026, 1, 1), date(2026, 3, 31)),
            [(date(2026, 1, 1), date(2026, 3, 31))],
        ),
        # A day is enough to touch a period.
        (
            NEW_YEAR,
            3,
            (date(2026, 6, 30), date(2026, 6, 30)),
            [(date(2026, 6, 30), date(2026, 6, 30))],
        ),
        # By the anniversary of the contract.
        (
            date(2026, 1, 15),
            6,
            (date(2026, 1, 15), date(2026, 7, 15)),
            [
                (date(2026, 1, 15), date(2026, 7, 14)),
                (date(2026, 7, 15), date(2027, 1, 14)),
            ],
        ),
        (
            date(2026, 1, 15),
            1,
            (date(2026, 3, 14), date(2026, 3, 15)),
            [
                (date(2026, 3, 14), date(2026, 3, 14)),
                (date(2026, 3, 15), date(2026, 4, 14)),
            ],
        ),
        # From 31 January: shorter months do not take the day away from longer ones.
        (
            date(2026, 1, 31),
            1,
            (date(2026, 1, 31), date(2026, 4, 30)),
            [
                (date(2026, 1, 31), date(2026, 2, 27)),
                (date(2026, 2, 28), date(2026, 3, 30)),
                (date(2026, 3, 31), date(2026, 4, 29)),
                (date(2026, 4, 30), date(2026, 5, 30)),
            ],
        ),
        (
            date(2026, 1, 31),
            1,
            (date(2026, 2, 28), date(2026, 3, 1)),
            [(date(2026, 2, 28), date(2026, 3, 30))],
        ),
    ],
)
def test_recurring(anchor, months, span, expected):
    assert list(recurring(anchor, months, *span)) == expected


@given(DAYS, MONTHS, DAYS, st.integers(0, 900))
def test_recurring_periods_follow_each_other_and_cover(anchor, months, first, length):
    last = first + timedelta(days=length)
    periods = list(recurring(anchor, months, first, last))
    assert periods[0].first == first
    assert periods[-1].first <= last <= periods[-1].last
    assert all(period.first <= period.last for period in periods)
    assert all(after.first == one.last + ONE_DAY for one, after in pairwise(periods))


@given(DAYS, MONTHS, DAYS, st.integers(0, 900))
def test_only_the_first_recurring_period_is_cut(anchor, months, first, length):
    last = first + timedelta(days=length)
    for period in islice(recurring(anchor, months, first, last), 1, None):
        passed = (period.first.year - anchor.year) * 12
        passed += period.first.month - anchor.month
        assert passed % months == 0
        assert period.first == add_months(anchor, passed)
        assert period.last + ONE_DAY == add_months(anchor, passed + months)


@given(DAYS, MONTHS, st.integers(0, 900), st.integers(0, 900))
def test_looking_later_changes_no_recurring_period(anchor, months, one, other):
    shorter, longer = sorted((one, other))
    soon = list(recurring(anchor, months, anchor, anchor + timedelta(days=shorter)))
    late = list(recurring(anchor, months, anchor, anchor + timedelta(days=longer)))
    assert late[: len(soon)] == soon


def test_nothing_recurs_before_it_begins():
    first, last = date(2026, 7, 1), date(2026, 5, 31)
    assert list(recurring(date(2026, 1, 1), 12, first, last)) == []
