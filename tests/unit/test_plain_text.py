import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tools.plain_text import clean, refused


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zażółć gęślą jaźń – „5 €” 😀\n\tok", "Zażółć gęślą jaźń – „5 €” 😀\n\tok"),
        ("Druk\x1b\x01\x08\x1a\x1far\x00ka", "Drukarka"),
        ("serwer\x0bi\x0cpoczta", "serwer i poczta"),
        ("od 8 \x96 16, \x84VIP\x94", "od 8 – 16, „VIP”"),
        ("a\x81b\x7fc\x85d", "abc\x85d"),
        ("x\ufffey\uffffz\ufdd0\U0001fffe\U0010ffff", "xyz"),
        ("\ud83dx", "x"),
        ("", ""),
    ],
)
def test_cleaned(text, expected):
    assert clean(text) == expected
    assert not refused(expected)


def test_what_is_refused_is_named_once():
    assert refused("a\x96b\x1bc\x96") == ["U+0096", "U+001B"]


@given(st.text(st.characters()))
def test_what_is_left_is_xml_and_stays(text):
    left = clean(text)
    element = etree.Element("P_7")
    element.text = left
    again = etree.fromstring(etree.tostring(element)).text or ""
    assert again == left.replace("\r\n", "\n").replace("\r", "\n") or "\r" in left
    assert clean(left) == left
    assert not refused(left)
