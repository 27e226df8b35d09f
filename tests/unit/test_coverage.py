from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.coverage import (
    Condition,
    Offer,
    TicketFacts,
    Treatment,
    Verdict,
    decide,
    entitled_until,
)
from tools.coverage_effects import EFFECTS, RULES, Basis, Code

COVERED, FREE, QUOTE, NOT_COVERED = Treatment
PENDING, JUSTIFIED, UNJUSTIFIED = Verdict

TODAY = date(2026, 11, 30)
ONE_DAY = timedelta(days=1)
YESTERDAY, TOMORROW = TODAY - ONE_DAY, TODAY + ONE_DAY

# Every tier has a number of free unjustified reports of its own, to tell them apart.
BASIC, AD_HOC, CONTRACT, WARRANTY = range(4)


def offer(tier, treatment, *, takes_channel=True, free=None):
    free = tier if free is None else free
    return Offer(tier, treatment, takes_channel, free_unjustified=free)


def ticket(**known):
    """A ticket of today: nothing is known but that there is a price list."""
    return TicketFacts(**{"reported": TODAY, "ad_hoc": offer(AD_HOC, COVERED)} | known)


def under_warranty(treatment=COVERED, until=TODAY, **known):
    tier = offer(WARRANTY, treatment)
    return ticket(warranty_until=until, warranty=tier, **known)


def under_contract(treatment=COVERED, **known):
    return ticket(contract=offer(CONTRACT, treatment), **known)


def several(**known):
    """Several contracts fit, and nobody has chosen one."""
    return ticket(contract_open=True, **known)


def with_licence(treatment=COVERED, until=TODAY, *, takes_channel=True, **known):
    tier = offer(BASIC, treatment, takes_channel=takes_channel)
    return ticket(entitled_until=until, basic=tier, **known)


def priced(treatment, **known):
    return ticket(ad_hoc=offer(AD_HOC, treatment), **known)


CONTRACT_TOO = {"contract": offer(CONTRACT, COVERED)}
LICENCE_TOO = {"entitled_until": TODAY, "basic": offer(BASIC, COVERED)}
NO_PRICE_LIST = {"ad_hoc": None}
# Beyond what any tier grants.
BEYOND = {"unjustified": UNJUSTIFIED, "unjustified_number": 9}
SIGNED = {"quote_accepted": True}

