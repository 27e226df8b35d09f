from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.rating import Part, Rated, Rounding, Settled, Work, first_unit, rate

HOURS = Rounding(60, 60)
HALF_HOURS = Rounding(30, 30)
QUARTERS = Rounding(15, 15)
HOUR_THEN_HALVES = Rounding(60, 30)
FLAT_QUARTER = Rounding(15, 0)
FLAT_THEN_HALVES = Rounding(15, 30)
EXACT = Rounding(0, 1)
OCTOBER = date(2026, 10, 1)

STEPPED = st.builds(Rounding, st.integers(0, 120), st.integers(1, 120))
FLAT = st.builds(Rounding, st.integers(1, 120), st.just(0))
ROUNDINGS = STEPPED | FLAT
PARTS = st.lists(st.integers(1, 200), min_size=1, max_size=4)


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
        (HOUR_THEN_HALVES, 90, 90),
        (HOUR_THEN_HALVES, 91, 120),
        (QUARTERS, 15, 15),
        (QUARTERS, 16, 30),
        (FLAT_THEN_HALVES, 15, 15),
        (FLAT_THEN_HALVES, 16, 45),
        (FLAT_THEN_HALVES, 46, 75),
        (FLAT_QUARTER, 0, 0),
        (FLAT_QUARTER, 1, 15),
        (FLAT_QUARTER, 15, 15),
        (FLAT_QUARTER, 16, 15),
        (FLAT_QUARTER, 600, 15),
        (EXACT, 7, 7),
        (HOURS, -5, 0),
        (FLAT_QUARTER, -5, 0),
    ],
)
def test_every_started_unit_counts(rounding, worked, billed):
    assert rounding.up(worked) == billed


def work(id_, day, minutes, group="ticket", rounding=HOURS, start=0):
    minutes = minutes if isinstance(minutes, tuple) else (minutes,)
    parts = tuple(Part(part) for part in minutes)
    day = OCTOBER + timedelta(days=day - 1)
    return Work(id_, day, start, parts, group, rounding)


def billed(works, before=()):
    return {id_: rated.billed for id_, rated in rate(works, dict(before)).items()}


@pytest.mark.parametrize(
    ("works", "before", "expected"),
    [
        # One total per ticket: the second entry fits into the hour already billed.
        ([work(1, 4, 50), work(2, 5, 10)], {}, {1: 60, 2: 0}),
        ([work(1, 4, 50), work(2, 5, 11)], {}, {1: 60, 2: 60}),
        # The work date decides, not the order of typing.
        ([work(2, 4, 50), work(1, 5, 10)], {}, {2: 60, 1: 0}),
        ([work(1, 5, 10), work(2, 4, 50)], {}, {2: 60, 1: 0}),
        ([work(2, 4, 10), work(1, 4, 50)], {}, {1: 60, 2: 0}),
        # On one day the clock decides, and it never comes before the date.
        ([work(1, 4, 10, start=600), work(2, 4, 50, start=540)], {}, {2: 60, 1: 0}),
        ([work(1, 4, 10, start=600), work(2, 5, 50, start=540)], {}, {1: 60, 2: 0}),
        # Nobody noted when the second one began: it stands first.
        ([work(1, 4, 10, start=1), work(2, 4, 50)], {}, {2: 60, 1: 0}),
        # Groups do not share.
        ([work(1, 4, 10, "a"), work(2, 4, 10, "b")], {}, {1: 60, 2: 60}),
        # What was settled in an earlier period stands first, whatever its day.
        ([work(3, 1, 10)], {"ticket": Settled(50, 60)}, {3: 0}),
        ([work(3, 1, 11)], {"ticket": Settled(50, 60)}, {3: 60}),
        ([work(3, 1, 10)], {"other ticket": Settled(50, 60)}, {3: 60}),
        # 50 min were billed as an hour; by the minute, ten more are in that hour.
        ([work(3, 1, 10, rounding=EXACT)], {"ticket": Settled(50, 60)}, {3: 0}),
        ([work(3, 1, 12, rounding=EXACT)], {"ticket": Settled(50, 60)}, {3: 2}),
        # One flat fee, however often somebody comes back to it.
        (
            [
                work(1, 1, 10, rounding=FLAT_QUARTER),
                work(2, 2, 90, rounding=FLAT_QUARTER),
            ],
            {},
            {1: 15, 2: 0},
        ),
        ([work(3, 1, 5, rounding=FLAT_QUARTER)], {"ticket": Settled(5, 15)}, {3: 0}),
        # Flat up to 15 minutes, then every started 15.
        (
            [work(1, 1, 14, rounding=QUARTERS), work(2, 1, 2, rounding=QUARTERS)],
            {},
            {1: 15, 2: 15},
        ),
        # The first hour once, then halves.
        (
            [
                work(1, 1, 10, rounding=HOUR_THEN_HALVES),
                work(2, 1, 51, rounding=HOUR_THEN_HALVES),
            ],
            {},
            {1: 60, 2: 30},
        ),
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
                work(1, 1, 35, "first session", HALF_HOURS),
                work(2, 1, 10, "second session", HALF_HOURS),
            ],
            {},
            {1: 60, 2: 30},
        ),
    ],
)
def test_rounding_is_cumulative_within_a_group(works, before, expected):
    assert billed(works, before) == expected


