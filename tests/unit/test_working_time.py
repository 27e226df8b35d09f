from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.working_time import (
    AHEAD,
    BEHIND,
    NEVER,
    Attendance,
    WorkingTime,
    minute_of,
    moment_of,
)

WARSAW = ZoneInfo("Europe/Warsaw")
HOUR, DAY = 60, 24 * 60


def at(text, zone=WARSAW, fold=0):
    """The minute at which the clock shows ``text``."""
    return minute_of(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold))


def days_off(*days):
    """Whole days of the clock in Warsaw."""
    following = [date.fromisoformat(day) + timedelta(days=1) for day in days]
    return [(at(day), at(str(end))) for day, end in zip(days, following, strict=True)]


def weekly(days, *hours):
    return [
        Attendance(day, begin * HOUR, end * HOUR)
        for day in days
        for begin, end in hours
    ]


POLISH_2026 = days_off(
    "2026-11-01", "2026-11-11", "2026-12-24", "2026-12-25", "2026-12-26", "2027-01-01"
)
OFFICE = WorkingTime("Europe/Warsaw", weekly(range(5), (8, 16)), POLISH_2026)
LUNCH = WorkingTime(
    "Europe/Warsaw",
    [Attendance(day, *hours) for day in range(5) for hours in ((480, 720), (750, 960))],
)
WEEKDAYS = WorkingTime("Europe/Warsaw", weekly(range(5), (0, 24)), POLISH_2026)
ALWAYS = WorkingTime("Europe/Warsaw", weekly(range(7), (0, 24)))
# The weeks of 12 and 26 October 2026 are even, those of 5 and 19 October odd.
FORTNIGHT = WorkingTime(
    "Europe/Warsaw",
    [Attendance(0, 480, 960, 1), Attendance(1, 480, 960, 0)],
)


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [
        (OFFICE, 480),
        (LUNCH, 450),
        (WEEKDAYS, 1440),
        (ALWAYS, 1440),
        (FORTNIGHT, 480),
        (WorkingTime("UTC", [Attendance(0, 0, 100), Attendance(1, 0, 101)]), 100),
        (WorkingTime("UTC", [Attendance(0, 0, 100), Attendance(1, 0, 103)]), 102),
        (WorkingTime("UTC", []), 0),
    ],
)
def test_a_day_is_the_average_of_those_that_are_worked(hours, minutes):
    assert hours.day_minutes == minutes