CASES = [
    # Complaints
    ("no verdict yet", ticket(complaint=PENDING), "complaint_pending", AD_HOC),
    ("caused by us", ticket(complaint=JUSTIFIED), "complaint_justified", AD_HOC),
    ("not by us", ticket(complaint=UNJUSTIFIED), "complaint_unjustified", AD_HOC),
    (
        "a complaint of a customer with a contract",
        under_contract(complaint=UNJUSTIFIED),
        "complaint_unjustified",
        AD_HOC,
    ),
    (
        "a complaint about a device under warranty",
        under_warranty(complaint=PENDING),
        "complaint_pending",
        AD_HOC,
    ),
    (
        "a complaint, where reports would be free",
        under_contract(complaint=UNJUSTIFIED, unjustified=UNJUSTIFIED),
        "complaint_unjustified",
        AD_HOC,
    ),
    (
        "a complaint without a price list",
        ticket(complaint=UNJUSTIFIED, **NO_PRICE_LIST),
        "complaint_unjustified",
        None,
    ),
    (
        "a complaint not by us, but its quote was accepted",
        ticket(complaint=UNJUSTIFIED, **SIGNED),
        "quote_accepted",
        AD_HOC,
    ),
    (
        "a complaint without a price list, but its quote was accepted",
        under_contract(complaint=UNJUSTIFIED, **SIGNED, **NO_PRICE_LIST),
        "quote_accepted",
        None,
    ),
    (
        "an accepted quote, but no verdict on the complaint yet",
        under_contract(complaint=PENDING, **SIGNED),
        "complaint_pending",
        AD_HOC,
    ),
    (
        "an accepted quote for what was caused by us",
        under_contract(complaint=JUSTIFIED, **SIGNED),
        "complaint_justified",
        AD_HOC,
    ),
    # Several contracts fit
    ("which contract pays is open", several(), "contract_open", None),
    ("a licence does not help it", several(**LICENCE_TOO), "contract_open", None),
    (
        "which contract counts the report is open",
        several(unjustified=UNJUSTIFIED),
        "contract_open",
        None,
    ),
    (
        "a warranty leaves nothing open",
        under_warranty(contract_open=True),
        "warranty",
        WARRANTY,
    ),
    # What was agreed on for this job alone
    (
        "an accepted quote beats the contract",
        under_contract(**SIGNED),
        "quote_accepted",
        AD_HOC,
    ),
    (
        "an accepted quote beats a free category",
        under_contract(FREE, **SIGNED),
        "quote_accepted",
        AD_HOC,
    ),
    (
        "an accepted quote beats the warranty",
        under_warranty(**SIGNED),
        "quote_accepted",
        AD_HOC,
    ),
    (
        "an accepted quote beats a warranty without a tier",
        ticket(warranty_until=TODAY, **SIGNED),
        "quote_accepted",
        AD_HOC,
    ),
    (
        "an accepted quote beats basic support",
        with_licence(**SIGNED),
        "quote_accepted",
        AD_HOC,
    ),
    (
        "an accepted quote beats a free price list",
        priced(FREE, **SIGNED),
        "quote_accepted",
        AD_HOC,
    ),
    (
        "an accepted quote beats an unjustified report, within",
        under_contract(unjustified=UNJUSTIFIED, **SIGNED),
        "quote_accepted",
        AD_HOC,
    ),
    (
        "an accepted quote beats an unjustified report, beyond",
        under_contract(**BEYOND, **SIGNED),
        "quote_accepted",
        AD_HOC,
    ),
    (
        "an accepted quote beats an open objection",
        under_contract(unjustified=PENDING, unjustified_number=9, **SIGNED),
        "quote_accepted",
        AD_HOC,
    ),
    (
        "an accepted quote nobody asked for",
        ticket(**SIGNED),
        "quote_accepted",
        AD_HOC,
    ),
    (
        "an accepted quote without a price list",
        ticket(**SIGNED, **NO_PRICE_LIST),
        "quote_accepted",
        None,
    ),
    # Warranty
    ("last day of warranty", under_warranty(), "warranty", WARRANTY),
    ("warranty ended", under_warranty(until=YESTERDAY), "ad_hoc", AD_HOC),
    ("free under warranty", under_warranty(FREE), "warranty", WARRANTY),
    ("quoted under warranty", under_warranty(QUOTE), "quote", AD_HOC),
    (
        "quoted when the warranty has ended",
        under_warranty(QUOTE, until=YESTERDAY),
        "ad_hoc",
        AD_HOC,
    ),
    ("not under warranty", under_warranty(NOT_COVERED), "ad_hoc", AD_HOC),
    (
        "reported by phone under warranty",
        ticket(
            warranty_until=TODAY,
            warranty=offer(WARRANTY, COVERED, takes_channel=False),
        ),
        "warranty",
        WARRANTY,
    ),
    (
        "both warranty and contract",
        under_warranty(**CONTRACT_TOO),
        "warranty",
        WARRANTY,
    ),
    (
        "the contract when the warranty has ended",
        under_warranty(until=YESTERDAY, **CONTRACT_TOO),
        "contract",
        CONTRACT,
    ),
    (
        "the contract for what the warranty leaves out",
        under_warranty(NOT_COVERED, **CONTRACT_TOO),
        "contract",
        CONTRACT,
    ),
    (
        "the contract for what the warranty would quote",
        under_warranty(QUOTE, **CONTRACT_TOO),
        "contract",
        CONTRACT,
    ),
    (
        "warranty of an item the contract leaves out",
        under_warranty(covers_item=False, **CONTRACT_TOO),
        "warranty",
        WARRANTY,
    ),
    ("both warranty and licence", under_warranty(**LICENCE_TOO), "warranty", WARRANTY),
    ("a warranty without a tier", ticket(warranty_until=TODAY), "warranty", None),
    (
        "a warranty without a tier has ended",
        ticket(warranty_until=YESTERDAY),
        "ad_hoc",
        AD_HOC,
    ),
    (
        "a warranty without a tier comes before the contract",
        under_contract(warranty_until=TODAY),
        "warranty",
        None,
    ),
    (
        "a warranty without a tier, where jobs are quoted",
        ticket(warranty_until=TODAY, quote_required=True),
        "warranty",
        None,
    ),
    ("a tier, but no warranty", under_warranty(until=None), "ad_hoc", AD_HOC),
    # Contract
    ("covered by the contract", under_contract(), "contract", CONTRACT),
    ("free under the contract", under_contract(FREE), "contract_free", CONTRACT),
    ("quoted under the contract", under_contract(QUOTE), "quote", AD_HOC),
    (
        "an accepted quote beside the contract",
        under_contract(QUOTE, quote_accepted=True),
        "quote_accepted",
        AD_HOC,
    ),
    ("not in the contract", under_contract(NOT_COVERED), "ad_hoc", AD_HOC),
    ("other item", under_contract(covers_item=False), "ad_hoc", AD_HOC),
    ("other item, free", under_contract(FREE, covers_item=False), "ad_hoc", AD_HOC),
    (
        "a channel the contract does not name",
        ticket(contract=offer(CONTRACT, COVERED, takes_channel=False)),
        "contract",
        CONTRACT,
    ),
    (
        "a contract without a price list",
        under_contract(**NO_PRICE_LIST),
        "contract",
        CONTRACT,
    ),
    (
        "a contract covers what the price list only quotes",
        under_contract(quote_required=True),
        "contract",
        CONTRACT,
    ),
    (
        "the quote of a contract that does not serve the item is not asked",
        under_contract(QUOTE, covers_item=False),
        "ad_hoc",
        AD_HOC,
    ),
    (
        "a contract that does not serve the item leaves a free price list free",
        under_contract(QUOTE, covers_item=False, ad_hoc=offer(AD_HOC, FREE)),
        "ad_hoc_free",
        AD_HOC,
    ),
    # Basic support
    ("last day of the licence", with_licence(), "basic", BASIC),
    ("licence ended", with_licence(until=YESTERDAY), "ad_hoc", AD_HOC),
    ("free in basic support", with_licence(FREE), "basic", BASIC),
    ("quoted in basic support", with_licence(QUOTE), "quote", AD_HOC),
    (
        "quoted when the licence has ended",
        with_licence(QUOTE, until=YESTERDAY),
        "ad_hoc",
        AD_HOC,
    ),
    ("not in basic support", with_licence(NOT_COVERED), "ad_hoc", AD_HOC),
    (
        "not in basic support, where jobs are quoted",
        with_licence(NOT_COVERED, quote_required=True),
        "quote",
        AD_HOC,
    ),
    ("other channel", with_licence(takes_channel=False), "ad_hoc", AD_HOC),
    ("a licence, but no such tier", ticket(entitled_until=TODAY), "ad_hoc", AD_HOC),
    ("a tier, but no licence", with_licence(until=None), "ad_hoc", AD_HOC),
    (
        "the quote of basic support on another channel is not asked",
        with_licence(QUOTE, takes_channel=False),
        "ad_hoc",
        AD_HOC,
    ),
    (
        "basic support on another channel leaves a free price list free",
        with_licence(QUOTE, takes_channel=False, ad_hoc=offer(AD_HOC, FREE)),
        "ad_hoc_free",
        AD_HOC,
    ),
    (
        "basic support for what the contract leaves out",
        under_contract(NOT_COVERED, **LICENCE_TOO),
        "basic",
        BASIC,
    ),
    (
        "the contract for what basic support leaves out",
        with_licence(NOT_COVERED, **CONTRACT_TOO),
        "contract",
        CONTRACT,
    ),
    (
        "both contract and licence",
        under_contract(**LICENCE_TOO),
        "contract",
        CONTRACT,
    ),
    # Price list
    ("nothing but a price list", ticket(), "ad_hoc", AD_HOC),
    ("not even a price list", ticket(**NO_PRICE_LIST), "ad_hoc", None),
    ("free by the price list", priced(FREE), "ad_hoc_free", AD_HOC),
    ("quoted by the price list", priced(QUOTE), "quote", AD_HOC),
    ("not in the price list", priced(NOT_COVERED), "quote", AD_HOC),
    ("every job is quoted", ticket(quote_required=True), "quote", AD_HOC),
    (
        "every job is quoted, this one was accepted",
        ticket(quote_required=True, quote_accepted=True),
        "quote_accepted",
        AD_HOC,
    ),
    (
        "an accepted quote for what has no price",
        priced(NOT_COVERED, quote_accepted=True),
        "quote_accepted",
        AD_HOC,
    ),
    (
        "free jobs need no quote",
        priced(FREE, quote_required=True),
        "ad_hoc_free",
        AD_HOC,
    ),
    *(
        (
            f"a quote comes before a free price list, {name}",
            facts._replace(ad_hoc=offer(AD_HOC, FREE)),
            "quote",
            AD_HOC,
        )
        for name, facts in (
            ("under warranty", under_warranty(QUOTE)),
            ("under contract", under_contract(QUOTE)),
            ("in basic support", with_licence(QUOTE)),
        )
    ),
    (
        "a warranty that has ended leaves a free price list free",
        under_warranty(QUOTE, until=YESTERDAY, ad_hoc=offer(AD_HOC, FREE)),
        "ad_hoc_free",
        AD_HOC,
    ),
    (
        "a licence that has ended leaves a free price list free",
        with_licence(QUOTE, until=YESTERDAY, ad_hoc=offer(AD_HOC, FREE)),
        "ad_hoc_free",
        AD_HOC,
    ),
    (
        "every job is quoted, without a price list",
        ticket(quote_required=True, **NO_PRICE_LIST),
        "quote",
        None,
    ),
    # Unjustified reports: two are free under the contract
    *(
        (
            f"unjustified report {number} under the contract",
            under_contract(unjustified=UNJUSTIFIED, unjustified_number=number),
            f"unjustified_{outcome}",
            CONTRACT,
        )
        for number, outcome in ((1, "free"), (2, "free"), (3, "charged"))
    ),
    (
        "an objection within the free ones",
        under_contract(unjustified=PENDING, unjustified_number=2),
        "unjustified_free",
        CONTRACT,
    ),
    (
        "an objection beyond the free ones",
        under_contract(unjustified=PENDING, unjustified_number=3),
        "unjustified_pending",
        CONTRACT,
    ),
    (
        "the objection was right",
        under_contract(unjustified=JUSTIFIED, unjustified_number=3),
        "contract",
        CONTRACT,
    ),
    (
        "an unjustified report under warranty, within",
        under_warranty(unjustified=UNJUSTIFIED, unjustified_number=3),
        "unjustified_free",
        WARRANTY,
    ),
    (
        "an unjustified report under warranty, beyond",
        under_warranty(unjustified=UNJUSTIFIED, unjustified_number=4),
        "ad_hoc",
        AD_HOC,
    ),
    (
        "an objection under warranty, beyond",
        under_warranty(unjustified=PENDING, unjustified_number=4),
        "unjustified_pending",
        WARRANTY,
    ),
    (
        "an unjustified report when the warranty has ended",
        under_warranty(until=YESTERDAY, unjustified=UNJUSTIFIED, unjustified_number=2),
        "ad_hoc",
        AD_HOC,
    ),
    (
        "under warranty the contract counts too",
        under_warranty(unjustified=UNJUSTIFIED, unjustified_number=3, **CONTRACT_TOO),
        "unjustified_free",
        WARRANTY,
    ),
    (
        "beyond both the contract charges it",
        under_warranty(unjustified=UNJUSTIFIED, unjustified_number=4, **CONTRACT_TOO),
        "unjustified_charged",
        CONTRACT,
    ),
    (
        "an unjustified report under a warranty without a tier",
        ticket(warranty_until=TODAY, unjustified=UNJUSTIFIED),
        "unjustified_free",
        AD_HOC,
    ),
    (
        "beyond, under a warranty without a tier",
        ticket(warranty_until=TODAY, unjustified=UNJUSTIFIED, unjustified_number=2),
        "ad_hoc",
        AD_HOC,
    ),
    (
        "the warranty leaves it out, so its free ones do not count",
        under_warranty(NOT_COVERED, unjustified=UNJUSTIFIED, unjustified_number=2),
        "ad_hoc",
        AD_HOC,
    ),
    (
        "the contract leaves it out, so its free ones do not count",
        under_contract(NOT_COVERED, unjustified=UNJUSTIFIED, unjustified_number=2),
        "ad_hoc",
        AD_HOC,
    ),
    (
        "the contract quotes it, so it does not charge it",
        under_contract(QUOTE, **BEYOND),
        "quote",
        AD_HOC,
    ),
    (
        "contract does not cover the item: unjustified goes by the price list",
        under_contract(covers_item=False, unjustified=UNJUSTIFIED),
        "unjustified_free",
        AD_HOC,
    ),
    (
        "contract does not cover the item: the second goes by the price list",
        under_contract(
            covers_item=False, unjustified=UNJUSTIFIED, unjustified_number=2
        ),
        "ad_hoc",
        AD_HOC,
    ),
    (
        "contract does not cover the item: an objection to the second",
        under_contract(covers_item=False, unjustified=PENDING, unjustified_number=2),
        "unjustified_pending",
        AD_HOC,
    ),
    (
        "a free contract that does not cover the item, unjustified",
        under_contract(FREE, covers_item=False, **BEYOND),
        "ad_hoc",
        AD_HOC,
    ),
    *(
        (
            f"free category stays free though {verdict}",
            under_contract(FREE, unjustified=verdict, unjustified_number=9),
            "contract_free",
            CONTRACT,
        )
        for verdict in Verdict
    ),
    (
        "free category stays free though unjustified, within",
        under_contract(FREE, unjustified=UNJUSTIFIED),
        "contract_free",
        CONTRACT,
    ),
    (
        "free category stays free though unjustified under warranty",
        under_warranty(contract=offer(CONTRACT, FREE), **BEYOND),
        "contract_free",
        CONTRACT,
    ),
    (
        "free under warranty is not free though unjustified",
        under_warranty(FREE, **BEYOND),
        "ad_hoc",
        AD_HOC,
    ),
    (
        "basic support has no free ones",
        with_licence(unjustified=UNJUSTIFIED, unjustified_number=2),
        "ad_hoc",
        AD_HOC,
    ),
    (
        "basic support has no free ones, nor is there a price list",
        with_licence(unjustified=UNJUSTIFIED, **NO_PRICE_LIST),
        "ad_hoc",
        None,
    ),
    (
        "an objection in basic support without a price list",
        with_licence(unjustified=PENDING, **NO_PRICE_LIST),
        "unjustified_pending",
        BASIC,
    ),
    (
        "basic support has more free ones than the contract",
        under_contract(
            entitled_until=TODAY,
            basic=offer(BASIC, COVERED, free=3),
            unjustified=UNJUSTIFIED,
            unjustified_number=3,
        ),
        "unjustified_free",
        BASIC,
    ),
    (
        "basic support on another channel has free ones in vain",
        ticket(
            entitled_until=TODAY,
            basic=offer(BASIC, COVERED, takes_channel=False, free=3),
            unjustified=UNJUSTIFIED,
            unjustified_number=2,
        ),
        "ad_hoc",
        AD_HOC,
    ),
    (
        "the price list has more free ones than the contract",
        under_contract(
            ad_hoc=offer(AD_HOC, COVERED, free=3),
            unjustified=UNJUSTIFIED,
            unjustified_number=3,
        ),
        "unjustified_free",
        AD_HOC,
    ),
    (
        "the price list has more free ones, but the contract charges the next",
        under_contract(
            ad_hoc=offer(AD_HOC, COVERED, free=3),
            unjustified=UNJUSTIFIED,
            unjustified_number=4,
        ),
        "unjustified_charged",
        CONTRACT,
    ),
    (
        "as many free ones under warranty, by contract and by the price list",
        ticket(
            warranty_until=TODAY,
            warranty=offer(WARRANTY, COVERED, free=2),
            ad_hoc=offer(AD_HOC, COVERED, free=2),
            unjustified=UNJUSTIFIED,
            **CONTRACT_TOO,
        ),
        "unjustified_free",
        CONTRACT,
    ),
    (
        "one is free by the price list",
        ticket(unjustified=UNJUSTIFIED),
        "unjustified_free",
        AD_HOC,
    ),
    (
        "one is free by a price list that does not serve it",
        priced(NOT_COVERED, unjustified=UNJUSTIFIED),
        "unjustified_free",
        AD_HOC,
    ),
    (
        "the second is not",
        ticket(unjustified=UNJUSTIFIED, unjustified_number=2),
        "ad_hoc",
        AD_HOC,
    ),
    (
        "the second is free by the price list whatever the report",
        priced(FREE, unjustified=UNJUSTIFIED, unjustified_number=2),
        "ad_hoc_free",
        AD_HOC,
    ),
    (
        "the second has no price",
        priced(NOT_COVERED, unjustified=UNJUSTIFIED, unjustified_number=2),
        "quote",
        AD_HOC,
    ),
    (
        "the second, where jobs are quoted",
        ticket(quote_required=True, unjustified=UNJUSTIFIED, unjustified_number=2),
        "quote",
        AD_HOC,
    ),
    (
        "an objection to the second",
        priced(FREE, unjustified=PENDING, unjustified_number=2),
        "unjustified_pending",
        AD_HOC,
    ),
    (
        "an unjustified report without any tier",
        ticket(unjustified=UNJUSTIFIED, **NO_PRICE_LIST),
        "ad_hoc",
        None,
    ),
    (
        "an objection without any tier",
        ticket(unjustified=PENDING, **NO_PRICE_LIST),
        "unjustified_pending",
        None,
    ),
]


