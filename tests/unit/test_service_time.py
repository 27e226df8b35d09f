from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.service_time import Stretch, split

WARSAW = ZoneInfo("Europe/Warsaw")


def clock(time, day=(2026, 10, 6)):
    hour, minute = map(int, time.split(":"))
    return datetime(*day, hour, minute, tzinfo=WARSAW)


def spans(*times, day=(2026, 10, 6)):
    return [tuple(clock(time, day) for time in span.split("-")) for span in times]


def noted(time, day=(2026, 10, 6)):
    """The moment as a database keeps it."""
    return clock(time, day).astimezone(UTC)


def service(minutes):
    return Stretch(minutes, True)


def outside(minutes):
    return Stretch(minutes, False)


OFFICE = spans("08:00-16:00")
LUNCH = spans("08:00-12:00", "12:30-16:00")


@pytest.mark.parametrize(
    ("start", "minutes", "served", "stretches"),
    [
        ("09:00", 60, OFFICE, [service(60)]),
        ("08:00", 480, OFFICE, [service(480)]),
        ("15:30", 90, OFFICE, [service(30), outside(60)]),
        ("07:15", 60, OFFICE, [outside(45), service(15)]),
        ("07:00", 600, OFFICE, [outside(60), service(480), outside(60)]),
        # What ends when the service begins, or begins when it ends, is outside.
        ("07:00", 60, OFFICE, [outside(60)]),
        ("16:00", 60, OFFICE, [outside(60)]),
        ("07:00", 61, OFFICE, [outside(60), service(1)]),
        ("15:59", 61, OFFICE, [service(1), outside(60)]),
        ("04:00", 30, OFFICE, [outside(30)]),
        ("20:00", 30, OFFICE, [outside(30)]),
        # A holiday has no service at all.
        ("09:00", 60, [], [outside(60)]),
        # Lunch is a gap, and may be all there is.
        ("11:30", 90, LUNCH, [service(30), outside(30), service(30)]),
        ("12:05", 20, LUNCH, [outside(20)]),
        # Spans that touch or overlap are one, in whatever order they come.
        ("11:30", 60, spans("08:00-12:00", "12:00-16:00"), [service(60)]),
        ("11:30", 60, spans("12:00-16:00", "08:00-12:00"), [service(60)]),
        ("11:00", 90, spans("08:00-12:00", "11:30-16:00"), [service(90)]),
        ("15:30", 60, spans("08:00-12:00", "08:00-16:00"), [service(30), outside(30)]),
        # A span without length is none.
        ("09:00", 60, spans("09:30-09:30"), [outside(60)]),
        ("09:00", 60, [*OFFICE, *spans("09:30-09:30")], [service(60)]),
        ("09:00", 0, OFFICE, [service(0)]),
        ("09:00", -5, OFFICE, [service(0)]),
    ],
)
def test_work_is_split_where_the_service_ends(start, minutes, served, stretches):
    assert split(noted(start), minutes, served) == stretches


def test_seconds_are_rounded_away():
    until = datetime(2026, 10, 6, 23, 59, 59, 999999, tzinfo=WARSAW)
    served = [(clock("08:00"), until)]
    assert split(noted("23:00"), 90, served) == [service(60), outside(30)]


SPRING, AUTUMN = (2026, 3, 29), (2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "start", "minutes", "span", "stretches"),
    [
        # From 02:00 the clock goes on to 03:00: half past one and an hour is 03:30.
        (SPRING, "01:30", 60, "01:00-03:30", [service(60)]),
        (SPRING, "01:30", 61, "01:00-03:30", [service(60), outside(1)]),
        (SPRING, "01:30", 90, "03:00-05:00", [outside(30), service(60)]),
        (
            SPRING,
            "00:00",
            360,
            "04:00-06:00",
            [outside(180), service(120), outside(60)],
        ),
        # From 03:00 it goes back to 02:00: between 01:30 and 03:30 lie three hours.
        (AUTUMN, "01:30", 180, "01:00-03:30", [service(180)]),
        (AUTUMN, "01:30", 181, "01:00-03:30", [service(180), outside(1)]),
        (AUTUMN, "01:30", 180, "03:00-05:00", [outside(150), service(30)]),
        (AUTUMN, "00:00", 360, "04:00-06:00", [outside(300), service(60)]),
    ],
)
def test_nights_in_which_the_clock_changes(day, start, minutes, span, stretches):
    assert split(noted(start, day), minutes, spans(span, day=day)) == stretches


def test_either_two_o_clock_of_autumn_is_a_moment_of_its_own():
    first = datetime(*AUTUMN, 2, 0, tzinfo=WARSAW)
    served = [(first.replace(fold=1), first.replace(hour=4))]
    assert split(first.astimezone(UTC), 90, served) == [outside(60), service(30)]


MIDNIGHT = datetime(2026, 10, 24, 22, tzinfo=UTC)
MOMENTS = st.integers(-100, 700).map(lambda m: MIDNIGHT + timedelta(minutes=m))
SPANS = st.lists(
    st.tuples(MOMENTS, st.integers(0, 300)).map(
        lambda drawn: (drawn[0], drawn[0] + timedelta(minutes=drawn[1]))
    ),
    max_size=5,
)


@given(MOMENTS, st.integers(1, 600), SPANS)
def test_stretches_add_up_and_neighbours_differ(start, minutes, served):
    stretches = split(start, minutes, served)
    assert sum(stretch.minutes for stretch in stretches) == minutes
    assert all(stretch.minutes > 0 for stretch in stretches)
    assert all(one.in_service != next_.in_service for one, next_ in pairwise(stretches))


@given(MOMENTS, st.integers(1, 600), SPANS)
def test_every_minute_is_in_service_where_a_span_holds_it(start, minutes, served):
    found = [
        stretch.in_service
        for stretch in split(start, minutes, served)
        for _minute in range(stretch.minutes)
    ]
    moments = [start + timedelta(minutes=offset) for offset in range(minutes)]
    assert found == [
        any(first <= moment < last for first, last in served) for moment in moments
    ]


@given(MOMENTS, st.integers(1, 600), SPANS)
def test_the_zone_of_a_span_does_not_matter(start, minutes, served):
    local = [tuple(m.astimezone(WARSAW) for m in span) for span in served]
    assert split(start, minutes, local) == split(start, minutes, served)


def test_the_clock_on_the_wall_does_not_count_the_hour_that_never_was():
    night = (2026, 3, 29)
    served = spans("01:00-03:30", day=night)
    # From 1:30 it is 3:30 after one hour: at 2:00 the clock goes on to 3:00.
    assert split(clock("01:30", night), 61, served) == [service(60), outside(1)]
