"""Rules: what a tier and its rates say about the time of a work entry."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from .allocation import PERCENT
from .charging import Charge
from .rating import Part, Rounding


class Place(NamedTuple):
    """Where a work entry stands: what its minutes may be added up with."""

    contract_id: int
    ticket_id: int
    day: date
    charge: Charge
    block_id: int | None = None
    entry_id: int | None = None


class Group(NamedTuple):
    """What is added up before it is rounded: work of one contract under one rate.

    ``within_id`` is the ticket, block or entry that the scope names. ``apart`` names
    the charge of work whose totals stand apart from those that are charged.
    """

    contract_id: int
    rate_id: int
    scope: str
    within_id: int | None
    day: str = ""
    apart: str = ""


class RateRules(NamedTuple):
    """How one kind of work is rounded and paid for.

    ``scope`` names what minutes are added up over. ``flat`` says that the first unit
    costs a fee, ``package_factor`` what packages lose for 100 billed minutes.
    """

    id: int
    rounding: Rounding
    scope: str
    uses_packages: bool
    package_factor: int
    flat: bool

    def group(self, place: Place) -> Group:
        """The rounded total an entry belongs to; see ``tools.rating.Work``."""
        match self.scope:
            case "ticket" | "ticket_day":
                within_id = place.ticket_id
            case "block":
                within_id = place.block_id
            case "entry":
                within_id = place.entry_id
        return Group(
            place.contract_id,
            self.id,
            self.scope,
            within_id,
            day=str(place.day) if self.scope == "ticket_day" else "",
            apart=place.charge.value if place.charge.apart else "",
        )


# Free work of a kind that no tier has a rate for: it counts to the minute.
UNPRICED = RateRules(0, Rounding(1, 1), "entry", False, PERCENT, False)


class TierRules(NamedTuple):
    """The surcharges of a tier in percent, and its rates by the id of the work type.

    ``burns`` says that surcharged hours take more from packages instead of money.
    """

    express: int
    after_hours: int
    burns: bool
    rates: Mapping[int, RateRules]

    def part(
        self, rate: RateRules, minutes: int, *, express: bool, in_service: bool
    ) -> Part:
        """Minutes of work with the surcharges that are due on them."""
        for_express = self.express if express else 0
        for_hours = 0 if in_service else self.after_hours
        faster = for_express + for_hours if self.burns else 0
        factor = rate.package_factor * (PERCENT + faster) // PERCENT
        return Part(minutes, for_express, for_hours, factor)