@pytest.mark.parametrize(
    ("facts", "code", "tier"),
    [case[1:] for case in CASES],
    ids=[case[0].replace(" ", "-") for case in CASES],
)
def test_who_pays(facts, code, tier):
    decision = decide(facts)
    assert (decision.code, decision.tier_id) == (Code(code), tier)


def test_cases_name_every_outcome():
    assert {code for _name, _facts, code, _tier in CASES} == set(Code)


def test_what_is_taken_for_granted():
    nothing = TicketFacts(TODAY)
    assert nothing == (
        TODAY,
        None,
        None,
        1,
        *3 * [None],
        True,
        *3 * [None],
        *2 * [False],
        *2 * [False],
    )
    assert decide(nothing) == (Code.AD_HOC, None, (("contract", False, None),))
    assert Offer(BASIC, COVERED) == offer(BASIC, COVERED)


def test_words_that_are_stored():
    assert [*Treatment] == ["covered", "free", "quote", "not_covered"]
    assert [*Verdict] == ["pending", "justified", "unjustified"]
    assert [*Basis] == ["contract", "ad_hoc"]


@pytest.mark.parametrize(
    ("facts", "basis", "charge"),
    [
        # The contract and the packages of a customer stay as they are.
        (under_warranty(**CONTRACT_TOO), "contract", "free"),
        (under_contract(), "contract", "full"),
        (under_contract(FREE), "contract", "free"),
        (with_licence(), "contract", "free"),
        # Free while they last; then money, though the package has hours.
        (under_contract(unjustified=UNJUSTIFIED), "contract", "free"),
        (
            under_contract(unjustified=UNJUSTIFIED, unjustified_number=3),
            "contract",
            "money",
        ),
        (
            under_contract(unjustified=PENDING, unjustified_number=3),
            "contract",
            "hold",
        ),
        # Complaints are beside the contract, whatever their verdict.
        (under_contract(complaint=PENDING), "ad_hoc", "hold"),
        (under_contract(complaint=JUSTIFIED), "ad_hoc", "free"),
        (under_contract(complaint=UNJUSTIFIED), "ad_hoc", "money"),
        # What is quoted is paid by the quote, not by the hours.
        (under_contract(QUOTE), "ad_hoc", "hold"),
        (under_contract(QUOTE, quote_accepted=True), "ad_hoc", "free"),
        (under_contract(NOT_COVERED), "ad_hoc", "money"),
        (priced(FREE), "ad_hoc", "free"),
        # Only a contract that serves the ticket is charged for an unjustified report.
        (under_contract(covers_item=False, **BEYOND), "ad_hoc", "money"),
        (under_contract(FREE, **BEYOND), "contract", "free"),
        (under_warranty(**BEYOND), "ad_hoc", "money"),
        (ticket(warranty_until=TODAY), "contract", "free"),
        # A signature stands above the contract and the verdict.
        (under_contract(**SIGNED), "ad_hoc", "free"),
        (under_contract(**BEYOND, **SIGNED), "ad_hoc", "free"),
        (ticket(complaint=UNJUSTIFIED, **SIGNED), "ad_hoc", "free"),
    ],
)
def test_what_a_decision_means_for_the_work(facts, basis, charge):
    assert decide(facts).effect == (Basis(basis), charge)


