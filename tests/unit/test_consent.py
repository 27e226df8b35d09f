from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.consent import (
    DocumentKind,
    Missing,
    Standing,
    Statement,
    Version,
    best,
    in_force,
    missing,
    outdated,
    standings,
)

REGULATIONS, PRICE_LIST = DocumentKind
ALL_MADE = frozenset(Statement)
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
ONE_DAY = timedelta(days=1)
LAST_OF_MAY = JUNE - ONE_DAY


def rules(id_, number=1, first_day=MAY, lang="pl_PL"):
    return Version(id_, 1, REGULATIONS, lang, number, first_day)


def prices(id_, number=1, first_day=MAY, lang="pl_PL"):
    return Version(id_, 2, PRICE_LIST, lang, number, first_day)


OLD, NEW = rules(1), rules(2, 2, JUNE)
PRICES = prices(3)
ENGLISH, ENGLISH_PRICES = rules(4, lang="en_US"), prices(5, lang="en_US")
STORY = [OLD, NEW, PRICES]


@pytest.mark.parametrize(
    ("versions", "accepted", "day", "languages", "asked"),
    [
        # Nothing is accepted: both documents are asked for.
        (STORY, set(), LAST_OF_MAY, ["pl_PL"], [OLD, PRICES]),
        (STORY, {1}, LAST_OF_MAY, ["pl_PL"], [PRICES]),
        # Version 2 counts from 1 June: the day before, the first one is enough.
        (STORY, {1, 3}, LAST_OF_MAY, ["pl_PL"], []),
        (STORY, {1, 3}, JUNE, ["pl_PL"], [NEW]),
        (STORY, {1, 2, 3}, JUNE, ["pl_PL"], []),
        # What was accepted before it counts is accepted, but not instead of the old.
        (STORY, {2, 3}, JUNE, ["pl_PL"], []),
        (STORY, {2, 3}, LAST_OF_MAY, ["pl_PL"], [OLD]),
        # Asked for in the best language there is; accepted in any.
        ([OLD, ENGLISH, PRICES], {3}, MAY, ["en_US", "pl_PL"], [ENGLISH]),
        ([OLD, ENGLISH, PRICES], {3}, MAY, ["pl_PL", "en_US"], [OLD]),
        ([OLD, ENGLISH, PRICES], {3}, MAY, ["de_DE", "pl_PL"], [OLD]),
        ([OLD, ENGLISH, PRICES], {3}, MAY, [False, "de_DE"], [ENGLISH]),
        ([OLD, ENGLISH, PRICES], {4, 3}, MAY, ["pl_PL"], []),
        # An English version that still counts is accepted, whatever Polish brings.
        ([OLD, NEW, ENGLISH, PRICES], {4, 3}, JUNE, ["pl_PL"], []),
        ([OLD, NEW, ENGLISH, PRICES], {1, 3}, JUNE, ["pl_PL"], [NEW]),
        ([ENGLISH, ENGLISH_PRICES], {4}, MAY, ["pl_PL"], [ENGLISH_PRICES]),
    ],
)
def test_what_is_asked_for(versions, accepted, day, languages, asked):
    for order in (versions, versions[::-1]):
        found = missing(order, accepted, ALL_MADE, day, languages)
        assert found == Missing(tuple(asked))
        assert bool(found) == bool(asked)


def test_documents_that_are_not_in_force_stand_in_the_way():
    day = MAY - ONE_DAY
    assert missing(STORY, {1, 2, 3}, ALL_MADE, day, []).kinds == tuple(DocumentKind)
    assert missing([PRICES], {3}, ALL_MADE, MAY, []).kinds == (REGULATIONS,)
    assert missing([], set(), ALL_MADE, MAY, []).kinds == tuple(DocumentKind)


@given(st.sets(st.sampled_from(Statement)))
def test_every_statement_is_its_own(made):
    found = missing(STORY, {1, 3}, made, MAY, ["pl_PL"])
    assert set(found.statements) == set(Statement) - made
    assert not found.versions
    assert bool(found) == (made != set(Statement))


def test_versions_in_force():
    assert in_force(STORY, MAY - ONE_DAY) == []
    assert in_force(STORY, MAY) == [OLD, PRICES]
    assert in_force(STORY, JUNE) == [NEW, PRICES]
    assert in_force([OLD, NEW, ENGLISH], JUNE) == [ENGLISH, NEW]


SAME_DAY, EARLIER = rules(6, 3, JUNE), rules(7, 3, MAY)


@pytest.mark.parametrize(
    ("versions", "day", "expected"),
    [
        (STORY, LAST_OF_MAY, ["in_force", "announced", "in_force"]),
        (STORY, JUNE, ["superseded", "in_force", "in_force"]),
        (STORY, MAY - ONE_DAY, ["announced", "announced", "announced"]),
        # Overtaken before its first day: it will never count.
        ([OLD, NEW, SAME_DAY], LAST_OF_MAY, ["in_force", "superseded", "announced"]),
        ([OLD, NEW, SAME_DAY], JUNE, ["superseded", "superseded", "in_force"]),
        ([NEW, EARLIER], MAY, ["superseded", "in_force"]),
        # Each language goes its own way.
        ([NEW, ENGLISH], JUNE, ["in_force", "in_force"]),
    ],
)
def test_how_versions_stand(versions, day, expected):
    found = standings(versions, day)
    assert [found[version.id] for version in versions] == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (MAY, ["in_force", "superseded", "announced"]),
        (JUNE, ["superseded", "superseded", "in_force"]),
        # The mistyped day comes, and changes nothing.
        (date(2099, 1, 1), ["superseded", "superseded", "in_force"]),
        (date(2199, 1, 1), ["superseded", "superseded", "in_force"]),
    ],
)
def test_a_version_announced_too_late_is_overtaken_for_good(day, expected):
    versions = [OLD, rules(2, 2, date(2099, 1, 1)), rules(3, 3, JUNE)]
    found = standings(versions, day)
    assert [found[version.id] for version in versions] == expected


