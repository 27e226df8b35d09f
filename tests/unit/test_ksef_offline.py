"""Modes of KSeF and their deadlines; what the ministry's status service says."""

from datetime import UTC, date, datetime

import pytest

from tools.ksef_offline import Mode, Outage, Word, due, read_word, working_day

INDEPENDENCE = date(2026, 11, 11)  # a Wednesday
HOLIDAYS = {INDEPENDENCE, date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)}
NOW = datetime(2026, 11, 10, 15, tzinfo=UTC)


def november(day):
    return date(2026, 11, day)


def last_day(issued, *outages):
    return due(issued, outages, HOLIDAYS.__contains__)


@pytest.mark.parametrize(
    ("issued", "last"),
    [
        (november(9), november(10)),
        (november(10), november(12)),
        (november(13), november(16)),  # a Friday
        (november(14), november(16)),
        (date(2026, 12, 23), date(2026, 12, 28)),
        (date(2026, 12, 31), date(2027, 1, 4)),
    ],
)
def test_offline24_is_until_the_next_working_day(issued, last):
    assert last_day(issued) == last


def test_unavailability_counts_from_its_end():
    away = Outage(Mode.UNAVAILABLE, november(9), november(10))
    assert last_day(november(9), away) == november(12)


def test_a_failure_gives_seven_working_days():
    away = Outage(Mode.FAILURE, november(9), november(10))
    assert last_day(november(9), away) == november(20)


def test_nobody_knows_while_it_lasts():
    assert last_day(november(9), Outage(Mode.FAILURE, november(9), None)) is None


def test_a_new_failure_counts_anew():
    first = Outage(Mode.FAILURE, november(2), november(3))
    second = Outage(Mode.FAILURE, november(12), november(13))
    assert last_day(november(2), first) == november(13)
    assert last_day(november(2), second, first) == november(24)


def test_a_failure_before_offline24_ends():
    away = Outage(Mode.FAILURE, november(12), november(12))
    assert last_day(november(10), away) == november(23)
    assert last_day(november(9), away) == november(10)


def test_an_outage_that_was_over_does_not_count():
    over = Outage(Mode.FAILURE, november(2), november(6))
    assert last_day(november(9), over) == november(10)


def test_the_first_working_day_is_never_the_day_itself():
    assert working_day(november(9), 1, HOLIDAYS.__contains__) == november(10)


@pytest.mark.parametrize(
    ("status", "mode"),
    [
        ("AVAILABLE", None),
        ("UNAVAILABLE", Mode.UNAVAILABLE),
        ("FAILURE", Mode.FAILURE),
        ("TOTAL_FAILURE", Mode.TOTAL),
    ],
)
def test_what_the_service_says(status, mode):
    assert read_word({"status": status}, NOW) == Word(mode)


@pytest.mark.parametrize("answer", [{}, {"status": "OK"}, {"status": None}])
def test_what_means_nothing(answer):
    assert read_word(answer, NOW) is None


def test_an_outage_that_is_yet_to_come_does_not_count():
    message = {"title": "Awaria", "start": "2026-11-11T06:00:00+00:00"}
    answer = {"status": "FAILURE", "messages": [message]}
    assert read_word(answer, NOW) == Word(None)
    message["start"] = "2026-11-10T15:00:00"
    assert read_word(answer, NOW) == Word(Mode.FAILURE, "Awaria")
    message["start"] = "wczoraj"
    assert read_word(answer, NOW) == Word(Mode.FAILURE, "Awaria")