def test_every_outcome_has_a_rule_and_an_effect():
    assert set(EFFECTS) == set(RULES) == set(Code)


def test_only_what_the_contract_covers_takes_hours():
    assert [code for code in Code if EFFECTS[code].charge == "full"] == [Code.CONTRACT]


def test_what_is_free_or_on_hold_says_so():
    by_charge = {
        charge: {str(code) for code in Code if EFFECTS[code].charge == charge}
        for charge in ("free", "hold", "money")
    }
    assert by_charge == {
        "free": {
            *("complaint_justified", "unjustified_free", "warranty", "contract_free"),
            *("basic", "quote_accepted", "ad_hoc_free"),
        },
        "hold": {"complaint_pending", "unjustified_pending", "quote", "contract_open"},
        "money": {"complaint_unjustified", "unjustified_charged", "ad_hoc"},
    }


@pytest.mark.parametrize(
    ("rule", "outcomes"),
    [
        (
            "complaint",
            "complaint_pending complaint_justified complaint_unjustified",
        ),
        (
            "unjustified report",
            "unjustified_pending unjustified_free unjustified_charged",
        ),
        ("warranty", "warranty"),
        ("contract", "contract contract_free contract_open"),
        ("basic support", "basic"),
        ("price list", "quote quote_accepted ad_hoc ad_hoc_free"),
    ],
)
def test_outcomes_of_a_rule(rule, outcomes):
    outcomes = set(outcomes.split())
    assert {code for code in Code if RULES[code] == rule} == outcomes
    cases = [facts for _name, facts, code, _tier in CASES if code in outcomes]
    assert {decide(facts).rule for facts in cases} == {rule}


# Every combination of what can be known, but for numbers and days that say the same.
OFFERS = {
    tier: [offer(tier, treatment) for treatment in Treatment]
    for tier in (BASIC, AD_HOC, CONTRACT, WARRANTY)
}
REPORTS = [
    (None, 1),
    (JUSTIFIED, 9),
    *product([PENDING], (2, 3)),
    *product([UNJUSTIFIED], (1, 2, 3, 4)),
]
# The last day of a promise, and what it says. If it were in force, it would matter.
WARRANTIES = [
    (None, offer(WARRANTY, COVERED)),
    (YESTERDAY, offer(WARRANTY, QUOTE)),
    (TODAY, None),
    *product([TODAY], OFFERS[WARRANTY]),
]
LICENCES = [
    (None, offer(BASIC, QUOTE)),
    (YESTERDAY, offer(BASIC, COVERED)),
    (TODAY, None),
    *product([TODAY], OFFERS[BASIC]),
    (TODAY, offer(BASIC, FREE, takes_channel=False)),
    (TODAY, offer(BASIC, QUOTE, takes_channel=False)),
]
CONTRACTS = [(None, True), *product(OFFERS[CONTRACT], (True, False))]
# An accepted quote decides alone: that it does everywhere is a law of its own, as is
# that nobody needs to require what the price list quotes anyway.
PRICES = [
    *product([None], (False, True), (False,)),
    *product(OFFERS[AD_HOC], (False,), (False,)),
    *product([offer(AD_HOC, COVERED), offer(AD_HOC, FREE)], (True,), (False,)),
    (offer(AD_HOC, FREE), True, True),
]


