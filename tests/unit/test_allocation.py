from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.allocation import Bucket, Demand, Slice, allocate

OCTOBER = Bucket(1, date(2026, 10, 1), date(2026, 10, 31), 120)
HALF_YEAR = Bucket(2, date(2026, 1, 15), date(2026, 7, 14), 480)
JUNE = Bucket(3, date(2026, 6, 1), date(2026, 6, 30), 600)


@pytest.mark.parametrize(
    ("demands", "buckets", "slices", "overage"),
    [
        # The month's two hours: the second ticket gets what the first has left.
        (
            [
                Demand(1, date(2026, 10, 4), 60),
                Demand(2, date(2026, 10, 12), 120),
            ],
            [OCTOBER],
            [Slice(1, 1, 60), Slice(2, 1, 60)],
            {1: 0, 2: 60},
        ),
        # The work date decides who gets the last hour, not the order of typing.
        (
            [
                Demand(1, date(2026, 10, 12), 120),
                Demand(2, date(2026, 10, 4), 60),
            ],
            [OCTOBER],
            [Slice(2, 1, 60), Slice(1, 1, 60)],
            {2: 0, 1: 60},
        ),
        # The window holds its last day, and not the day after.
        (
            [Demand(1, date(2026, 10, 31), 60)],
            [OCTOBER],
            [Slice(1, 1, 60)],
            {1: 0},
        ),
        ([Demand(1, date(2026, 11, 1), 60)], [OCTOBER], [], {1: 60}),
        ([Demand(1, date(2026, 9, 30), 60)], [OCTOBER], [], {1: 60}),
        # The package that ends first gives first, though it was sold later.
        (
            [Demand(1, date(2026, 6, 20), 300)],
            [HALF_YEAR, JUNE],
            [Slice(1, 3, 300)],
            {1: 0},
        ),
        # One entry may take from several packages and still be left with overage.
        (
            [Demand(1, date(2026, 6, 20), 1100)],
            [HALF_YEAR, JUNE],
            [Slice(1, 3, 600), Slice(1, 2, 480)],
            {1: 20},
        ),
        # Equal ends: the one that began first, then the lower id.
        (
            [Demand(1, date(2026, 10, 20), 30)],
            [OCTOBER._replace(id=9), OCTOBER._replace(id=8)],
            [Slice(1, 8, 30)],
            {1: 0},
        ),
        ([], [OCTOBER], [], {}),
        ([Demand(1, date(2026, 10, 4), 0)], [OCTOBER], [], {1: 0}),
    ],
)
def test_who_pays(demands, buckets, slices, overage):
    assert allocate(demands, buckets) == (slices, overage)


def day(offset):
    return date(2026, 1, 1) + timedelta(days=offset)


DEMANDS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 300)), max_size=10).map(
    lambda rows: [Demand(i, day(d), m) for i, (d, m) in enumerate(rows)]
)
BUCKETS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 40), st.integers(0, 400)), max_size=5
).map(
    lambda rows: [Bucket(i, day(d), day(d + n), m) for i, (d, n, m) in enumerate(rows)]
)


@given(DEMANDS, BUCKETS)
def test_conservation(demands, buckets):
    slices, overage = allocate(demands, buckets)
    served = Counter()
    for part in slices:
        served[part.demand_id] += part.minutes
    for demand in demands:
        assert served[demand.id] + overage[demand.id] == demand.minutes


@given(DEMANDS, BUCKETS)
def test_bounds_and_windows(demands, buckets):
    slices, overage = allocate(demands, buckets)
    by_id = {bucket.id: bucket for bucket in buckets}
    days = {demand.id: demand.day for demand in demands}
    taken = Counter()
    for part in slices:
        bucket = by_id[part.bucket_id]
        assert part.minutes > 0
        assert bucket.first_day <= days[part.demand_id] <= bucket.last_day
        taken[part.bucket_id] += part.minutes
    assert all(taken[bucket.id] <= bucket.minutes for bucket in buckets)
    assert all(minutes >= 0 for minutes in overage.values())


@given(DEMANDS, BUCKETS)
def test_nothing_is_charged_while_a_package_could_pay(demands, buckets):
    slices, overage = allocate(demands, buckets)
    left = {bucket.id: bucket.minutes for bucket in buckets}
    for part in slices:
        left[part.bucket_id] -= part.minutes
    for demand in demands:
        if overage[demand.id]:
            assert not any(
                left[bucket.id]
                for bucket in buckets
                if bucket.first_day <= demand.day <= bucket.last_day
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
    before, _overage = allocate(demands, buckets)
    last = Bucket(99, day(0), day(400), minutes)
    after, _overage = allocate(demands, [*buckets, last])
    assert [part for part in after if part.bucket_id != last.id] == before