MISTYPED, JULY = rules(8, 2, date(2099, 1, 1)), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("versions", "day", "expected"),
    [
        ([OLD, ENGLISH], MAY, []),
        # Version 2 is announced in Polish alone, or counts already.
        ([OLD, NEW, ENGLISH], MAY, [ENGLISH]),
        ([OLD, NEW, ENGLISH, PRICES, ENGLISH_PRICES], JUNE, [ENGLISH]),
        # The translation counts from the same day, whatever its number.
        ([OLD, NEW, rules(6, first_day=JUNE, lang="en_US")], JUNE, []),
        ([OLD, NEW, ENGLISH, rules(6, 2, JUNE, "en_US")], JULY, []),
        # Whatever was overtaken before it counted makes nobody old.
        ([OLD, MISTYPED, rules(3, 3, MAY), ENGLISH], MAY, []),
        ([OLD, MISTYPED, ENGLISH], MAY, [ENGLISH]),
        # Documents have nothing to do with each other.
        ([OLD, prices(3, first_day=JUNE)], JUNE, []),
        ([], MAY, []),
    ],
)
def test_languages_that_wait_for_the_newest_version(versions, day, expected):
    assert outdated(versions, day) == expected
    assert outdated(versions[::-1], day) == expected


@pytest.mark.parametrize(
    ("offered", "languages", "expected"),
    [
        (["en_US", "pl_PL"], ["pl_PL"], "pl_PL"),
        (["en_US", "pl_PL"], ["de_DE", "en_US", "pl_PL"], "en_US"),
        (["pl_PL", "en_US"], ["de_DE", False], "en_US"),
        (["pl_PL"], ["en_US"], "pl_PL"),
    ],
)
def test_the_best_language(offered, languages, expected):
    assert best(offered, languages) == expected


@st.composite
def histories(draw):
    """Versions of two documents in two languages, each series counted from one."""
    days = st.integers(0, 60).map(lambda days: MAY + timedelta(days=days))
    versions = []
    for document, kind in enumerate(DocumentKind):
        for lang in ("pl_PL", "en_US"):
            firsts = draw(st.lists(days, max_size=4))
            versions += [
                Version(len(versions) + at, document, kind, lang, at, first)
                for at, first in enumerate(firsts, 1)
            ]
    return versions


DAYS = st.integers(-5, 70).map(lambda days: MAY + timedelta(days=days))


@given(histories(), DAYS, st.randoms(use_true_random=False))
def test_the_order_of_versions_changes_nothing(versions, day, random):
    shuffled = random.sample(versions, len(versions))
    assert in_force(shuffled, day) == in_force(versions, day)
    assert standings(shuffled, day) == standings(versions, day)
    accepted = {version.id for version in versions[::2]}
    assert missing(shuffled, accepted, ALL_MADE, day, ["pl_PL"]) == missing(
        versions, accepted, ALL_MADE, day, ["pl_PL"]
    )


@given(histories(), DAYS)
def test_one_version_of_a_document_and_language_counts(versions, day):
    current = in_force(versions, day)
    series = [(version.document, version.lang) for version in current]
    assert len(series) == len(set(series))
    assert set(series) == {
        (version.document, version.lang)
        for version in versions
        if version.first_day <= day
    }


@given(histories(), DAYS)
def test_standing_and_force_agree(versions, day):
    found = standings(versions, day)
    assert set(found) == {version.id for version in versions}
    counting = {version.id for version in in_force(versions, day)}
    for version in versions:
        assert (found[version.id] == Standing.IN_FORCE) == (version.id in counting)
        if found[version.id] == Standing.ANNOUNCED:
            assert version.first_day > day
            # On its first day, at the latest, it counts.
            assert version in in_force(versions, version.first_day)
        if found[version.id] == Standing.SUPERSEDED:
            assert version not in in_force(versions, max(day, version.first_day))


@given(histories(), DAYS, st.sampled_from([["pl_PL"], ["en_US"], []]))
def test_accepting_what_is_asked_for_is_enough(versions, day, languages):
    asked = missing(versions, set(), ALL_MADE, day, languages).versions
    assert len({version.document for version in asked}) == len(asked)
    accepted = {version.id for version in asked}
    assert not missing(versions, accepted, ALL_MADE, day, languages).versions
    for left_out in accepted:
        rest = accepted - {left_out}
        found = missing(versions, rest, ALL_MADE, day, languages).versions
        assert [version.id for version in found] == [left_out]


@given(histories(), DAYS, st.data())
def test_accepting_more_never_asks_for_more(versions, day, data):
    ids = [version.id for version in versions]
    some = data.draw(st.sets(st.sampled_from(ids))) if ids else set()
    few = {id_ for id_ in some if id_ % 2}
    asked = missing(versions, some, ALL_MADE, day, []).versions
    assert set(asked) <= set(missing(versions, few, ALL_MADE, day, []).versions)
