from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.apportion import apportion
from tools.charging import Item, Share, Unit, charges
from tools.rating import Part

PLAIN = Part(60)
EXPRESS = Part(60, express=100)
EVENING = Part(60, after_hours=50)
BOTH = Part(60, express=100, after_hours=50)


def share(packages=0, overage=0, free=0):
    return Share(packages + overage + free, packages, packages, overage, free)


def minutes(quantity, percent=100, **kind):
    return Item(Unit.MINUTE, quantity, percent, **kind)


def opening(parts, minutes):
    """The first unit, where all of it is the first part's."""
    return [minutes, *[0] * (len(parts) - 1)]


def fee(percent=100, **kind):
    return Item(Unit.FLAT, 1, percent, **kind)


@pytest.mark.parametrize(
    ("parts", "shares", "items"),
    [
        ([PLAIN], [share(overage=120)], [minutes(120)]),
        ([PLAIN], [share(packages=60, overage=120)], [minutes(120)]),
        ([PLAIN], [share(packages=60)], []),
        # The second entry of an hour that is billed already.
        ([EXPRESS], [share()], []),
        # +100 % express: two hours, and two hours more.
        (
            [EXPRESS],
            [share(overage=120)],
            [minutes(120), minutes(120, 100, express=True)],
        ),
        # Surcharges stand beside each other and not on top of each other.
        (
            [BOTH],
            [share(overage=60)],
            [
                minutes(60),
                minutes(60, 100, express=True),
                minutes(60, 50, after_hours=True),
            ],
        ),
        # Only what was worked in the evening is surcharged.
        (
            [PLAIN, EVENING],
            [share(overage=60), share(overage=30)],
            [minutes(90), minutes(30, 50, after_hours=True)],
        ),
        # The unit was started before the surcharge began.
        ([PLAIN, EVENING], [share(overage=60), share()], [minutes(60)]),
        # Free work costs nothing, not even a surcharge.
        ([BOTH], [share(free=60)], []),
        # Packages pay without a price, the rest is given: a surcharge is still due.
        (
            [EXPRESS],
            [share(packages=40, free=20)],
            [minutes(40, 100, express=True)],
        ),
        ([], [], []),
    ],
)
def test_what_work_costs(parts, shares, items):
    assert charges(parts, shares) == items


@pytest.mark.parametrize(
    ("shared", "in_money", "burning"),
    [
        (share(packages=60), [minutes(60, 50, after_hours=True)], []),
        (
            share(packages=60, overage=30),
            [minutes(30), minutes(90, 50, after_hours=True)],
            [minutes(30), minutes(30, 50, after_hours=True)],
        ),
        (
            share(overage=60),
            [minutes(60), minutes(60, 50, after_hours=True)],
            [minutes(60), minutes(60, 50, after_hours=True)],
        ),
        (share(free=60), [], []),
    ],
)
def test_package_hours_are_surcharged_in_money_or_burn_faster(
    shared, in_money, burning
):
    assert charges([EVENING], [shared]) == in_money
    assert charges([EVENING], [shared], burns=True) == burning


@pytest.mark.parametrize(
    ("parts", "shares", "items"),
    [
        ([PLAIN], [share(overage=15)], [fee()]),
        ([PLAIN], [share(overage=45)], [fee(), minutes(30)]),
        # A package pays for it, or for a part of it: no fee, only minutes.
        ([PLAIN], [share(packages=15)], []),
        ([PLAIN], [share(packages=10, overage=5)], [minutes(5)]),
        ([PLAIN], [share(packages=15, overage=30)], [minutes(30)]),
        ([PLAIN, PLAIN], [share(overage=15), share(packages=15)], [minutes(15)]),
        ([PLAIN], [share(free=15)], []),
        # The surcharge is one on the fee, and one on the minutes after it.
        ([EXPRESS], [share(overage=15)], [fee(), fee(100, express=True)]),
        (
            [EVENING],
            [share(overage=45)],
            [
                fee(),
                minutes(30),
                fee(50, after_hours=True),
                minutes(30, 50, after_hours=True),
            ],
        ),
        # The fee was due before the evening began.
        (
            [PLAIN, EVENING],
            [share(overage=15), share(overage=30)],
            [fee(), minutes(30), minutes(30, 50, after_hours=True)],
        ),
        # It was due in the evening, and the rest was done next morning.
        (
            [EVENING, PLAIN],
            [share(overage=15), share(overage=30)],
            [fee(), minutes(30), fee(50, after_hours=True)],
        ),
        (
            [EXPRESS],
            [share(packages=10, overage=5)],
            [minutes(5), minutes(15, 100, express=True)],
        ),
    ],
)
def test_a_flat_fee_stands_for_the_first_unit(parts, shares, items):
    assert charges(parts, shares, flat_minutes=opening(parts, 15)) == items