def everything():
    """Facts of tickets that are no complaints."""
    for report, warranty, contract, licence, prices in product(
        REPORTS, WARRANTIES, CONTRACTS, LICENCES, PRICES
    ):
        ad_hoc, quote_required, quote_accepted = prices
        yield TicketFacts(
            TODAY,
            None,
            *report,
            *warranty,
            *contract,
            *licence,
            ad_hoc,
            quote_required,
            quote_accepted,
        )


@pytest.fixture(scope="module")
def decided():
    """Everything that can be known, and what is decided then."""
    return [(facts, decide(facts)) for facts in everything()]


# Which outcome goes with what was found; "." is for whatever it was, "/" for either.
# "owed" is under warranty, a "deal" an accepted quote. Rows exclude each other, so
# their order says nothing.
TABLE = """
complaint   report     left owed contract basic price asks    deal outcome

pending     .          .    .    .        .     .     .       .    complaint_pending
justified   .          .    .    .        .     .     .       .    complaint_justified
unjustified .          .    .    .        .     .     .       no   complaint_unjustified
unjustified .          .    .    .        .     .     .       yes  quote_accepted
none        .          .    .    .        .     .     .       yes  quote_accepted
none        wrong/open .    .    free     .     .     .       no   contract_free
none        wrong/open yes  .    paid/no  .     .     .       no   unjustified_free
none        open       no   .    paid/no  .     .     .       no   unjustified_pending
none        wrong      no   .    paid     .     .     .       no   unjustified_charged
none        wrong      no   .    no       .     .     tier    no   quote
none        wrong      no   .    no       .     any   list    no   quote
none        wrong      no   .    no       .     free  list/no no   ad_hoc_free
none        wrong      no   .    no       .     any   no      no   ad_hoc
none        right      .    yes  .        .     .     .       no   warranty
none        right      .    no   paid     .     .     .       no   contract
none        right      .    no   free     .     .     .       no   contract_free
none        right      .    no   no       yes   .     .       no   basic
none        right      .    no   no       no    .     tier    no   quote
none        right      .    no   no       no    any   list    no   quote
none        right      .    no   no       no    free  list/no no   ad_hoc_free
none        right      .    no   no       no    any   no      no   ad_hoc
"""
ROWS = [
    [set(cell.split("/")) for cell in cells] + [code]
    for *cells, code in map(str.split, TABLE.strip().splitlines()[2:])
]
TIERS = ("warranty", "contract", "basic", "ad_hoc")
SERVED = {COVERED, FREE}
WRONG = {PENDING, UNJUSTIFIED}


class Said(NamedTuple):
    """What the tiers that are in force say to a ticket, None for the others."""

    warranty: Treatment | None
    contract: Treatment | None
    basic: Treatment | None
    ad_hoc: Treatment | None


def lasts(facts, day):
    return day is not None and (day - facts.reported).days >= 0


def said(facts):
    promises = [
        (facts.warranty, lasts(facts, facts.warranty_until)),
        (facts.contract, True),
        (facts.basic, lasts(facts, facts.entitled_until)),
        (facts.ad_hoc, True),
    ]
    return Said(*(tier.treatment if tier and on else None for tier, on in promises))


def promised(facts, *treatments):
    """Kinds of tiers in force for just this ticket that say one of these to it."""
    says = said(facts)
    may = {
        "warranty": True,
        "contract": facts.covers_item,
        "basic": facts.basic and facts.basic.takes_channel,
    }
    return {kind for kind in may if may[kind] and getattr(says, kind) in treatments}


def serving(facts):
    """Kinds of tiers that serve the ticket. A warranty needs no tier to do so."""
    owed = lasts(facts, facts.warranty_until) and facts.warranty is None
    return promised(facts, *SERVED) | ({"warranty"} if owed else set())


def asking(facts):
    """Who asks for a quote: a tier, or the price list and those who keep it."""
    if promised(facts, QUOTE):
        return "tier"
    by_list = facts.quote_required or said(facts).ad_hoc in {QUOTE, NOT_COVERED}
    return "list" if by_list else "no"


def quoted(facts):
    """Whether anybody who has a say asks for a quote."""
    asks, price = asking(facts), said(facts).ad_hoc
    return asks == "tier" or (asks == "list" and price != FREE)


def counting(facts):
    """The tier by whose number unjustified reports are free: the most generous."""
    counted = serving(facts) | {"ad_hoc"}
    order = ("contract", "warranty", "basic", "ad_hoc")
    tiers = [getattr(facts, kind) for kind in order if kind in counted]
    tiers = [tier for tier in tiers if tier is not None]
    return next(
        (
            tier
            for tier in tiers
            if all(tier.free_unjustified >= other.free_unjustified for other in tiers)
        ),
        None,
    )


def free_reports(facts):
    return tier.free_unjustified if (tier := counting(facts)) else 0


def yes(found):
    return "yes" if found else "no"


def expected(facts):
    """The outcome by the table, and the id of the tier it names."""
    serves, says = serving(facts), said(facts)
    code = outcome(
        facts.complaint or "none",
        {PENDING: "open", UNJUSTIFIED: "wrong"}.get(facts.unjustified, "right"),
        yes(facts.unjustified_number in range(free_reports(facts) + 1)),
        yes("warranty" in serves),
        {COVERED: "paid", FREE: "free"}.get(
            "contract" in serves and says.contract, "no"
        ),
        yes("basic" in serves),
        "free" if says.ad_hoc == FREE else "any",
        asking(facts),
        yes(facts.quote_accepted),
    )
    kind = code.split("_")[0]
    if code == "unjustified_charged":
        tier = facts.contract
    elif kind == "unjustified":
        tier = counting(facts)
    else:
        tier = getattr(facts, kind if kind in serves else "ad_hoc")
    return code, tier.tier_id if tier else None


@cache
def outcome(*found):
    """The outcome of the row that fits: there is one, and no other."""
    [code] = [
        code
        for *cells, code in ROWS
        if all(cell & {".", have} for cell, have in zip(cells, found, strict=True))
    ]
    return code


