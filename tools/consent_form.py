"""What a person ticked on the page of an invitation, and what is in the way."""

from enum import StrEnum
from typing import NamedTuple

from .consent import Missing, Statement


class Problem(StrEnum):
    """Why a field of the form cannot be taken as it is."""

    UNTICKED = "unticked"
    NOT_SHOWN = "not_shown"


class Form(NamedTuple):
    """The form as it was sent: ids of versions it showed, and names of its ticks."""

    shown: frozenset[int] = frozenset()
    ticks: frozenset[str] = frozenset()
    recording: bool = False


def version_field(version: int) -> str:
    return f"version_{version}"


def statement_field(statement: Statement) -> str:
    return f"statement_{statement}"


def asked(missing: Missing) -> tuple[Statement, ...]:
    """Statements to ask for: all of them, as they count together, once."""
    return tuple(Statement) if missing.statements else ()


def problems(missing: Missing, form: Form) -> dict[str, Problem]:
    """What keeps the form from being accepted, by the name of the field.

    A version counts only if the form has shown it: another one may have come into
    force while the page was read.
    """
    found = {}
    for version in missing.versions:
        name = version_field(version.id)
        if version.id not in form.shown:
            found[name] = Problem.NOT_SHOWN
        elif name not in form.ticks:
            found[name] = Problem.UNTICKED
    for statement in asked(missing):
        if statement_field(statement) not in form.ticks:
            found[statement_field(statement)] = Problem.UNTICKED
    return found
