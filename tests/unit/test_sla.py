import json
import random
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.sla import Event, Kind, Metric, Promise, Reading, State, read
from tools.working_time import Attendance, WorkingTime, minute_of, moment_of

WARSAW = ZoneInfo("Europe/Warsaw")
HOUR = 60
DAY = 24 * HOUR


def at(text):
    """The minute when the clock in Warsaw shows ``text``."""
    return minute_of(datetime.fromisoformat(text).replace(tzinfo=WARSAW))


def local(minute):
    return f"{moment_of(minute).astimezone(WARSAW):%Y-%m-%d %H:%M}"


def off(*days):
    return [(at(f"{day} 00:00"), at(f"{day} 00:00") + DAY) for day in days]


OFF = off("2026-11-11", "2026-12-24", "2026-12-25", "2026-12-26")
OFFICE = WorkingTime(
    "Europe/Warsaw", [Attendance(day, 8 * HOUR, 16 * HOUR) for day in range(5)], OFF
)
WEEKDAYS = WorkingTime(
    "Europe/Warsaw", [Attendance(day, 0, DAY) for day in range(5)], OFF
)
ALWAYS = WorkingTime("Europe/Warsaw", [Attendance(day, 0, DAY) for day in range(7)])
# The database and the screen are tested by the same cases.
SHARED = json.loads(
    (Path(__file__).parents[2] / "static/tests/broken_promises.json").read_text()
)


def log(*lines, minutes=4 * HOUR, hours=OFFICE, metric=Metric.REACTION):
    """Events of lines like ``("2026-11-10 14:00", "started")``."""
    events = []
    for moment, kind, *promise in lines:
        if kind == "started" and not promise:
            promise = [Promise(minutes, hours)]
        events.append(
            Event(
                Kind(kind),
                at(moment),
                {metric: promise[0]} if promise and promise[0] else {},
                metric if kind == "breached" else None,
            )
        )
    return events


def clock(*lines, metric=Metric.REACTION, **promise):
    return read(metric, log(*lines, metric=metric, **promise))


@pytest.mark.parametrize(
    ("reported", "minutes", "hours", "deadline"),
    [
        # C1
        ("2026-11-06 15:00", DAY, WEEKDAYS, "2026-11-09 15:00"),
        ("2026-11-06 15:00", 5 * DAY, WEEKDAYS, "2026-11-16 15:00"),
        # C2
        ("2026-11-07 22:30", HOUR, ALWAYS, "2026-11-07 23:30"),
        ("2026-11-07 22:30", 2 * DAY, ALWAYS, "2026-11-09 22:30"),
        # C3
        ("2026-11-10 12:00", DAY, WEEKDAYS, "2026-11-12 12:00"),
        ("2026-11-10 12:00", 14 * DAY, WEEKDAYS, "2026-12-01 12:00"),
        # D6, D7, E4
        ("2026-10-16 15:00", 4 * HOUR, OFFICE, "2026-10-19 11:00"),
        ("2026-10-17 03:00", 4 * HOUR, ALWAYS, "2026-10-17 07:00"),
        ("2026-11-10 14:00", 4 * HOUR, OFFICE, "2026-11-12 10:00"),
        # The last minute of service hours, and the first one after them.
        ("2026-10-16 15:59", HOUR, OFFICE, "2026-10-19 08:59"),
        ("2026-10-16 16:00", HOUR, OFFICE, "2026-10-19 09:00"),
        ("2026-10-16 15:00", HOUR, OFFICE, "2026-10-16 16:00"),
        # Christmas: 24 to 26 December are off, 27 is a Sunday.
        ("2026-12-23 15:00", 4 * HOUR, OFFICE, "2026-12-28 11:00"),
        ("2026-12-23 12:00", DAY, WEEKDAYS, "2026-12-28 12:00"),
        ("2026-12-23 12:00", DAY, ALWAYS, "2026-12-24 12:00"),
        # The nights in which the clock changes: minutes that really pass.
        ("2026-03-28 12:00", DAY, ALWAYS, "2026-03-29 13:00"),
        ("2026-10-24 12:00", DAY, ALWAYS, "2026-10-25 11:00"),
        ("2026-03-29 01:30", HOUR, ALWAYS, "2026-03-29 03:30"),
        ("2026-03-27 15:00", 2 * HOUR, OFFICE, "2026-03-30 09:00"),
        ("2026-10-23 15:00", 2 * HOUR, OFFICE, "2026-10-26 09:00"),
    ],
)
def test_deadline(reported, minutes, hours, deadline):
    reading = clock((reported, "started"), minutes=minutes, hours=hours)
    assert (local(reading.deadline), reading.state) == (deadline, State.RUNNING)