@pytest.mark.parametrize(
    ("parts", "flat", "shares", "items"),
    [
        # 15:50 to 16:50: five sixths of the fee are surcharged.
        (
            [PLAIN, EVENING],
            [10, 50],
            [share(overage=10), share(overage=50)],
            [fee(), fee(50, after_hours=True, portion=Fraction(5, 6))],
        ),
        # The rest of the evening costs minutes.
        (
            [PLAIN, EVENING],
            [10, 50],
            [share(overage=10), share(overage=110)],
            [
                fee(),
                minutes(60),
                fee(50, after_hours=True, portion=Fraction(5, 6)),
                minutes(60, 50, after_hours=True),
            ],
        ),
        # Before and after a break in the hours of service, one surcharge.
        (
            [EVENING, PLAIN, EVENING],
            [5, 10, 5],
            [share(overage=5), share(overage=10), share(overage=5)],
            [fee(), fee(50, after_hours=True, portion=Fraction(1, 2))],
        ),
    ],
)
def test_a_flat_fee_is_surcharged_in_proportion(parts, flat, shares, items):
    assert charges(parts, shares, flat_minutes=flat) == items


def test_a_fee_is_surcharged_in_money_even_where_packages_burn_faster():
    items = charges([EXPRESS], [share(overage=15)], flat_minutes=[15], burns=True)
    assert items == [fee(), fee(100, express=True)]


PERCENTS = st.sampled_from([0, 50, 100])
PIECES = st.lists(
    st.tuples(
        st.builds(Part, st.integers(1, 300), PERCENTS, PERCENTS),
        st.tuples(*[st.integers(0, 300)] * 2, st.booleans()),
    ),
    min_size=1,
    max_size=4,
)


def drawn(pieces, flat):
    """Parts, shares, and the flat unit that is spread over the parts and in them."""
    parts = [part for part, _drawn in pieces]
    flat = apportion(flat, [part.minutes for part in parts]) if flat else []
    shares = []
    for number, (_part, (paid, rest, is_free)) in enumerate(pieces):
        of_flat = flat[number] if flat else 0
        shares.append(
            share(paid, of_flat if is_free else rest + of_flat, rest * is_free)
        )
    return parts, shares, flat


def base(items):
    return [item for item in items if not (item.express or item.after_hours)]


@given(PIECES, st.sampled_from([0, 15, 60]), st.booleans())
def test_minutes_at_the_base_price_and_the_fee_are_the_overage(pieces, flat, burns):
    parts, shares, of_flat = drawn(pieces, flat)
    items = base(charges(parts, shares, flat_minutes=of_flat, burns=burns))
    charged = sum(
        flat if item.unit == Unit.FLAT else item.quantity
        for item in items
        if item.percent == 100
    )
    assert charged == sum(part.overage for part in shares)


@given(PIECES, st.sampled_from([0, 15, 60]), st.booleans())
def test_one_fee_at_most_and_only_where_nobody_else_pays(pieces, flat, burns):
    parts, shares, of_flat = drawn(pieces, flat)
    items = base(charges(parts, shares, flat_minutes=of_flat, burns=burns))
    others_pay = any(part.packages or part.free for part in shares)
    fees = [item for item in items if item.unit == Unit.FLAT]
    assert fees == ([] if others_pay or not flat else [fee()])


@given(PIECES, st.sampled_from([0, 15, 60]), st.booleans())
def test_surcharges_stand_for_each_surcharged_minute_once(pieces, flat, burns):
    parts, shares, of_flat = drawn(pieces, flat)
    items = charges(parts, shares, flat_minutes=of_flat, burns=burns)
    assert all(item.quantity > 0 and item.percent > 0 for item in items)
    for name in ("express", "after_hours"):
        charged = sum(
            (flat * item.portion if item.unit == Unit.FLAT else item.quantity)
            * item.percent
            for item in items
            if getattr(item, name)
        )
        assert charged == sum(
            (shared.overage + (0 if burns else shared.packages)) * getattr(part, name)
            for part, shared in zip(parts, shares, strict=True)
        )


@pytest.mark.parametrize(("parts", "shares"), [([Part(0)], [share()]), ([], [])])
def test_a_flat_fee_is_not_due_for_no_time(parts, shares):
    assert charges(parts, shares, flat_minutes=[15][: len(parts)]) == []
