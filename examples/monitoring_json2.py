#!/usr/bin/env python3
"""Report an event of a monitoring program as a ticket, and read the hours left.

It needs nothing but Python, and speaks Odoo's JSON-2 API. Report an event as often as
you like: while its ticket is open, no second one is opened for the same --reference.

    monitoring_json2.py --url https://odoo.example.com --key KEY \\
        --customer 7740001454 --subject "Disk full on srv-1" --reference srv-1/disk

Exit codes: 0 done, 1 refused (the reason is printed), 2 wrong arguments, 3 no answer.
"""

import argparse
import json
import os
import sys
import urllib.error
import urllib.request

TIMEOUT_SECONDS = 60


class Refused(Exception):
    """Odoo said no; the message is its sentence."""


class Gateway:
    """The calls of the gateway as methods: ``gateway.balance(customer="KT-1")``."""

    def __init__(self, url, key, database=None):
        self._url = url.rstrip("/")
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
        }
        if database:
            self._headers["X-Odoo-Database"] = database

    def __getattr__(self, method):
        return lambda **values: self._call(method, values)

    def _call(self, method, values):
        request = urllib.request.Request(
            f"{self._url}/json/2/service.gateway/{method}",
            data=json.dumps(values).encode(),
            headers=self._headers,
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Refused(f"{_sentence(error)} (HTTP {error.code})") from None


def _sentence(error):
    try:
        return json.load(error)["message"]
    except (ValueError, KeyError, TypeError):
        return error.reason


def main(arguments=None):
    """Report the event; the exit code."""
    options = _parsed(arguments)
    gateway = Gateway(options.url, options.key, options.db)
    event = {
        name: getattr(options, name)
        for name in ("description", "reference", "item", "person", "priority")
        if getattr(options, name)
    }
    try:
        ticket = gateway.open_ticket(
            customer=options.customer, subject=options.subject, **event
        )
        hours = gateway.balance(customer=options.customer)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"No answer from {options.url}: {error}", file=sys.stderr)
        return 3
    _show(ticket, hours)
    return 0


def _parsed(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", required=True, help="address of Odoo")
    parser.add_argument("--db", help="database, if the server has several")
    parser.add_argument(
        "--key",
        default=os.environ.get("SERVICE_KEY"),
        help="API key of the connected tool; default: the variable SERVICE_KEY",
    )
    parser.add_argument("--customer", required=True, help="NIP or internal reference")
    parser.add_argument("--subject", required=True, help="title of the ticket")
    parser.add_argument("--description", help="plain text")
    parser.add_argument("--reference", help="your own id of the event")
    parser.add_argument("--item", help="serial number of a device")
    parser.add_argument("--person", help="e-mail or name of a contact")
    parser.add_argument(
        "--priority",
        choices=["low", "medium", "high", "very_high"],
        help="default: medium",
    )
    options = parser.parse_args(arguments)
    if not options.key:
        parser.error("give --key, or set SERVICE_KEY")
    return options


def _show(ticket, hours):
    news = "opened" if ticket["new"] else "is open already"
    print(f"Ticket {ticket['number']} {news}: {ticket['url']}")
    print(f"Who pays: {ticket['coverage_label'] or 'not decided'}")
    print(f"Deadline: {ticket['deadline'] or 'none'}")
    for contract in hours:
        print(
            f"Contract {contract['number'] or contract['name']}:"
            f" {contract['available']} of {contract['granted']} minutes left"
            f" until {contract['until'] or '–'}"
        )


if __name__ == "__main__":
    sys.exit(main())
