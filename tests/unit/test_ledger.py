from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.allocation import Bucket, Slice
from tools.charging import Charge, Share
from tools.ledger import (
    Balance,
    Facts,
    Payment,
    Taken,
    balance,
    minutes_by,
    plan,
    taken,
)
from tools.package import Closing, Package, closings, steps
from tools.periods import month_of, months_between, window
from tools.rating import Part, Rated, Rounding, Settled, Work

HOURS = Rounding(60, 60)
EXACT = Rounding(0, 1)
WARSAW, GDYNIA = 7, 8
OCTOBER = Package(1, date(2026, 10, 1), date(2026, 10, 31), 120)
NOVEMBER = Package(2, date(2026, 11, 1), date(2026, 11, 30), 120)
END = OCTOBER.last_day


def work(id_, day, minutes, group=None, rounding=HOURS, start=0, factor=100):
    minutes = minutes if isinstance(minutes, tuple) else (minutes,)
    parts = tuple(Part(part, factor=factor) for part in minutes)
    return Work(id_, day, start, parts, group or f"ticket {id_}", rounding)


TICKET_1 = work(1, date(2026, 10, 4), 50)
TICKET_2 = work(2, date(2026, 10, 12), 80)


def facts(works, packages, settled=None, **payments):
    """``paid_1`` is the payment of entry 1; other entries are charged in full."""
    paid = {work.id: payments.get(f"paid_{work.id}", Payment()) for work in works}
    return Facts(works, settled or {}, packages, paid)


def sums(planned):
    """Billed, packages, overage and free of each entry."""
    totals = {work.id: planned.total(work.id) for work in planned.facts.works}
    return {
        id_: (total.billed, total.packages, total.overage, total.free)
        for id_, total in totals.items()
    }


@pytest.mark.parametrize("works", [[TICKET_1, TICKET_2], [TICKET_2, TICKET_1]])
def test_a_month_of_two_tickets_in_either_order_of_typing(works):
    planned = plan(facts(works, [OCTOBER]))
    assert sums(planned) == {1: (60, 60, 0, 0), 2: (120, 60, 60, 0)}
    assert minutes_by("demand_id", planned.slices) == {(1, 0): 60, (2, 0): 60}


def test_an_allowance_of_ten_hours():
    works = [work(1, date(2026, 10, 4), 320), work(2, date(2026, 10, 12), 310)]
    planned = plan(facts(works, [OCTOBER._replace(granted=600)]))
    assert sums(planned) == {1: (360, 360, 0, 0), 2: (360, 240, 120, 0)}


def test_the_earlier_start_gets_the_last_hour():
    day = date(2026, 10, 4)
    works = [work(1, day, 120, start=600), work(2, day, 60, start=540)]
    assert sums(plan(facts(works, [OCTOBER])))[1] == (120, 60, 60, 0)


def test_what_is_settled_comes_first():
    settled = {"ticket 2": Settled(30, 60)}
    planned = plan(facts([TICKET_2], [OCTOBER], settled))
    assert planned.rated == {2: Rated(Settled(30, 60), (60,))}
    assert sums(planned) == {2: (60, 60, 0, 0)}


@pytest.mark.parametrize(
    ("payment", "shares"),
    [
        (Payment(), (180, 120, 60, 0)),
        (Payment(charge=Charge.PACKAGES), (180, 120, 0, 60)),
        (Payment(charge=Charge.FREE), (180, 0, 0, 180)),
        (Payment(charge=Charge.MONEY), (180, 0, 180, 0)),
        (Payment(of_packages=False), (180, 0, 180, 0)),
        (Payment(of_packages=False, charge=Charge.PACKAGES), (180, 0, 0, 180)),
        (Payment(of_packages=False, charge=Charge.FREE), (180, 0, 0, 180)),
        (Payment(flat=True), (180, 120, 60, 0)),
    ],
)
def test_who_may_be_asked_to_pay(payment, shares):
    three_hours = work(1, date(2026, 10, 4), 180)
    planned = plan(facts([three_hours], [OCTOBER], paid_1=payment))
    assert sums(planned) == {1: shares}
    assert sum(minutes_by("bucket_id", planned.slices).values()) == shares[1]