def told(facts, code):
    """What a person reads about a ticket that is no complaint: if, and then what."""
    if facts.quote_accepted:
        return (Condition("quote", True),)
    says = said(facts)
    warranty, licence = facts.warranty_until, facts.entitled_until
    counted = facts.unjustified in WRONG and code != "contract_free"
    basic = facts.basic
    ratio = f"{facts.unjustified_number}/{free_reports(facts)}"
    rows = [
        (warranty, "warranty", lasts(facts, warranty), f"{warranty}"),
        (says.warranty, "warranty_scope", says.warranty in SERVED, says.warranty),
        (True, "contract", bool(says.contract)),
        (says.contract and not facts.covers_item, "contract_item", False),
        (says.contract, "contract_scope", says.contract in SERVED, says.contract),
        (basic and licence, "basic", lasts(facts, licence), f"{licence}"),
        (says.basic, "basic_scope", says.basic in SERVED, says.basic),
        (says.basic, "basic_channel", basic and basic.takes_channel),
        (counted, "unjustified", code == "unjustified_free", ratio),
        (code == "unjustified_pending", "objection", None),
        (code == "ad_hoc_free", "ad_hoc_free", True),
        (code == "quote", "quote", False),
    ]
    return tuple(Condition(*row) for looked_at, *row in rows if looked_at)


def test_every_combination_is_decided_by_the_table(decided):
    for facts, decision in decided:
        assert (decision.code, decision.tier_id) == expected(facts), facts
    reached = {decision.code for _facts, decision in decided}
    once_chosen = set(Code) - {Code.CONTRACT_OPEN}
    assert reached == {code for code in once_chosen if "complaint" not in code}


def test_everything_that_was_looked_at_is_told(decided):
    for facts, decision in decided:
        assert decision.conditions == told(facts, decision.code), facts


DECISIVE = {
    "unjustified_free": [("unjustified", True)],
    "unjustified_pending": [("unjustified", False), ("objection", None)],
    "unjustified_charged": [
        ("unjustified", False),
        ("contract", True),
        ("contract_scope", True),
    ],
    "warranty": [("warranty", True)],
    "contract": [("contract", True), ("contract_scope", True)],
    "contract_free": [("contract", True), ("contract_scope", True)],
    "basic": [("basic", True), ("basic_scope", True), ("basic_channel", True)],
    "quote": [("quote", False)],
    "quote_accepted": [("quote", True)],
    "ad_hoc_free": [("ad_hoc_free", True)],
    "ad_hoc": [],
}


def test_what_decided_is_among_what_is_told(decided):
    for facts, decision in decided:
        answers = {name: met for name, met, _fact in decision.conditions}
        assert len(answers) == len(decision.conditions), facts
        assert dict(DECISIVE[decision.code]).items() <= answers.items(), facts
        if decision.rule == "contract" or decision.code == Code.UNJUSTIFIED_CHARGED:
            assert "contract_item" not in answers, facts
        if decision.rule == "warranty":
            in_scope = answers.get("warranty_scope")
            assert in_scope is (True if facts.warranty else None), facts
        if decision.rule == "price list" and facts.unjustified not in WRONG:
            scopes = [answers.get(f"{kind}_scope") for kind in ("warranty", "basic")]
            assert scopes[0] is not True, facts
            assert scopes[1] is not True or not answers["basic_channel"], facts


def test_a_complaint_is_beyond_everything_but_a_signature(decided):
    met = {PENDING: None, JUSTIFIED: True, UNJUSTIFIED: False}
    for facts, _decision in decided:
        tier = facts.ad_hoc.tier_id if facts.ad_hoc else None
        for verdict in Verdict:
            code, seen = f"complaint_{verdict}", (("complaint", met[verdict], verdict),)
            if facts.quote_accepted and verdict == UNJUSTIFIED:
                code, seen = "quote_accepted", (*seen, ("quote", True, None))
            found = decide(facts._replace(complaint=verdict))
            assert found == (code, tier, seen), facts


def test_an_open_contract_waits_unless_the_contract_does_not_matter(decided):
    for facts, _decision in decided:
        if facts.contract:
            continue
        found = decide(facts._replace(contract_open=True))
        owed = "warranty" in serving(facts) and facts.unjustified not in WRONG
        if facts.quote_accepted:
            assert found.code == Code.QUOTE_ACCEPTED, facts
        elif owed:
            assert found.code == Code.WARRANTY, facts
        else:
            assert found[:2] == (Code.CONTRACT_OPEN, None), facts
            assert Condition("contract_open", None) in found.conditions, facts


def test_what_is_free_by_right_comes_before_what_is_paid(decided):
    for facts, decision in decided:
        if decision.effect.charge == "full":
            assert "warranty" not in serving(facts), facts
        if decision.rule == "price list" and not facts.quote_accepted:
            pays = {"contract"} if facts.unjustified in WRONG else set(TIERS)
            assert not serving(facts) & pays, facts


def test_only_what_the_contract_serves_takes_its_hours(decided):
    for facts, decision in decided:
        if decision.effect.charge == "full":
            assert decision.effect.basis == Basis.CONTRACT
            assert decision.tier_id == CONTRACT
            assert (facts.contract.treatment, facts.covers_item) == (COVERED, True)


def test_only_what_the_contract_serves_is_charged_to_it(decided):
    for facts, decision in decided:
        if decision.effect == (Basis.CONTRACT, "money"):
            assert decision.tier_id == CONTRACT, facts
            assert (facts.contract.treatment, facts.covers_item) == (COVERED, True)
            assert facts.unjustified == UNJUSTIFIED, facts


def test_what_the_contract_gives_for_free_no_report_makes_dearer(decided):
    for facts, decision in decided:
        if decision.code == Code.CONTRACT_FREE:
            for verdict in Verdict:
                found = decide(facts._replace(unjustified=verdict))
                owed = "warranty" in serving(facts) and verdict == JUSTIFIED
                expected_code = Code.WARRANTY if owed else Code.CONTRACT_FREE
                assert found.code == expected_code, (facts, verdict)


def test_reports_are_free_as_often_as_the_most_generous_tier_that_serves_says():
    kinds = ("contract", "warranty", "basic", "ad_hoc")
    for numbers in product(range(3), repeat=4):
        for treatments in product((COVERED, NOT_COVERED), repeat=4):
            contract, warranty, basic, ad_hoc = tiers = [
                Offer(kind, treatment, True, number)
                for kind, treatment, number in zip(
                    kinds, treatments, numbers, strict=True
                )
            ]
            counted = [
                tier
                for tier in tiers
                if tier.treatment == COVERED or tier.tier_id == "ad_hoc"
            ]
            most = max(tier.free_unjustified for tier in counted)
            first = [t.tier_id for t in counted if t.free_unjustified == most][0]
            facts = ticket(
                unjustified=PENDING,
                warranty_until=TODAY,
                warranty=warranty,
                contract=contract,
                entitled_until=TODAY,
                basic=basic,
                ad_hoc=ad_hoc,
            )
            for number in range(1, 4):
                found = decide(facts._replace(unjustified_number=number))
                code = f"unjustified_{'free' if number <= most else 'pending'}"
                assert found[:2] == (code, first), (facts, number)
                assert found.conditions[-1].name == (
                    "unjustified" if number <= most else "objection"
                )


