import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.correction import (
    Left,
    Line,
    Rebilled,
    billed_again,
    corrected,
    given_back,
    left,
    overdrawn,
    raises,
    share,
)

HOUR = Line(1.0, 120.0, 120.0)
PACKAGE = Line(10.0, 100.0, 1000.0)
PRESENT = Line(10.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("original", "credit", "expected"),
    [
        (HOUR, HOUR, 1.0),
        (HOUR, Line(0.5, 120.0, 60.0), 0.5),
        (HOUR, Line(1.0, 30.0, 30.0), 0.25),
        (HOUR, Line(1.0, 120.0, 60.0, 50.0), 0.5),
        (HOUR, Line(2.0, 120.0, 240.0), 1.0),
        (HOUR, Line(0.0, 120.0, 0.0), 0.0),
        (PRESENT, Line(5.0, 0.0, 0.0), 0.5),
        (Line(0.0, 0.0, 0.0), Line(0.0, 0.0, 0.0), 1.0),
    ],
)
def test_share_of_a_line_that_is_credited(original, credit, expected):
    assert share(original, credit) == expected


def test_several_credits_add_up():
    half, quarter = Line(0.5, 120.0, 60.0), Line(1.0, 30.0, 30.0)
    assert share(HOUR) == 0.0
    assert share(HOUR, half, quarter) == 0.75
    assert share(HOUR, HOUR, half) == 1.0


@pytest.mark.parametrize(
    ("original", "credit", "sells_hours", "expected"),
    [
        (HOUR, HOUR, False, Rebilled(1.0, 120.0, 0.0)),
        (HOUR, Line(0.5, 120.0, 60.0), False, Rebilled(0.5, 120.0, 0.0)),
        (HOUR, Line(1.0, 20.0, 20.0), False, Rebilled(1.0, 20.0, 0.0)),
        (PACKAGE, Line(10.0, 25.0, 250.0), True, Rebilled(2.5, 100.0, 0.0)),
        (PACKAGE, Line(10.0, 100.0, 500.0, 50.0), True, Rebilled(5.0, 100.0, 0.0)),
        (PACKAGE, Line(4.0, 100.0, 400.0), True, Rebilled(4.0, 100.0, 0.0)),
        (PRESENT, Line(5.0, 0.0, 0.0), True, Rebilled(5.0, 0.0, 0.0)),
    ],
)
def test_terms_of_what_is_billed_again(original, credit, sells_hours, expected):
    assert billed_again(original, credit, sells_hours=sells_hours) == expected


@pytest.mark.parametrize(
    ("original", "credits", "expected", "too_much"),
    [
        (HOUR, [], Left(1.0, 120.0), False),
        (HOUR, [HOUR], Left(0.0, 0.0), False),
        (HOUR, [HOUR, HOUR], Left(-1.0, -120.0), True),
        (HOUR, [Line(2.0, 120.0, 240.0)], Left(-1.0, -120.0), True),
        (HOUR, [Line(1.0, 30.0, 30.0)] * 2, Left(0.5, 60.0), False),
        (HOUR, [Line(1.0, 30.0, 30.0), HOUR], Left(-0.25, -30.0), True),
        # More hours than were billed, for less money.
        (HOUR, [Line(2.0, 30.0, 60.0)], Left(0.5, 60.0), True),
        (PRESENT, [Line(6.0, 0.0, 0.0)], Left(4.0, 0.0), False),
        (PRESENT, [Line(6.0, 0.0, 0.0)] * 2, Left(-2.0, 0.0), True),
        (Line(1.0, -50.0, -50.0), [Line(1.0, -50.0, -50.0)], Left(0.0, 0.0), False),
        (Line(1.0, -50.0, -50.0), [Line(2.0, -50.0, -100.0)], Left(-1.0, 50.0), True),
    ],
)
def test_what_credit_notes_leave_of_a_line(original, credits, expected, too_much):
    assert left(original, credits) == expected
    assert overdrawn(original, credits) == too_much


def test_a_credit_note_only_lowers():
    assert not raises(HOUR, HOUR)
    assert not raises(HOUR, Line(0.0, 120.0, 0.0))
    assert raises(HOUR, Line(-1.0, 120.0, -120.0))
    discount = Line(1.0, -50.0, -50.0)
    assert not raises(discount, discount)
    assert raises(discount, Line(1.0, 50.0, 50.0))


@pytest.mark.parametrize(
    ("whole", "credited", "again", "waiting", "expected"),
    [
        (410, 0, 0, False, None),
        (410, 60, 0, False, "part"),
        (410, 410, 0, False, "full"),
        (410, 820, 0, False, "full"),
        (410, 410, 0, True, "waiting"),
        (410, 60, 60, False, "again"),
        (410, 410, 410, False, "again"),
        (410, 410, 60, False, "part"),
        (410, 820, 410, False, "full"),
        (410, 820, 820, False, "again"),
    ],
)
def test_what_is_left_of_an_invoice(whole, credited, again, waiting, expected):
    assert corrected(whole, credited, again, waiting=waiting) == expected


cents = st.integers(1, 50000)


@given(price=cents, lower=cents, quantity=cents, less=cents, sells_hours=st.booleans())
def test_the_money_that_is_billed_again_is_what_was_given_back(
    price, lower, quantity, less, sells_hours
):
    """Whatever the accountant lowers: quantity, price or both."""
    original = Line(quantity, price, quantity * price)
    credit = Line(
        min(less, quantity),
        min(lower, price),
        min(less, quantity) * min(lower, price),
    )
    terms = billed_again(original, credit, sells_hours=sells_hours)
    assert terms.quantity * terms.price == pytest.approx(credit.amount)
    assert 0 <= terms.quantity <= original.quantity * (1 + 1e-9)
    assert terms.price <= original.price
    rest = left(original, [credit])
    assert rest.amount == pytest.approx(original.amount - credit.amount)
    assert 0 <= given_back(original, credit) <= original.quantity * (1 + 1e-9)
