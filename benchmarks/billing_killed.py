"""Billing runs that are killed, each at a random moment, and started again."""

import random
import subprocess
import sys
from collections import Counter

from .billing import Month
from .figure import Figure, measures

KILLS = 10
CONTRACTS = 300
ATTEMPTS = 10
LONGEST = 3.0  # seconds, some steps of a run
# A process of its own, as a worker of Odoo is, that goes on with started runs.
WORKER = """
import sys
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config
from workbench import peers

config.parse_config([peers.addons_path()])
with Registry(sys.argv[1]).cursor() as cr:
    runs = api.Environment(cr, SUPERUSER_ID, {})["service.billing.run"]
    print("ready", flush=True)
    runs._cron_continue()
"""


@measures("billing.killed")
def killed(bench, name):
    """Invoices that differ from those of a run that nobody disturbed."""
    month = Month(bench, name, bench.size(CONTRACTS, 30))
    twin = bench.twin
    with twin.transaction() as env:
        month.run(env)
        while env["service.billing.run"].search([], limit=1)._step():
            env.invalidate_all()
    with bench.transaction() as env:
        month.run(env)
    moments = random.Random(name)
    cut = 0
    for _kill in range(bench.size(KILLS, 2)):
        worker = _worker(bench.database)
        try:
            worker.wait(moments.uniform(0, LONGEST))
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
            cut += 1
    # The connection of a killed one may hold its lock for a moment yet; the
    # next worker then goes away, as a cron does, and comes again.
    for _attempt in range(ATTEMPTS):
        if _worker(bench.database).wait():
            raise RuntimeError("The last run, which nobody killed, failed.")
        if _is_over(bench):
            break
    undisturbed, ours = _invoices(twin), _invoices(bench)
    wrong = sum((undisturbed - ours).values()) + sum((ours - undisturbed).values())
    return [
        Figure(name, value=wrong, limit=0, unit="invoices"),
        Figure(f"{name}.kills", value=cut, limit=1, better="higher", unit="kills"),
    ]


def _worker(database):
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, database], stdout=subprocess.PIPE, text=True
    )
    worker.stdout.readline()
    return worker


def _is_over(bench):
    with bench.transaction() as env:
        return not env["service.billing.run"].search_count([("state", "=", "running")])


def _invoices(bench):
    """How often each invoice is there, told by what it bills."""
    with bench.transaction() as env:
        moves = env["account.move"].search([("service_contract_id", "!=", False)])
        return Counter(
            (
                move.service_contract_id.id,
                move.service_period_to,
                move.amount_total,
                tuple(sorted(move.invoice_line_ids.mapped("price_subtotal"))),
                len(move.settlement_ids.entry_ids),
            )
            for move in moves
        )
