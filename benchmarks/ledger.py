"""The ledger: logging work, and planning what is open.

The peer of logging is hr_timesheet alone: the same work on the same project, without
a ticket. (sale_timesheet would be another, but once installed it changes what creating
any timesheet costs, the plain ones of the peer included.)
"""

from . import bulk
from .bench import Side
from .figure import Figure, measures, ratio

ENTRIES = "account.analytic.line"
ON_ONE_TICKET = 10
LOG_LIMITS = {1: 1.35, 100: 1.2, 1000: 1.15}
LOG_TURNS = {1: 60, 10: 40, 100: 15, 1000: 6}


@measures("ledger.log", 1, 10, 100, 1000)
def log(bench, name, size):
    """Entries logged in one call, ten to a ticket, all paid by one contract."""
    stage = bench.stage
    limit, turns = LOG_LIMITS.get(size), LOG_TURNS[size]
    size = bench.size(size, min(size, 20))
    with bench.transaction() as env:
        ticket = stage.ticket(env, stage.contract(env, name))
        ticket_ids = [ticket.id, *bulk.tickets(ticket, (size - 1) // ON_ONE_TICKET)]
    bench.analyse()
    days = [stage.day(number) for number in range(size)]
    ours, peer = bench.compare(
        logging(
            stage,
            [
                stage.work(ticket_ids[number // ON_ONE_TICKET], day)
                for number, day in enumerate(days)
            ],
        ),
        logging(stage, [stage.plain_work(day) for day in days]),
        turns=turns,
    )
    return [ratio(name, ours, peer, limit, extra_sql=10)]


def logging(stage, vals_list):
    # hr_timesheet writes into the values it is given.
    return Side(
        stage.technician,
        lambda env: env[ENTRIES].create([dict(vals) for vals in vals_list]),
    )


@measures("ledger.backdated")
def backdated(bench, name):
    """An entry at the start of an open month of 500 entries against one at its end.

    Both go to the same ticket, where the first shifts the rounding of all others.
    """
    stage = bench.stage
    with bench.transaction() as env:
        contract = contract_with_work(stage, env, name, bench.size(50, 5))
        ticket = env["helpdesk.ticket"].search(
            [("service_contract_id", "=", contract.id)], limit=1
        )
    bench.analyse()
    early, last = bench.compare(
        logging(stage, [stage.work(ticket.id, stage.first_day)]),
        logging(stage, [stage.work(ticket.id, stage.last_day)]),
        turns=60,
    )
    return [ratio(name, early, last, 1.1)]


@measures("ledger.plan.1")
def plan_of_one(bench, name):
    """The plan of a contract with 500 open entries, in Python's own time."""
    stage = bench.stage
    with bench.transaction() as env:
        contract = contract_with_work(stage, env, name, bench.size(50, 5))
    bench.analyse()
    (ours,) = bench.compare(_planning(stage, [contract.id]), turns=20)
    return [
        Figure(
            name,
            value=ours.cpu_milliseconds,
            limit=20,
            unit="ms of Python",
            ours=ours.milliseconds,
            sql=ours.sql,
            repetitions=ours.repetitions,
        )
    ]


@measures("ledger.plan.2000")
def plan_of_many(bench, name):
    """The plans of 2000 contracts with 20,000 open entries, in one call."""
    stage = bench.stage
    with bench.transaction() as env:
        contract = contract_with_work(stage, env, name, 1)
        ticket = env["helpdesk.ticket"].search(
            [("service_contract_id", "=", contract.id)]
        )
        contract_ids = bulk.contracts(contract, ticket, bench.size(2000, 20) - 1)
        contract_ids.append(contract.id)
    bench.analyse()
    (ours,) = bench.compare(_planning(stage, contract_ids), turns=5)
    return [
        Figure(
            name,
            value=ours.sql,
            limit=10,
            unit="SQL",
            ours=ours.milliseconds,
            sql=ours.sql,
            repetitions=ours.repetitions,
        )
    ]


def _planning(stage, contract_ids):
    def plan(env):
        contracts = env["contract.contract"].browse(contract_ids)
        env["service.hour.ledger"]._plans(contracts, stage.last_day)

    return Side(stage.back_office, plan)


def contract_with_work(stage, env, name, tickets):
    """A contract with so many tickets, each with entries all over the open month."""
    contract = stage.contract(env, name)
    ticket = stage.ticket(env, contract)
    stage.log(env, ticket, [stage.day(3 * number) for number in range(ON_ONE_TICKET)])
    bulk.tickets(ticket, tickets - 1)
    return contract
