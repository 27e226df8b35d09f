import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.duration import to_clock, to_hours, to_minutes

CASES = Path(__file__).parents[2] / "static/tests/minutes_cases.esm.js"


def cases(name):
    """A table that the tests of the screen use as well."""
    text = CASES.read_text()
    return ast.literal_eval(re.search(rf"const {name} = (\[.*?\n\]);", text, re.S)[1])


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [
        (0.0, 0),
        (0.83, 50),
        (0.8333333333333334, 50),
        (1.3333333333333333, 80),
        (24.0, 1440),
        (-0.5, -30),
    ],
)
def test_decimal_hours_become_whole_minutes(hours, minutes):
    assert to_minutes(hours) == minutes


@given(st.integers(-100_000, 100_000))
def test_hours_and_back_lose_nothing(minutes):
    assert to_minutes(to_hours(minutes)) == minutes


@pytest.mark.parametrize(("minutes", "clock"), cases("CLOCKS"))
def test_clock(minutes, clock):
    """The screen shows minutes by the same table."""
    assert to_clock(minutes) == clock