def test_free_work_leaves_the_hours_to_others():
    free = Payment(charge=Charge.FREE)
    planned = plan(facts([TICKET_1, TICKET_2], [OCTOBER], paid_1=free))
    assert sums(planned) == {1: (60, 0, 0, 60), 2: (120, 120, 0, 0)}


def test_each_part_has_shares_of_its_own():
    long_day = Work(
        1,
        date(2026, 10, 4),
        0,
        (Part(50), Part(100, after_hours=50, factor=150), Part(30)),
        "ticket",
        HOURS,
    )
    planned = plan(facts([long_day], [OCTOBER]))
    # Each part has what was worked in it, and what the package can still pay.
    assert planned.shares == {
        1: (
            Share(billed=50, burned=50, packages=50, overage=0, free=0),
            Share(billed=100, burned=69, packages=46, overage=54, free=0),
            Share(billed=30, burned=1, packages=1, overage=29, free=0),
        )
    }
    assert planned.total(1) == Share(180, 120, 97, 83, 0)


def test_earlier_parts_take_the_last_minutes():
    entry = work(1, date(2026, 10, 4), (100, 100), rounding=EXACT)
    assert [share.packages for share in plan(facts([entry], [OCTOBER])).shares[1]] == [
        100,
        20,
    ]


def test_packages_of_an_account_serve_its_work_only():
    packages = [
        OCTOBER._replace(id=1, granted=60, contract_id=WARSAW),
        OCTOBER._replace(id=2, granted=60, contract_id=GDYNIA),
        OCTOBER._replace(id=3, granted=30),
    ]
    case = facts(
        [TICKET_1, TICKET_2],
        packages,
        paid_1=Payment(WARSAW),
        paid_2=Payment(GDYNIA),
    )
    assert minutes_by("bucket_id", plan(case).slices) == {1: 60, 2: 60, 3: 30}


@pytest.mark.parametrize(
    ("posted", "left"),
    [
        ({}, 120),
        ({"used": 50}, 70),
        # A late entry may use what had expired, and not what went over.
        ({"used": 60, "expired": 60}, 60),
        ({"used": 60, "expired": 60, "carried": 45}, 15),
        ({"used": 120}, 0),
        ({"rollover": 60}, 120),
    ],
)
def test_what_open_work_can_still_take(posted, left):
    package = OCTOBER._replace(contract_id=WARSAW, **posted)
    assert package.bucket() == Bucket(1, OCTOBER.first_day, END, left, WARSAW)


def test_remaining_is_neither_used_nor_expired():
    assert OCTOBER._replace(used=50, expired=40, carried=30).remaining == 30


def test_a_late_entry_may_use_what_had_expired():
    closed = OCTOBER._replace(used=60, expired=60)
    planned = plan(facts([TICKET_2], [closed]))
    assert minutes_by("bucket_id", planned.slices) == {1: 60}
    assert sums(planned) == {2: (120, 60, 60, 0)}


def test_a_plan_of_some_entries_knows_what_the_others_took():
    planned = plan(facts([TICKET_1, TICKET_2], [OCTOBER]))
    second = planned.of({2})
    assert second.facts.works == [TICKET_2]
    assert sums(second) == {2: (120, 60, 60, 0)}
    assert minutes_by("demand_id", second.slices) == {(2, 0): 60}
    assert set(second.rated) == set(second.shares) == {2}


def test_a_plan_of_no_entries():
    nothing = plan(facts([TICKET_1], [OCTOBER])).of(())
    assert nothing[1:] == ({}, [], {})
    assert nothing.facts.works == []


BURNING = work(1, date(2026, 10, 4), 50, factor=150)


