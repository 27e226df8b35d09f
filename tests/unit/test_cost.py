"""What work costs the customer, case by case."""

import pytest

from tools.cost import LEVELS, Facts, Level, Quote, State, next_unit, state

HOUR = 60


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), State.FREE),
        (Facts(packages=60), State.PACKAGE),
        (Facts(packages=60, surcharged=True), State.SURCHARGE),
        (Facts(packages=20, overage=40), State.PARTLY),
        (Facts(packages=20, overage=40, surcharged=True), State.PARTLY),
        (Facts(packages=20, overage=40, bills_overage=False), State.PARTLY),
        (Facts(overage=60), State.CHARGED),
        (Facts(overage=60, bills_overage=False), State.UNCOVERED),
        (Facts(overage=60, priced=False), State.UNPRICED),
        (Facts(on_hold=True), State.UNDECIDED),
        (Facts(overage=60, on_hold=True), State.UNDECIDED),
        (Facts(on_hold=True, quote=Quote.NEEDED), State.NEEDS_QUOTE),
        (Facts(quote=Quote.ACCEPTED), State.QUOTED),
    ],
)
def test_state(facts, expected):
    assert state(facts) == expected


@pytest.mark.parametrize(
    ("unit", "available", "expected"),
    [
        (HOUR, 120, (60, 0)),
        (HOUR, 60, (60, 0)),
        (HOUR, 20, (20, 40)),
        (HOUR, 0, (0, 60)),
        (HOUR, None, (0, 60)),
        # At a factor of 150 percent, an hour takes one hour and a half.
        (90, 60, (60, 30)),
    ],
)
def test_next_unit(unit, available, expected):
    assert next_unit(unit, available) == expected


def test_every_state_has_a_colour():
    assert set(LEVELS) == set(State)


def test_what_is_charged_never_looks_calm():
    calm = {state for state, level in LEVELS.items() if level == Level.NOTHING}
    assert calm == {State.FREE, State.PACKAGE}
