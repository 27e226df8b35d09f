from datetime import date, timedelta
from fractions import Fraction
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.periods import Period, day_after
from tools.proration import Recurrence, minutes_of_part, portion, price_of_part

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
RECURRENCES = st.builds(
    Recurrence, DAYS, st.sampled_from([1, 2, 3, 6, 12, 24])
) | st.builds(Recurrence, DAYS, st.just(0), st.sampled_from([1, 7, 10, 14]))
CENT = Fraction(1, 100)
ONE_DAY = timedelta(days=1)


def day(text):
    return date.fromisoformat(text)


def period(text):
    return Period(*map(day, text.split("/")))


@pytest.mark.parametrize(
    ("recurrence", "on", "expected"),
    [
        (("2026-10-01", 1), "2026-10-31", "2026-10-01/2026-10-31"),
        (("2026-10-15", 1), "2026-11-14", "2026-10-15/2026-11-14"),
        (("2026-10-15", 1), "2026-11-15", "2026-11-15/2026-12-14"),
        (("2026-10-15", 1), "2026-10-14", "2026-09-15/2026-10-14"),
        (("2026-01-31", 1), "2026-02-28", "2026-01-31/2026-02-28"),
        (("2026-01-31", 1), "2026-03-01", "2026-03-01/2026-03-30"),
        (("2026-01-31", 1), "2026-03-31", "2026-03-31/2026-04-30"),
        (("2026-01-31", 1), "2026-05-01", "2026-05-01/2026-05-30"),
        (("2026-01-31", 3), "2026-04-30", "2026-01-31/2026-04-30"),
        (("2026-01-31", 3), "2026-01-30", "2025-10-31/2026-01-30"),
        (("2025-08-31", 6), "2026-02-28", "2025-08-31/2026-02-28"),
        (("2026-11-01", 3), "2027-03-01", "2027-02-01/2027-04-30"),
        (("2026-01-01", 12), "2026-07-01", "2026-01-01/2026-12-31"),
        (("2028-02-29", 12), "2029-02-28", "2028-02-29/2029-02-28"),
        (("2028-02-29", 12), "2029-03-01", "2029-03-01/2030-02-28"),
        (("2028-02-29", 12), "2032-02-28", "2031-03-01/2032-02-28"),
        (("2028-02-29", 12), "2032-03-01", "2032-02-29/2033-02-28"),
        (("2026-10-01", 0, 7), "2026-10-15", "2026-10-15/2026-10-21"),
        (("2026-10-01", 0, 7), "2026-09-30", "2026-09-24/2026-09-30"),
    ],
)
def test_the_period_that_holds_a_day(recurrence, on, expected):
    anchor, *length = recurrence
    assert Recurrence(day(anchor), *length).period(day(on)) == period(expected)


def test_periods_are_cut_at_both_ends():
    year = Recurrence(day("2026-01-01"), 12)
    assert list(year.between(day("2026-07-01"), day("2028-03-31"))) == [
        period("2026-07-01/2026-12-31"),
        period("2027-01-01/2027-12-31"),
        period("2028-01-01/2028-03-31"),
    ]


@pytest.mark.parametrize(
    ("recurrence", "days", "fraction", "label"),
    [
        (("2026-10-01", 1), "2026-10-15/2026-10-31", (17, 31), "17/31"),
        (("2026-10-01", 1), "2026-10-01/2026-10-31", (1, 1), "31/31"),
        (("2026-02-01", 1), "2026-02-01/2026-02-14", (1, 2), "14/28"),
        (("2026-01-01", 12), "2026-07-01/2026-12-31", (1, 2), "6/12"),
        (("2026-01-01", 12), "2026-02-01/2026-02-28", (1, 12), "1/12"),
        (("2026-01-01", 12), "2026-07-15/2026-12-31", (172, 372), "(17/31 + 5)/12"),
        (("2026-01-01", 3), "2026-01-17/2026-03-15", (61, 93), "(15/31 + 1 + 15/31)/3"),
        (("2026-01-01", 3), "2026-02-15/2026-02-28", (1, 6), "(14/28)/3"),
        (("2026-10-15", 1), "2026-11-01/2026-11-14", (14, 31), "14/31"),
        (("2026-10-01", 0, 7), "2026-10-05/2026-10-07", (3, 7), "3/7"),
    ],
)
def test_share_of_a_period(recurrence, days, fraction, label):
    anchor, *length = recurrence
    first, last = period(days)
    part = portion(Recurrence(day(anchor), *length).parts(first), first, last)
    assert part.fraction == Fraction(*fraction)
    assert str(part) == label


