"""Billing: a month of many contracts, beside the same invoices made by Odoo alone.

The floor is one ``account.move.create`` with the very values of our invoices; the peer
is the run of OCA's contract, which bills the same fees and knows no hours.
"""

import tracemalloc

from odoo.fields import Command

from odoo.addons.helpdesk_service_contract.models.billing.account_move_line import (
    BILLING,
)

from . import bulk
from .bench import Side
from .figure import Figure, measures, ratio
from .ledger import ON_ONE_TICKET

CONTRACTS = 2000
FEW = 200
BATCH = 100
TURNS = 3
HISTORY, PAID = 300, 50


class Month:
    """Ids of contracts with three fees whose month is over, and of what they worked."""

    def __init__(self, bench, name, number):
        self.stage = bench.stage
        with bench.transaction() as env:
            _have_history(env, self.stage.fee)
            contract = self._contract(env, name)
            ticket = self.stage.ticket(env, contract)
            days = [self.stage.day(3 * number) for number in range(ON_ONE_TICKET)]
            self.stage.log(env, ticket, days)
            copies = bulk.contracts(contract, ticket, number - 1)
            self.contract_ids = [contract.id, *copies]
        bench.analyse()

    def contracts(self, env, number=None):
        return env["contract.contract"].browse(self.contract_ids[:number])

    def run(self, env, number=None):
        """A billing run of so many contracts, looked at and started."""
        run = env["service.billing.run"].create({"last_day": self.stage.last_day})
        chosen = self.contracts(env, number)
        others = run.line_ids.filtered(lambda line: line.contract_id not in chosen)
        others.selected = False
        run._start()
        env.flush_all()
        env.invalidate_all()
        return run

    def billed(self, number=None):
        """The side of our billing run."""
        runs = []

        def prepare(env):
            runs[:] = [self.run(env, number).id]

        def bill(env):
            run = env["service.billing.run"].browse(runs)
            while run._step():
                env.flush_all()
                env.invalidate_all()

        return Side(1, bill, prepare)

    def values(self, env):
        """Values of the invoices, as our billing hands them to Odoo."""
        contracts = self.contracts(env)
        billing = env["service.billing"]
        settlements = env["service.settlement"]._settle(contracts, self.stage.last_day)
        documents = billing._documents(contracts, settlements, self.stage.last_day)
        return billing._prepare_invoices(documents)

    def _contract(self, env, name):
        fee = {"product_id": self.stage.fee, "name": "Abonament"}
        fees = [
            Command.create(fee | {"specific_price": price})
            for price in (290.0, 120.0, 45.5)
        ]
        return self.stage.contract(env, name, contract_line_ids=fees)


def _have_history(env, product_id):
    """Invoices of earlier months, some of them paid, as in any company's database.

    Without them the planner knows nothing of payments, and what Odoo asks about them
    takes minutes, whoever makes the invoices.
    """
    moves = env["account.move"]
    if moves.search_count([("state", "=", "posted")], limit=1):
        return
    customer = env["res.partner"].create({"name": "Stary klient"})
    line = {"product_id": product_id, "quantity": 1, "price_unit": 100.0}
    invoice = {
        "move_type": "out_invoice",
        "partner_id": customer.id,
        "invoice_line_ids": [Command.create(line)],
    }
    invoices = moves.create([dict(invoice) for _number in range(HISTORY)])
    invoices.action_post()
    for paid in invoices[:PAID]:
        wizard = env["account.payment.register"].with_context(
            active_model=invoices._name, active_ids=paid.ids
        )
        wizard.create({}).action_create_payments()


def _bare_invoices(env, values):
    """The invoices alone, as billing makes them."""
    moves = env["account.move"].with_context(**BILLING.opened)
    return moves.create([dict(vals) for vals in values])


@measures("billing.vs_floor")
def vs_floor(bench, name):
    """The whole run, hours settled and linked, against the bare invoices."""
    month = Month(bench, name, bench.size(CONTRACTS, 10))
    with bench.transaction() as env:
        values = month.values(env)
        env.cr.rollback()
    ours, floor = bench.compare(
        month.billed(),
        Side(1, lambda env: _bare_invoices(env, values)),
        turns=TURNS,
    )
    figure = ratio(name, ours, floor, 1.15)
    number = len(month.contract_ids)
    per_invoice = Figure(
        f"{name}.sql",
        value=ours.sql / number,
        limit=14,
        unit="SQL per invoice",
        sql=ours.sql,
        peer_sql=floor.sql,
        repetitions=ours.repetitions,
    )
    return [figure, per_invoice]


@measures("billing.vs_oca")
def vs_oca(bench, name):
    """The whole run against OCA's run of the same contracts, fees alone."""
    month = Month(bench, name, bench.size(CONTRACTS, 10))

    def without_service(env):
        env.cr.execute(
            "UPDATE contract_contract SET service_tier_id = NULL WHERE id IN %s",
            [tuple(month.contract_ids)],
        )

    def bill(env):
        month.contracts(env)._recurring_create_invoice(month.stage.last_day)

    ours, peer = bench.compare(
        month.billed(), Side(1, bill, without_service), turns=TURNS
    )
    return [ratio(name, ours, peer, 1.0)]


@measures("billing.one_bad")
def one_bad(bench, name):
    """A run of which one contract cannot be billed, against the good run."""
    month = Month(bench, name, bench.size(BATCH, 10))
    with bench.transaction() as env:
        untaxed = bench.stage._product(env, "Bez VAT", 1.0, "product_uom_unit")
        untaxed_id = untaxed.id
    good = month.billed()

    def spoil(env):
        middle = month.contracts(env)[len(month.contract_ids) // 2]
        good.prepare(env)
        untaxed = env["product.product"].browse(untaxed_id)
        middle.contract_line_ids[0].product_id = untaxed
        untaxed.taxes_id = False
        env.flush_all()
        env.invalidate_all()

    bad, fine = bench.compare(Side(1, good.work, spoil), good, turns=7)
    return [ratio(name, bad, fine, 1.6)]


@measures("billing.growth")
def growth(bench, name):
    """The time of one contract among many, against one among few."""
    month = Month(bench, name, bench.size(CONTRACTS, 20))
    few = bench.size(FEW, 5)
    many, small = bench.compare(month.billed(), month.billed(few), turns=TURNS)
    number = len(month.contract_ids)
    return [
        Figure(
            name,
            value=(many.milliseconds / number) / (small.milliseconds / few),
            limit=1.1,
            ours=many.milliseconds,
            peer=small.milliseconds,
            sql=many.sql,
            peer_sql=small.sql,
            repetitions=many.repetitions,
        )
    ]


@measures("billing.memory")
def memory(bench, name):
    """Python's peak while many contracts are billed, against few.

    Each step is committed, as it is by the job, for a transaction keeps what it is to
    do at its end.
    """
    peaks = []
    for number in (bench.size(FEW, 5), bench.size(CONTRACTS, 20)):
        month = Month(bench, f"{name} {number}", number)
        with bench.registry.cursor() as cr:
            env = bench.environment(cr)
            run = month.run(env)
            env["ir.cron"]._commit_progress()
            tracemalloc.start()
            while run._step():
                env["ir.cron"]._commit_progress()
                env.invalidate_all()
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    few, many = peaks
    return [Figure(name, value=many / few, limit=1.3, unit="× the memory")]
