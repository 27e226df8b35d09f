from datetime import date, datetime

import pytest

from tools.calendar_file import calendar_file
from tools.consent import DocumentKind, Missing, Statement, Version
from tools.consent_form import Form, Problem, asked, problems

VERSIONS = tuple(
    Version(number, number, DocumentKind.REGULATIONS, "pl_PL", 1, date(2026, 5, 1))
    for number in (1, 2)
)
ALL = frozenset(
    {"version_1", "version_2"} | {f"statement_{name}" for name in Statement}
)
SHOWN = frozenset({1, 2})
U, N = Problem.UNTICKED, Problem.NOT_SHOWN


@pytest.mark.parametrize(
    ("shown", "ticks", "expected"),
    [
        (SHOWN, ALL, {}),
        (SHOWN, ALL - {"version_2"}, {"version_2": U}),
        (SHOWN, ALL - {"statement_backup"}, {"statement_backup": U}),
        (SHOWN, ALL - {"version_1", "statement_present"},
         {"version_1": U, "statement_present": U}),
        # A tick for what was not shown is worth nothing.
        (frozenset({1}), ALL, {"version_2": N}),
        (frozenset({1, 3}), ALL | {"version_3"}, {"version_2": N}),
        (frozenset(), frozenset(), {"version_1": N, "version_2": N}
         | {f"statement_{name}": U for name in Statement}),
    ],
)  # fmt: skip
def test_each_field_is_a_tick_of_its_own(shown, ticks, expected):
    missing = Missing(VERSIONS, (), tuple(Statement))
    assert problems(missing, Form(shown, ticks)) == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((), ()),
        ((Statement.BACKUP,), tuple(Statement)),
        (tuple(Statement), tuple(Statement)),
    ],
)
def test_statements_are_asked_for_together(statements, expected):
    assert asked(Missing((), (), statements)) == expected


def test_a_form_that_shows_more_than_is_missing_is_fine():
    assert problems(Missing(VERSIONS[:1]), Form(SHOWN, ALL)) == {}


@pytest.mark.parametrize(
    ("cancelled", "lines"),
    [
        (False, [b"METHOD:PUBLISH", b"STATUS:CONFIRMED"]),
        (True, [b"METHOD:CANCEL", b"STATUS:CANCELLED"]),
    ],
)
def test_the_file_for_a_calendar(cancelled, lines):
    begin, end = (
        datetime.fromisoformat(f"2026-10-05 {hour}:00") for hour in ("08", "09")
    )
    content = calendar_file(
        "remote-session-1@db", "Pomoc; zdalna", begin, end, begin, cancelled=cancelled
    )
    expected = [
        *lines,
        b"UID:remote-session-1@db",
        b"DTSTART:20261005T080000Z",
        b"DTEND:20261005T090000Z",
        b"SUMMARY:Pomoc\\; zdalna",
        b"SEQUENCE:1791187200",
    ]
    assert set(expected) <= set(content.split(b"\r\n"))