@pytest.mark.parametrize(
    ("case", "day", "expected"),
    [
        (
            facts([TICKET_1], [OCTOBER]),
            date(2026, 10, 20),
            Balance(END, 120, 0, 0, 60, 60, 0),
        ),
        (
            facts([TICKET_1, TICKET_2], [OCTOBER]),
            date(2026, 10, 20),
            Balance(END, 120, 0, 0, 120, 0, 60),
        ),
        # What is pending is what the package loses.
        (
            facts([BURNING], [OCTOBER]),
            date(2026, 10, 20),
            Balance(END, 120, 0, 0, 90, 30, 0),
        ),
        # Work of October waits for its settlement, and November is untouched.
        (
            facts([TICKET_1], [OCTOBER, NOVEMBER]),
            date(2026, 11, 1),
            Balance(date(2026, 11, 30), 120, 0, 0, 0, 120, 0),
        ),
        (
            facts([], [OCTOBER._replace(used=60, expired=60)]),
            date(2026, 10, 31),
            Balance(END, 120, 60, 60, 0, 0, 0),
        ),
        # Pending work uses hours that are posted as expired: nothing is left twice.
        (
            facts([TICKET_1], [OCTOBER._replace(expired=120)]),
            date(2026, 10, 31),
            Balance(END, 120, 0, 120, 60, 0, 0),
        ),
        (
            facts([TICKET_1], []),
            date(2026, 10, 20),
            Balance(None, 0, 0, 0, 0, 0, 60),
        ),
        # Two packages of one day, and the first of them ends first.
        (
            facts([], [OCTOBER, NOVEMBER._replace(first_day=date(2026, 10, 15))]),
            date(2026, 10, 15),
            Balance(END, 240, 0, 0, 0, 240, 0),
        ),
        # What is given is no overage.
        (
            facts([TICKET_1], [], paid_1=Payment(charge=Charge.FREE)),
            date(2026, 10, 20),
            Balance(None, 0, 0, 0, 0, 0, 0),
        ),
    ],
)
def test_balance(case, day, expected):
    assert balance(plan(case), day) == expected


def test_each_account_has_a_balance_of_its_own():
    packages = [
        OCTOBER._replace(id=1, granted=60, contract_id=WARSAW),
        OCTOBER._replace(id=2, granted=30),
    ]
    case = facts(
        [TICKET_1, TICKET_2],
        packages,
        paid_1=Payment(WARSAW),
        paid_2=Payment(GDYNIA),
    )
    day = date(2026, 10, 20)
    assert balance(plan(case), day, WARSAW) == Balance(END, 90, 0, 0, 90, 0, 0)
    # Shared hours are what both see.
    assert balance(plan(case), day, GDYNIA) == Balance(END, 30, 0, 0, 30, 0, 90)


def closing(package, used=0, last_day=END):
    slices = [Slice((1, 0), package.bucket(), used, used)] if used else []
    closed = closings([package], slices, last_day)
    assert all(change.package_id == package.id for change in closed)
    return [change[1:] for change in closed]