def test_one_more_unjustified_report_is_never_cheaper(decided):
    dearer = ["free", "hold", "money"]
    for facts, decision in decided:
        if facts.unjustified not in WRONG:
            continue
        later = decide(facts._replace(unjustified_number=facts.unjustified_number + 1))
        charges = decision.effect.charge, later.effect.charge
        assert dearer.index(charges[0]) <= dearer.index(charges[1]), facts
        if decision.code == later.code:
            assert decision.tier_id == later.tier_id, facts
        else:
            assert decision.code == Code.UNJUSTIFIED_FREE, facts


def test_an_objection_only_ever_puts_off_what_is_decided_without_it(decided):
    for facts, decision in decided:
        if facts.unjustified != PENDING:
            continue
        dismissed = decide(facts._replace(unjustified=UNJUSTIFIED))
        if decision.code == Code.UNJUSTIFIED_PENDING:
            by_contract = "contract" in serving(facts)
            assert (dismissed.code == Code.UNJUSTIFIED_CHARGED) == by_contract, facts
            assert by_contract or dismissed.rule == "price list", facts
        else:
            assert decision == dismissed, facts


def test_an_objection_that_was_right_leaves_no_trace(decided):
    for facts, decision in decided:
        if facts.unjustified == JUSTIFIED:
            assert decide(facts._replace(unjustified=None)) == decision, facts


def test_nobody_asks_for_a_quote_unless_somebody_may(decided):
    for facts, decision in decided:
        if decision.code != Code.QUOTE:
            continue
        assert quoted(facts), facts
        silent = {
            kind: tier._replace(treatment=COVERED if kind == "ad_hoc" else NOT_COVERED)
            for kind in TIERS
            if (tier := getattr(facts, kind))
        }
        unasked = facts._replace(quote_required=False, **silent)
        assert decide(unasked).code == Code.AD_HOC, facts


def test_an_accepted_quote_decides_alone(decided):
    for facts, _decision in decided:
        assert decide(facts._replace(quote_accepted=True)) == (
            Code.QUOTE_ACCEPTED,
            facts.ad_hoc.tier_id if facts.ad_hoc else None,
            (("quote", True, None),),
        ), facts


def test_a_job_that_is_arranged_by_itself_is_quoted_whatever_the_contract(decided):
    for facts, decision in decided:
        arranged = decide(facts._replace(quote_first=True))
        judged = facts.quote_accepted or facts.unjustified in WRONG
        if judged or "warranty" in serving(facts):
            assert arranged == decision, facts
        else:
            ad_hoc = facts.ad_hoc.tier_id if facts.ad_hoc else None
            assert arranged[:2] == (Code.QUOTE, ad_hoc), facts
            assert Condition("quote", False) in arranged.conditions, facts
        for verdict in Verdict:
            complaint = facts._replace(complaint=verdict)
            assert decide(complaint._replace(quote_first=True)) == decide(complaint)


def test_a_day_later_only_promises_that_end_are_gone(decided):
    for facts, decision in decided:
        later = decide(facts._replace(reported=TOMORROW))
        gone = decide(facts._replace(warranty_until=None, entitled_until=None))
        assert later[:2] == gone[:2], facts
        if TODAY not in (facts.warranty_until, facts.entitled_until):
            assert later == decision, facts


# One in so many, by a number that divides none of the numbers of possibilities.
ONE_IN = 11


def test_any_day_within_a_promise_or_after_it_is_like_the_other(decided):
    for facts, decision in decided[::ONE_IN]:
        if YESTERDAY in (facts.warranty_until, facts.entitled_until):
            continue
        assert decide(facts._replace(reported=date(2020, 2, 29))) == decision, facts
        later, much_later = (
            decide(facts._replace(reported=day)) for day in (TOMORROW, date(2040, 1, 1))
        )
        assert later == much_later, facts


def idle_tiers(facts):
    """Tiers that have no say about the ticket, with what they could be instead."""
    signed, serves = facts.quote_accepted, serving(facts)
    wrong = facts.unjustified in WRONG
    paid = "contract" in serves or (serves and not wrong)
    other_item = not facts.covers_item
    for kind, tier, has_no_say in [
        ("warranty", WARRANTY, signed or not lasts(facts, facts.warranty_until)),
        ("contract", CONTRACT, signed or other_item),
        ("basic", BASIC, signed or not lasts(facts, facts.entitled_until)),
        ("ad_hoc", AD_HOC, paid and not signed),
    ]:
        if has_no_say:
            yield kind, [None, *OFFERS[tier]]
    if facts.basic and not facts.basic.takes_channel:
        yield "basic", [None, *(t._replace(takes_channel=False) for t in OFFERS[BASIC])]
    for kind in TIERS:
        tier = getattr(facts, kind)
        if tier and kind != "basic":
            yield kind, [tier._replace(takes_channel=False)]
        if tier and (signed or not wrong or kind not in {*serves, "ad_hoc"}):
            yield kind, [tier._replace(free_unjustified=9)]


def idle_facts(facts):
    """The same of other facts."""
    signed, serves = facts.quote_accepted, serving(facts)
    ends = [None, YESTERDAY, TODAY, TOMORROW]
    right = facts.unjustified not in WRONG
    says_no = {
        kind: bool(tier) and tier.treatment == NOT_COVERED
        for kind in TIERS
        for tier in [getattr(facts, kind)]
    }
    given = "contract" in serves and facts.contract.treatment == FREE
    price = said(facts).ad_hoc
    for name, others, has_no_say in [
        ("warranty_until", ends, signed or says_no["warranty"]),
        ("entitled_until", ends, signed or says_no["basic"] or not facts.basic),
        (
            "covers_item",
            [True, False],
            signed or says_no["contract"] or not facts.contract,
        ),
        ("unjustified", [None, JUSTIFIED], signed or right),
        (
            "unjustified",
            [None, *Verdict],
            signed or (given and "warranty" not in serves),
        ),
        ("unjustified_number", [0, 1, 9], signed or right or given),
        (
            "quote_required",
            [True, False],
            signed
            or price in {FREE, QUOTE, NOT_COVERED}
            or promised(facts, QUOTE)
            or "contract" in serves
            or (right and serves),
        ),
    ]:
        if has_no_say:
            yield name, others


def test_what_is_not_in_force_changes_nothing(decided):
    varied = set()
    for facts, decision in decided[::ONE_IN]:
        for name, others in [*idle_tiers(facts), *idle_facts(facts)]:
            varied.add(name)
            for other in others:
                found = decide(facts._replace(**{name: other}))
                assert found[:2] == decision[:2], (facts, name, other)
    always_asked = {"reported", "complaint", "quote_accepted", "quote_first"}
    always_asked.add("contract_open")
    assert varied == set(TicketFacts._fields) - always_asked


VERDICTS = st.none() | st.sampled_from(Verdict)
DAYS = st.dates(date(2026, 11, 20), date(2026, 12, 10))
ANY_DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
MONTHS = st.integers(1, 120)
ANY_OFFER = st.none() | st.builds(
    Offer,
    st.integers(1, 9),
    st.sampled_from(Treatment),
    st.booleans(),
    st.integers(0, 5),
)