def test_a_promise_is_kept_up_to_and_in_the_minute_of_its_deadline():
    start = ("2026-10-16 15:00", "started")
    kept = clock(start, ("2026-10-19 11:00", "responded"))
    assert (kept.state, kept.elapsed, kept.overrun) == (State.MET, 240, 0)
    late = clock(start, ("2026-10-19 11:01", "responded"))
    assert (late.state, late.elapsed, late.overrun) == (State.MISSED, 241, 1)
    assert local(late.breached_at) == "2026-10-19 11:00"


def test_a_deadline_at_the_end_of_the_day_is_missed_in_the_evening():
    """Though no working minute has passed since."""
    late = clock(
        ("2026-10-16 15:00", "started"), ("2026-10-16 16:01", "responded"), minutes=60
    )
    assert (late.state, late.overrun) == (State.MISSED, 0)


@pytest.mark.parametrize(
    ("pause", "resume", "deadline"),
    [
        # C14: by four working hours; over a weekend by none
        ("2026-10-19 10:00", "2026-10-19 14:00", "2026-10-20 15:00"),
        ("2026-10-16 16:00", "2026-10-19 08:00", "2026-10-20 11:00"),
        ("2026-10-17 10:00", "2026-10-18 14:00", "2026-10-20 11:00"),
        # From Friday 15:30 until Monday 8:30: half an hour on either day.
        ("2026-10-16 15:30", "2026-10-19 08:30", "2026-10-20 12:00"),
        ("2026-10-19 10:00", "2026-10-19 10:00", "2026-10-20 11:00"),
    ],
)
def test_pauses_are_counted_in_working_time(pause, resume, deadline):
    reading = clock(
        ("2026-10-16 15:00", "started"),
        (pause, "paused"),
        (resume, "resumed"),
        minutes=12 * HOUR,
    )
    assert local(reading.deadline) == deadline


def test_a_pause_past_the_deadline_and_then_closed_is_met():
    reading = clock(
        ("2026-10-16 15:00", "started"),
        ("2026-10-19 10:00", "paused"),
        ("2026-10-30 12:00", "resolved"),
    )
    assert (reading.state, reading.elapsed) == (State.MET, 3 * HOUR)
    assert reading.at(at("2026-12-01 12:00")) == reading


def test_a_paused_clock_is_not_broken_by_time():
    reading = clock(("2026-10-16 15:00", "started"), ("2026-10-19 10:00", "paused"))
    later = reading.at(at("2026-12-01 12:00"))
    assert (later.state, later.breached_at) == (State.PAUSED, None)


@pytest.mark.parametrize(
    ("paused", "resumed", "deadline", "broken"),
    [
        # An hour from 9:01: a minute is left, or none.
        ("2026-10-05 10:00", "2026-10-08 12:00", "2026-10-08 12:01", False),
        ("2026-10-05 10:01", "2026-10-08 12:00", "2026-10-05 10:01", True),
        ("2026-10-05 10:01", "2026-10-05 10:01", "2026-10-05 10:01", False),
        # Until the end of the day: the night takes nothing, and gives nothing back.
        ("2026-10-05 10:01", "2026-10-06 07:00", "2026-10-05 10:01", True),
    ],
)
def test_a_pause_in_the_minute_of_the_deadline_moves_nothing(
    paused, resumed, deadline, broken
):
    reading = clock(
        ("2026-10-05 09:01", "started"),
        (paused, "paused"),
        (resumed, "resumed"),
        minutes=HOUR,
    )
    assert local(reading.deadline) == deadline
    assert (reading.at(at(resumed)).breached_at is not None) == broken
    waiting = clock(
        ("2026-10-05 09:01", "started"), (paused, "paused"), minutes=HOUR
    ).at(at("2026-10-20 12:00"))
    assert (waiting.state, waiting.breached_at) == (State.PAUSED, None)


@pytest.mark.parametrize("case", SHARED["cases"], ids=lambda case: case["why"])
def test_when_a_promise_is_broken(case):
    hours = WorkingTime(
        "UTC", [Attendance(day, *span) for day in range(7) for span in SHARED["open"]]
    )
    reading = Reading(
        State(case["state"]),
        Promise(case["target"], hours),
        started_at=-case["elapsed"],
        as_of=0,
        elapsed=case["elapsed"],
        deadline=case["deadline"],
        breached_at=0 if case["breached"] else None,
    )
    broken = reading.at(case["minute"]).breached_at is not None
    assert broken == case["broken"]


