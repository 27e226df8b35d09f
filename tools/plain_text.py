"""Plain text: without what XML cannot hold and what KSeF refuses.

Both are named in XML 1.0: characters outside ``Char`` (2.2), and the discouraged ones
of the note there, which KSeF refuses since its API 2.4.0 (ksef-docs, "weryfikacja
faktury").
"""

import re

_PLANES = "".join(
    chr(plane << 16 | code) for plane in range(1, 17) for code in (0xFFFE, 0xFFFF)
)
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"
    f"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff{_PLANES}]"
)
# A text of Windows read as ISO 8859-1: a dash is then U+0096.
_WINDOWS = {
    chr(code): bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)
}
_SPACES = {"\x0b": " ", "\x0c": " "}


def clean(text: str) -> str:
    """The text without such characters, or with those that they once were."""
    return _REFUSED.sub(lambda found: _instead(found[0]), text)


def refused(text: str) -> list[str]:
    """The characters of ``text`` that are refused, as ``U+0096``, each once."""
    return [f"U+{ord(sign):04X}" for sign in dict.fromkeys(_REFUSED.findall(text))]


def _instead(sign: str) -> str:
    return _SPACES.get(sign) or _WINDOWS.get(sign, "")
