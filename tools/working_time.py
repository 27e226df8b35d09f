"""Working time: how many working minutes lie between moments, and when they are over.

Moments are whole minutes since the epoch (UTC). A calendar is data: the hours of a week
on the clock of its time zone, and the spans in which nobody works all the same.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

HOUR = 60
DAY = 24 * HOUR
EPOCH = date(1970, 1, 1).toordinal()
# So many days are prepared at once: around the moment that is asked for first, then
# wherever a later one lies.
AHEAD = 500
BEHIND = 200
# What a calendar does not give in so long it never gives.
NEVER = 20 * 366 * DAY


class Attendance(NamedTuple):
    """Working hours of a weekday (Monday is 0), in minutes after midnight.

    ``week`` is 0 or 1 where two weeks alternate, counted from 1 January of year 1.
    """

    weekday: int
    begin: int
    end: int
    week: int | None = None


class _Prepared(NamedTuple):
    """Spans from the day ``first`` until the day before ``last`` (ordinals).

    ``before[n]`` are the working minutes of all spans before the n-th one.
    """

    first: int
    last: int
    begins: list[int]
    ends: list[int]
    before: list[int]

    def worked(self, moment: int) -> int:
        """Working minutes from the first span until ``moment``."""
        n = bisect_right(self.begins, moment) - 1
        if n < 0:
            return 0
        return self.before[n] + min(moment, self.ends[n]) - self.begins[n]


def minute_of(moment: datetime) -> int:
    """The minute of an aware moment; its seconds are cut off."""
    return int(moment.timestamp() // 60)


def moment_of(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


class WorkingTime:
    """The working time of a calendar. May be shared by threads and kept for long."""

    def __init__(
        self,
        zone: str,
        attendances: Iterable[Attendance],
        leaves: Iterable[tuple[int, int]] = (),
    ):
        self._zone = ZoneInfo(zone)
        self._leaves = _merged(sorted(leaves))
        self._days = _by_day(attendances)
        worked = [sum(e - b for b, e in spans) for spans in self._days if spans]
        self.day_minutes = round(sum(worked) / len(worked)) if worked else 0
        self._prepared = None

    def between(self, begin: int, end: int) -> int:
        """Working minutes from ``begin`` to ``end``; negative if that is earlier."""
        prepared = self._covering(min(begin, end), max(begin, end))
        return prepared.worked(end) - prepared.worked(begin)

    def add(self, start: int, minutes: int) -> int | None:
        """The earliest moment by which so many working minutes have passed.

        8 hours from 8:00 of a day that is worked until 16:00 end on that day. None
        where the calendar has not so many in twenty years.
        """
        if minutes <= 0:
            return start
        prepared = self._covering(start, start)
        # Mostly it lies in what is prepared; else looked for ever further ahead.
        while (total := prepared.worked(start) + minutes) > prepared.before[-1]:
            horizon = (prepared.last - EPOCH) * DAY
            # The last of the days that are prepared may end before midnight of UTC.
            if horizon - DAY - start > NEVER or not self.day_minutes:
                return None
            prepared = self._covering(start, horizon + AHEAD * DAY)
        n = bisect_left(prepared.before, total) - 1
        end = prepared.begins[n] + total - prepared.before[n]
        # More may be prepared by chance; the answer does not depend on it.
        return end if end - start <= NEVER else None

    def is_open(self, moment: int) -> bool:
        """Whether the minute that begins then is worked."""
        return self.between(moment, moment + 1) == 1

    def spans(self, begin: int, end: int) -> list[tuple[int, int]]:
        """The spans of working time between two moments, cut to them."""
        prepared = self._covering(begin, end)
        first = max(0, bisect_right(prepared.begins, begin) - 1)
        last = bisect_left(prepared.begins, end)
        cut = (
            (max(begin, b), min(end, e))
            for b, e in zip(
                prepared.begins[first:last], prepared.ends[first:last], strict=True
            )
        )
        return [(b, e) for b, e in cut if b < e]

    def _covering(self, begin: int, end: int) -> _Prepared:
        """What is prepared, extended where it does not reach.

        Threads may prepare the same at once; each swaps in a whole value.
        """
        prepared = self._prepared
        # Local midnight is at most a day from that of UTC.
        first, last = begin // DAY + EPOCH - 1, end // DAY + EPOCH + 2
        if prepared is None:
            first, last = first - BEHIND, last + AHEAD
        elif first < prepared.first or last > prepared.last:
            first = first - BEHIND if first < prepared.first else prepared.first
            last = last + AHEAD if last > prepared.last else prepared.last
        else:
            return prepared
        # Not read back: by then another thread may have put its own there.
        prepared = self._prepared = self._prepare(first, last)
        return prepared

    def _prepare(self, first: int, last: int) -> _Prepared:
        # Hours that the clock skips are later than some that it shows after them.
        worked = _merged(sorted(self._attended(first, last)))
        spans = _without(worked, self._leaves)
        # The span at the end is empty, so that there is one to look at.
        begins, ends = [b for b, _e in spans], [e for _b, e in spans]
        before = [*accumulate((e - b for b, e in spans), initial=0)]
        border = (last - EPOCH + 1) * DAY
        return _Prepared(first, last, [*begins, border], [*ends, border], before)

    def _attended(self, first: int, last: int) -> Iterable[tuple[int, int]]:
        """Spans of the days, in UTC. The clock is asked twice a day, not per span."""
        midnight = _offset(self._zone, first, 0)
        for day in range(first, last):
            following = _offset(self._zone, day + 1, 0)
            local = (day - EPOCH) * DAY
            for begin, end in self._days[(day - 1) % 14]:
                if midnight == following:
                    yield local + begin - midnight, local + end - midnight
                else:
                    yield tuple(
                        local + at - _offset(self._zone, day, at) for at in (begin, end)
                    )
            midnight = following


def _offset(zone: ZoneInfo, day: int, at: int) -> int:
    """Minutes by which the clock is ahead of UTC ``at`` minutes into a day.

    An hour that the clock shows twice is meant the first time it does; the end of a day
    is the next one's midnight.
    """
    moment = datetime.fromordinal(day) + timedelta(minutes=at)
    return round(moment.replace(tzinfo=zone).utcoffset().total_seconds() / 60)


def _by_day(attendances: Iterable[Attendance]) -> list[list[tuple[int, int]]]:
    """The hours of fourteen days, from a Monday of a week 0."""
    days = [[] for _day in range(14)]
    for weekday, begin, end, week in attendances:
        for of_week in (0, 1):
            if week in (None, of_week) and begin < end:
                days[7 * of_week + weekday].append((begin, end))
    return [_merged(sorted(day)) for day in days]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order of their begin, those that touch or overlap made one."""
    merged = []
    for begin, end in spans:
        if merged and begin <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = merged[-1][0], end
        elif begin < end:
            merged.append((begin, end))
    return merged


def _without(
    spans: list[tuple[int, int]], holes: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """What is left of spans; both are in order and without overlaps."""
    left, n = [], 0
    for begin, end in spans:
        while n < len(holes) and holes[n][1] <= begin:
            n += 1
        k = n
        while k < len(holes) and holes[k][0] < end:
            if holes[k][0] > begin:
                left.append((begin, holes[k][0]))
            begin = max(begin, holes[k][1])
            k += 1
        if begin < end:
            left.append((begin, end))
    return left