@pytest.mark.parametrize(
    ("posted", "used", "last_day", "expected"),
    [
        # Before the end nothing happens, on the last day what is left is lost.
        ({}, 0, date(2026, 10, 30), []),
        ({}, 0, date(2026, 10, 31), [(0, 120, 0)]),
        ({}, 0, date(2026, 12, 31), [(0, 120, 0)]),
        ({"used": 30}, 50, END, [(0, 40, 0)]),
        ({"used": 120}, 0, END, []),
        ({}, 120, END, []),
        # Once is enough.
        ({"used": 30, "expired": 90}, 0, END, []),
        # A late entry: what it needs is released, and the rest stays lost.
        ({"used": 30, "expired": 90}, 60, END, [(60, 0, 0)]),
        ({"used": 30, "expired": 90}, 90, END, [(90, 0, 0)]),
        # It is released before the window ends too, and no more of it.
        ({"used": 30, "expired": 90}, 60, date(2026, 10, 30), [(60, 0, 0)]),
        # Minutes that were added after the end are lost as well.
        ({"granted": 180, "expired": 120}, 0, END, [(0, 60, 0)]),
        # Only so much goes over.
        ({"rollover": 60}, 0, END, [(0, 120, 60)]),
        ({"rollover": 60}, 80, END, [(0, 40, 40)]),
        ({"rollover": 60}, 120, END, []),
        ({"rollover": 500}, 0, END, [(0, 120, 120)]),
        ({"rollover": 60}, 0, date(2026, 10, 30), []),
        # And only once, whatever happens to the package later.
        ({"rollover": 60, "expired": 120, "carried": 60}, 0, END, []),
        ({"rollover": 60, "expired": 120, "carried": 60}, 60, END, [(60, 0, 0)]),
        (
            {"rollover": 60, "granted": 180, "expired": 120, "carried": 60},
            0,
            END,
            [(0, 60, 0)],
        ),
        (
            {"rollover": 60, "granted": 180, "expired": 60, "carried": 60},
            0,
            END,
            [(0, 120, 0)],
        ),
        (
            {"rollover": 60, "used": 80, "granted": 150, "expired": 40}
            | {"carried": 40},
            0,
            END,
            [(0, 30, 0)],
        ),
        # What went over stays there, even where the end is not reached again.
        (
            {"rollover": 60, "expired": 120, "carried": 60},
            30,
            date(2026, 10, 30),
            [(30, 0, 0)],
        ),
        (
            {"rollover": 60, "expired": 60, "carried": 60},
            30,
            date(2026, 10, 30),
            [],
        ),
    ],
)
def test_the_end_of_a_package(posted, used, last_day, expected):
    assert closing(OCTOBER._replace(**posted), used, last_day) == expected


def test_a_package_loses_what_is_burned_and_not_what_is_billed():
    slices = plan(facts([BURNING], [OCTOBER])).slices
    assert closings([OCTOBER], slices, END) == [Closing(1, 0, 30, 0)]


def test_each_package_ends_on_its_own():
    packages = [OCTOBER, NOVEMBER, OCTOBER._replace(id=3, rollover=60)]
    assert closings(packages, [], date(2026, 11, 29)) == [
        Closing(1, 0, 120, 0),
        Closing(3, 0, 120, 60),
    ]


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ([], [END]),
        ([date(2026, 10, 14)], [date(2026, 10, 14), END]),
        ([date(2026, 10, 1)], [date(2026, 10, 1), END]),
        ([END], [END]),
        ([date(2026, 9, 30), date(2026, 11, 1)], [date(2026, 9, 30), END]),
        (
            [date(2026, 10, 20), date(2026, 10, 14), date(2026, 10, 20)],
            [date(2026, 10, 14), date(2026, 10, 20), END],
        ),
        (
            [date(2026, 10, day) for day in (9, 2, 17, 5, 12, 30, 24)],
            [date(2026, 10, day) for day in (2, 5, 9, 12, 17, 24, 30, 31)],
        ),
    ],
)
def test_steps(ends, expected):
    packages = [
        OCTOBER._replace(first_day=date(2026, 9, 1), last_day=end, rollover=60)
        for end in ends
    ]
    assert steps(packages, END) == expected
    without = [package._replace(rollover=0) for package in packages]
    assert steps(without, END) == [END]


def test_what_an_entry_takes_from_each_package():
    entries = [
        work(1, date(2026, 10, 4), (60, 120, 60), rounding=EXACT, factor=50),
        work(2, date(2026, 10, 5), 60, rounding=EXACT),
    ]
    first, second = OCTOBER._replace(granted=61), OCTOBER._replace(id=2)
    found = taken(plan(facts(entries, [second, first])).slices)
    assert found == {
        1: [Taken(first.bucket(), 122, 61), Taken(second.bucket(), 118, 59)],
        2: [Taken(second.bucket(), 60, 60)],
    }


def test_nothing_is_taken_where_nothing_is_paid():
    assert taken(plan(facts([TICKET_1], [])).slices) == {}


