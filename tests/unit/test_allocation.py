from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.allocation import Bucket, Demand, allocate

OCTOBER = Bucket(1, date(2026, 10, 1), date(2026, 10, 31), 120)
HALF_YEAR = Bucket(2, date(2026, 1, 15), date(2026, 7, 14), 480)
JUNE = Bucket(3, date(2026, 6, 1), date(2026, 6, 30), 600)
WARSAW, GDYNIA = 7, 8


def demand(id_, day, minutes, **more):
    return Demand(id_, (day, id_), day, minutes, **more)


def october(id_, day, minutes, **more):
    return demand(id_, date(2026, 10, day), minutes, **more)


def june(minutes, **more):
    return demand(1, date(2026, 6, 20), minutes, **more)


def rows(slices):
    return [
        (part.demand_id, part.bucket_id, part.minutes, part.burned) for part in slices
    ]


@pytest.mark.parametrize(
    ("demands", "buckets", "slices", "unpaid"),
    [
        # The month's two hours: the second ticket gets what the first has left.
        (
            [october(1, 4, 60), october(2, 12, 120)],
            [OCTOBER],
            [(1, 1, 60), (2, 1, 60)],
            {1: 0, 2: 60},
        ),
        # The work date decides who gets the last hour, not the order of typing.
        (
            [october(1, 12, 120), october(2, 4, 60)],
            [OCTOBER],
            [(2, 1, 60), (1, 1, 60)],
            {2: 0, 1: 60},
        ),
        # The window holds its first and last day, and not the days around.
        ([october(1, 31, 60)], [OCTOBER], [(1, 1, 60)], {1: 0}),
        ([october(1, 1, 60)], [OCTOBER], [(1, 1, 60)], {1: 0}),
        ([demand(1, date(2026, 11, 1), 60)], [OCTOBER], [], {1: 60}),
        ([demand(1, date(2026, 9, 30), 60)], [OCTOBER], [], {1: 60}),
        # The package that ends first gives first, though it was sold later.
        ([june(300)], [HALF_YEAR, JUNE], [(1, 3, 300)], {1: 0}),
        # One entry may take from several packages and still be left with overage.
        ([june(1100)], [HALF_YEAR, JUNE], [(1, 3, 600), (1, 2, 480)], {1: 20}),
        # Equal ends: the one that began first, then the lower id.
        (
            [october(1, 20, 30)],
            [OCTOBER._replace(first_day=date(2026, 10, 2)), OCTOBER._replace(id=9)],
            [(1, 9, 30)],
            {1: 0},
        ),
        (
            [october(1, 20, 30)],
            [OCTOBER._replace(id=9), OCTOBER._replace(id=8)],
            [(1, 8, 30)],
            {1: 0},
        ),
        ([], [OCTOBER], [], {}),
        ([october(1, 4, 0)], [OCTOBER], [], {1: 0}),
        ([october(1, 4, 60)], [OCTOBER._replace(minutes=0)], [], {1: 60}),
        # Started hours of two tickets, and an allowance of ten of them.
        (
            [october(1, 4, 360), october(2, 12, 360)],
            [OCTOBER._replace(minutes=600)],
            [(1, 1, 360), (2, 1, 240)],
            {1: 0, 2: 120},
        ),
    ],
)
def test_who_pays(demands, buckets, slices, unpaid):
    served = allocate(demands, buckets)
    assert rows(served.slices) == [(*part, part[-1]) for part in slices]
    assert served.unpaid == unpaid


def test_the_order_serves_and_not_the_id():
    day = date(2026, 10, 4)
    late = Demand("a", (day, 600), day, 100)
    early = Demand("b", (day, 540), day, 100)
    assert allocate([late, early], [OCTOBER]).unpaid == {"b": 0, "a": 80}


@pytest.mark.parametrize(
    ("factor", "left", "wanted", "paid", "burned", "unpaid"),
    [
        (100, 60, 60, 60, 60, 0),
        (150, 480, 60, 60, 90, 0),
        (150, 45, 60, 30, 45, 30),
        (50, 480, 60, 60, 30, 0),
        (50, 20, 60, 40, 20, 20),
        # A started minute is lost: 61 at half are 30 and a half.
        (50, 480, 61, 61, 31, 0),
        (150, 480, 1, 1, 2, 0),
        # A minute of the package is left which pays for nothing.
        (150, 46, 60, 30, 45, 30),
        (300, 44, 60, 14, 42, 46),
        # With one more minute it pays for one more.
        (150, 47, 60, 31, 47, 29),
        (110, 10, 60, 9, 10, 51),
        (33, 1, 60, 3, 1, 57),
        (150, 1, 60, 0, 0, 60),
    ],
)
def test_packages_lose_by_the_factor(factor, left, wanted, paid, burned, unpaid):
    package = OCTOBER._replace(minutes=left)
    served = allocate([october(1, 4, wanted, factor=factor)], [package])
    assert rows(served.slices) == ([(1, 1, paid, burned)] if paid else [])
    assert served.unpaid == {1: unpaid}


def test_what_one_factor_cannot_use_another_can():
    package = OCTOBER._replace(minutes=46)
    demands = [october(1, 4, 60, factor=150), october(2, 5, 60)]
    served = allocate(demands, [package])
    assert rows(served.slices) == [(1, 1, 30, 45), (2, 1, 1, 1)]
    assert served.unpaid == {1: 30, 2: 59}


