"""What work costs the customer: what every screen, page and mail tells of who pays.

Told by money alone, never by the name of a decision: work under a contract may be free,
paid from its hours, or charged like any other.
"""

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """What a piece of work costs.

    ``SURCHARGE`` is work that hours pay for, with a surcharge in money on top.
    ``UNCOVERED`` is work beyond hours that the contract does not let us charge.
    """

    FREE = "free"
    PACKAGE = "package"
    SURCHARGE = "surcharge"
    PARTLY = "partly"
    CHARGED = "charged"
    QUOTED = "quoted"
    UNCOVERED = "uncovered"
    NEEDS_QUOTE = "needs_quote"
    UNDECIDED = "undecided"
    UNPRICED = "unpriced"


class Level(StrEnum):
    """What is shown in one colour: no extra cost, some or not known yet, charged."""

    NOTHING = "nothing"
    SOME = "some"
    ALL = "all"


LEVELS = {
    State.FREE: Level.NOTHING,
    State.PACKAGE: Level.NOTHING,
    State.SURCHARGE: Level.SOME,
    State.PARTLY: Level.SOME,
    State.CHARGED: Level.ALL,
    State.QUOTED: Level.ALL,
    State.UNCOVERED: Level.ALL,
    State.NEEDS_QUOTE: Level.SOME,
    State.UNDECIDED: Level.SOME,
    State.UNPRICED: Level.SOME,
}


class Quote(StrEnum):
    """What an individual price means for the work."""

    NONE = "none"
    NEEDED = "needed"
    ACCEPTED = "accepted"


class Facts(NamedTuple):
    """What is known about a piece of work: done, on a form, or the next unit.

    ``on_hold`` says that nobody has decided yet who pays. ``packages`` and ``overage``
    are its billed minutes that packages pay for, and that nobody has paid for yet;
    ``surcharged`` says that money is due on hours of packages as well.
    ``bills_overage`` is the contract's policy, and ``priced`` that there is a price.
    """

    packages: int = 0
    overage: int = 0
    surcharged: bool = False
    on_hold: bool = False
    quote: Quote = Quote.NONE
    bills_overage: bool = True
    priced: bool = True


def state(facts: Facts) -> State:
    """What the work costs."""
    if facts.quote == Quote.ACCEPTED:
        return State.QUOTED
    if facts.quote == Quote.NEEDED:
        return State.NEEDS_QUOTE
    if facts.on_hold:
        return State.UNDECIDED
    if not facts.overage:
        if facts.packages:
            return State.SURCHARGE if facts.surcharged else State.PACKAGE
        return State.FREE
    if not facts.priced:
        return State.UNPRICED
    if facts.packages:
        return State.PARTLY
    return State.CHARGED if facts.bills_overage else State.UNCOVERED


class NextUnit(NamedTuple):
    """The next started unit of work: what packages pay of it, and what is beyond."""

    packages: int
    overage: int


def next_unit(unit: int, available: int | None) -> NextUnit:
    """Share the next ``unit`` between the ``available`` minutes and money.

    ``unit`` is what packages lose for it, ``available`` is None where no package may
    pay.
    """
    packages = min(unit, available or 0)
    return NextUnit(packages, unit - packages)