CHARGES = st.sampled_from([charge for charge in Charge if not charge.waits])
FACTORS = st.sampled_from([50, 100, 150])
PAYMENTS = st.builds(Payment, st.sampled_from([WARSAW, GDYNIA]), st.booleans(), CHARGES)
ACCOUNTS = st.sampled_from([None, WARSAW, GDYNIA])


@given(
    st.lists(
        st.tuples(
            st.integers(1, 31),
            st.lists(st.integers(1, 200), min_size=1, max_size=3),
            FACTORS,
            PAYMENTS,
        ),
        max_size=8,
    ),
    st.integers(0, 600),
    st.integers(0, 600),
    ACCOUNTS,
)
def test_every_billed_minute_goes_somewhere_once(rows, granted, used, contract_id):
    works = [
        work(id_, date(2026, 10, day), tuple(minutes), id_ % 3 + 1, factor=factor)
        for id_, (day, minutes, factor, _payment) in enumerate(rows)
    ]
    payments = {id_: row[-1] for id_, row in enumerate(rows)}
    used = min(granted, used)
    package = OCTOBER._replace(granted=granted, used=used, contract_id=contract_id)
    planned = plan(Facts(works, {}, [package], payments))
    paid = minutes_by("demand_id", planned.slices)
    for entry in works:
        payment = payments[entry.id]
        parts = planned.rated[entry.id].parts
        for number, share in enumerate(planned.shares[entry.id]):
            assert share.packages + share.overage + share.free == share.billed
            assert min(share) >= 0
            assert share.billed == parts[number]
            assert share.packages == paid[entry.id, number]
        total = planned.total(entry.id)
        assert total.overage == 0 or payment.charge.costs_money
        assert total.free == 0 or not payment.charge.costs_money
        if not payment.uses_packages:
            assert total.packages == total.burned == 0
    burned = sum(planned.total(entry.id).burned for entry in works)
    assert burned == sum(part.burned for part in planned.slices)
    assert burned <= granted - used


class Books:
    """Packages and entries, to which plans are posted one after the other."""

    def __init__(self, works, packages, payments):
        self.open = {entry.id: entry for entry in works}
        self.packages = {package.id: package for package in packages}
        self.payments = payments
        self.settled = {}
        self.shares = {}
        self.burned = Counter()

    def settle(self, first_day, last_day, contract_id=WARSAW):
        for day in steps(list(self.packages.values()), last_day):
            self._post(day, contract_id)

    def _post(self, day, contract_id):
        works = [entry for entry in self.open.values() if entry.day <= day]
        everything = Facts(
            works, self.settled, list(self.packages.values()), self.payments
        )
        own = {e.id for e in works if self.payments[e.id].contract_id == contract_id}
        planned = plan(everything).of(own)
        served = [
            p for p in self.packages.values() if p.contract_id in (None, contract_id)
        ]
        closed = closings(served, planned.slices, day)
        for part in planned.slices:
            self._change(part.bucket_id, used=part.burned)
            self.burned[part.demand_id[0]] += part.burned
        for end in closed:
            change = end.expired - end.released
            self._change(end.package_id, expired=change, carried=end.carried)
            self._carry_over(end)
        for entry in planned.facts.works:
            del self.open[entry.id]
            before = self.settled.get(entry.group, Settled())
            billed = planned.total(entry.id).billed
            self.settled[entry.group] = Settled(
                before.worked + entry.minutes, before.billed + billed
            )
        self.shares |= planned.shares
        self._check()

    def _change(self, package_id, **minutes):
        package = self.packages[package_id]
        changed = {name: getattr(package, name) + m for name, m in minutes.items()}
        self.packages[package_id] = package._replace(**changed)

    def _carry_over(self, end):
        if end.carried:
            old = self.packages[end.package_id]
            last = window(old.last_day + timedelta(days=1), 1).last
            new = Package(
                old.id + 100,
                old.first_day,
                last,
                end.carried,
                contract_id=old.contract_id,
            )
            assert new.id not in self.packages, "carried over twice"
            self.packages[new.id] = new

    def _check(self):
        for package in self.packages.values():
            assert 0 <= package.used
            assert 0 <= package.carried <= package.expired
            assert package.carried <= package.rollover
            assert package.used + package.expired <= package.granted


FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
MONTHS = list(months_between(FIRST, LAST))
WORKS = st.lists(
    st.tuples(
        st.integers(0, (LAST - FIRST).days),
        st.lists(st.integers(1, 400), min_size=1, max_size=2),
        FACTORS,
        st.integers(1, 4),
    ),
    max_size=8,
).map(
    lambda rows: [
        work(
            id_,
            FIRST + timedelta(days=offset),
            tuple(minutes),
            # A rounding group belongs to one contract_id, as a ticket does.
            (group, id_ % 2),
            HOURS,
            factor=factor,
        )
        for id_, (offset, minutes, factor, group) in enumerate(rows)
    ]
)


def packages_of(rollovers, accounts):
    return st.lists(
        st.tuples(
            st.integers(0, 150),
            st.integers(0, 90),
            st.integers(0, 600),
            rollovers,
            accounts,
        ),
        max_size=4,
    ).map(
        lambda rows: [
            Package(
                id_,
                FIRST + timedelta(days=first),
                FIRST + timedelta(days=first + days),
                granted,
                rollover=rollover,
                contract_id=contract_id,
            )
            for id_, (first, days, granted, rollover, contract_id) in enumerate(rows)
        ]
    )


ROLLOVERS = st.sampled_from([0, 60, 600])
CHARGED = st.lists(CHARGES, min_size=8, max_size=8)


def payments_of(works, charges, accounts=(WARSAW, WARSAW)):
    return {
        entry.id: Payment(accounts[entry.id % 2], charge=charges[entry.id])
        for entry in works
    }


@given(
    WORKS,
    packages_of(ROLLOVERS, ACCOUNTS),
    CHARGED,
    st.lists(
        st.tuples(st.sampled_from(MONTHS), st.sampled_from([WARSAW, GDYNIA])),
        max_size=8,
    ),
)
def test_no_order_of_settlements_takes_more_than_there_is(
    works, packages, charges, settlements
):
    payments = payments_of(works, charges, (WARSAW, GDYNIA))
    books = Books(works, packages, payments)
    for month, contract_id in settlements:
        books.settle(*month, contract_id)
    for contract_id in (WARSAW, GDYNIA):
        books.settle(FIRST, LAST, contract_id)
    assert not books.open
    assert sum(books.burned.values()) == sum(
        package.used for package in books.packages.values()
    )
    for package in books.packages.values():
        if package.last_day <= LAST:
            assert package.remaining == 0


@given(WORKS, packages_of(ROLLOVERS, st.just(None)), CHARGED)
def test_settling_once_more_changes_nothing(works, packages, charges):
    books = Books(works, packages, payments_of(works, charges))
    books.settle(FIRST, LAST)
    before = dict(books.packages)
    books.settle(FIRST, LAST)
    assert books.packages == before


@given(WORKS, packages_of(ROLLOVERS, st.just(None)), CHARGED, st.data())
def test_late_entries_never_touch_what_went_over(works, packages, charges, data):
    late = data.draw(st.sets(st.sampled_from([entry.id for entry in works] or [0])))
    in_time = [entry for entry in works if entry.id not in late]
    books = Books(in_time, packages, payments_of(works, charges))
    books.settle(FIRST, LAST)
    carried = {id_: package.carried for id_, package in books.packages.items()}
    books.open = {entry.id: entry for entry in works if entry.id in late}
    books.settle(FIRST, LAST)
    assert {id_: books.packages[id_].carried for id_ in carried} == carried
    assert not books.open


@given(WORKS, packages_of(st.just(0), st.just(None)), CHARGED)
def test_month_by_month_is_the_same_as_all_at_once(works, packages, charges):
    payments = payments_of(works, charges)
    at_once = Books(works, packages, payments)
    at_once.settle(FIRST, LAST)
    by_month = Books(works, packages, payments)
    for month in MONTHS:
        by_month.settle(*month)
    assert by_month.shares == at_once.shares
    assert by_month.packages == at_once.packages


