"""One document in two languages."""

from lxml import html

from tools.side_by_side import side_by_side

PAGE = (
    "<html><body><div class='article' data-oe-id='{id}'><h2>{title} <b>FV/1</b></h2>"
    "<style>p {{ color: red }}</style><p>{due}: {day}</p><td>{name}</td></div>"
    "</body></html>"
)
ENGLISH = PAGE.format(
    id=7, title="Invoice", due="Due", day="11/04/2026", name="Remote work"
)
POLISH = PAGE.format(
    id=7, title="Faktura", due="Termin", day="04.11.2026", name="Remote work"
)


def text(page):
    return " ".join(" ".join(html.fromstring(page).itertext()).split())


def test_words_of_both():
    joined = side_by_side(ENGLISH, POLISH, {"7"})
    assert "Invoice / Faktura FV/1" in text(joined)
    assert "Due: 11/04/2026" in text(joined)
    assert "04.11.2026" not in text(joined)
    assert text(joined).count("Remote work") == 1
    assert joined.startswith("<!DOCTYPE html>")


def test_only_what_is_wanted():
    assert text(side_by_side(ENGLISH, POLISH, {"8"})) == text(ENGLISH)


def test_two_shapes_are_not_mixed():
    other = POLISH.replace("<td>", "<p>x</p><td>")
    assert text(side_by_side(ENGLISH, other, {"7"})) == text(ENGLISH)


def test_one_colon_is_enough():
    english = ENGLISH.replace("Remote work", "Total:")
    polish = POLISH.replace("Remote work", "Razem:")
    assert "Total / Razem:" in text(side_by_side(english, polish, {"7"}))
