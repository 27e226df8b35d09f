"""Charging: what is asked for work, and what it costs as quantities to put a price on.

Money itself is left to Odoo: prices, currencies, taxes and their rounding.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction
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

    ``express`` and ``after_hours`` say that it is the surcharge of that name, and
    ``portion`` how much of a flat fee is surcharged.
    """

    unit: Unit
    quantity: int
    percent: int = 100
    express: bool = False
    after_hours: bool = False
    portion: Fraction = Fraction(1)


def charges(
    parts: Sequence[Part],
    shares: Sequence[Share],
    *,
    flat_minutes: Sequence[int] = (),
    burns: bool = False,
) -> list[Item]:
    """What a work entry costs beside the hours that packages pay.

    ``flat_minutes`` are what each part has of the first unit, where a flat fee stands
    for it, and none otherwise. The fee is due where nobody else pays any minute of the
    entry; once a package pays for a part of the unit, the rest of it costs what its
    minutes cost.

    Surcharges are due on the hours of packages too, unless the surcharge ``burns``
    these hours faster instead.
    """
    total = Share.sum(shares)
    flat = flat_minutes if total.billed and not (total.packages + total.free) else ()
    items = []
    if flat:
        items.append(Item(Unit.FLAT, 1))
    if overage := total.overage - sum(flat):
        items.append(Item(Unit.MINUTE, overage))
    opening: Counter[tuple[str, int]] = Counter()
    minutes: Counter[tuple[str, int]] = Counter()
    for number, (part, share) in enumerate(zip(parts, shares, strict=True)):
        of_flat = flat[number] if flat else 0
        for name in ("express", "after_hours"):
            if percent := getattr(part, name):
                opening[name, percent] += of_flat
                minutes[name, percent] += share.overage - of_flat
                minutes[name, percent] += 0 if burns else share.packages
    for surcharge in minutes:
        name, percent = surcharge
        if of_flat := opening[surcharge]:
            portion = Fraction(of_flat, sum(flat))
            items.append(Item(Unit.FLAT, 1, percent, **{name: True}, portion=portion))
        if quantity := minutes[surcharge]:
            items.append(Item(Unit.MINUTE, quantity, percent, **{name: True}))
    return items