@pytest.mark.parametrize(
    ("hours", "start", "minutes", "deadline"),
    [
        # What ends with the day ends on that day.
        (OFFICE, "2026-10-20 08:00", 480, "2026-10-20 16:00"),
        (OFFICE, "2026-10-20 08:00", 481, "2026-10-21 08:01"),
        (OFFICE, "2026-10-20 07:59", 1, "2026-10-20 08:01"),
        (OFFICE, "2026-10-20 15:59", 1, "2026-10-20 16:00"),
        (OFFICE, "2026-10-20 15:59", 2, "2026-10-21 08:01"),
        (OFFICE, "2026-10-20 16:00", 1, "2026-10-21 08:01"),
        (OFFICE, "2026-10-23 15:59", 2, "2026-10-26 08:01"),
        (OFFICE, "2026-10-24 12:00", 60, "2026-10-26 09:00"),
        (OFFICE, "2026-10-24 12:00", 0, "2026-10-24 12:00"),
        # 11 November is a Wednesday; then Christmas Eve is off, and a weekend follows.
        (OFFICE, "2026-11-10 15:00", 120, "2026-11-12 09:00"),
        (OFFICE, "2026-11-11 10:00", 60, "2026-11-12 09:00"),
        (OFFICE, "2026-12-23 15:59", 1, "2026-12-23 16:00"),
        (OFFICE, "2026-12-23 15:59", 2, "2026-12-28 08:01"),
        (OFFICE, "2026-12-31 15:30", 60, "2027-01-04 08:30"),
        (WEEKDAYS, "2026-12-23 14:00", 24 * HOUR, "2026-12-28 14:00"),
        (WEEKDAYS, "2026-11-10 12:00", 24 * HOUR, "2026-11-12 12:00"),
        (ALWAYS, "2026-12-23 14:00", 24 * HOUR, "2026-12-24 14:00"),
        # Lunch is a gap.
        (LUNCH, "2026-10-20 11:30", 30, "2026-10-20 12:00"),
        (LUNCH, "2026-10-20 11:30", 31, "2026-10-20 12:31"),
        (LUNCH, "2026-10-20 12:10", 10, "2026-10-20 12:40"),
        (LUNCH, "2026-10-20 08:00", 450, "2026-10-20 16:00"),
        # The clock changes: on 29 March 23 hours, on 25 October 25 hours.
        (ALWAYS, "2026-03-29 00:00", 24 * HOUR, "2026-03-30 01:00"),
        (ALWAYS, "2026-03-29 01:30", 60, "2026-03-29 03:30"),
        (ALWAYS, "2026-10-25 00:00", 24 * HOUR, "2026-10-25 23:00"),
        (ALWAYS, "2026-10-25 01:30", 180, "2026-10-25 03:30"),
        (WEEKDAYS, "2026-03-27 12:00", 24 * HOUR, "2026-03-30 12:00"),
        (WEEKDAYS, "2026-10-23 12:00", 24 * HOUR, "2026-10-26 12:00"),
        (OFFICE, "2026-03-27 12:00", 480, "2026-03-30 12:00"),
        (OFFICE, "2026-10-23 12:00", 480, "2026-10-26 12:00"),
        # Weeks alternate.
        (FORTNIGHT, "2026-10-05 08:00", 480, "2026-10-05 16:00"),
        (FORTNIGHT, "2026-10-05 08:00", 481, "2026-10-13 08:01"),
        (FORTNIGHT, "2026-10-13 08:00", 481, "2026-10-19 08:01"),
        # No drift: a year of 365 days.
        (ALWAYS, "2026-01-01 00:00", 365 * DAY, "2027-01-01 00:00"),
    ],
)
def test_add(hours, start, minutes, deadline):
    assert hours.add(at(start), minutes) == at(deadline)
    assert hours.between(at(start), at(deadline)) == minutes
    assert hours.between(at(deadline), at(start)) == -minutes


@pytest.mark.parametrize(
    ("hours", "begin", "end", "minutes"),
    [
        (OFFICE, "2026-10-19", "2026-10-26", 5 * 480),
        (OFFICE, "2026-12-23", "2026-12-29", 2 * 480),
        (WEEKDAYS, "2026-12-23", "2026-12-29", 2 * DAY),
        (ALWAYS, "2026-03-29", "2026-03-30", 23 * HOUR),
        (ALWAYS, "2026-10-25", "2026-10-26", 25 * HOUR),
        (ALWAYS, "2026-01-01", "2027-01-01", 365 * DAY),
        (LUNCH, "2026-10-20 11:59", "2026-10-20 12:31", 2),
        (OFFICE, "2026-10-24", "2026-10-26 08:00", 0),
    ],
)
def test_between(hours, begin, end, minutes):
    assert hours.between(at(begin), at(end)) == minutes
    assert hours.between(at(end), at(begin)) == -minutes


@pytest.mark.parametrize(
    ("hours", "moment", "is_open"),
    [
        (OFFICE, "2026-10-20 07:59", False),
        (OFFICE, "2026-10-20 08:00", True),
        (OFFICE, "2026-10-20 15:59", True),
        (OFFICE, "2026-10-20 16:00", False),
        (OFFICE, "2026-11-11 12:00", False),
        (LUNCH, "2026-10-20 12:00", False),
        (WEEKDAYS, "2026-10-23 23:59", True),
        (WEEKDAYS, "2026-10-24 00:00", False),
        (ALWAYS, "2026-10-24 00:00", True),
        (FORTNIGHT, "2026-10-05 12:00", True),
        (FORTNIGHT, "2026-10-12 12:00", False),
    ],
)
def test_is_open(hours, moment, is_open):
    assert hours.is_open(at(moment)) is is_open


def test_spans_are_cut_and_merged():
    begin, end = at("2026-10-19 10:00"), at("2026-10-21 09:00")
    assert LUNCH.spans(begin, end) == [
        (at("2026-10-19 10:00"), at("2026-10-19 12:00")),
        (at("2026-10-19 12:30"), at("2026-10-19 16:00")),
        (at("2026-10-20 08:00"), at("2026-10-20 12:00")),
        (at("2026-10-20 12:30"), at("2026-10-20 16:00")),
        (at("2026-10-21 08:00"), at("2026-10-21 09:00")),
    ]
    assert ALWAYS.spans(begin, end) == [(begin, end)]
    assert WEEKDAYS.spans(begin, end) == [(begin, end)]
    assert OFFICE.spans(at("2026-10-24"), at("2026-10-26")) == []
    assert OFFICE.spans(begin, begin) == []


