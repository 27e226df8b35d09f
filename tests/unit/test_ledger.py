from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.ledger import Balance, Facts, Package, balance, minutes_by, plan
from tools.rating import Rounding, Work

HOURS = Rounding(60, 60)
OCTOBER = Package(1, date(2026, 10, 1), date(2026, 10, 31), 120)
NOVEMBER = Package(2, date(2026, 11, 1), date(2026, 11, 30), 120)
TICKET_1 = Work(1, date(2026, 10, 4), 50, "ticket 1", HOURS)
TICKET_2 = Work(2, date(2026, 10, 12), 80, "ticket 2", HOURS)


def facts(works, packages, settled=None, outside=()):
    return Facts(works, settled or {}, packages, outside)


@pytest.mark.parametrize("works", [[TICKET_1, TICKET_2], [TICKET_2, TICKET_1]])
def test_a_month_of_two_tickets_in_either_order_of_typing(works):
    planned = plan(facts(works, [OCTOBER]))
    assert planned.billed == {1: 60, 2: 120}
    assert minutes_by("demand_id", planned.slices) == {1: 60, 2: 60}
    assert planned.overage == {1: 0, 2: 60}


def test_work_outside_packages_is_overage():
    planned = plan(facts([TICKET_1], [OCTOBER], outside=[1]))
    assert planned.slices == []
    assert planned.overage == {1: 60}


def test_a_late_entry_may_use_what_had_expired():
    closed = OCTOBER._replace(consumed=60, expired=60)
    planned = plan(facts([TICKET_2], [closed]))
    assert minutes_by("bucket_id", planned.slices) == {1: 60}
    assert planned.overage == {2: 60}


@pytest.mark.parametrize(
    ("case", "day", "expected"),
    [
        (
            facts([TICKET_1], [OCTOBER]),
            date(2026, 10, 20),
            Balance(date(2026, 10, 31), 120, 0, 0, 60, 60, 0),
        ),
        (
            facts([TICKET_1, TICKET_2], [OCTOBER]),
            date(2026, 10, 20),
            Balance(date(2026, 10, 31), 120, 0, 0, 120, 0, 60),
        ),
        # Work of October waits for its settlement, and November is untouched.
        (
            facts([TICKET_1], [OCTOBER, NOVEMBER]),
            date(2026, 11, 1),
            Balance(date(2026, 11, 30), 120, 0, 0, 0, 120, 0),
        ),
        (
            facts([], [OCTOBER._replace(consumed=60, expired=60)]),
            date(2026, 10, 31),
            Balance(date(2026, 10, 31), 120, 60, 60, 0, 0, 0),
        ),
        # Pending work uses hours that are posted as expired: nothing is left twice.
        (
            facts([TICKET_1], [OCTOBER._replace(expired=120)]),
            date(2026, 10, 31),
            Balance(date(2026, 10, 31), 120, 0, 120, 60, 0, 0),
        ),
        (
            facts([TICKET_1], []),
            date(2026, 10, 20),
            Balance(None, 0, 0, 0, 0, 0, 60),
        ),
    ],
)
def test_balance(case, day, expected):
    assert balance(case, day) == expected


@given(
    st.lists(st.tuples(st.integers(1, 31), st.integers(1, 400)), max_size=8),
    st.integers(0, 600),
    st.integers(0, 600),
    st.sets(st.integers(0, 7)),
)
def test_every_billed_minute_goes_somewhere_once(rows, granted, consumed, outside):
    works = [
        Work(id_, date(2026, 10, day), minutes, id_ % 3, HOURS)
        for id_, (day, minutes) in enumerate(rows)
    ]
    consumed = min(granted, consumed)
    package = OCTOBER._replace(granted=granted, consumed=consumed)
    outside &= {work.id for work in works}
    planned = plan(facts(works, [package], outside=outside))
    paid = minutes_by("demand_id", planned.slices)
    for work in works:
        assert paid[work.id] + planned.overage[work.id] == planned.billed[work.id]
    assert not outside & set(paid)
    assert sum(paid.values()) <= granted - consumed
