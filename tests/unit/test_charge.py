import pytest

from tools.charging import Charge
from tools.coverage_effects import EFFECTS


@pytest.mark.parametrize(
    ("charge", "waits", "uses_packages", "costs_money", "apart"),
    [
        (Charge.FULL, False, True, True, False),
        (Charge.MONEY, False, False, True, False),
        (Charge.PACKAGES, False, True, False, False),
        (Charge.FREE, False, False, False, True),
        (Charge.HOLD, True, False, False, True),
    ],
)
def test_what_a_charge_means(charge, waits, uses_packages, costs_money, apart):
    assert charge.waits == waits
    assert charge.uses_packages == uses_packages
    assert charge.costs_money == costs_money
    assert charge.apart == apart


def test_every_outcome_of_a_decision_has_a_charge():
    assert {type(effect.charge) for effect in EFFECTS.values()} == {Charge}
