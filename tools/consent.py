"""Consent: what a person must have agreed to before somebody connects to a computer.

Documents come in versions, one series for each language. A person has accepted a
document when a version of it that is in force, in whichever language, is accepted.
"""

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class DocumentKind(StrEnum):
    """Documents that remote help needs: its rules, and what it costs."""

    REGULATIONS = "regulations"
    PRICE_LIST = "price_list"


class Statement(StrEnum):
    """What the person at the computer states before each session."""

    ENTITLED = "entitled"
    BACKUP = "backup"
    PRESENT = "present"


class Standing(StrEnum):
    """What a published version is on a day."""

    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"


class Version(NamedTuple):
    """A published version ``number`` of a document, in one language."""

    id: int
    document: int
    kind: DocumentKind
    lang: str
    number: int
    first_day: date


class Missing(NamedTuple):
    """What stands in the way of a session.

    ``kinds`` are those of which nothing is in force, which the customer cannot help.
    """

    versions: tuple[Version, ...] = ()
    kinds: tuple[DocumentKind, ...] = ()
    statements: tuple[Statement, ...] = ()

    def __bool__(self) -> bool:
        return any(self)


def in_force(versions: Iterable[Version], day: date) -> list[Version]:
    """The version of each document and language that counts on ``day``.

    A version holds until the next one of its language does.
    """
    begun = [version for version in versions if version.first_day <= day]
    latest = {
        (version.document, version.lang): version
        for version in sorted(begun, key=lambda version: version.number)
    }
    return [latest[key] for key in sorted(latest)]


def standings(versions: Collection[Version], day: date) -> dict[int, Standing]:
    """How each version stands on ``day``, by its id.

    One that is overtaken before its first day never counts.
    """
    current = {version.id for version in in_force(versions, day)}
    series: dict[tuple[int, str], list[Version]] = {}
    for version in versions:
        series.setdefault((version.document, version.lang), []).append(version)
    return {
        version.id: _standing(version, same, day, counts=version.id in current)
        for same in series.values()
        for version in same
    }


def _standing(
    version: Version, series: list[Version], day: date, *, counts: bool
) -> Standing:
    if counts:
        return Standing.IN_FORCE
    begins = max(version.first_day, day)
    overtaken = any(
        other.number > version.number and other.first_day <= begins for other in series
    )
    return Standing.SUPERSEDED if overtaken else Standing.ANNOUNCED


def outdated(versions: Collection[Version], day: date) -> list[Version]:
    """Versions that still count although one in another language is newer.

    Newer is what has the later first day, of those that count on ``day`` or will.
    """
    standing = standings(versions, day)
    newest: dict[int, date] = {}
    for version in versions:
        if standing[version.id] is not Standing.SUPERSEDED:
            known = newest.get(version.document, version.first_day)
            newest[version.document] = max(known, version.first_day)
    return [
        version
        for document, first_day in newest.items()
        for version in in_force(versions, first_day)
        if version.document == document and version.first_day < first_day
    ]


def best(offered: Iterable[str], languages: Iterable[str]) -> str:
    """The language of those ``offered`` in which a reader of ``languages`` gets it.

    :raises ValueError: where nothing is offered
    """
    preferred = [*languages]
    return min(offered, key=lambda lang: (_rank(lang, preferred), lang))


def missing(
    versions: Iterable[Version],
    accepted: Collection[int],
    statements: Collection[Statement],
    day: date,
    languages: Iterable[str],
) -> Missing:
    """What a person still has to agree to before a session on ``day``.

    ``accepted`` are ids of versions, ``statements`` those that were made for this
    session. Documents are asked for in the first of ``languages`` they are in.
    """
    current = in_force(versions, day)
    kinds = {version.kind for version in current}
    return Missing(
        tuple(_to_accept(current, accepted, [*languages])),
        tuple(kind for kind in DocumentKind if kind not in kinds),
        tuple(made for made in Statement if made not in statements),
    )


def _to_accept(
    current: list[Version], accepted: Collection[int], languages: list[str]
) -> Iterable[Version]:
    offers: dict[int, list[Version]] = {}
    for version in current:
        offers.setdefault(version.document, []).append(version)
    for offered in offers.values():
        if not any(version.id in accepted for version in offered):
            yield min(offered, key=lambda version: _rank(version.lang, languages))


def _rank(lang: str, languages: list[str]) -> int:
    return languages.index(lang) if lang in languages else len(languages)
