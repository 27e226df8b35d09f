import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.apportion import apportion


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (1, [1, 1, 1], [1, 0, 0]),
        (-100, [1, 1, 1], [-33, -33, -34]),
        (7, [], []),
        (7, [0, 0], [7, 0]),
        (10, [0, 5, 5], [0, 5, 5]),
        (16667, [50, 30, 20], [8334, 5000, 3333]),
    ],
)
def test_shares(total, weights, expected):
    shares = apportion(total, weights)
    assert sum(shares) == (total if weights else 0)
    if total >= 0:
        assert shares == expected
    else:
        assert sorted(shares) == sorted(expected)


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1))
def test_nothing_is_lost(total, weights):
    shares = apportion(total, weights)
    assert sum(shares) == total
    if whole := sum(weights):
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share * whole - total * weight) < whole