@pytest.mark.parametrize(
    ("price", "step", "days", "cost"),
    [
        ("290.00", CENT, "2026-10-15/2026-10-31", "159.03"),
        ("290.00", CENT, "2026-10-01/2026-10-14", "130.97"),
        ("290.00", CENT, "2026-10-01/2026-10-31", "290.00"),
        ("-50.00", CENT, "2026-10-15/2026-10-31", "-27.42"),
        ("1000", Fraction(1), "2026-10-15/2026-10-31", "548"),
        # Half a cent goes to the first half, and the second one pays the rest.
        ("290.01", CENT, "2026-11-01/2026-11-15", "145.01"),
        ("290.01", CENT, "2026-11-16/2026-11-30", "145.00"),
    ],
)
def test_price_of_a_part_of_a_month(price, step, days, cost):
    first, last = period(days)
    parts = Recurrence(day("2026-10-01"), 1).parts(first)
    paid = price_of_part(Fraction(price), step, parts, first, last)
    assert paid == Fraction(cost)


@given(RECURRENCES, DAYS)
def test_every_day_is_in_one_period(recurrence, on):
    found = recurrence.period(on)
    assert found.first <= on <= found.last
    assert recurrence.period(found.first) == recurrence.period(found.last) == found
    assert recurrence.period(found.last + ONE_DAY).first == found.last + ONE_DAY
    assert recurrence.period(recurrence.anchor).first == recurrence.anchor


@given(RECURRENCES, DAYS, st.integers(0, 800))
def test_periods_follow_without_a_gap(recurrence, first, length):
    last = first + timedelta(days=length)
    expected = first
    for begin, end in recurrence.between(first, last):
        assert begin == expected
        assert begin <= end <= last
        expected = end + ONE_DAY
    assert expected == last + ONE_DAY


@given(
    RECURRENCES,
    DAYS,
    st.lists(st.integers(0, 740)),
    st.integers(-10_000_000, 10_000_000).map(lambda cents: cents * CENT),
)
def test_parts_of_any_split_add_up_to_the_whole(recurrence, on, cuts, price):
    parts = recurrence.parts(on)
    begin, end = recurrence.period(on)
    firsts = sorted({begin, *(begin + timedelta(days=cut) for cut in cuts)})
    firsts = [first for first in firsts if first <= end]
    lasts = [first - ONE_DAY for first in firsts[1:]] + [end]
    split = list(zip(firsts, lasts, strict=True))
    assert sum(portion(parts, *days).fraction for days in split) == 1
    paid = [price_of_part(price, CENT, parts, *days) for days in split]
    assert sum(paid) == price
    for days, cost in zip(split, paid, strict=True):
        assert abs(cost - price * portion(parts, *days).fraction) <= CENT


MONTHS = st.integers(1, 12)
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
                (date(2026, 1, 31), date(2026, 2, 28)),
                (date(2026, 3, 1), date(2026, 3, 30)),
                (date(2026, 3, 31), date(2026, 4, 30)),
            ],
        ),
        (
            date(2026, 1, 31),
            1,
            (date(2026, 2, 28), date(2026, 3, 1)),
            [
                (date(2026, 2, 28), date(2026, 2, 28)),
                (date(2026, 3, 1), date(2026, 3, 30)),
            ],
        ),
        (
            date(2028, 2, 29),
            12,
            (date(2028, 2, 29), date(2029, 2, 28)),
            [(date(2028, 2, 29), date(2029, 2, 28))],
        ),
    ],
)
def test_periods_that_touch_days(anchor, months, span, expected):
    assert list(Recurrence(anchor, months).touching(*span)) == expected