def test_years_of_always_open_are_one_span_across_both_clock_changes():
    begin, end = at("2020-01-01"), at("2031-01-01")
    assert ALWAYS.spans(begin, end) == [(begin, end)]


@pytest.mark.parametrize("zone", ["America/Santiago", "Asia/Beirut", "Pacific/Apia"])
def test_always_open_has_no_gap_where_the_clock_changes_at_midnight(zone):
    hours = WorkingTime(zone, weekly(range(7), (0, 24)))
    begin, end = at("2026-01-01", UTC), at("2028-01-01", UTC)
    assert hours.spans(begin, end) == [(begin, end)]


def test_hours_at_the_change_of_the_clock():
    night = WorkingTime("Europe/Warsaw", [Attendance(6, 2 * HOUR, 4 * HOUR)])
    # From 02:00 the clock goes on to 03:00, in autumn from 03:00 back to 02:00.
    assert night.between(at("2026-03-29"), at("2026-03-30")) == 60
    assert night.between(at("2026-10-25"), at("2026-10-26")) == 180
    assert night.between(at("2026-10-18"), at("2026-10-19")) == 120
    until_three = WorkingTime("Europe/Warsaw", [Attendance(6, 120, 180)])
    assert until_three.between(at("2026-03-29"), at("2026-03-30")) == 0
    assert until_three.between(at("2026-10-25"), at("2026-10-26")) == 120


def test_hours_that_spring_skips_do_not_swallow_others():
    # The quarters until 03:00 fall on those from 03:15, after the hours from 03:00.
    hours = WorkingTime(
        "Europe/Warsaw", [Attendance(6, 135, 165), Attendance(6, 180, 240)]
    )
    assert hours.spans(at("2026-03-29"), at("2026-03-30")) == [
        (at("2026-03-29 03:00"), at("2026-03-29 04:00"))
    ]


def test_a_day_that_a_zone_skips_does_not_swallow_the_next():
    # Samoa went from Thursday to Saturday: Friday's afternoon falls on Saturday's, and
    # comes after Saturday's morning.
    hours = WorkingTime("Pacific/Apia", [*weekly([4], (12, 16)), *weekly([5], (8, 10))])
    zone = ZoneInfo("Pacific/Apia")
    begin, end = at("2011-12-31 08:00", zone), at("2011-12-31 10:00", zone)
    assert (begin, end) in hours.spans(begin, end + DAY)


def test_leaves_overlap_touch_and_do_not_count_twice():
    begin, end = at("2026-10-20 08:00"), at("2026-10-20 16:00")
    leaves = [
        (begin + 60, begin + 120),
        (begin + 90, begin + 180),
        (begin + 180, begin + 200),
        (begin + 100, begin + 110),
        (begin + 300, begin + 300),
        (begin - 500, begin - 400),
    ]
    hours = WorkingTime("Europe/Warsaw", weekly(range(5), (8, 16)), leaves)
    assert hours.spans(begin, end) == [(begin, begin + 60), (begin + 200, end)]
    assert hours.between(begin, end) == 480 - 140


def test_many_leaves_within_one_span():
    day = at("2026-10-20")
    leaves = [(day + hour * HOUR, day + hour * HOUR + 30) for hour in range(24)]
    hours = WorkingTime("Europe/Warsaw", weekly(range(7), (0, 24)), leaves)
    assert hours.between(day, day + DAY) == 12 * HOUR
    assert hours.add(day, 61) == day + 2 * HOUR + 31


def test_attendances_that_overlap_count_once():
    hours = WorkingTime("UTC", [Attendance(1, 480, 720), Attendance(1, 600, 960)])
    begin = at("2026-10-20", UTC)
    assert hours.between(begin, begin + DAY) == 480
    assert hours.day_minutes == 480