@given(
    st.builds(
        TicketFacts,
        DAYS,
        VERDICTS,
        VERDICTS,
        st.integers(1, 6),
        st.none() | DAYS,
        ANY_OFFER,
        ANY_OFFER,
        st.booleans(),
        st.none() | DAYS,
        ANY_OFFER,
        ANY_OFFER,
        st.booleans(),
        st.booleans(),
        # What is arranged by itself has a law of its own, as has a contract that is
        # open.
        st.just(False),
        st.just(False),
    )
)
def test_whatever_is_known_somebody_pays(facts):
    decision = decide(facts)
    assert (decision.code, decision.tier_id) == expected(facts)
    assert facts.complaint or decision.conditions == told(facts, decision.code)
    assert decision.effect == EFFECTS[decision.code]


LONG_AFTER = date(2040, 1, 1)


@pytest.mark.parametrize(
    ("months", "bought", "upgraded", "until"),
    [
        (12, date(2025, 12, 1), None, date(2026, 11, 30)),
        (12, date(2025, 12, 1), date(2026, 12, 5), date(2027, 12, 4)),
        (12, None, date(2026, 12, 5), date(2027, 12, 4)),
        # The day of the purchase itself, and an upgrade before it.
        (12, date(2025, 12, 1), date(2025, 12, 1), date(2026, 11, 30)),
        (12, date(2025, 12, 1), date(2025, 6, 1), date(2026, 11, 30)),
        # An upgrade while support lasts does not add to what was left.
        (12, date(2025, 12, 1), date(2026, 3, 1), date(2027, 2, 28)),
        (12, date(2027, 3, 1), None, date(2028, 2, 29)),
        (12, date(2024, 2, 29), None, date(2025, 2, 28)),
        (12, date(2028, 2, 29), None, date(2029, 2, 28)),
        (12, date(2027, 2, 28), None, date(2028, 2, 27)),
        (48, date(2028, 2, 29), None, date(2032, 2, 28)),
        (1, date(2026, 1, 1), None, date(2026, 1, 31)),
        (24, date(2025, 12, 1), None, date(2027, 11, 30)),
        (12, None, None, None),
        (0, date(2025, 12, 1), None, None),
        (0, date(2025, 12, 1), date(2026, 12, 5), None),
        (0, None, None, None),
    ],
)
def test_entitled_until(months, bought, upgraded, until):
    assert entitled_until(months, [bought, upgraded], LONG_AFTER) == until
    assert entitled_until(months, iter([upgraded, bought]), LONG_AFTER) == until


BOUGHT, UPGRADED = date(2025, 12, 1), date(2026, 12, 5)


@pytest.mark.parametrize(
    ("dates", "on", "until"),
    [
        ([BOUGHT, UPGRADED], date(2025, 11, 30), None),
        ([BOUGHT, UPGRADED], BOUGHT, date(2026, 11, 30)),
        ([BOUGHT, UPGRADED], date(2026, 6, 15), date(2026, 11, 30)),
        ([BOUGHT, UPGRADED], date(2026, 12, 4), date(2026, 11, 30)),
        ([BOUGHT, UPGRADED], UPGRADED, date(2027, 12, 4)),
        ([BOUGHT, UPGRADED], date(2027, 12, 5), date(2027, 12, 4)),
        ([None, UPGRADED], date(2026, 12, 4), None),
        ([BOUGHT, date(2026, 3, 1), UPGRADED], date(2026, 12, 4), date(2027, 2, 28)),
        ([UPGRADED, None, BOUGHT], date(2026, 12, 4), date(2026, 11, 30)),
        ([], LONG_AFTER, None),
    ],
    ids=[
        "before-the-purchase",
        "the-day-of-the-purchase",
        "bought-then-upgraded-later:-between-the-dates",
        "bought-then-upgraded-later:-the-day-before",
        "the-day-of-the-upgrade",
        "after-both",
        "upgraded-later-and-never-bought",
        "the-latest-of-those-that-count",
        "in-whatever-order",
        "no-dates",
    ],
)
def test_entitled_until_as_it_stood_on_a_day(dates, on, until):
    assert entitled_until(12, dates, on) == until


SOME_DAYS = st.lists(st.none() | ANY_DAYS, max_size=4)


@given(MONTHS, ANY_DAYS, ANY_DAYS)
def test_an_upgrade_never_shortens_support(months, bought, upgraded):
    on = max(bought, upgraded)
    alone = entitled_until(months, [bought], on)
    both = entitled_until(months, [bought, upgraded], on)
    assert both >= alone >= bought
    assert both == max(alone, entitled_until(months, [upgraded], on))


@given(MONTHS, SOME_DAYS, ANY_DAYS, ANY_DAYS)
def test_as_days_pass_support_only_ever_gets_longer(months, dates, one, other):
    before, after = (
        entitled_until(months, dates, on) or date.min for on in sorted((one, other))
    )
    assert before <= after


@given(MONTHS, SOME_DAYS, ANY_DAYS, st.integers(1, 1000))
def test_what_is_bought_later_entitles_to_nothing_before(months, dates, on, days):
    until = entitled_until(months, dates, on)
    assert entitled_until(months, [*dates, on + days * ONE_DAY], on) == until
    counted = [day for day in dates if day and (on - day).days >= 0]
    assert entitled_until(months, counted, date.max) == until
    assert bool(until) == bool(counted)


@given(MONTHS, MONTHS, ANY_DAYS)
def test_more_months_are_never_shorter(one, other, bought):
    shorter, longer = sorted((one, other))
    ends = [entitled_until(months, [bought], bought) for months in (shorter, longer)]
    assert ends == sorted(ends)


@pytest.mark.parametrize(
    ("bought", "upgraded", "reported", "code"),
    [
        (date(2025, 12, 1), None, date(2026, 11, 30), "basic"),
        (date(2025, 12, 1), None, date(2026, 12, 1), "ad_hoc"),
        (date(2025, 12, 1), date(2026, 12, 5), date(2026, 12, 5), "basic"),
        (date(2025, 12, 1), date(2026, 12, 5), date(2027, 12, 4), "basic"),
        (date(2025, 12, 1), date(2026, 12, 5), date(2027, 12, 5), "ad_hoc"),
        (None, None, date(2026, 11, 30), "ad_hoc"),
        # Bought, then upgraded later: reports between the two, and before both.
        (date(2025, 12, 1), date(2026, 12, 5), date(2026, 11, 30), "basic"),
        (date(2025, 12, 1), date(2026, 12, 5), date(2026, 12, 1), "ad_hoc"),
        (date(2025, 12, 1), date(2026, 12, 5), date(2026, 12, 4), "ad_hoc"),
        (date(2025, 12, 1), date(2026, 12, 5), date(2025, 12, 1), "basic"),
        (date(2025, 12, 1), date(2026, 12, 5), date(2025, 11, 30), "ad_hoc"),
    ],
)
def test_support_of_a_licence(bought, upgraded, reported, code):
    until = entitled_until(12, [bought, upgraded], reported)
    assert decide(with_licence(until=until, reported=reported)).code == code