def test_a_breach_stays_whatever_happens_later():
    start, paused = ("2026-10-16 15:00", "started"), ("2026-10-19 12:00", "paused")
    more = ("2026-10-20 12:00", "retargeted", Promise(90 * HOUR, OFFICE))
    resumed = ("2026-10-20 13:00", "resumed")
    reading = clock(start, paused, more, resumed, ("2026-10-20 14:00", "responded"))
    assert (reading.state, reading.overrun) == (State.MISSED, HOUR)
    assert local(reading.breached_at) == "2026-10-19 11:00"


def test_a_noted_breach_counts_even_if_the_calendar_has_changed_since():
    reading = clock(
        ("2026-11-10 14:00", "started"),
        ("2026-11-11 10:00", "breached"),
        ("2026-11-12 09:00", "responded"),
    )
    assert reading.state == State.MISSED


def test_an_answer_noted_later_was_given_before_the_breach_that_was_noted():
    events = log(("2026-11-10 14:00", "started"), ("2026-11-12 10:00", "breached"))
    events += log(("2026-11-12 09:00", "responded"))
    reading = read(Metric.REACTION, events)
    assert (reading.state, reading.elapsed) == (State.MET, 3 * HOUR)
    assert reading.breached_at is None


def test_a_deadline_that_was_missed_is_told_after_a_pause_as_well():
    reading = clock(
        ("2026-10-16 15:00", "started"),
        ("2026-10-19 12:00", "paused"),
        ("2026-10-20 12:00", "resumed"),
    )
    assert local(reading.deadline) == "2026-10-19 11:00"
    assert reading.at(at("2026-10-20 13:00")).overrun == 2 * HOUR


def test_reopened_goes_on_with_what_was_left():
    reading = clock(
        ("2026-10-16 15:00", "started"),
        ("2026-10-19 09:00", "resolved"),
        ("2026-10-21 12:00", "reopened"),
        metric=Metric.RESOLUTION,
    )
    assert (reading.state, local(reading.deadline)) == (
        State.RUNNING,
        "2026-10-21 14:00",
    )


def test_reopened_asks_for_no_second_answer_but_for_the_first_that_never_came():
    start, closed = ("2026-10-16 15:00", "started"), ("2026-10-19 09:00", "resolved")
    again = ("2026-10-19 09:30", "reopened")
    assert clock(start, closed).state == State.MET
    assert clock(start, closed, again).state == State.RUNNING
    answer = ("2026-10-19 08:30", "responded")
    answered = clock(start, answer, closed, again)
    assert (answered.state, local(answered.stopped_at)) == (
        State.MET,
        "2026-10-19 08:30",
    )


def test_an_answer_does_not_end_the_resolution():
    reading = clock(
        ("2026-10-16 15:00", "started"),
        ("2026-10-16 15:10", "responded"),
        metric=Metric.RESOLUTION,
    )
    assert (reading.state, local(reading.deadline)) == (
        State.RUNNING,
        "2026-10-19 11:00",
    )


@pytest.mark.parametrize(
    ("promise", "deadline"),
    [
        # Express: what has elapsed counts against the shorter time.
        (Promise(2 * HOUR, OFFICE), "2026-10-19 09:00"),
        (Promise(6 * HOUR, OFFICE), "2026-10-19 13:00"),
        # More has elapsed than is promised now: due at once.
        (Promise(30, OFFICE), "2026-10-16 16:00"),
        # Of another calendar: an hour is used, three are left, round the clock.
        (Promise(4 * HOUR, ALWAYS), "2026-10-16 19:00"),
    ],
)
def test_another_target_keeps_what_has_elapsed(promise, deadline):
    reading = clock(
        ("2026-10-16 15:00", "started"), ("2026-10-16 16:00", "retargeted", promise)
    )
    assert (reading.elapsed, local(reading.deadline)) == (HOUR, deadline)


def test_another_target_keeps_pauses():
    reading = clock(
        ("2026-10-19 08:00", "started"),
        ("2026-10-19 09:00", "paused"),
        ("2026-10-19 12:00", "retargeted", Promise(2 * HOUR, OFFICE)),
        ("2026-10-19 13:00", "resumed"),
    )
    assert local(reading.deadline) == "2026-10-19 14:00"


def test_what_is_no_longer_promised_is_void_and_may_come_back():
    start = ("2026-10-19 08:00", "started")
    none = ("2026-10-19 09:00", "retargeted", None)
    void = clock(start, none)
    assert (void.state, void.at(at("2026-12-01 08:00")).breached_at) == (
        State.VOID,
        None,
    )
    again = clock(start, none, ("2026-10-19 11:30", "retargeted", Promise(240, OFFICE)))
    assert (again.elapsed, local(again.deadline)) == (210, "2026-10-19 12:00")