def test_what_never_comes():
    start = at("2026-10-20")
    assert WorkingTime("UTC", []).add(start, 1) is None
    assert WorkingTime("UTC", []).add(start, 0) == start
    assert WorkingTime("UTC", [Attendance(0, 480, 480)]).add(start, 1) is None
    for_ever = [(start - DAY, start + 100 * 366 * DAY)]
    off = WorkingTime("UTC", weekly(range(7), (0, 24)), for_ever)
    assert off.add(start, 1) is None
    assert off.spans(start, start + 1000 * DAY) == []


def test_work_may_begin_again_after_years():
    leaves = [(at("2026-10-20"), at("2031-10-20"))]
    hours = WorkingTime("Europe/Warsaw", weekly(range(5), (8, 16)), leaves)
    assert hours.add(at("2026-10-20 09:00"), 60) == at("2031-10-20 09:00")


def test_moments_far_from_the_first_one_are_prepared_when_asked_for():
    hours = WorkingTime("Europe/Warsaw", weekly(range(5), (8, 16)))
    for year in (2026, 1999, 2040, 2010, 2026):
        monday = date.fromisocalendar(year, 10, 1)
        assert hours.add(at(f"{monday} 08:00"), 480) == at(f"{monday} 16:00")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "UTC", "Etc/GMT+12"])