@given(WORKS, packages_of(ROLLOVERS, st.just(None)), CHARGED)
def test_steps_make_it_the_same_where_minutes_go_over(works, packages, charges):
    payments = payments_of(works, charges)
    at_once = Books(works, packages, payments)
    at_once.settle(FIRST, LAST)
    by_month = Books(works, packages, payments)
    for month in MONTHS:
        by_month.settle(*month)
    assert by_month.shares == at_once.shares
    assert by_month.packages == at_once.packages


HALF_YEAR = Package(1, *window(date(2026, 1, 15), 6), 20 * 60)
JUNE = Package(2, *window(date(2026, 6, 1), 1), 10 * 60)
FEBRUARY_10 = work(1, date(2026, 2, 10), 12 * 60)
JUNE_20 = work(2, date(2026, 6, 20), 5 * 60)
JULY_15 = work(3, date(2026, 7, 15), 2 * 60)


@pytest.mark.parametrize(
    ("packages", "figures"),
    [
        # 12 h and 5 h are used, 3 h are lost on 14 July.
        ([HALF_YEAR], {1: (1020, 180)}),
        # June's own package pays for June and loses the other half.
        ([HALF_YEAR, JUNE], {1: (720, 480), 2: (300, 300)}),
    ],
)
def test_packages_that_were_sold_for_half_a_year_and_a_month(packages, figures):
    works = [FEBRUARY_10, JUNE_20, JULY_15]
    books = Books(works, packages, dict.fromkeys((1, 2, 3), Payment(WARSAW)))
    for month in months_between(date(2026, 1, 1), date(2026, 7, 31)):
        books.settle(*month)
    assert {
        id_: (package.used, package.expired) for id_, package in books.packages.items()
    } == figures
    overage = {id_: sum(s.overage for s in books.shares[id_]) for id_ in books.shares}
    assert overage == {1: 0, 2: 0, 3: 120}


def test_a_half_year_seen_on_its_way():
    case = facts([FEBRUARY_10, JUNE_20, JULY_15], [HALF_YEAR, JUNE])
    planned = plan(case)
    until = date(2026, 7, 14)
    for day, expected in [
        (date(2026, 3, 1), Balance(until, 1200, 0, 0, 720, 480, 120)),
        (date(2026, 6, 1), Balance(JUNE.last_day, 1800, 0, 0, 1020, 780, 120)),
        (date(2026, 7, 1), Balance(until, 1200, 0, 0, 720, 480, 120)),
        (date(2026, 7, 14), Balance(until, 1200, 0, 0, 720, 480, 120)),
        (date(2026, 7, 15), Balance(None, 0, 0, 0, 0, 0, 120)),
    ]:
        assert balance(planned, day) == expected


def test_carried_minutes_pay_for_the_next_month_and_are_lost_after_it():
    package = OCTOBER._replace(rollover=60)
    works = [work(1, date(2026, 11, 4), 30, rounding=EXACT)]
    books = Books(works, [package], {1: Payment(WARSAW)})
    books.settle(*month_of(date(2026, 10, 1)))
    books.settle(*month_of(date(2026, 11, 1)))
    assert books.packages == {
        1: package._replace(expired=120, carried=60),
        101: Package(
            101, OCTOBER.first_day, date(2026, 11, 30), 60, used=30, expired=30
        ),
    }


def test_an_entry_without_time_goes_nowhere():
    empty = TICKET_1._replace(parts=())
    planned = plan(facts([empty], [OCTOBER]))
    assert sums(planned) == {1: (0, 0, 0, 0)}
    assert balance(planned, date(2026, 10, 4)).available == 120


def test_what_one_package_lacks_is_not_taken_from_another():
    ended = OCTOBER._replace(expired=120)
    other = OCTOBER._replace(id=3, granted=100, last_day=date(2026, 12, 31))
    planned = plan(facts([TICKET_1], [ended, other]))
    assert balance(planned, date(2026, 10, 20)).available == 100
