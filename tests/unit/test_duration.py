import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.duration import to_clock, to_hours, to_minutes


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


@pytest.mark.parametrize(
    ("minutes", "clock"),
    [(0, "0:00"), (5, "0:05"), (90, "1:30"), (6000, "100:00"), (-5, "-0:05")],
)
def test_clock(minutes, clock):
    assert to_clock(minutes) == clock
