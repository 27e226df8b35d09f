"""One document in two languages: its words stand side by side."""

from lxml import html


def side_by_side(first: str, second: str, wanted: set[str]) -> str:
    """The first document, whose words have those of the second behind them.

    Both were made by one template, so they differ in words alone. What has digits in
    it, such as a date, stays in the first language; so does what the two do not share.

    :param wanted: ids (``data-oe-id``) of the articles to join
    """
    page, other = html.fromstring(first), html.fromstring(second)
    others = _articles(other)
    for number, article in _articles(page).items():
        if number in wanted and number in others:
            _join(article, others[number])
    return html.tostring(page, encoding="unicode", doctype="<!DOCTYPE html>")


def _articles(page):
    found = page.xpath("//div[contains(concat(' ', @class, ' '), ' article ')]")
    return {article.get("data-oe-id"): article for article in found}


def _join(article, other):
    ours, theirs = list(article.iter()), list(other.iter())
    if [node.tag for node in ours] != [node.tag for node in theirs]:
        return
    for node, same in zip(ours, theirs, strict=True):
        if node.tag in ("style", "script") or not isinstance(node.tag, str):
            node.tail = _both(node.tail, same.tail)
            continue
        node.text = _both(node.text, same.text)
        node.tail = _both(node.tail, same.tail)


def _both(text, other):
    words, said = (text or "").strip(), (other or "").strip()
    if not words or not said or words == said:
        return text
    if any(sign.isdigit() for sign in words + said):
        return text
    # A colon ends both.
    if words.endswith(":") and said.endswith(":"):
        words = words[:-1]
    return text.replace(text.strip(), f"{words} / {said}")
