"""Invoices issued while KSeF is away: in which mode, and until when KSeF gets them.

Sources: VAT act, art. 106nda (offline24), 106nh (unavailability), 106nf (failure) and
106ng (total failure); ksef-docs, "tryby offline". What the ministry's status service
says ("Latarnia") is read here too.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple


class Mode(StrEnum):
    """Why an invoice is issued offline, the gravest first; issued online is no mode."""

    TOTAL = "total"
    FAILURE = "failure"
    UNAVAILABLE = "unavailable"
    OFFLINE24 = "offline24"


# Invoices of a total failure are never sent; older ones still are.
WORKING_DAYS = {Mode.TOTAL: 7, Mode.FAILURE: 7, Mode.UNAVAILABLE: 1, Mode.OFFLINE24: 1}
_OF_SERVICE = {
    "AVAILABLE": None,
    "UNAVAILABLE": Mode.UNAVAILABLE,
    "FAILURE": Mode.FAILURE,
    "TOTAL_FAILURE": Mode.TOTAL,
}
_SATURDAY = 5


class Outage(NamedTuple):
    """Days on which KSeF was away by announcement; ``last`` is None while it lasts."""

    mode: Mode
    first: date
    last: date | None


class Word(NamedTuple):
    """What the status service says: the mode, or None where KSeF works."""

    mode: Mode | None
    title: str = ""


def working_day(day: date, number: int, is_holiday: Callable[[date], bool]) -> date:
    """The working day so many after ``day``, which need be none itself.

    >>> working_day(date(2026, 11, 10), 1, {date(2026, 11, 11)}.__contains__)
    datetime.date(2026, 11, 12)
    """
    while number:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY and not is_holiday(day):
            number -= 1
    return day


def due(
    issued: date, outages: Iterable[Outage], is_holiday: Callable[[date], bool]
) -> date | None:
    """The last day for an invoice issued offline; None while an outage lasts.

    It is the next working day. Each outage that begins until then counts anew, from
    its end.
    """
    last = working_day(issued, 1, is_holiday)
    for outage in sorted(outages, key=lambda one: one.first):
        if outage.last and outage.last < issued:
            continue
        if outage.first > last:
            break
        if not outage.last:
            return None
        days = WORKING_DAYS[outage.mode]
        last = max(last, working_day(outage.last, days, is_holiday))
    return last


def read_word(answer: Mapping[str, Any], now: datetime) -> Word | None:
    """What an answer of the status service means; None where it means nothing.

    A message may be of an outage that is yet to come: that one does not count.

    :param now: aware
    """
    if answer.get("status") not in _OF_SERVICE:
        return None
    mode = _OF_SERVICE[answer["status"]]
    messages = answer.get("messages") or []
    begun = [message for message in messages if _has_begun(message, now)]
    if mode is None or (messages and not begun):
        return Word(None)
    return Word(mode, begun[0].get("title") or "" if begun else "")


def _has_begun(message: Mapping[str, Any], now: datetime) -> bool:
    try:
        start = datetime.fromisoformat(message["start"])
    except (KeyError, TypeError, ValueError):
        return True
    return (start if start.tzinfo else start.replace(tzinfo=UTC)) <= now