def test_each_package_rounds_its_own_loss():
    packages = [JUNE._replace(minutes=2), HALF_YEAR]
    served = allocate([june(4, factor=150)], packages)
    assert rows(served.slices) == [(1, 3, 1, 2), (1, 2, 3, 5)]


@pytest.mark.parametrize(
    ("of_bucket", "of_demand", "serves"),
    [
        (None, WARSAW, True),
        (None, None, True),
        (WARSAW, WARSAW, True),
        (WARSAW, GDYNIA, False),
        (WARSAW, None, False),
    ],
)
def test_whom_a_package_serves(of_bucket, of_demand, serves):
    package = OCTOBER._replace(contract_id=of_bucket)
    served = allocate([october(1, 4, 60, contract_id=of_demand)], [package])
    assert served.unpaid == {1: 0 if serves else 60}


def test_accounts_share_what_belongs_to_all():
    own = OCTOBER._replace(id=1, minutes=60, contract_id=WARSAW)
    shared = OCTOBER._replace(id=2, minutes=60)
    demands = [
        october(1, 4, 90, contract_id=WARSAW),
        october(2, 5, 90, contract_id=GDYNIA),
    ]
    served = allocate(demands, [shared, own])
    assert rows(served.slices) == [(1, 1, 60, 60), (1, 2, 30, 30), (2, 2, 30, 30)]
    assert served.unpaid == {1: 0, 2: 60}


def day(offset):
    return date(2026, 1, 1) + timedelta(days=offset)


ACCOUNTS = st.none() | st.integers(0, 1)
FACTORS = st.sampled_from([100, 150, 50]) | st.integers(1, 400)
DEMANDS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 300), FACTORS, ACCOUNTS), max_size=10
).map(
    lambda drawn: [
        demand(id_, day(offset), minutes, factor=factor, contract_id=contract_id)
        for id_, (offset, minutes, factor, contract_id) in enumerate(drawn)
    ]
)
BUCKETS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 40), st.integers(0, 400), ACCOUNTS),
    max_size=5,
).map(
    lambda drawn: [
        Bucket(id_, day(first), day(first + days), minutes, contract_id)
        for id_, (first, days, minutes, contract_id) in enumerate(drawn)
    ]
)


def admits(bucket, wanted):
    in_window = bucket.first_day <= wanted.day <= bucket.last_day
    return in_window and (
        bucket.contract_id is None or bucket.contract_id == wanted.contract_id
    )


@given(DEMANDS, BUCKETS)
def test_conservation(demands, buckets):
    slices, unpaid = allocate(demands, buckets)
    served = Counter()
    for part in slices:
        served[part.demand_id] += part.minutes
    for wanted in demands:
        assert served[wanted.id] + unpaid[wanted.id] == wanted.minutes


@given(DEMANDS, BUCKETS)
def test_bounds_and_windows(demands, buckets):
    slices, unpaid = allocate(demands, buckets)
    demand_of = {wanted.id: wanted for wanted in demands}
    lost = Counter()
    for part in slices:
        assert part.minutes > 0
        assert part.bucket in buckets
        assert admits(part.bucket, demand_of[part.demand_id])
        lost[part.bucket_id] += part.burned
    assert all(lost[bucket.id] <= bucket.minutes for bucket in buckets)
    assert all(minutes >= 0 for minutes in unpaid.values())


@given(DEMANDS, BUCKETS)
def test_a_slice_loses_what_it_must_and_less_than_a_minute_more(demands, buckets):
    factors = {wanted.id: wanted.factor for wanted in demands}
    for part in allocate(demands, buckets).slices:
        exact = part.minutes * factors[part.demand_id]
        assert exact <= part.burned * 100 < exact + 100


@given(DEMANDS, BUCKETS)
def test_nothing_is_charged_while_a_package_could_pay(demands, buckets):
    slices, unpaid = allocate(demands, buckets)
    left = {bucket.id: bucket.minutes for bucket in buckets}
    for part in slices:
        left[part.bucket_id] -= part.burned
    for wanted in demands:
        if unpaid[wanted.id]:
            assert not any(
                left[bucket.id] * 100 >= wanted.factor
                for bucket in buckets
                if admits(bucket, wanted)
            )


@given(DEMANDS, BUCKETS, st.randoms())
def test_order_does_not_matter(demands, buckets, random):
    expected = allocate(demands, buckets)
    random.shuffle(demands)
    random.shuffle(buckets)
    assert allocate(demands, buckets) == expected


@given(DEMANDS, BUCKETS, st.integers(1, 300))
def test_a_later_ending_package_never_changes_what_the_others_give(
    demands, buckets, minutes
):
    before = allocate(demands, buckets).slices
    last = Bucket(99, day(0), day(400), minutes)
    after = allocate(demands, [*buckets, last]).slices
    assert [part for part in after if part.bucket_id != last.id] == before


@given(DEMANDS, BUCKETS)
def test_other_accounts_do_not_touch_what_is_not_theirs(demands, buckets):
    own = [bucket for bucket in buckets if bucket.contract_id == 0]
    alone = allocate([wanted for wanted in demands if wanted.contract_id == 0], own)
    together = allocate(demands, own)
    assert together.slices == alone.slices
