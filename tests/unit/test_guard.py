import pytest

from tools.guard import (
    Guard,
    Seal,
    breach_of_create,
    breach_of_unlink,
    breach_of_write,
)

SEAL = Seal("test")
FACTS = Guard(frozenset({"state", "number"}), SEAL)
GROUPED = Guard(frozenset({"verdict"}), group="office")
NOBODYS = Guard(frozenset({"company_id"}))
KEPT = Guard(creation=True, change=True, deletion=True)


def says(_guard, _name, value):
    return bool(value)


@pytest.mark.parametrize(
    ("context", "is_open"),
    [
        ({}, False),
        (SEAL.opened, True),
        ({SEAL.key: True}, False),
        ({SEAL.key: SEAL.key}, False),
        # Another seal of that name is another seal: names can be sent, objects cannot.
        (Seal("test").opened, False),
    ],
)
def test_a_seal_is_the_object_and_not_its_name(context, is_open):
    assert SEAL.is_open(context) is is_open
    assert FACTS.is_open(context) is is_open
    assert not NOBODYS.is_open(context)


@pytest.mark.parametrize(
    ("guard", "vals", "context", "names"),
    [
        (FACTS, {"name": "x"}, {}, None),
        (FACTS, {"state": "done", "name": "x"}, {}, {"state"}),
        (FACTS, {"state": False}, {}, None),
        (FACTS, {}, {"default_number": 7}, {"number"}),
        (FACTS, {}, {"default_name": "x"}, None),
        (GROUPED, {}, {"default_verdict": "just"}, {"verdict"}),
        (NOBODYS, {"company_id": 1}, {}, {"company_id"}),
        # Screens send such defaults along; they are passed over.
        (NOBODYS, {}, {"default_company_id": 1}, None),
        (KEPT, {}, {}, set()),
    ],
)
def test_what_a_new_record_breaks(guard, vals, context, names):
    breach = breach_of_create([guard], [{}, vals], context, says)
    assert (breach and set(breach.names)) == names


@pytest.mark.parametrize(
    ("guard", "names", "written"),
    [
        (FACTS, {"name"}, None),
        (FACTS, {"name", "state"}, {"state"}),
        (KEPT, {"name"}, set()),
        (KEPT, set(), None),
        (Guard(deletion=True), {"name"}, None),
    ],
)
def test_what_a_change_breaks(guard, names, written):
    breach = breach_of_write([guard], names)
    assert (breach and set(breach.names)) == written


def test_what_a_deletion_breaks():
    assert breach_of_unlink([FACTS, NOBODYS]) is None
    assert breach_of_unlink([FACTS, KEPT]).guard is KEPT


def test_the_system_alone_gives_what_is_guarded_to_new_records():
    assert FACTS.given({"state", "name"}) == {"state"}
    assert KEPT.given({"state", "name"}) == {"state", "name"}
