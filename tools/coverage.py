"""Coverage: who pays for a ticket, and why.

The rules are asked one after the other and the first that applies decides; the last
one always does. What each of them found is kept, met or not, so that a person can read
why a ticket is free, covered or charged.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from .coverage_effects import EFFECTS, RULES, Code, Effect
from .periods import window


class Treatment(StrEnum):
    """What a tier does with tickets of a category."""

    COVERED = "covered"
    FREE = "free"
    QUOTE = "quote"
    NOT_COVERED = "not_covered"


SERVED = {Treatment.COVERED, Treatment.FREE}


class Verdict(StrEnum):
    """Whether the customer was right: a complaint justified, a report needed."""

    PENDING = "pending"
    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


class Offer(NamedTuple):
    """What one tier says to this ticket.

    ``takes_channel`` is whether it may be reported this way, ``free_unjustified`` how
    many unjustified reports of a calendar month are free.
    """

    tier_id: int
    treatment: Treatment
    takes_channel: bool = True
    free_unjustified: int = 0


class TicketFacts(NamedTuple):
    """What is known about a ticket on the day it was reported.

    ``complaint`` and ``unjustified`` are verdicts, or None where nobody asks for one.
    ``unjustified_number`` counts the unjustified reports of the month up to this one.
    ``warranty_until`` and ``entitled_until`` are last days. An offer is None where the
    company has no such tier, ``contract`` also where none is in force.
    ``covers_item`` is whether the contract serves the item of the ticket.
    ``contract_open`` says that several contracts fit, and nobody has chosen one.
    ``quote_required`` is what the price list says of every job, ``quote_first`` what
    was agreed on for this one: no tier but the warranty pays for it.
    """

    reported: date
    complaint: Verdict | None = None
    unjustified: Verdict | None = None
    unjustified_number: int = 1
    warranty_until: date | None = None
    warranty: Offer | None = None
    contract: Offer | None = None
    covers_item: bool = True
    entitled_until: date | None = None
    basic: Offer | None = None
    ad_hoc: Offer | None = None
    quote_required: bool = False
    quote_accepted: bool = False
    quote_first: bool = False
    contract_open: bool = False


Ruling: TypeAlias = tuple[Code, Offer | None]

COMPLAINTS = {
    Verdict.PENDING: Code.COMPLAINT_PENDING,
    Verdict.JUSTIFIED: Code.COMPLAINT_JUSTIFIED,
    Verdict.UNJUSTIFIED: Code.COMPLAINT_UNJUSTIFIED,
}


class Condition(NamedTuple):
    """One thing that was looked at: its name, whether it is met, and the fact.

    ``met`` is None for something that is only told.
    """

    name: str
    met: bool | None
    fact: str | int | None = None


class Decision(NamedTuple):
    """Who pays, by which rule, under which tier, and what was looked at on the way."""

    code: Code
    tier_id: int | None
    conditions: tuple[Condition, ...]

    @property
    def rule(self) -> str:
        """The rule that decided, by the order in which they are asked."""
        return RULES[self.code]

    @property
    def effect(self) -> Effect:
        """What this means for the work on the ticket."""
        return EFFECTS[self.code]


def entitled_until(months: int, dates: Iterable[date | None], on: date) -> date | None:
    """Last day of basic support as it stood on a day: so many months from the last
    purchase or upgrade until then. Later ones entitle to nothing before them."""
    newest = max((day for day in dates if day and day <= on), default=None)
    return window(newest, months).last if newest and months else None


def decide(facts: TicketFacts) -> Decision:
    """Who pays for a ticket with these facts.

    Total: whatever the facts, exactly one rule decides. A verdict comes first, then
    what was agreed on for this job alone, warranty, the contract, basic support, and
    at last the price list.
    """
    seen: list[Condition] = []
    code, offer = _complaint(facts, seen) or _regular(facts, seen)
    return Decision(code, offer.tier_id if offer else None, tuple(seen))


def _complaint(facts: TicketFacts, seen: list[Condition]) -> Ruling | None:
    if facts.complaint is None:
        return None
    justified = facts.complaint == Verdict.JUSTIFIED
    met = None if facts.complaint == Verdict.PENDING else justified
    seen.append(Condition("complaint", met, facts.complaint))
    if facts.complaint == Verdict.UNJUSTIFIED and facts.quote_accepted:
        return _by_quote(facts, seen)
    return COMPLAINTS[facts.complaint], facts.ad_hoc


def _regular(facts: TicketFacts, seen: list[Condition]) -> Ruling:
    if facts.quote_accepted:
        return _by_quote(facts, seen)
    serving = list(_serving(facts, seen))
    if facts.unjustified in {Verdict.PENDING, Verdict.UNJUSTIFIED}:
        return _unjustified(facts, seen, serving)
    if facts.quote_first and Code.WARRANTY not in dict(serving):
        seen.append(Condition("quote", False))
        return Code.QUOTE, facts.ad_hoc
    return serving[0] if serving else _ad_hoc(facts, seen)


def _by_quote(facts: TicketFacts, seen: list[Condition]) -> Ruling:
    seen.append(Condition("quote", True))
    return Code.QUOTE_ACCEPTED, facts.ad_hoc


def _serving(facts: TicketFacts, seen: list[Condition]) -> Iterator[Ruling]:
    """Tiers that serve the ticket, in the order in which they pay for it."""
    if _covered_by_warranty(facts, seen):
        yield Code.WARRANTY, facts.warranty
    if _covered_by_contract(facts, seen):
        free = facts.contract.treatment == Treatment.FREE
        yield (Code.CONTRACT_FREE if free else Code.CONTRACT), facts.contract
    if facts.contract_open:
        yield Code.CONTRACT_OPEN, None
    if _covered_by_basic_support(facts, seen):
        yield Code.BASIC, facts.basic


def _covered_by_warranty(facts: TicketFacts, seen: list[Condition]) -> bool:
    until = facts.warranty_until
    if until is None:
        return False
    lasts = facts.reported <= until
    seen.append(Condition("warranty", lasts, str(until)))
    # A warranty is owed also where nobody has described its tier.
    if not lasts or facts.warranty is None:
        return lasts
    return _in_scope("warranty_scope", facts.warranty, seen)


def _covered_by_contract(facts: TicketFacts, seen: list[Condition]) -> bool:
    if facts.contract_open:
        seen.append(Condition("contract_open", None))
        return False
    seen.append(Condition("contract", facts.contract is not None))
    if facts.contract is None:
        return False
    if not facts.covers_item:
        seen.append(Condition("contract_item", False))
    in_scope = _in_scope("contract_scope", facts.contract, seen)
    return facts.covers_item and in_scope


def _covered_by_basic_support(facts: TicketFacts, seen: list[Condition]) -> bool:
    until = facts.entitled_until
    if until is None or facts.basic is None:
        return False
    lasts = facts.reported <= until
    seen.append(Condition("basic", lasts, str(until)))
    if not lasts:
        return False
    in_scope = _in_scope("basic_scope", facts.basic, seen)
    seen.append(Condition("basic_channel", facts.basic.takes_channel))
    return in_scope and facts.basic.takes_channel


def _in_scope(name: str, offer: Offer, seen: list[Condition]) -> bool:
    seen.append(Condition(name, offer.treatment in SERVED, offer.treatment))
    return offer.treatment in SERVED


def _unjustified(
    facts: TicketFacts, seen: list[Condition], serving: list[Ruling]
) -> Ruling:
    """A report nobody needed: free so many times a month under a tier that serves it.

    Beyond that its contract charges it, or else the price list. What is free whatever
    the report stays so.
    """
    codes = dict(serving)
    if Code.CONTRACT_OPEN in codes:
        return Code.CONTRACT_OPEN, None
    if Code.CONTRACT_FREE in codes:
        return Code.CONTRACT_FREE, facts.contract
    offers = [codes.get(Code.CONTRACT), *codes.values(), facts.ad_hoc]
    offer = max(filter(None, offers), key=_free_unjustified, default=None)
    free = offer.free_unjustified if offer else 0
    within = facts.unjustified_number <= free
    seen.append(Condition("unjustified", within, f"{facts.unjustified_number}/{free}"))
    if within:
        return Code.UNJUSTIFIED_FREE, offer
    if facts.unjustified == Verdict.PENDING:
        seen.append(Condition("objection", None))
        return Code.UNJUSTIFIED_PENDING, offer
    if Code.CONTRACT in codes:
        return Code.UNJUSTIFIED_CHARGED, facts.contract
    return _ad_hoc(facts, seen)


def _free_unjustified(offer: Offer) -> int:
    return offer.free_unjustified


def _ad_hoc(facts: TicketFacts, seen: list[Condition]) -> Ruling:
    """The price list, unless a tier in force or the list itself asks for a quote.

    What the price list does not cover has no price there, so it is quoted as well.
    """
    own = facts.ad_hoc.treatment if facts.ad_hoc else Treatment.COVERED
    sent_to_quote = _sent_to_quote(facts)
    if own == Treatment.FREE and not sent_to_quote:
        seen.append(Condition("ad_hoc_free", True))
        return Code.AD_HOC_FREE, facts.ad_hoc
    if sent_to_quote or facts.quote_required or own not in SERVED:
        seen.append(Condition("quote", False))
        return Code.QUOTE, facts.ad_hoc
    return Code.AD_HOC, facts.ad_hoc


def _sent_to_quote(facts: TicketFacts) -> bool:
    """Whether a tier that is in force for this ticket says to quote it."""
    under_warranty = facts.warranty_until and facts.reported <= facts.warranty_until
    entitled = facts.entitled_until and facts.reported <= facts.entitled_until
    supported = entitled and facts.basic and facts.basic.takes_channel
    in_force = [
        facts.warranty if under_warranty else None,
        facts.contract if facts.covers_item else None,
        facts.basic if supported else None,
    ]
    return any(offer and offer.treatment == Treatment.QUOTE for offer in in_force)
