"""Invoices to KSeF while KSeF, the network and the workers fail, from a seed."""

import random
import subprocess
import sys
import time

from odoo.fields import Command

from workbench import layout

from .figure import Figure, measures

sys.path.append(str(layout.ROOT / "tests"))
from doubles import ksef, ksef_faults

SEED = 20261130
INVOICES = 300
SHARE = 0.15
WORKERS = 2
KILLS = 20
LONGEST = 4.0  # seconds
# A process of its own, as a worker of Odoo is. Its queue waits for nothing, and what
# it would mail is not what is measured.
WORKER = """
import logging
import sys
from unittest.mock import patch
from psycopg2 import OperationalError
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config
from workbench import layout, peers

sys.path.append(str(layout.ROOT / "tests"))
config.parse_config([peers.addons_path()])
# What fails on purpose is no news.
for name in ("odoo.addons.l10n_pl_edi", "odoo.addons.helpdesk_service_contract"):
    logging.getLogger(name).setLevel(logging.CRITICAL)
registry = Registry(sys.argv[1])
from doubles import ksef

DUE = '''
    UPDATE account_move SET service_sending_try_at = now() AT TIME ZONE 'UTC'
     WHERE id IN (SELECT id FROM account_move
                   WHERE service_sending IN ('queued', 'waiting', 'failed')
                     FOR UPDATE SKIP LOCKED)
 RETURNING id
'''
moves = registry["account.move"]
with (
    ksef.leading(sys.argv[2]),
    patch.object(moves, "_send_to_customer", moves._sending_done),
):
    print("ready", flush=True)
    while True:
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute(DUE)
            due = cr.fetchall()
            cr.commit()
            if not due and not env["account.move"].search_count(
                [("service_sending", "in", ("queued", "waiting", "failed"))]
            ):
                break
            try:
                env["account.move"]._cron_send()
            except OperationalError:
                cr.rollback()  # the other worker was first; Odoo's cron repeats it too
"""


@measures("sending.faults")
def faults(bench, name):
    """Of 300 invoices, those that are not accepted once, under their own number and
    with their own receipt, after two workers sent them and were killed many times."""
    number = bench.size(INVOICES, 20)
    with ksef.running() as stand_in, ksef.leading(stand_in.url):
        with bench.transaction() as env:
            invoices = _invoices(env, number).ids
        stand_in.faults = ksef_faults.Faults(SEED, SHARE)
        kills = _send(bench, stand_in.url, bench.size(KILLS, 2))
        met, stand_in.faults = stand_in.faults.met, None
        with bench.transaction() as env:
            moves = env["account.move"].browse(invoices)
            wrong = sum(not _is_right(move, stand_in) for move in moves)
            ksef.withdraw(env.company)
    posts = sum(
        request.startswith("POST") and request.endswith("/invoices")
        for request in stand_in.requests
    )
    surplus = len(stand_in.by_number) - number
    wrong_requests = sum(met.values()) - met["none"]
    return [
        Figure(name, wrong, 0, unit="invoices"),
        Figure(f"{name}.surplus", surplus, 0, unit="invoices"),
        Figure(f"{name}.kills", kills, 1, "higher", "kills"),
        Figure(f"{name}.met", wrong_requests, 1, "higher", "faults"),
        Figure(f"{name}.posts", posts / number, unit="× sent"),
    ]


def _invoices(env, number):
    company = env.company
    address = {"street": "Prosta 1", "city": "Warszawa", "zip": "00-001"}
    poland = env.ref("base.pl")
    company.write(address | {"vat": "PL5252344078"})
    company.account_fiscal_country_id = poland
    ksef.enroll(company)
    buyer = env["res.partner"].create(
        address
        | {
            "name": "Klient S.A.",
            "is_company": True,
            "vat": "PL7740001454",
            "country_id": poland.id,
            "email": "ksiegowosc@klient.example",
        }
    )
    product = env["product.product"].create(
        {
            "name": "Serwis",
            "type": "service",
            "taxes_id": [Command.set(company._service_sale_taxes()[:1].ids)],
        }
    )
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": buyer.id,
                "invoice_date": company._service_day(),
                "invoice_line_ids": [
                    Command.create({"product_id": product.id, "price_unit": price})
                ],
            }
            for price in range(100, 100 + number)
        ]
    )
    moves.action_post()
    moves._queue_sending({"sending_methods": []})
    return moves


def _send(bench, url, kills):
    """Let two workers send, and kill one of them every few seconds."""
    moments = random.Random(SEED)
    workers = [_worker(bench.database, url) for _worker_number in range(WORKERS)]
    cut = 0
    for kill in range(kills):
        time.sleep(moments.uniform(0.5, LONGEST))
        place = kill % WORKERS
        if workers[place].poll() is None:
            workers[place].kill()
            cut += 1
        workers[place].wait()
        workers[place] = _worker(bench.database, url)
    if any(worker.wait() for worker in workers):
        raise RuntimeError("A worker that nobody killed failed.")
    return cut


def _worker(database, url):
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, database, url], stdout=subprocess.PIPE, text=True
    )
    worker.stdout.readline()
    return worker


def _is_right(move, stand_in):
    entries = [
        entry
        for entry in stand_in.by_number.values()
        if entry["facts"]["P_2"] == move.name
    ]
    if len(entries) != 1 or entries[0]["number"] != move.l10n_pl_edi_number:
        return False
    move.action_l10n_pl_edi_get_invoice_UPO()
    receipt = move.l10n_pl_edi_upo_id.raw.decode()
    return (
        move.l10n_pl_edi_status == "accepted"
        and entries[0]["xml"] == move.l10n_pl_edi_attachment_id.raw
        and move.l10n_pl_edi_number in receipt
        and entries[0]["hash"] in receipt
    )
