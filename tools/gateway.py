"""What programs of others send, and what they get: tax numbers and moments as text."""

import unicodedata
from datetime import UTC, datetime

# Characters that a text may have: most of them, and those that tell a story.
LINE = 255
TEXT = 20_000
POLAND = "PL"
LAYOUT = {"\n", "\t"}
UNSTORABLE = {"Cc", "Cs"}


def storable(text: str) -> str:
    """Text without what no database takes: control characters and half characters."""
    return "".join(
        character
        for character in text
        if character in LAYOUT or unicodedata.category(character) not in UNSTORABLE
    )


def tax_number(text: str) -> str:
    """A tax number as everybody can compare it: "PL 774-000-14-54" is "7740001454".

    Numbers of other countries keep their letters.
    """
    plain = "".join(character for character in text if character.isalnum()).upper()
    number = plain.removeprefix(POLAND)
    return number if number.isdigit() else plain


def moment(text: str) -> datetime:
    """The moment of an ISO 8601 text that says its zone, in UTC and whole seconds.

    :raises ValueError: no moment, or one without a zone, which could be any
    """
    parsed = datetime.fromisoformat(text.strip())
    if parsed.tzinfo is None:
        raise ValueError(f"no time zone: {text}")
    try:
        return parsed.astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise ValueError(f"out of all time: {text}") from error


def iso(when: datetime) -> str:
    """A moment in UTC as ISO 8601: ``2026-10-05T08:35:00Z``."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
