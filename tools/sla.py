"""SLA clocks: what the log of a ticket says about one promise to the customer.

All moments are whole minutes since the epoch, and durations are working minutes of the
calendar the promise is counted in. A promise is kept up to and in the minute of its
deadline; it is broken from the next minute on, and stays so whatever happens later.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple, Self

from .working_time import WorkingTime

PERCENT = 100


class Metric(StrEnum):
    """What is promised: an answer, or that the matter is done."""

    REACTION = "reaction"
    RESOLUTION = "resolution"


class Kind(StrEnum):
    """What can happen to the clocks of a ticket."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    RESPONDED = "responded"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    RETARGETED = "retargeted"
    BREACHED = "breached"


class State(StrEnum):
    """``VOID`` is a clock whose promise no longer applies."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    VOID = "void"


class Promise(NamedTuple):
    """One promise: so many working minutes by that calendar."""

    minutes: int
    hours: WorkingTime


class Event(NamedTuple):
    """A line of the log.

    ``promises`` come with what starts or retargets: a promise by metric, and none where
    nothing is promised. ``metric`` says which promise was broken.
    """

    kind: Kind
    at: int
    promises: Mapping[Metric, Promise] = {}
    metric: Metric | None = None


class Reading(NamedTuple):
    """What a clock shows at the minute ``as_of``.

    ``deadline`` is the one that counts, or the last one where the clock stands still;
    none where the calendar never has so many working minutes.
    """

    state: State
    promise: Promise | None
    started_at: int
    as_of: int
    elapsed: int = 0
    overrun: int = 0
    deadline: int | None = None
    breached_at: int | None = None
    stopped_at: int | None = None

    @property
    def left(self) -> int:
        """Working minutes until the promise is broken; 0 where none are left."""
        return max(0, self.promise.minutes - self.elapsed) if self.promise else 0

    def at(self, now: int) -> Self:
        """The same clock later, if nothing happens to it until then."""
        if self.state != State.RUNNING or now < self.as_of:
            return self
        hours = self.promise.hours
        clock = self._replace(
            as_of=now, elapsed=self.elapsed + hours.between(self.as_of, now)
        )
        if self.deadline is None or now <= self.deadline:
            return clock
        late = hours.between(max(self.as_of, self.deadline), now)
        return clock._breached(self.deadline)._replace(overrun=self.overrun + late)

    def reaches(self, percent: int) -> int | None:
        """The minute in which so much of the promised time is used, if it runs on.

        All of it is used when the promise is broken: the minute after the deadline.
        """
        if self.state != State.RUNNING or self.deadline is None:
            return None
        if percent == PERCENT:
            return self.deadline + 1
        used = -(-self.promise.minutes * percent // PERCENT)
        return self.promise.hours.add(self.as_of, max(0, used - self.elapsed))

    def _breached(self, at: int) -> Self:
        return self if self.breached_at is not None else self._replace(breached_at=at)

    def _run(self, promise: Promise) -> Self:
        clock = self._replace(state=State.RUNNING, promise=promise, stopped_at=None)
        was_up = self.breached_at is not None or self.state == State.PAUSED
        if was_up and not clock.left:
            # The deadline that was missed is the one that is told, and a pause gives
            # no time back where none was left.
            return clock
        return clock._replace(deadline=promise.hours.add(clock.as_of, clock.left))

    def _pause(self, promise: Promise) -> Self:
        clock = self._replace(state=State.PAUSED, promise=promise, stopped_at=None)
        if promise != self.promise and not (clock.left or clock.breached_at):
            # The time it promises now is used already.
            return clock._replace(deadline=clock.as_of)
        return clock

    def _stop(self) -> Self:
        missed = self.breached_at is not None
        return self._replace(
            state=State.MISSED if missed else State.MET, stopped_at=self.as_of
        )


class _Circumstances(NamedTuple):
    """What decides whether a clock may run, and by which promise."""

    promise: Promise | None
    paused: bool = False
    answered: bool = False
    resolved: bool = False

    def after(self, event: Event, metric: Metric) -> Self:
        match event.kind:
            case Kind.RETARGETED:
                return self._replace(promise=event.promises.get(metric))
            case Kind.PAUSED:
                return self._replace(paused=True)
            case Kind.RESUMED:
                return self._replace(paused=False)
            case Kind.RESPONDED:
                return self._replace(answered=metric == Metric.REACTION)
            case Kind.RESOLVED:
                return self._replace(resolved=True, paused=False)
            case Kind.REOPENED:
                return self._replace(resolved=False)
        return self

    def apply(self, clock: Reading) -> Reading:
        """The clock in the state that the circumstances ask for."""
        if self.answered or self.resolved:
            stands = clock.stopped_at is not None or clock.state == State.VOID
            return clock if stands else clock._stop()
        if not self.promise:
            # The deadline that was missed is the one that is told.
            missed = None if clock.breached_at is None else clock.deadline
            return clock._replace(state=State.VOID, promise=None, deadline=missed)
        if self.paused:
            return clock._pause(self.promise)
        return clock._run(self.promise)


def read(metric: Metric, events: Iterable[Event]) -> Reading | None:
    """What the log says about one promise, as of the last event; None if nothing.

    Events come in the order in which they were written down; one may be dated earlier
    than its turn, as a phone call that is noted an hour later. The last start counts
    alone: it corrects when the customer reported, and what was promised then. A promise
    that comes back counts as if it had never gone away.
    """
    log = _since_last_start(_with_what_came_back(metric, events))
    if not log:
        return None
    start, *later = log
    now = _Circumstances(start.promises.get(metric))
    clock = now.apply(Reading(State.VOID, None, start.at, start.at))
    for event in sorted(later, key=lambda event: event.at):
        clock = clock.at(event.at)
        clock = clock._replace(as_of=max(clock.as_of, event.at))
        if event.kind == Kind.BREACHED:
            if event.metric == metric and clock.stopped_at is None:
                clock = clock._breached(event.at)
            continue
        now = now.after(event, metric)
        clock = now.apply(clock)
    return clock


def _with_what_came_back(metric: Metric, events: Iterable[Event]) -> list[Event]:
    """Put the promise that came back where it was taken away, as the log has it.

    Else whoever takes a promise away for a while would stop its clock.
    """
    filled, gaps, promised = [], [], False
    for event in events:
        if event.kind in (Kind.STARTED, Kind.RETARGETED):
            if promise := event.promises.get(metric):
                for n in gaps:
                    filled[n] = filled[n]._replace(promises={metric: promise})
                gaps, promised = [], True
            elif promised:
                gaps.append(len(filled))
        filled.append(event)
    return filled


def _since_last_start(events: list[Event]) -> list[Event]:
    """The last start, then everything that is not superseded by it."""
    starts = [n for n, event in enumerate(events) if event.kind == Kind.STARTED]
    if not starts:
        return []
    superseded = {Kind.STARTED, Kind.RETARGETED, Kind.BREACHED}
    before = [e for e in events[: starts[-1]] if e.kind not in superseded]
    return [events[starts[-1]], *before, *events[starts[-1] + 1 :]]
