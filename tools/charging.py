"""Charging: what is asked for work, and what it costs as quantities to put a price on.

Money itself is left to Odoo: prices, currencies, taxes and their rounding.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from .rating import Part


class Charge(StrEnum):
    """What is asked for a work entry: hours of packages and money, money alone, hours
    of packages alone, nothing, or nothing yet."""

    FULL = "full"
    MONEY = "money"
    PACKAGES = "packages"
    FREE = "free"
    HOLD = "hold"

    @property
    def waits(self) -> bool:
        """Whether it is not settled before somebody decides."""
        return self == Charge.HOLD

    @property
    def uses_packages(self) -> bool:
        """Whether hours of packages pay for it."""
        return self in {Charge.FULL, Charge.PACKAGES}

    @property
    def costs_money(self) -> bool:
        """Whether what packages do not pay costs money."""
        return self in {Charge.FULL, Charge.MONEY}

    @property
    def apart(self) -> bool:
        """Whether its minutes are added up apart from those that are charged: they
        must not use up a unit that is."""
        return self in {Charge.FREE, Charge.HOLD}


class Share(NamedTuple):
    """Where the billed minutes of one part of an entry go: the last three add up to
    ``billed``. ``burned`` is what packages lose for what they pay."""

    billed: int
    burned: int
    packages: int
    overage: int
    free: int

    @classmethod
    def sum(cls, shares: Iterable["Share"]) -> "Share":
        """The shares of several parts together; of none, nothing."""
        return cls(*map(sum, zip(cls(0, 0, 0, 0, 0), *shares, strict=True)))


class Unit(StrEnum):
    """What a quantity counts: minutes of an hour's price, or flat fees."""

    MINUTE = "minute"
    FLAT = "flat"


class Item(NamedTuple):
    """A quantity at ``percent`` of the price of its unit.

    ``express`` and ``after_hours`` say that it is the surcharge of that name.
    """

    unit: Unit
    quantity: int
    percent: int = 100
    express: bool = False
    after_hours: bool = False


def charges(
    parts: Sequence[Part],
    shares: Sequence[Share],
    *,
    flat_minutes: int = 0,
    burns: bool = False,
) -> list[Item]:
    """What a work entry costs beside the hours that packages pay.

    ``flat_minutes`` are the first unit of the entry where a flat fee stands for it, and
    0 otherwise. The fee is due where nobody else pays any minute of the entry; once a
    package pays for a part of the unit, the rest of it costs what its minutes cost.

    Surcharges are due on the hours of packages too, unless the surcharge ``burns``
    these hours faster instead.
    """
    billed = sum(share.billed for share in shares)
    paid = sum(share.packages + share.free for share in shares)
    flat = flat_minutes if billed and not paid else 0
    items = []
    if flat:
        items.append(Item(Unit.FLAT, 1))
    overage = sum(share.overage for share in shares) - flat
    if overage:
        items.append(Item(Unit.MINUTE, overage))
    for number, (part, share) in enumerate(zip(parts, shares, strict=True)):
        opening = flat if number == 0 else 0
        minutes = share.overage - opening + (0 if burns else share.packages)
        for name in ("express", "after_hours"):
            percent = getattr(part, name)
            if percent and opening:
                items.append(Item(Unit.FLAT, 1, percent, **{name: True}))
            if percent and minutes:
                items.append(Item(Unit.MINUTE, minutes, percent, **{name: True}))
    return items
