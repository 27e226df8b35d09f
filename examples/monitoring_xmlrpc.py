#!/usr/bin/env python3
"""Report an event as a ticket over XML-RPC, which any Python since 2008 can do.

    monitoring_xmlrpc.py --url https://odoo.example.com --db DB --login tool-… \\
        --key KEY --customer 7740001454 --subject "Disk full on srv-1"

Exit codes: 0 done, 1 refused (the reason is printed), 2 wrong arguments, 3 no answer.
"""

import argparse
import os
import sys
import xmlrpc.client


def main(arguments=None):
    """Report the event; the exit code."""
    options = _parsed(arguments)
    server = f"{options.url.rstrip('/')}/xmlrpc/2"
    try:
        # The key stands where a password would.
        login = (options.db, options.login, options.key)
        uid = xmlrpc.client.ServerProxy(f"{server}/common").login(*login)
        if not uid:
            print("This login and key are not, or no longer, valid.", file=sys.stderr)
            return 1
        ticket = xmlrpc.client.ServerProxy(f"{server}/object").execute_kw(
            options.db,
            uid,
            options.key,
            "service.gateway",
            "open_ticket",
            [options.customer, options.subject],
            {"reference": options.reference or False},
        )
    except xmlrpc.client.Fault as refusal:
        print(refusal.faultString, file=sys.stderr)
        return 1
    except (OSError, xmlrpc.client.ProtocolError) as error:
        print(f"No answer from {options.url}: {error}", file=sys.stderr)
        return 3
    news = "opened" if ticket["new"] else "is open already"
    print(f"Ticket {ticket['number']} {news}: {ticket['url']}")
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
    parser.add_argument("--customer", required=True, help="NIP or internal reference")
    parser.add_argument("--subject", required=True, help="title of the ticket")
    parser.add_argument("--reference", help="your own id of the event")
    options = parser.parse_args(arguments)
    if not options.key:
        parser.error("give --key, or set SERVICE_KEY")
    return options


if __name__ == "__main__":
    sys.exit(main())
