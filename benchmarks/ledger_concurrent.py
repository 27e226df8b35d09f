"""Eight technicians log work at once: on one contract, and on one each."""

from collections import Counter
from datetime import timedelta
from statistics import quantiles
from typing import NamedTuple

from odoo import fields

from odoo.addons.helpdesk_service_contract.tools.duration import to_minutes
from odoo.addons.helpdesk_service_contract.tools.rating import Rounding

from . import bulk, clients
from .figure import Figure, measures
from .ledger import ENTRIES

SECONDS = 30
WARM_UP = 3
ROUNDS = 3
TICKETS = 20
ALLOWANCE = 20 * 60
HOURS = Rounding(60, 60)


class Side(NamedTuple):
    """Contracts, the clients who log on them, and what came of it, round by round.

    The first round only warms Odoo up: its entries count, its times do not.
    """

    contract_ids: list
    clients: list
    rounds: list

    def answers(self, first=0):
        return [answer for part in self.rounds[first:] for answer in part.answers]

    def rate(self):
        """Requests per second."""
        return len(self.answers(1)) / sum(part.seconds for part in self.rounds[1:])

    def slowest(self):
        """Milliseconds within which 99 of 100 requests are answered."""
        seconds = [answer.seconds for answer in self.answers(1)]
        return quantiles(seconds, n=100)[98] * 1000


@measures("ledger.concurrent")
def concurrent(bench, name):
    """Eight clients on one package for 30 s against eight on a package each."""
    with bench.transaction() as env:
        keys = [_key(env, user_id) for user_id in bench.stage.technicians]
        shared = _side(bench, env, keys, contracts=1)
        apart = _side(bench, env, keys, contracts=len(keys))
    bench.analyse()
    _log(bench, shared, apart)
    with bench.transaction() as env:
        lost = sum(_lost(env, side) for side in (shared, apart))
        wrong = sum(_wrong_minutes(bench, env, side) for side in (shared, apart))
    rates, slowest = [
        (figure(shared), figure(apart)) for figure in (Side.rate, Side.slowest)
    ]
    rounds = {"repetitions": bench.size(ROUNDS, 1)}
    return [
        _ratio(name, *rates, 0.9, "higher", "× the requests/s", **rounds),
        _ratio(f"{name}.p99", *slowest, 2, "lower", "× the time", **rounds),
        Figure(f"{name}.lost", lost, 0, unit="requests", **rounds),
        Figure(f"{name}.inexact", wrong, 0, unit="minutes", **rounds),
    ]


def _ratio(name, ours, peer, limit, better, unit, **rounds):
    value = ours / peer
    return Figure(name, value, limit, better, unit, ours, peer, **rounds)


def _key(env, user_id):
    keys = env["res.users.apikeys"].with_user(user_id).sudo()
    tomorrow = fields.Datetime.now() + timedelta(days=1)
    return keys._generate("rpc", "bench", tomorrow)


def _side(bench, env, keys, contracts):
    """So many contracts, shared out among the clients; each has tickets of its own."""
    stage = bench.stage
    contract_ids = []
    parties = []
    for number, key in enumerate(keys):
        if number < contracts:
            contract = stage.contract(
                env, f"Klient {contracts}.{number}", allowance_minutes=ALLOWANCE
            )
            contract_ids.append(contract.id)
            ticket = stage.ticket(env, contract)
        ticket_ids = bulk.tickets(ticket, TICKETS)
        vals_list = [
            stage.work(ticket_id, stage.day(place))
            for place, ticket_id in enumerate(ticket_ids)
        ]
        parties.append(clients.Client(key, vals_list))
    return Side(contract_ids, parties, [])


def _log(bench, shared, apart):
    """Let the clients work in turns on the one and on the other."""
    rounds = bench.size(ROUNDS, 1)
    seconds = bench.size(SECONDS, 2) / rounds
    with clients.serving(bench.database, len(shared.clients)) as port:
        for turn in range(rounds + 1):
            for side in (shared, apart):
                side.rounds.append(
                    clients.create(
                        port, ENTRIES, side.clients, seconds if turn else WARM_UP
                    )
                )


def _lost(env, side):
    """How many requests were not answered with an entry that is there."""
    entries = env[ENTRIES].search([("service_contract_id", "in", side.contract_ids)])
    there = set(entries.ids)
    return sum(answer.id not in there for answer in side.answers())


def _wrong_minutes(bench, env, side):
    """By how much the ledger of settled contracts is off, in minutes.

    What it should hold is reckoned from the answers alone: every started hour of a
    ticket, from the package of the month as far as that goes.
    """
    worked = Counter()
    for answer in side.answers():
        if answer.id:
            worked[answer.vals["ticket_id"]] += to_minutes(answer.vals["unit_amount"])
    wrong = 0
    for contract in env["contract.contract"].browse(side.contract_ids):
        env["service.settlement"]._settle(contract, bench.stage.last_day)
        entries = env[ENTRIES].search([("service_contract_id", "=", contract.id)])
        minutes = [worked[ticket.id] for ticket in entries.ticket_id]
        billed = sum(map(HOURS.up, minutes))
        used = min(billed, ALLOWANCE)
        moved = contract.move_ids.filtered(lambda move: move.kind == "consume")
        for found, due in (
            (entries.mapped("worked_minutes"), sum(minutes)),
            (entries.mapped("billed_minutes"), billed),
            (entries.mapped("package_minutes"), used),
            (entries.mapped("overage_minutes"), billed - used),
            (contract.package_ids.mapped("used_minutes"), used),
            (moved.mapped("minutes"), -used),
        ):
            wrong += abs(sum(found) - due)
    return wrong
