"""Ready-made offers: what one says, and whether it fits together.

Each offer is a file of ``data/offers``. It names its services, kinds of work, clocks,
channels and categories by short keys; what they stand for in a database is found, or
made, when a company takes the offer.
"""

from collections.abc import Iterator
from typing import NamedTuple

HOUR, UNIT = "hour", "unit"
UNITS = {HOUR, UNIT}
WORKS = {"remote", "on_site", "travel", "diagnosis", "maintenance"}
CLOCKS = {"office", "office_saturday", "working_days", "always"}
CHANNELS = {"email", "phone", "web"}
# How a fee is invoiced: months of a period, and whether ahead of it.
MONTHLY, YEARLY = "monthly", "yearly"


def _lt(text: str) -> str:
    """Mark a text for translators; it is translated where it is shown."""
    return text


class Service(NamedTuple):
    """A product of an offer, and what one unit of it costs, net."""

    key: str
    name: str
    price: float
    unit: str = HOUR


class Work(NamedTuple):
    """How some kinds of work are rounded, in minutes, and charged.

    ``flat`` is the service that is charged for the first unit instead of its time.
    """

    kinds: tuple[str, ...]
    service: str
    first: int = 60
    step: int = 60
    scope: str = "ticket"
    flat: str | None = None
    uses_packages: bool = True


class Promise(NamedTuple):
    """An answer (reaction), or the end of the matter (resolution), within a time."""

    metric: str
    amount: int
    unit: str
    clock: str
    priority: str | None = None
    reported: str = "any"


class Topic(NamedTuple):
    """What the offer does with tickets of a category, and a word to the customer."""

    category: str
    treatment: str
    note: str = ""


class Fee(NamedTuple):
    """A fee of the contract: one unit of a service for each period of invoicing."""

    service: str
    quantity: float = 1


class Hours(NamedTuple):
    """Hours that the fee includes, in minutes for each so many months."""

    minutes: int
    months: int = 1


class Package(NamedTuple):
    """A package of hours that is sold beside the contract."""

    minutes: int
    months: int
    service: str


class ReadyOffer(NamedTuple):
    """All that a company needs to sell one way of serving its customers.

    Offers of the kinds ``warranty``, ``basic`` and ``ad_hoc`` serve customers without a
    contract, so they have no fee, hours or packages.
    """

    key: str
    name: str
    says: tuple[str, ...]
    services: tuple[Service, ...]
    works: tuple[Work, ...]
    kind: str = "contract"
    promises: tuple[Promise, ...] = ()
    topics: tuple[Topic, ...] = ()
    other_topics: str = "covered"
    channels: tuple[str, ...] = ()
    service_hours: str | None = None
    express: int = 0
    after_hours: int = 0
    free_unjustified: int = 0
    quote_first: bool = False
    priority: str | None = None
    months_of_support: int = 12
    offered_instead: str | None = None
    fees: tuple[Fee, ...] = ()
    invoiced: str = MONTHLY
    hours: Hours | None = None
    packages: tuple[Package, ...] = ()

    @property
    def by_contract(self) -> bool:
        """Whether customers have a contract for it."""
        return self.kind == "contract"


def problems(offer: ReadyOffer, offers: frozenset[str] = frozenset()) -> Iterator[str]:
    """What of an offer does not fit together: a word each.

    :param offers: keys of the offers that it may lead on to
    """
    units = {service.key: service.unit for service in offer.services}
    if len(units) != len(offer.services):
        yield "a service is there twice"
    by_hour = [work.service for work in offer.works]
    by_hour += [package.service for package in offer.packages]
    by_unit = [fee.service for fee in offer.fees]
    by_unit += [work.flat for work in offer.works if work.flat]
    for key in by_hour:
        if units.get(key) != HOUR:
            yield f"{key} is not a service by the hour"
    for key in by_unit:
        if units.get(key) != UNIT:
            yield f"{key} is not a service by the unit"
    kinds = [kind for work in offer.works for kind in work.kinds]
    yield from _unknown(kinds, WORKS)
    if len(set(kinds)) != len(kinds):
        yield "a kind of work has two rates"
    clocks = [promise.clock for promise in offer.promises]
    yield from _unknown([*clocks, offer.service_hours or "office"], CLOCKS)
    yield from _unknown(offer.channels, CHANNELS)
    yield from _unknown({service.unit for service in offer.services}, UNITS)
    yield from _unknown(filter(None, [offer.offered_instead]), offers)
    asks_hours = any(promise.reported != "any" for promise in offer.promises)
    if (offer.after_hours or asks_hours) and not offer.service_hours:
        yield "it has no service hours to go by"
    if not offer.by_contract and (offer.fees or offer.hours or offer.packages):
        yield "it has fees or hours, and no contract"


def _unknown(keys, known) -> Iterator[str]:
    return (f"{key} is not known" for key in keys if key not in known)
