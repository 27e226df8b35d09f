from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import gateway


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7740001454", "7740001454"),
        ("PL7740001454", "7740001454"),
        ("pl 774-000-14-54", "7740001454"),
        (" 774 00 01 454 ", "7740001454"),
        ("DE123456788", "DE123456788"),
        # Ends like a Polish number, and is the name of a customer.
        ("PLAST", "PLAST"),
        ("--", ""),
    ],
)
def test_tax_numbers_are_compared_by_what_counts(text, number):
    assert gateway.tax_number(text) == number


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Dysk pełny: 99%\n\t/var", "Dysk pełny: 99%\n\t/var"),
        ("a\r\nb", "a\nb"),
        ("a\0b\x1b[0m", "ab[0m"),
        ("a\ud800b", "ab"),
    ],
)
def test_text_that_a_database_takes(text, stored):
    assert gateway.storable(text) == stored


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-10-05T10:35:00+02:00", datetime(2026, 10, 5, 8, 35, tzinfo=UTC)),
        ("2026-10-05T08:35:00Z", datetime(2026, 10, 5, 8, 35, tzinfo=UTC)),
        (" 2026-10-05 08:35:00.9+00:00 ", datetime(2026, 10, 5, 8, 35, tzinfo=UTC)),
        # The hour that comes twice in autumn is told apart by its zone.
        ("2026-10-25T02:30:00+02:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T02:30:00+01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_with_its_zone(text, utc):
    assert gateway.moment(text) == utc


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-05T10:35:00",
        "2026-10-05",
        "10:35",
        "tomorrow",
        "",
        "0001-01-01T00:00+14:00",
    ],
)
def test_what_is_no_moment_or_could_be_any(text):
    with pytest.raises(ValueError, match=r"."):
        gateway.moment(text)


@given(st.integers(0, 4_000_000_000))
def test_there_and_back(seconds):
    when = datetime.fromtimestamp(seconds, UTC)
    assert gateway.moment(gateway.iso(when)) == when