def sides(minutes):
    """Parts that lie within the hours of service and out of them by turns."""
    return tuple(Part(part, 0, 50 * (n % 2)) for n, part in enumerate(minutes))


@pytest.mark.parametrize(
    ("minutes", "rounding", "before", "shares"),
    [
        # 15:50 to 16:50, and 7:59 to 8:58.
        ((10, 50), HOURS, (0, 0), (10, 50)),
        ((1, 58), HOURS, (0, 0), (1, 59)),
        # 15:59 to 16:58 is the mirror of it.
        ((58, 1), HOURS, (0, 0), (59, 1)),
        ((1, 58), HALF_HOURS, (0, 0), (1, 59)),
        ((10, 20), HALF_HOURS, (0, 0), (10, 20)),
        ((10, 20), HOURS, (0, 0), (20, 40)),
        # One minute is shared by nobody; of two equal halves the earlier is larger.
        ((1, 1), QUARTERS, (0, 0), (8, 7)),
        ((2, 1), Rounding(0, 4), (0, 0), (3, 1)),
        # Only the unit on both sides is shared.
        ((30, 30), HOURS, (0, 0), (30, 30)),
        ((30, 31), HOURS, (0, 0), (30, 90)),
        ((60, 1), HOURS, (0, 0), (60, 60)),
        ((61, 1), HOURS, (0, 0), (90, 30)),
        ((60, 120), HOURS, (0, 0), (60, 120)),
        ((10, 80), HOURS, (0, 0), (10, 110)),
        ((10, 5, 1), QUARTERS, (0, 0), (10, 5, 15)),
        ((50, 20, 30), HOUR_THEN_HALVES, (0, 0), (50, 20, 50)),
        ((20, 70, 20), HALF_HOURS, (0, 0), (20, 70, 30)),
        # Both sides of a lunch break are one side.
        ((10, 20, 15), HOURS, (0, 0), (13, 27, 20)),
        ((1, 1, 1), Rounding(0, 4), (0, 0), (2, 1, 1)),
        # A flat unit lasts as long as the work.
        ((10, 300), FLAT_QUARTER, (0, 0), (0, 15)),
        ((10, 5), FLAT_QUARTER, (0, 0), (10, 5)),
        ((10, 20), FLAT_THEN_HALVES, (0, 0), (10, 35)),
        # The first part fits into what an earlier entry has started.
        ((10, 30), HOURS, (50, 60), (0, 60)),
        ((10, 40), HOURS, (55, 60), (7, 53)),
        ((10, 30), HOURS, (20, 60), (0, 0)),
        ((7, 3), EXACT, (0, 0), (7, 3)),
        # More was billed than today's rounding asks for; the second part outgrows it.
        ((5, 10), EXACT, (50, 60), (0, 5)),
        # Less was billed: what was worked before is billed with the first part.
        ((5, 5), EXACT, (100, 60), (45, 5)),
        ((5, 5), EXACT, (100, 100), (5, 5)),
        ((), HOURS, (50, 60), ()),
    ],
)
def test_a_unit_on_both_sides_of_a_surcharge_is_shared(
    minutes, rounding, before, shares
):
    settled = Settled(*before)
    entry = work(1, 4, 0, rounding=rounding)._replace(parts=sides(minutes))
    assert rate([entry], {"ticket": settled}) == {1: Rated(settled, shares)}


def test_the_first_unit_is_shared_as_well():
    for minutes, rounding, expected in (
        ((10, 50), HOURS, [10, 50]),
        ((10, 80), HOURS, [10, 50]),
        ((10, 300), FLAT_QUARTER, [0, 15]),
        ((90, 30), HOURS, [60, 0]),
        ((5,), QUARTERS, [15]),
    ):
        entry = work(1, 4, 0, rounding=rounding)._replace(parts=sides(minutes))
        assert first_unit(entry) == expected