@given(DAYS, MONTHS, DAYS, st.integers(0, 900))
def test_recurring_periods_follow_each_other_and_cover(anchor, months, first, length):
    last = first + timedelta(days=length)
    periods = list(Recurrence(anchor, months).touching(first, last))
    assert periods[0].first == first
    assert periods[-1].first <= last <= periods[-1].last
    assert all(period.first <= period.last for period in periods)
    assert all(after.first == one.last + ONE_DAY for one, after in pairwise(periods))


@given(DAYS, MONTHS, DAYS, st.integers(0, 900))
def test_only_the_first_recurring_period_is_cut(anchor, months, first, length):
    last = first + timedelta(days=length)
    for period in islice(Recurrence(anchor, months).touching(first, last), 1, None):
        begins = {day_after(anchor, n * months): n for n in range(-200, 201)}
        number = begins[period.first]
        assert period.last + ONE_DAY == day_after(anchor, (number + 1) * months)


@given(DAYS, MONTHS, st.integers(0, 900), st.integers(0, 900))
def test_looking_later_changes_no_recurring_period(anchor, months, one, other):
    shorter, longer = sorted((one, other))
    recurrence = Recurrence(anchor, months)
    soon = list(recurrence.touching(anchor, anchor + timedelta(days=shorter)))
    late = list(recurrence.touching(anchor, anchor + timedelta(days=longer)))
    assert late[: len(soon)] == soon


def test_nothing_recurs_before_it_begins():
    first, last = date(2026, 7, 1), date(2026, 5, 31)
    assert list(Recurrence(NEW_YEAR, 12).touching(first, last)) == []


@pytest.mark.parametrize(
    ("minutes", "recurrence", "days", "expected"),
    [
        (120, ("2026-08-01", 1), "2026-08-17/2026-08-31", 60),
        (120, ("2026-08-01", 1), "2026-08-01/2026-08-31", 120),
        (120, ("2026-08-01", 1), "2026-08-02/2026-08-31", 120),
        (120, ("2026-08-01", 1), "2026-08-31/2026-08-31", 15),
        # Exactly a quarter of an hour, and a bit more.
        (120, ("2026-02-01", 1), "2026-02-01/2026-02-07", 30),
        (120, ("2026-02-01", 1), "2026-02-01/2026-02-08", 45),
        # Never more than the whole, which need not be quarters of an hour.
        (100, ("2026-08-01", 1), "2026-08-02/2026-08-31", 100),
        (10, ("2026-08-01", 1), "2026-08-31/2026-08-31", 10),
        (5760, ("2026-01-01", 12), "2026-07-01/2026-12-31", 2880),
        (1800, ("2026-01-01", 3), "2026-02-15/2026-03-31", 900),
        (0, ("2026-08-01", 1), "2026-08-17/2026-08-31", 0),
    ],
)
def test_hours_of_a_part_of_a_period(minutes, recurrence, days, expected):
    anchor, *length = recurrence
    first, last = period(days)
    parts = Recurrence(day(anchor), *length).parts(first)
    assert minutes_of_part(minutes, parts, first, last) == expected


@given(st.integers(0, 6000), RECURRENCES, DAYS, st.integers(0, 740))
def test_hours_are_the_share_of_the_fee_and_a_quarter_more_at_most(
    minutes, recurrence, on, length
):
    parts = recurrence.parts(on)
    last = min(on + timedelta(days=length), parts[-1].last)
    got = minutes_of_part(minutes, parts, on, last)
    share = minutes * portion(parts, on, last).fraction
    assert share <= got < share + 15
    assert got == minutes or got % 15 == 0
    rest = minutes_of_part(minutes, parts, parts[0].first, on - ONE_DAY)
    rest += minutes_of_part(minutes, parts, last + ONE_DAY, parts[-1].last)
    assert got + rest >= minutes
