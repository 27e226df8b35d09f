"""Mail of machines, as the programs of our customers really send it."""

import email
import email.policy

import pytest

from tools.machine_mail import OURS, Writer, writer

HELPDESK = "pomoc@serwis.example"
NOBODY = "noreply@klient.example"


def mail(*headers, sender="Jan Klient <jan@klient.example>", body="Treść"):
    lines = [f"From: {sender}", f"To: {HELPDESK}", *headers, "", body]
    return email.message_from_bytes(
        "\r\n".join(lines).encode(), policy=email.policy.SMTP
    )


@pytest.mark.parametrize(
    "headers",
    [
        ("Subject: Drukarka",),
        ("Subject: Re: Automatic reply: Drukarka",),
        ("Subject: FW: Odpowiedź automatyczna: Drukarka",),
        ("Subject: Poza biurem nie działa VPN",),
        ("Subject: Automat do kawy: nie działa",),
        ("Auto-Submitted: no",),
        ("Auto-Submitted: No ; x",),
        ("X-Autoreply: no",),
        ("X-Auto-Response-Suppress: None",),
        ("Precedence: first-class",),
        ("Return-Path: <jan@klient.example>",),
        ("List-Unsubscribe: <mailto:x@klient.example>",),
        ("Precedence: list", "List-ID: Pomoc <pomoc.serwis.example>"),
        ("Content-Type: multipart/alternative; boundary=b",),
        ("Subject: =?utf-8?q?Zaproszenie?=",),
        ("Subject: =?x-none?q?Automatic_reply=3A?=",),
    ],
)
def test_persons_write(headers):
    assert writer(mail(*headers), ["serwis.example"]) == Writer.PERSON


@pytest.mark.parametrize(
    "headers",
    [
        ("Auto-Submitted: auto-generated",),
        ("auto-submitted: Auto-Generated; owner-email=x",),
        ("Auto-Submitted: auto-notified; owner-email=x",),
        ("Precedence: bulk",),
        ("Precedence: Junk",),
        ("Precedence: list",),
        ("X-Auto-Response-Suppress: OOF, AutoReply",),
        ("X-Loop: raport@klient.example",),
        ("List-Id: Wiadomości <news.hurtownia.example>",),
        ("List-Id: <news.inny-serwis.example>",),
        ("Return-Path: <>",),
        ("Return-Path: < >",),
        ("X-Cron-Env: <SHELL=/bin/sh>",),
        ("X-Failed-Recipients: x@klient.example",),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=b",),
        tuple(f"{name}: {value}" for name, value in OURS.items()),
    ],
)
def test_machines_send(headers):
    assert writer(mail(*headers), ["serwis.example"]) == Writer.MACHINE


@pytest.mark.parametrize(
    "headers",
    [
        # Gmail, Exchange, Outlook.com, cPanel, Sieve
        ("Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes"),
        (
            "X-Auto-Response-Suppress: All",
            "Auto-Submitted: auto-generated",
            "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
        ),
        ("X-Autorespond: Drukarka",),
        ("Precedence: auto_reply",),
        ("Auto-Submitted: auto-replied (vacation)",),
        # What forgets its headers
        ("Subject: =?utf-8?q?Odpowied=C5=BA?= automatyczna: Drukarka",),
        ("Subject: Automatyczna =?utf-8?q?odpowied=C5=BA=3A?= Drukarka",),
        ("Subject: Automatic reply: Printer",),
        ("Subject: Autoreply: Printer",),
        ("Subject: Out of Office: Printer",),
        ("Subject: Poza biurem: Drukarka",),
        ("Subject: Automatische Antwort: Drucker",),
        ("Content-Type: text/calendar; method=REPLY; charset=utf-8",),
    ],
)
def test_machines_answer(headers):
    assert writer(mail(*headers)) == Writer.REPLY


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("MAILER-DAEMON@mx.example", Writer.MACHINE),
        ("Mail System <postmaster@klient.example>", Writer.MACHINE),
        ("QNAP <no-reply@klient.example>", Writer.MACHINE),
        ("noreply@klient.example", Writer.MACHINE),
        ("donotreply@klient.example", Writer.MACHINE),
        ("nie-odpowiadaj@klient.example", Writer.MACHINE),
        ("Noreply Nowak <nowak@klient.example>", Writer.PERSON),
        ("Anna <nogaj@klient.example>", Writer.PERSON),
        ("", Writer.PERSON),
    ],
)
def test_addresses_that_nobody_reads(sender, expected):
    assert writer(mail(sender=sender)) == expected


def test_a_web_form_writes_for_the_person_it_names():
    by_form = mail("Reply-To: anna@klient.example", sender="noreply@klient.example")
    assert writer(by_form) == Writer.PERSON
    to_itself = mail(
        "Reply-To: noreply@klient.example", sender="noreply@klient.example"
    )
    assert writer(to_itself) == Writer.MACHINE


@pytest.mark.parametrize(
    ("method", "expected"),
    [("REPLY", Writer.REPLY), ("REQUEST", Writer.PERSON), ("COUNTER", Writer.PERSON)],
)
def test_calendars(method, expected):
    """An invitation is a person's word, what a calendar answers to one is not."""
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nZaakceptowano\r\n"
        "--b\r\nContent-Type: text/calendar\r\n\r\n"
        f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nEND:VCALENDAR\r\n--b--\r\n"
    )
    invitation = mail("Content-Type: multipart/mixed; boundary=b", body=body)
    assert writer(invitation) == expected
