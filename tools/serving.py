"""Serving: which of a customer's contracts serves a ticket, and why.

Every contract in force says what it has to do with the ticket. The one that fits best
serves it. Where several fit equally nothing is guessed: a person has to choose.
"""

from collections.abc import Collection
from enum import IntEnum
from typing import NamedTuple

from .coverage import SERVED, Condition, Treatment


class Grade(IntEnum):
    """How well a contract fits a ticket.

    ``PARTLY`` is one that would ask for a quote, or covers no visits to the site.
    ``UNSURE`` is one that depends on what the ticket does not say.
    """

    NO = 0
    PARTLY = 1
    UNSURE = 2
    YES = 3


class Terms(NamedTuple):
    """What a contract in force says to a ticket.

    ``lists_item`` and ``covers_place`` are None where the ticket names no item or no
    site. ``only_listed`` is whether other items are not covered, ``names_places``
    whether sites are restricted. ``treatment`` is that of the category, or None where
    the ticket has none and the contract serves certain ones only; ``names_category``
    is whether the scope names it, ``takes_category`` whether people made it a rule.
    Of contracts that fit equally, that of the lowest ``order`` goes first.
    """

    contract_id: int
    lists_item: bool | None = None
    only_listed: bool = False
    covers_place: bool | None = None
    names_places: bool = False
    treatment: Treatment | None = Treatment.COVERED
    names_category: bool = False
    takes_category: bool = False
    order: int = 0


class Fit(NamedTuple):
    """Whether a contract fits, None where the ticket does not say, and why."""

    contract_id: int
    met: bool | None
    conditions: tuple[Condition, ...]


class Serving(NamedTuple):
    """What the contracts of a customer come to for one ticket.

    ``best`` are the contracts that fit best: one serves the ticket, of several a person
    chooses one. ``fits`` tells about each where there are several.
    """

    best: tuple[int, ...] = ()
    fits: tuple[Fit, ...] = ()

    @property
    def contract_id(self) -> int | None:
        """The contract that serves the ticket, if it is clear which one."""
        return self.best[0] if len(self.best) == 1 else None

    @property
    def to_choose(self) -> bool:
        """Whether a person has to choose."""
        return len(self.best) > 1


def serve(contracts: Collection[Terms]) -> Serving:
    """Which contract serves a ticket.

    The only contract of a customer serves every ticket: whether it pays is another
    question. Of several, those that surely fit come first, then those that may, then
    those that fit in part. Among them the listed item counts most, then the site, a
    rule for the category, the category in the scope, and the order of the contracts.
    """
    if len(contracts) < 2:  # noqa: PLR2004
        return Serving(tuple(terms.contract_id for terms in contracts))
    seen = {terms: _conditions(terms) for terms in contracts}
    grades = {terms: _grade(seen[terms]) for terms in contracts}
    able = [terms for terms in contracts if grades[terms] > Grade.NO]
    highest = max(grades.values())

    def closeness(terms: Terms) -> tuple[int, ...]:
        return (
            grades[terms],
            terms.lists_item is True,
            terms.names_places and terms.covers_place is True,
            terms.takes_category,
            terms.names_category,
            -terms.order,
        )

    closest = max(map(closeness, able), default=None)
    return Serving(
        tuple(terms.contract_id for terms in able if closeness(terms) == closest),
        tuple(
            Fit(terms.contract_id, _met(grades[terms], highest), tuple(seen[terms]))
            for terms in contracts
        ),
    )


def _met(grade: Grade, highest: Grade) -> bool | None:
    """What may fit does not, as soon as another contract surely does."""
    if grade == Grade.UNSURE and highest != Grade.YES:
        return None
    return grade == Grade.YES


def _grade(conditions: list[Condition]) -> Grade:
    failed = {condition.name for condition in conditions if condition.met is False}
    quoted = Condition("contract_scope", False, Treatment.QUOTE) in conditions
    if failed - {"contract_place"} and not (quoted and "contract_item" not in failed):
        return Grade.NO
    if failed:
        return Grade.PARTLY
    unsure = any(condition.met is None for condition in conditions)
    return Grade.UNSURE if unsure else Grade.YES


def _conditions(terms: Terms) -> list[Condition]:
    """What was looked at; nothing is said of what the contract does not restrict."""
    found = []
    if terms.lists_item or terms.only_listed:
        found.append(Condition("contract_item", terms.lists_item))
    if terms.names_places:
        found.append(Condition("contract_place", terms.covers_place))
    if terms.takes_category:
        found.append(Condition("contract_category", True))
    if terms.treatment is None:
        found.append(Condition("contract_scope", None))
    elif terms.names_category or terms.treatment not in SERVED:
        met = terms.treatment in SERVED
        found.append(Condition("contract_scope", met, terms.treatment))
    return found