SAME, LONGER = Promise(240, OFFICE), Promise(480, OFFICE)


@pytest.mark.parametrize(
    ("lines", "state", "elapsed", "breached"),
    [
        # Six hours away: broken at noon, as if it had never gone.
        ([("16:00", "retargeted", SAME)], State.RUNNING, 480, "12:00"),
        # What comes back counts from then on, not what there was.
        ([("16:00", "retargeted", LONGER)], State.RUNNING, 480, None),
        # Taken away twice.
        (
            [("11:00", "retargeted", None), ("13:00", "retargeted", SAME)],
            State.RUNNING,
            300,
            "12:00",
        ),
        ([("11:00", "responded"), ("13:00", "retargeted", SAME)], "met", 180, None),
        ([("13:00", "responded"), ("14:00", "retargeted", SAME)], "missed", 300, "12"),
        # A pause is one, promised or not.
        (
            [
                ("10:30", "paused"),
                ("13:30", "resumed"),
                ("14:00", "retargeted", SAME),
            ],
            State.RUNNING,
            180,
            None,
        ),
        # The report is dated otherwise while nothing is promised.
        (
            [("09:00", "started", None), ("15:00", "retargeted", SAME)],
            State.RUNNING,
            360,
            "13:00",
        ),
    ],
)
def test_time_counts_while_a_promise_is_away(lines, state, elapsed, breached):
    day = "2026-10-19"
    reading = clock(
        (f"{day} 08:00", "started"),
        (f"{day} 10:00", "retargeted", None),
        *[(f"{day} {moment}", *line) for moment, *line in lines],
    )
    assert (reading.state, reading.elapsed) == (state, elapsed)
    at_ = reading.breached_at
    assert (at_ and local(at_)[11:].startswith(breached)) if breached else at_ is None


def test_a_promise_that_was_never_made_before_counts_from_when_it_is():
    reading = clock(
        ("2026-10-19 08:00", "started", None),
        ("2026-10-19 10:00", "retargeted", SAME),
    )
    assert local(reading.deadline) == "2026-10-19 14:00"


def test_a_breach_stays_where_nothing_is_promised_any_more():
    reading = clock(
        ("2026-10-19 08:00", "started"), ("2026-10-19 13:00", "retargeted", None)
    )
    assert (reading.state, reading.overrun) == (State.VOID, HOUR)
    told = reading.breached_at, reading.deadline
    assert [local(moment) for moment in told] == ["2026-10-19 12:00"] * 2


def test_a_ticket_closed_under_one_target_is_reopened_under_the_latest():
    reading = clock(
        ("2026-10-19 08:00", "started"),
        ("2026-10-19 09:00", "resolved"),
        ("2026-10-19 10:00", "retargeted", Promise(2 * HOUR, OFFICE)),
        ("2026-10-19 12:00", "reopened"),
    )
    assert local(reading.deadline) == "2026-10-19 13:00"


def test_the_last_start_counts_alone():
    reading = clock(
        ("2026-10-12 08:00", "started"),
        ("2026-10-12 12:00", "breached"),
        ("2026-10-19 09:00", "paused"),
        ("2026-10-19 08:00", "started"),
        ("2026-10-19 10:00", "resumed"),
    )
    assert (reading.breached_at, local(reading.deadline)) == (None, "2026-10-19 13:00")


def test_no_start_no_clock():
    assert clock(("2026-10-19 09:00", "paused")) is None


def test_thresholds_are_reached_in_working_time():
    reading = clock(("2026-10-16 15:00", "started"))
    assert local(reading.reaches(50)) == "2026-10-19 09:00"
    assert local(reading.reaches(75)) == "2026-10-19 10:00"
    # All is used up when the promise is broken, not while it can still be kept.
    assert local(reading.reaches(100)) == "2026-10-19 11:01"
    assert local(reading.reaches(150)) == "2026-10-19 13:00"
    paused = clock(("2026-10-16 15:00", "started"), ("2026-10-16 15:30", "paused"))
    assert paused.reaches(75) is None


MOMENTS = st.integers(at("2026-10-01 00:00"), at("2026-11-20 00:00"))


@given(MOMENTS, MOMENTS, MOMENTS)
def test_looking_in_between_changes_nothing(start, first, second):
    reading = read(
        Metric.REACTION,
        [Event(Kind.STARTED, start, {Metric.REACTION: Promise(240, OFFICE)})],
    )
    first, second = sorted((first, second))
    assert reading.at(first).at(second) == reading.at(second)


