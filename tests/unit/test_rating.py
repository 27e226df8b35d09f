from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.rating import Rounding, Settled, Work, rate

HOURS = Rounding(60, 60)
HALF_HOURS = Rounding(30, 30)
HOUR_THEN_HALVES = Rounding(60, 30)
FLAT_QUARTER = Rounding(15, 15)
EXACT = Rounding(0, 1)
OCTOBER = date(2026, 10, 1)

ROUNDINGS = st.builds(Rounding, st.integers(0, 120), st.integers(1, 120))


@pytest.mark.parametrize(
    ("rounding", "worked", "billed"),
    [
        (HOURS, 0, 0),
        (HOURS, 1, 60),
        (HOURS, 59, 60),
        (HOURS, 60, 60),
        (HOURS, 61, 120),
        (HOURS, 80, 120),
        (HOURS, 320, 360),
        (HALF_HOURS, 35, 60),
        (HALF_HOURS, 30, 30),
        (HALF_HOURS, 31, 60),
        (HOUR_THEN_HALVES, 10, 60),
        (HOUR_THEN_HALVES, 60, 60),
        (HOUR_THEN_HALVES, 61, 90),
        (HOUR_THEN_HALVES, 91, 120),
        (FLAT_QUARTER, 15, 15),
        (FLAT_QUARTER, 16, 30),
        (EXACT, 7, 7),
        (HOURS, -5, 0),
    ],
)
def test_every_started_unit_counts(rounding, worked, billed):
    assert rounding.up(worked) == billed


def work(id_, day, minutes, group="ticket", rounding=HOURS):
    return Work(id_, OCTOBER + timedelta(days=day - 1), minutes, group, rounding)


@pytest.mark.parametrize(
    ("works", "before", "billed"),
    [
        # One total per ticket: the second entry fits into the hour already billed.
        ([work(1, 4, 50), work(2, 5, 10)], {}, {1: 60, 2: 0}),
        ([work(1, 4, 50), work(2, 5, 11)], {}, {1: 60, 2: 60}),
        # The work date decides, not the order of typing.
        ([work(2, 4, 50), work(1, 5, 10)], {}, {2: 60, 1: 0}),
        ([work(1, 5, 10), work(2, 4, 50)], {}, {2: 60, 1: 0}),
        ([work(2, 4, 10), work(1, 4, 50)], {}, {1: 60, 2: 0}),
        # Groups do not share.
        ([work(1, 4, 10, "a"), work(2, 4, 10, "b")], {}, {1: 60, 2: 60}),
        # What was settled in an earlier period stands first, whatever its day.
        ([work(3, 1, 10)], {"ticket": Settled(50, 60)}, {3: 0}),
        ([work(3, 1, 11)], {"ticket": Settled(50, 60)}, {3: 60}),
        # 50 min were billed as an hour; by the minute, ten more are in that hour.
        ([work(3, 1, 10, rounding=EXACT)], {"ticket": Settled(50, 60)}, {3: 0}),
        ([work(3, 1, 12, rounding=EXACT)], {"ticket": Settled(50, 60)}, {3: 2}),
        # 35 min and 10 min in started half hours: 60 together, 60 + 30 apart.
        (
            [
                work(1, 1, 35, "day", HALF_HOURS),
                work(2, 1, 10, "day", HALF_HOURS),
            ],
            {},
            {1: 60, 2: 0},
        ),
        (
            [
                work(1, 1, 35, "first", HALF_HOURS),
                work(2, 1, 10, "second", HALF_HOURS),
            ],
            {},
            {1: 60, 2: 30},
        ),
    ],
)
def test_rounding_is_cumulative_within_a_group(works, before, billed):
    assert rate(works, before) == billed


@st.composite
def works_of_groups(draw):
    roundings = draw(st.lists(ROUNDINGS, min_size=1, max_size=3))
    entries = draw(
        st.lists(
            st.tuples(
                st.integers(0, 20),
                st.integers(1, 300),
                st.integers(0, len(roundings) - 1),
            ),
            max_size=12,
        )
    )
    return [
        Work(id_, OCTOBER + timedelta(days=day), minutes, group, roundings[group])
        for id_, (day, minutes, group) in enumerate(entries)
    ]


@given(works_of_groups(), st.integers(0, 500))
def test_entries_add_up_to_the_rounded_total(works, settled):
    first = next((work.rounding for work in works if work.group == 0), EXACT)
    before = {0: Settled(settled, first.up(settled))}
    billed = rate(works, before)
    assert all(minutes >= 0 for minutes in billed.values())
    for group in {work.group for work in works}:
        same = [work for work in works if work.group == group]
        start = before.get(group, Settled()).worked
        total = start + sum(work.minutes for work in same)
        rounding = same[0].rounding
        assert sum(billed[work.id] for work in same) == rounding.up(
            total
        ) - rounding.up(start)


@given(works_of_groups(), st.randoms())
def test_order_of_typing_does_not_matter(works, random):
    shuffled = works[:]
    random.shuffle(shuffled)
    assert rate(shuffled, {}) == rate(works, {})


@given(ROUNDINGS, st.integers(0, 2000), st.integers(0, 2000))
def test_more_work_is_never_billed_less(rounding, one, other):
    less, more = sorted((one, other))
    assert rounding.up(less) <= rounding.up(more)
    assert rounding.up(more) >= more
