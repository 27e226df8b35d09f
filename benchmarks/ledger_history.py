"""A customer of many years: what was settled long ago is to slow nothing down."""

from datetime import timedelta
from functools import cache
from typing import NamedTuple

from odoo.tools.date_utils import add, subtract

from . import bulk
from .bench import Side
from .figure import measures, ratio
from .ledger import ENTRIES, ON_ONE_TICKET, logging
from .screen import FORM_CONTEXT, form_fields

LIMIT = 1.05
MONTHS = 60
TICKETS = 5000
# Enough for nearly all of the old customer's work.
ALLOWANCE = 400 * 60


class Customer(NamedTuple):
    """Ids of a contract, of a ticket of the open month, and of an entry on that."""

    contract: int
    ticket: int
    entry: int


@measures("ledger.history.log")
def log(bench, name):
    """One entry logged: 50,000 settled ones against none."""
    stage = bench.stage
    sides = [
        logging(stage, [stage.work(customer.ticket, stage.last_day)])
        for customer in (_old_customer(bench), _new_customer(bench))
    ]
    return [ratio(name, *bench.compare(*sides, turns=40), LIMIT)]


@measures("ledger.history.edit")
def edit(bench, name):
    """The time of one open entry changed: 50,000 settled ones against none."""
    sides = [
        _editing(bench.stage, customer.entry)
        for customer in (_old_customer(bench), _new_customer(bench))
    ]
    return [ratio(name, *bench.compare(*sides, turns=40), LIMIT)]


@measures("ledger.history.form")
def form(bench, name):
    """The contract opened: 50,000 settled entries against one for each month.

    With none at all there would be fewer lines on the screen, and the figure would be
    about those.
    """
    with bench.transaction() as env:
        spec = form_fields(env, "contract.contract_contract_customer_form_view")
    sides = [
        _opening(bench.stage, customer.contract, spec)
        for customer in (_old_customer(bench), _quiet_customer(bench))
    ]
    return [ratio(name, *bench.compare(*sides, turns=20), LIMIT)]


def _editing(stage, entry_id):
    return Side(
        stage.technician,
        lambda env: env[ENTRIES].browse(entry_id).write({"unit_amount": 1.5}),
    )


def _opening(stage, contract_id, spec):
    def opening(env):
        contracts = env["contract.contract"].with_context(**FORM_CONTEXT)
        contracts.browse(contract_id).web_read(spec)

    return Side(stage.back_office, opening)


@cache
def _new_customer(bench):
    with bench.transaction() as env:
        contract = bench.stage.contract(env, "Nowy klient")
        return _with_open_work(bench, env, contract)


@cache
def _quiet_customer(bench):
    return _customer(bench, "Spokojny klient", bench.size(MONTHS, 3), 1)


@cache
def _old_customer(bench):
    tickets = bench.size(TICKETS, 6)
    return _customer(bench, "Stary klient", tickets, ON_ONE_TICKET)


def _customer(bench, name, tickets, entries):
    """A customer of 60 months with so many settled tickets, and entries on each."""
    stage = bench.stage
    months = bench.size(MONTHS, 3)
    start = subtract(stage.first_day, months=months)
    with bench.transaction() as env:
        contract = stage.contract(env, name, start, allowance_minutes=ALLOWANCE)
        ticket = stage.ticket(env, contract)
        stage.log(env, ticket, [start] * entries)
        days = [
            add(start, months=number % months, days=number // months % 28)
            for number in range(1, tickets)
        ]
        bulk.tickets(ticket, tickets - 1, days=days)
    bench.analyse()
    with bench.transaction() as env:
        contract = env["contract.contract"].browse(contract.id)
        before = stage.first_day - timedelta(days=1)
        env["service.settlement"]._settle(contract, before)
        customer = _with_open_work(bench, env, contract)
    bench.analyse()
    return customer


def _with_open_work(bench, env, contract):
    ticket = bench.stage.ticket(env, contract)
    entry = bench.stage.log(env, ticket, [bench.stage.first_day])
    return Customer(contract.id, ticket.id, entry.id)
