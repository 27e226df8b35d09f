from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.coverage import Condition, Treatment
from tools.serving import Serving, Terms, serve

COVERED, FREE, QUOTE, NOT_COVERED = Treatment
VIP, FLAT, PROGRAM, OTHER = range(1, 5)


def vip(**said):
    """Hosting: what is listed, and nothing else."""
    return Terms(**{"contract_id": VIP, "only_listed": True} | said)


def flat(**said):
    """An office: work at its site."""
    return Terms(**{"contract_id": FLAT, "names_places": True} | said)


def program(**said):
    """A program: tickets of its category, which its scope names."""
    return Terms(**{"contract_id": PROGRAM, "treatment": None} | said)


def every(**said):
    """Whatever the customer reports."""
    return Terms(**{"contract_id": OTHER} | said)


OF_PROGRAM = {"treatment": COVERED, "names_category": True}
ON_SITE = {"covers_place": True}
CASES = [
    ("no contract", [], []),
    ("the only one, whatever it covers", [vip(lists_item=False)], [VIP]),
    ("its item is listed", [vip(lists_item=True), flat(), program()], [VIP]),
    ("at a covered site", [vip(), flat(**ON_SITE), program()], [FLAT]),
    (
        "of a category that one names and another refuses",
        [vip(), flat(treatment=NOT_COVERED), program(**OF_PROGRAM)],
        [PROGRAM],
    ),
    ("the ticket says nothing", [vip(), flat(), program()], [VIP, FLAT, PROGRAM]),
    ("one that surely fits beats those that may", [vip(), flat(), every()], [OTHER]),
    (
        "the listed item beats the site",
        [vip(lists_item=True), flat(**ON_SITE)],
        [VIP],
    ),
    (
        "the site beats the category",
        [flat(**ON_SITE), program(**OF_PROGRAM)],
        [FLAT],
    ),
    (
        "of two at the site, the one that people prefer for the category",
        [flat(**ON_SITE), every(names_places=True, **ON_SITE, takes_category=True)],
        [OTHER],
    ),
    (
        "a rule of people beats the scope",
        [program(**OF_PROGRAM), every(takes_category=True)],
        [OTHER],
    ),
    ("two for everything", [every(), every(contract_id=VIP)], [OTHER, VIP]),
    ("the order decides", [every(), every(contract_id=VIP, order=-1)], [VIP]),
    (
        "the order of one that only may fit decides nothing",
        [every(), vip(order=-1)],
        [OTHER],
    ),
    (
        "none fits",
        [vip(lists_item=False), program(treatment=NOT_COVERED)],
        [],
    ),
    (
        "at a site that one does not cover",
        [flat(covers_place=False), program(treatment=NOT_COVERED)],
        [FLAT],
    ),
    (
        "one quotes what the other refuses",
        [every(treatment=QUOTE), program(treatment=NOT_COVERED)],
        [OTHER],
    ),
    (
        "one quotes what the other covers",
        [every(treatment=QUOTE), program(**OF_PROGRAM)],
        [PROGRAM],
    ),
    (
        "what is quoted for other items is none of it",
        [vip(lists_item=False, treatment=QUOTE), program(treatment=NOT_COVERED)],
        [],
    ),
]


@pytest.mark.parametrize(
    ("contracts", "best"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_which_contract_serves(contracts, best):
    for order in permutations(contracts):
        found = serve(order)
        assert sorted(found.best) == sorted(best)
        assert found.contract_id == (best[0] if len(best) == 1 else None)
        assert found.to_choose == (len(best) > 1)


def test_each_contract_says_why():
    found = serve([vip(), flat(treatment=NOT_COVERED), program(**OF_PROGRAM)])
    assert {fit.contract_id: (fit.met, fit.conditions) for fit in found.fits} == {
        VIP: (False, (Condition("contract_item", None),)),
        FLAT: (
            False,
            (
                Condition("contract_place", None),
                Condition("contract_scope", False, NOT_COVERED),
            ),
        ),
        PROGRAM: (True, (Condition("contract_scope", True, COVERED),)),
    }


def test_what_may_fit_is_marked_so_while_nothing_surely_does():
    assert [fit.met for fit in serve([vip(), program()]).fits] == [None, None]
    assert [fit.met for fit in serve([vip(), every()]).fits] == [False, True]


def test_the_only_contract_needs_no_reasons():
    assert serve([vip()]) == Serving((VIP,), ())


MAYBE = st.none() | st.booleans()
ANY_TERMS = st.lists(
    st.builds(
        Terms,
        st.integers(1, 9),
        MAYBE,
        st.booleans(),
        MAYBE,
        st.booleans(),
        st.none() | st.sampled_from(Treatment),
        st.booleans(),
        st.booleans(),
        st.integers(0, 2),
    ),
    max_size=5,
    unique_by=lambda terms: terms.contract_id,
)


@given(ANY_TERMS)
def test_nothing_is_guessed(contracts):
    """What is left when the best goes fits no better than it did."""
    found = serve(contracts)
    assert set(found.best) <= {terms.contract_id for terms in contracts}
    if len(contracts) > 1:
        met = {fit.contract_id: fit.met for fit in found.fits}
        sure = {id_ for id_, fits in met.items() if fits}
        if sure:
            assert set(found.best) <= sure
            assert None not in met.values()
        orders = {t.order for t in contracts if t.contract_id in found.best}
        assert len(orders) <= 1


@given(ANY_TERMS, st.randoms())
def test_the_order_in_which_they_are_asked_says_nothing(contracts, random):
    shuffled = random.sample(contracts, len(contracts))
    assert set(serve(shuffled).best) == set(serve(contracts).best)
