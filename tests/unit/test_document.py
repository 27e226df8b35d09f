import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.document import fingerprint, is_pdf, outside_parts
from tools.duration import to_units

PDF = b"%PDF-1.4\n1 0 obj\nendobj\ntrailer\n%%EOF\n"


def test_the_fingerprint_is_the_sha_256_of_text_and_file():
    text, file = "<p>Regulamin</p>", b"%PDF"
    expected = hashlib.sha256(text.encode() + b"\0" + file).hexdigest()
    assert fingerprint(text, file) == expected


@given(st.text(), st.text(), st.binary(max_size=20), st.binary(max_size=20))
def test_another_document_has_another_fingerprint(text, other, file, other_file):
    same = (text, file) == (other, other_file)
    # No text in a database holds the character that stands between the two.
    if "\0" not in text + other:
        assert (fingerprint(text, file) == fingerprint(other, other_file)) == same


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (PDF, True),
        (b"", False),
        (b"%PDF-1.4 broken off", False),
        (b"PK\x03\x04 a document of Word %%EOF", False),
        (b"<html>%PDF-1.4</html>%%EOF", False),
    ],
)
def test_what_is_a_pdf(file, expected):
    assert is_pdf(file) == expected


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("Regulamin", []),
        ("<p>Zobacz <a href='https://bit.example'>stronę</a></p>", []),
        ("<p><img src='data:image/png;base64,AAAA'></p>", []),
        ("<p><img src='/web/image/7'></p>", ["/web/image/7"]),
        ("<div style='background: url(/web/image/7)'>a</div>", 1),
        ("<iframe src='https://bit.example'></iframe>", ["https://bit.example"]),
        ("<!-- src --><p>a</p><video poster='/a.png'></video>", ["/a.png"]),
    ],
)
def test_what_a_text_shows_without_holding_it(text, parts):
    found = outside_parts(text)
    assert len(found) == parts if isinstance(parts, int) else found == parts


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (30, "30 min"), (60, "1 h"), (90, "1 h 30 min"), (120, "2 h")],
)
def test_units_of_a_price_list(minutes, words):
    assert to_units(minutes) == words
