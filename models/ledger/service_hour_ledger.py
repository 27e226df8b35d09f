from collections import Counter, defaultdict

from odoo import api, models
from odoo.fields import Domain

from ...tools import ledger
from ...tools.charging import Charge
from ...tools.package import Package
from ..work.service_rating import RATED_FIELDS


class ServiceHourLedger(models.AbstractModel):
    """Gathers the facts of hours and hands them to ``tools.ledger``.

    Every screen, report and settlement asks here, so that all of them know one balance.
    A fixed number of queries serves one contract or thousands.
    """

    _name = "service.hour.ledger"
    _description = "Hour Ledger"

    @api.model
    def _plans(self, contracts, last_day, drafts=()):
        """Plan of the work open until ``last_day``, by contract id.

        ``drafts`` are entries on a form, which count as if they were saved.
        """
        own_works = defaultdict(set)
        plans = {}
        for contract_id, planned in self._planned(contracts, last_day, drafts).items():
            for work_id, payment in planned.facts.payments.items():
                if payment.contract_id == contract_id:
                    own_works[contract_id].add(work_id)
            plans[contract_id] = planned.of(own_works[contract_id])
        return plans

    @api.model
    def _balances(self, contracts):
        """Balance of today with all open work planned, by contract id."""
        balances = {}
        for company, same in contracts.grouped("company_id").items():
            today = company.sudo()._service_day()
            for contract_id, planned in self._planned(same, today).items():
                balances[contract_id] = ledger.balance(planned, today, contract_id)
        return balances

    @api.model
    def _pending(self, packages):
        """Minutes that open work is planned to take from packages, by package id."""
        pending = Counter()
        for company, same in packages.grouped("company_id").items():
            today = company.sudo()._service_day()
            contracts = same._contracts_served()
            # Contracts that share packages share one plan as well.
            plans = self._planned(contracts, today).values()
            for planned in {id(plan): plan for plan in plans}.values():
                pending += ledger.minutes_by("bucket_id", planned.slices, of="burned")
        return pending

    @api.model
    def _planned(self, contracts, last_day, drafts=()):
        """Plan by contract id; contracts that share packages share one plan."""
        facts = self._facts(contracts, last_day, drafts)
        plans = {id(same): ledger.plan(same) for same in facts.values()}
        return {id_: plans[id(facts[id_])] for id_ in contracts.ids}

    @api.model
    def _facts(self, contracts, last_day, drafts=()):
        # sudo: everybody who may see a contract sees one balance, made of entries of
        # colleagues and of moves as well. What is shown of them are sums only.
        contracts = contracts.sudo()
        entries = self._open_entries(contracts, last_day, drafts)
        first_day = min([last_day, *entries.mapped("date")])
        packages = self._packages(contracts, first_day, last_day)
        shared = any(isinstance(key, tuple) for key in packages)
        if shared:
            customers = contracts.commercial_partner_id
            together = contracts._of_customers(customers, contracts.company_id)
            if others := together - contracts:
                return self._facts(contracts | others, last_day, drafts)
        rating = self.env["service.rating"]
        jobs = rating._jobs(entries)
        settled = rating._settled_minutes(
            [job for same in jobs.values() for job in same]
        )
        pools = defaultdict(list)
        for contract in contracts:
            customer = contract.company_id.id, contract.commercial_partner_id.id
            pools[customer if customer in packages else contract.id].append(contract)
        facts = {}
        for key, same in pools.items():
            same_jobs = [job for contract in same for job in jobs[contract.id]]
            of_pool = ledger.Facts(
                works=[job.work for job in same_jobs],
                settled=settled,
                packages=[
                    package
                    for pool in {key, *(contract.id for contract in same)}
                    for package in packages[pool]
                ],
                payments={job.work.id: job.payment for job in same_jobs},
                until=last_day,
            )
            facts |= dict.fromkeys((contract.id for contract in same), of_pool)
        return facts

    @api.model
    def _open_entries(self, contracts, last_day, drafts):
        entries = self.env["account.analytic.line"].sudo()
        drafts = entries.union(*drafts)
        drafts = drafts.filtered(lambda draft: draft.charge != Charge.HOLD)
        stored = entries.search_fetch(
            contracts._open_work_domain()
            & Domain("date", "<=", last_day)
            & Domain("id", "not in", drafts._origin.ids),
            RATED_FIELDS,
        )
        return stored | drafts

    @api.model
    def _packages(self, contracts, first_day, last_day):
        """Packages whose window touches the days: posted ones and allowances due.

        They stand under the id of their contract, or under those of company and
        customer where they serve all contracts. An allowance that is not granted yet,
        because its period is not settled, is due by the contract's terms and stands
        here under a negative id.
        """
        packages = defaultdict(list)
        # sudo: as for the facts
        stored = self.env["service.hour.package"].sudo()
        stored = stored.search(
            stored._serving_domain(contracts)
            & (
                Domain("date_to", ">=", first_day)
                # What they carry over is not posted yet.
                | Domain("rollover_minutes", ">", 0)
                & Domain("remaining_minutes", ">", 0)
            )
            & Domain("date_from", "<=", last_day)
        )
        for package in stored:
            packages[package._pool_key()].append(package._as_tuple())
        for contract in contracts.filtered("service_tier_id"):
            packages[contract.id] += [
                Package(
                    id=-(contract.id * 10**7 + period.first.toordinal()),
                    first_day=period.first,
                    last_day=contract._cut(period.last),
                    granted=minutes,
                    rollover=contract.rollover_minutes,
                    contract_id=contract.id,
                    rollover_until=contract._rollover_until(contract._cut(period.last)),
                )
                for period, minutes in contract._allowances_due(last_day)
            ]
        return packages
