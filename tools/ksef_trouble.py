"""Trouble with KSeF: what kind a failed request is, and what KSeF itself says of it."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

import requests

_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 401, 403, 404, 429
_SERVER_FAILS = 500


class Kind(StrEnum):
    AWAY = "away"  # no connection, or KSeF says that it does not work
    SLOW = "slow"  # connected, and no answer in time: it may have taken what was sent
    BUSY = "busy"  # more requests than KSeF takes
    REFUSED = "refused"  # KSeF does not accept who we are
    UNKNOWN = "unknown"  # KSeF does not know what it is asked about
    OTHER = "other"


# It passes, and nobody here can do anything about it.
PASSING = frozenset({Kind.AWAY, Kind.SLOW, Kind.BUSY})


class Trouble(NamedTuple):
    """Why a request failed; ``words`` are KSeF's own, or the sender's, or none."""

    kind: Kind
    words: str = ""


def trouble_of(error: BaseException) -> Trouble:
    """The trouble behind an error, however many others were raised because of it."""
    for cause in _causes(error):
        if isinstance(cause, requests.exceptions.HTTPError):
            return _of_answer(cause.response)
        if isinstance(cause, requests.exceptions.ReadTimeout):
            return Trouble(Kind.SLOW)
        if isinstance(cause, requests.exceptions.JSONDecodeError):
            return Trouble(Kind.OTHER)
        if isinstance(cause, requests.exceptions.RequestException):
            # Also a connection that ends in the middle: nobody knows what arrived.
            return Trouble(Kind.AWAY)
        if hasattr(cause, "retry_after"):  # the limit, as newer l10n_pl_edi tells it
            return Trouble(Kind.BUSY)
    return Trouble(Kind.OTHER, str(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _of_answer(response: requests.Response) -> Trouble:
    status = response.status_code
    if status >= _SERVER_FAILS:
        return Trouble(Kind.AWAY)
    kinds = {
        _UNAUTHORIZED: Kind.REFUSED,
        _FORBIDDEN: Kind.REFUSED,
        _NOT_FOUND: Kind.UNKNOWN,
        _TOO_MANY: Kind.BUSY,
    }
    return Trouble(kinds.get(status, Kind.OTHER), _words(response))


def _words(response: requests.Response) -> str:
    """The descriptions in KSeF's answer to a bad request, with their details."""
    try:
        answer = response.json()
    except ValueError:
        return ""
    return " ".join(_descriptions(answer))


def _descriptions(answer: Any) -> Iterator[str]:
    told = answer.get("exception") if isinstance(answer, dict) else None
    for detail in (told or {}).get("exceptionDetailList") or ():
        words = [detail.get("exceptionDescription"), *(detail.get("details") or ())]
        yield from (word.strip() for word in words if word)