@given(MOMENTS, st.lists(MOMENTS, max_size=4))
def test_a_breach_never_goes_away(start, moments):
    events = [Event(Kind.STARTED, start, {Metric.REACTION: Promise(240, OFFICE)})]
    kinds = [Kind.PAUSED, Kind.RESUMED, Kind.RESOLVED, Kind.REOPENED]
    broken = False
    for kind, moment in zip(kinds, sorted(moments), strict=False):
        events.append(Event(kind, max(start, moment)))
        reading = read(Metric.REACTION, events)
        assert reading.breached_at is not None or not broken
        broken = reading.breached_at is not None


class NaiveClock:
    """Goes through the minutes one by one, on the clock of the wall."""

    def __init__(self, zone, hours, leaves, target):
        self.zone, self.hours, self.leaves, self.target = zone, hours, leaves, target
        self.used = self.overrun = 0
        self.running, self.paused, self.done = True, False, False
        self.due = self.broken = self.stopped = None

    def is_open(self, minute):
        moment = datetime.fromtimestamp(minute * 60, self.zone)
        begin, end = self.hours.get(moment.weekday(), (0, 0))
        return begin <= moment.hour < end and moment.date() not in self.leaves

    def happen(self, kind, minute, target=None):
        if kind == "paused":
            self.paused = True
        elif kind == "resumed":
            self.paused = False
        elif kind == "resolved":
            self.done, self.paused = True, False
            self.stopped = self.stopped or minute
        elif kind == "reopened" and self.done:
            self.done, self.stopped = False, None
            self.forget_due()
        elif kind == "retargeted" and target != self.target:
            self.target = target
            self.forget_due()
        runs = not (self.paused or self.done)
        if runs and not self.running and self.used < self.target:
            self.due = None
        self.running = runs

    def forget_due(self):
        """Time is left again, unless it was used up and the promise broken."""
        if not self.broken or self.used < self.target:
            self.due = None

    def look(self, minute):
        """Note when the time is used up, and the minute after it that it was broken."""
        if not self.done and self.used >= self.target and self.due is None:
            self.due = minute
        late = self.running and self.due is not None and minute > self.due
        if late and not self.broken:
            self.broken = self.due

    def run(self, start, events, end):
        for minute in range(start, end + 1):
            self.look(minute)
            for kind, at, *target in events:
                if at == minute:
                    self.happen(kind, minute, *target)
                    self.look(minute)
            if self.running and minute < end and self.is_open(minute):
                self.used += 1
                self.overrun += self.due is not None
        return self.used, self.overrun, self.broken, self.stopped


def test_a_year_of_tickets_agrees_with_a_naive_clock():
    """Minute by minute, with pauses, other targets, closing and reopening."""
    rng = random.Random(20260101)
    holidays = [date(2026, 11, 11), date(2026, 4, 6), date(2026, 1, 1)]
    calendars = [
        {day: (8, 16) for day in range(5)},
        {day: (0, 24) for day in range(5)},
        {day: (0, 24) for day in range(7)},
        {0: (6, 22), 2: (9, 10), 6: (0, 24)},
    ]
    prepared = [
        (
            hours,
            WorkingTime(
                "Europe/Warsaw",
                [Attendance(d, b * HOUR, e * HOUR) for d, (b, e) in hours.items()],
                off(*holidays),
            ),
        )
        for hours in calendars
    ]
    outcomes = set()
    for number in range(160):
        week, hours = prepared[number % len(prepared)]
        start = at("2026-01-01 00:00") + rng.randrange(350 * DAY)
        end = start + rng.randrange(1, 12 * DAY)
        target = rng.choice([1, 30, 60, 240, 480, 1440, 2880])
        moments = sorted(rng.randrange(start, end) for _n in range(rng.randrange(9)))
        lines = []
        for moment in moments:
            kind = rng.choice(
                ["paused", "resumed", "resolved", "reopened", "retargeted"]
            )
            extra = [rng.choice([30, 240, 2000])] if kind == "retargeted" else []
            lines.append((kind, moment, *extra))
        promise = {Metric.RESOLUTION: Promise(target, hours)}
        events = [Event(Kind.STARTED, start, promise)] + [
            Event(
                Kind(kind),
                moment,
                {Metric.RESOLUTION: Promise(extra[0], hours)} if extra else {},
            )
            for kind, moment, *extra in lines
        ]
        reading = read(Metric.RESOLUTION, events).at(end)
        got = reading.elapsed, reading.overrun, reading.breached_at, reading.stopped_at
        naive = NaiveClock(WARSAW, week, holidays, target)
        assert got == naive.run(start, lines, end), (number, start, lines)
        outcomes.add((str(reading.state), reading.breached_at is not None))
    assert len(outcomes) >= 4