def units(rounding, end):
    """The units of a rounding, one after the other, as far as minutes are billed."""
    begin, length = 0, rounding.first or rounding.step
    while begin < end:
        yield begin, begin + length
        begin, length = begin + length, rounding.step


@given(PARTS, ROUNDINGS, st.integers(0, 300))
def test_every_unit_is_shared_by_what_is_worked_in_it(minutes, rounding, earlier):
    """Unit by unit and minute by minute, with what is exact kept as a fraction."""
    before = Settled(earlier, rounding.up(earlier))
    parts = sides(minutes)
    entry = work(1, 4, 0, rounding=rounding)._replace(parts=parts)
    rated = rate([entry], {"ticket": before})[1]
    clock = [part.side for part in parts for _minute in range(part.minutes)]
    exact = Counter()
    shared = 0
    for begin, end in units(rounding, before.billed + rated.billed):
        last = end if rounding.step else earlier + len(clock)
        inside = clock[max(0, begin - earlier) : max(0, last - earlier)]
        if begin >= before.billed:
            shared += len(set(inside)) > 1
            for side, worked in Counter(inside).items():
                exact[side] += Fraction((end - begin) * worked, len(inside))
    got = Counter()
    for part, billed in zip(parts, rated.parts, strict=True):
        got[part.side] += billed
    assert sum(rated.parts) == sum(exact.values()) == rated.billed
    assert min(rated.parts) >= 0
    for side in {part.side for part in parts}:
        # Each unit that is shared is rounded by less than a minute.
        assert abs(got[side] - exact[side]) < max(1, shared)
        assert shared or got[side] == exact[side]


def test_an_entry_knows_what_came_before_it():
    works = [work(1, 4, 50), work(2, 5, (10, 5)), work(3, 6, 5), work(4, 6, 5, "b")]
    rated = rate(works, {"ticket": Settled(20, 60)})
    assert {id_: entry.before for id_, entry in rated.items()} == {
        1: Settled(20, 60),
        2: Settled(70, 120),
        3: Settled(85, 120),
        4: Settled(0, 0),
    }


def test_rating_leaves_what_is_settled_alone():
    before = {"ticket": Settled(50, 60)}
    rate([work(1, 4, 50)], before)
    assert before == {"ticket": Settled(50, 60)}


def test_an_entry_works_as_long_as_its_parts():
    assert work(1, 4, (35, 10)).minutes == 45


@st.composite
def works_of_groups(draw):
    roundings = draw(st.lists(ROUNDINGS, min_size=1, max_size=3))
    groups = st.integers(0, len(roundings) - 1)
    rows = st.tuples(st.integers(1, 20), st.integers(0, 3), PARTS, groups)
    return [
        work(id_, day, tuple(minutes), group, roundings[group], start)
        for id_, (day, start, minutes, group) in enumerate(
            draw(st.lists(rows, max_size=10))
        )
    ]


@given(works_of_groups(), st.integers(0, 500))
def test_entries_add_up_to_the_rounded_total(works, settled):
    first = next((work.rounding for work in works if work.group == 0), EXACT)
    before = {0: Settled(settled, first.up(settled))}
    rated = rate(works, before)
    assert all(minutes >= 0 for entry in rated.values() for minutes in entry.parts)
    for group in {work.group for work in works}:
        same = [work for work in works if work.group == group]
        start = before.get(group, Settled()).worked
        total = start + sum(work.minutes for work in same)
        rounding = same[0].rounding
        assert sum(rated[work.id].billed for work in same) == rounding.up(
            total
        ) - rounding.up(start)


@given(works_of_groups(), st.randoms())
def test_order_of_typing_does_not_matter(works, random):
    shuffled = works[:]
    random.shuffle(shuffled)
    assert rate(shuffled, {}) == rate(works, {})


@given(works_of_groups())
def test_where_a_surcharge_begins_changes_no_entry(works):
    whole = [work._replace(parts=(Part(work.minutes),)) for work in works]
    assert billed(works) == billed(whole)


@given(ROUNDINGS, st.integers(0, 2000), st.integers(0, 2000))
def test_more_work_is_never_billed_less(rounding, one, other):
    less, more = sorted((one, other))
    assert rounding.up(less) <= rounding.up(more)


@given(STEPPED, st.integers(1, 2000))
def test_less_than_a_unit_is_added(rounding, worked):
    assert worked <= rounding.up(worked) < worked + max(rounding)


@given(FLAT, st.integers(1, 2000))
def test_a_flat_unit_is_charged_once_however_long_the_work(rounding, worked):
    assert rounding.up(worked) == rounding.first
