#!/usr/bin/env python3
"""Plan, start and end a session of a remote-desktop program, with odoorpc 0.10.

    export SERVICE_KEY=…
    at="--url https://odoo.example.com --db DB --login tool-…"
    remote_desktop_odoorpc.py $at prepare --customer 7740001454 \\
        --subject "Printer" --technician jan --person anna@client.example --invite
    remote_desktop_odoorpc.py $at start --session 12
    remote_desktop_odoorpc.py $at end --session 12 --note "Driver replaced"
    remote_desktop_odoorpc.py $at show --session 12
    remote_desktop_odoorpc.py $at balance --customer 7740001454

Exit codes: 0 done, 1 refused (the reason is printed), 2 wrong arguments, 3 no answer,
4 the person at the computer has not agreed to everything yet.
"""

import argparse
import os
import sys
import urllib.error
from urllib.parse import urlsplit

import odoorpc

NOT_AGREED = 4


def main(arguments=None):
    """Do what the arguments say; the exit code."""
    options = _parsed(arguments)
    try:
        gateway = _connected(options).env["service.gateway"]
        return options.action(gateway, options)
    except odoorpc.error.RPCError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except (OSError, urllib.error.URLError) as error:
        print(f"No answer from {options.url}: {error}", file=sys.stderr)
        return 3


def _connected(options):
    url = urlsplit(options.url)
    secure = url.scheme == "https"
    odoo = odoorpc.ODOO(
        url.hostname,
        protocol="jsonrpc+ssl" if secure else "jsonrpc",
        port=url.port or (443 if secure else 80),
    )
    # The key stands where a password would.
    odoo.login(options.db, options.login, options.key)
    return odoo


def _prepare(gateway, options):
    ticket = options.ticket
    if not ticket:
        opened = gateway.open_ticket(
            options.customer,
            options.subject,
            reference=options.reference or False,
            person=options.person or False,
        )
        ticket = opened["number"]
        print(f"Ticket {ticket}: {opened['url']}")
    session = gateway.prepare_session(
        ticket,
        options.technician,
        tool=options.tool or False,
        connection_number=options.number or False,
        person=options.person or False,
        planned_start=options.planned_start or False,
    )
    if options.invite and not session["ready"]:
        session = gateway.invite_session(session["session"])
    _show(session)
    return 0 if session["ready"] else NOT_AGREED


def _start(gateway, options):
    return _show(gateway.start_session(options.session))


def _end(gateway, options):
    return _show(
        gateway.end_session(
            options.session,
            options.outcome,
            options.note,
            ended_at=options.ended_at or False,
            recorded=options.recorded,
        )
    )


def _look(gateway, options):
    return _show(gateway.session(options.session))


def _balance(gateway, options):
    for contract in gateway.balance(options.customer):
        print(
            f"Contract {contract['number'] or contract['name']}:"
            f" {contract['available']} of {contract['granted']} minutes left"
            f" until {contract['until'] or '–'}"
        )
    return 0


def _show(session):
    print(
        f"Session {session['session']}, ticket {session['ticket']}: {session['state']}"
    )
    if session["started_at"]:
        print(f"Started {session['started_at']}")
    if session["ended_at"]:
        print(
            f"Ended {session['ended_at']}: {session['minutes']} minutes,"
            f" {session['billed_minutes']} billed"
        )
    for missing in session["missing"]:
        print(f"Missing: {missing}")
    return 0


def _parsed(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", required=True, help="address of Odoo")
    parser.add_argument("--db", required=True, help="database")
    parser.add_argument("--login", required=True, help="login of the connected tool")
    parser.add_argument(
        "--key",
        default=os.environ.get("SERVICE_KEY"),
        help="its API key; default: the variable SERVICE_KEY",
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    _add_prepare(actions.add_parser("prepare", help="open a ticket and plan a session"))
    for name, action, words in (
        ("start", _start, "start the clock"),
        ("show", _look, "say what the session has come to"),
    ):
        one = actions.add_parser(name, help=words)
        one.add_argument("--session", type=int, required=True)
        one.set_defaults(action=action)
    _add_end(actions.add_parser("end", help="end the session and log its time"))
    balance = actions.add_parser("balance", help="read the hours left")
    balance.add_argument("--customer", required=True)
    balance.set_defaults(action=_balance)
    options = parser.parse_args(arguments)
    if not options.key:
        parser.error("give --key, or set SERVICE_KEY")
    if options.action is _prepare and not (
        options.ticket or (options.customer and options.subject)
    ):
        parser.error("give --ticket, or --customer and --subject of a new one")
    return options


def _add_prepare(parser):
    parser.add_argument("--ticket", help="number of a ticket")
    parser.add_argument("--customer", help="of a new ticket: NIP or reference")
    parser.add_argument("--subject", help="of a new ticket: its title")
    parser.add_argument("--reference", help="of a new ticket: your id of the event")
    parser.add_argument("--technician", required=True, help="login or e-mail")
    parser.add_argument("--person", help="e-mail or name of who is at the computer")
    parser.add_argument("--tool", help="the program, for instance AnyDesk")
    parser.add_argument("--number", help="number of the connection")
    parser.add_argument(
        "--planned-start", help="for instance 2026-10-05T10:00:00+02:00"
    )
    parser.add_argument(
        "--invite", action="store_true", help="send the terms by e-mail"
    )
    parser.set_defaults(action=_prepare)


def _add_end(parser):
    parser.add_argument("--session", type=int, required=True)
    parser.add_argument("--note", required=True, help="what was done")
    parser.add_argument(
        "--outcome", choices=["solved", "not_remote", "continued"], default="solved"
    )
    parser.add_argument("--ended-at", help="ISO 8601 with time zone; default: now")
    parser.add_argument(
        "--recorded", action="store_true", help="the screen was recorded"
    )
    parser.set_defaults(action=_end)


if __name__ == "__main__":
    sys.exit(main())
