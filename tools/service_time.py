"""Service time: which minutes of work lie within the hours of service."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple


class Stretch(NamedTuple):
    """Whole ``minutes`` of work without a change between service time and none."""

    minutes: int
    in_service: bool


def split(
    start: datetime, minutes: int, spans: Iterable[tuple[datetime, datetime]]
) -> list[Stretch]:
    """Split work at the borders of the service time, in the order of the clock.

    Moments are aware, of whatever time zone: a night in which the clock changes has
    the minutes that really pass. No time gives one empty stretch within service.
    """
    if minutes <= 0:
        return [Stretch(0, True)]
    marks = {0, minutes}
    covered = []
    for first, last in spans:
        begin = _minutes_between(start, first)
        end = _minutes_between(start, last)
        if begin < minutes and end > 0:
            covered.append((max(0, begin), min(minutes, end)))
            marks |= set(covered[-1])
    borders = sorted(marks)
    stretches = []
    for begin, end in zip(borders, borders[1:], strict=False):
        inside = any(first <= begin and end <= last for first, last in covered)
        if stretches and stretches[-1].in_service == inside:
            stretches[-1] = Stretch(stretches[-1].minutes + end - begin, inside)
        else:
            stretches.append(Stretch(end - begin, inside))
    return stretches


def _minutes_between(start: datetime, moment: datetime) -> int:
    # In one time zone, Python would subtract what the clocks on the wall show.
    passed = moment.astimezone(UTC) - start.astimezone(UTC)
    return round(passed.total_seconds() / 60)