@pytest.mark.parametrize("minute", [0, 1, DAY // 2, DAY - 1])
@pytest.mark.parametrize(
    "days", [*range(-BEHIND - 3, -BEHIND + 3), *range(AHEAD - 3, AHEAD + 4)]
)
def test_nothing_is_missing_where_preparation_ends(zone, minute, days):
    today = at("2026-10-20", UTC)
    there = today + days * DAY + minute
    for ask, answer in (
        (lambda hours: hours.add(there, HOUR), there + HOUR),
        (lambda hours: hours.between(there, there + HOUR), HOUR),
        (lambda hours: hours.between(there, today), today - there),
        (lambda hours: hours.between(today, there), there - today),
        (lambda hours: hours.spans(there, there + 1), [(there, there + 1)]),
    ):
        fresh = WorkingTime(zone, weekly(range(7), (0, 24)))
        assert ask(fresh) == answer
        asked = WorkingTime(zone, weekly(range(7), (0, 24)))
        assert asked.is_open(today)
        assert ask(asked) == answer


@pytest.mark.parametrize(("years", "found"), [(10, True), (19, True), (21, False)])
def test_what_was_prepared_by_chance_does_not_bring_what_is_too_far(years, found):
    start, minutes = at("2026-10-20"), years * 366 * DAY
    asked = WorkingTime("Europe/Warsaw", weekly(range(7), (0, 24)))
    asked.is_open(start)
    asked.is_open(start + 50 * 366 * DAY)
    fresh = WorkingTime("Europe/Warsaw", weekly(range(7), (0, 24)))
    end = start + minutes if found else None
    assert fresh.add(start, minutes) == asked.add(start, minutes) == end


def test_another_thread_may_prepare_other_years_meanwhile():
    class Contended(WorkingTime):
        """As if another thread always put its own value there a moment later."""

        def __setattr__(self, name, value):
            super().__setattr__(name, value)
            if name == "_prepared" and value:
                theirs = WorkingTime("Europe/Warsaw", weekly(range(5), (8, 16)))
                theirs.is_open(at("1999-10-20"))
                super().__setattr__(name, theirs._prepared)

    hours = Contended("Europe/Warsaw", weekly(range(5), (8, 16)))
    assert hours.add(at("2026-10-20 08:00"), 480) == at("2026-10-20 16:00")


def test_seconds_are_cut_off():
    moment = datetime(2026, 10, 20, 10, 30, 59, 999999, tzinfo=UTC)
    assert moment_of(minute_of(moment)) == datetime(2026, 10, 20, 10, 30, tzinfo=UTC)
    before_epoch = datetime(1969, 12, 31, 23, 59, 30, tzinfo=UTC)
    assert minute_of(before_epoch) == -1
    assert moment_of(0).tzinfo == UTC


# From a Monday of 2026 to the clock change of autumn and beyond; borders of attendances
# keep away from the hours that the clock repeats, from 1 in New York and from 2 in
# Warsaw, where a wall clock alone does not say which of two moments is meant.
FIRST = at("2026-10-19")
MOMENTS = st.integers(FIRST - 9 * DAY, FIRST + 12 * DAY)
REPEATED = {*range(HOUR, 3 * HOUR)} - {HOUR, 2 * HOUR}
BORDERS = st.integers(0, DAY).filter(lambda minute: minute not in REPEATED)
ZONES = st.sampled_from(["Europe/Warsaw", "UTC", "Asia/Kolkata", "America/New_York"])


@st.composite
def calendars(draw, zone=ZONES):
    hours = draw(
        st.lists(
            st.builds(
                lambda weekday, borders, week: Attendance(
                    weekday, *sorted(borders), week
                ),
                st.integers(0, 6),
                st.tuples(BORDERS, BORDERS),
                st.sampled_from([None, None, 0, 1]),
            ),
            max_size=10,
        )
    )
    leaves = draw(
        st.lists(
            st.tuples(MOMENTS, st.integers(0, 2 * DAY)).map(
                lambda leave: (leave[0], leave[0] + leave[1])
            ),
            max_size=4,
        )
    )
    return draw(zone), hours, leaves


def naive(zone, hours, leaves, begin, end):
    """The open minutes of a window, each asked for by what the clock shows."""
    zone = ZoneInfo(zone)
    minutes = []
    for minute in range(begin, end):
        clock = moment_of(minute).astimezone(zone)
        shown = clock.hour * HOUR + clock.minute
        week = (clock.toordinal() - 1) // 7 % 2
        if any(
            weekday == clock.weekday() and first <= shown < last and of in (None, week)
            for weekday, first, last, of in hours
        ) and not any(first <= minute < last for first, last in leaves):
            minutes.append(minute)
    return minutes


@settings(max_examples=60)
@given(calendars(), MOMENTS, st.integers(0, 8 * DAY), st.data())
def test_agrees_with_a_look_at_every_minute(calendar, begin, length, data):
    hours, end = WorkingTime(*calendar), begin + length
    minutes = naive(*calendar, begin, end)
    assert hours.between(begin, end) == len(minutes)
    spans = hours.spans(begin, end)
    assert [m for first, last in spans for m in range(first, last)] == minutes
    assert all(one[1] < other[0] for one, other in pairwise(spans))
    if minutes:
        n = data.draw(st.integers(1, len(minutes)))
        assert hours.add(begin, n) == minutes[n - 1] + 1
        asked = data.draw(st.integers(begin, end - 1))
        assert hours.is_open(asked) == (asked in minutes)


@given(calendars(), MOMENTS, MOMENTS, MOMENTS)
def test_between_is_additive(calendar, one, two, three):
    hours = WorkingTime(*calendar)
    assert hours.between(one, two) + hours.between(two, three) == hours.between(
        one, three
    )
    assert hours.between(one, two) == -hours.between(two, one)


@given(calendars(), MOMENTS, st.integers(1, 10_000))
def test_add_is_the_inverse_and_the_earliest(calendar, start, minutes):
    hours = WorkingTime(*calendar)
    end = hours.add(start, minutes)
    if end is None:
        # A minute every other week is not enough.
        assert hours.between(start, start + NEVER) < minutes
    else:
        assert hours.between(start, end) == minutes
        assert hours.between(start, end - 1) == minutes - 1
        assert hours.is_open(end - 1)


@given(calendars(), MOMENTS, st.integers(0, 3000), st.integers(0, 3000))
def test_adding_twice_is_adding_the_sum(calendar, start, one, other):
    hours = WorkingTime(*calendar)
    end = hours.add(start, one + other)
    if end is not None:
        assert hours.add(hours.add(start, one), other) == end


@given(calendars(), MOMENTS, MOMENTS)
def test_what_was_asked_before_changes_no_answer(calendar, early, late):
    asked, fresh = WorkingTime(*calendar), WorkingTime(*calendar)
    far = late + 3000 * DAY
    asked.spans(early - 2000 * DAY, early)
    asked.between(early, far)
    assert asked.between(early, late) == fresh.between(early, late)
    assert asked.spans(early, far) == fresh.spans(early, far)


@given(calendars(st.just("Europe/Warsaw")), MOMENTS, st.randoms())
def test_the_order_of_leaves_and_attendances_is_nothing(calendar, begin, random):
    zone, hours, leaves = calendar
    mixed = WorkingTime(
        zone, random.sample(hours, len(hours)), random.sample(leaves, len(leaves))
    )
    end = begin + 20 * DAY
    assert mixed.spans(begin, end) == WorkingTime(*calendar).spans(begin, end)
