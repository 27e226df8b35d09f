from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ..tools import ledger
from ..tools.rating import Settled, Work


class ServiceHourLedger(models.AbstractModel):
    """Gathers the facts of hours and hands them to ``tools.ledger``.

    Every screen, report and settlement asks here, so that all of them know one balance.
    A fixed number of queries serves one contract or thousands.
    """

    _name = "service.hour.ledger"
    _description = "Hour Ledger"

    @api.model
    def _plans(self, contracts, last_day):
        """Plan of the work open until ``last_day``, by contract id."""
        facts = self._facts(contracts, last_day)
        return {id_: ledger.plan(facts[id_]) for id_ in contracts.ids}

    @api.model
    def _balances(self, contracts):
        """Balance of today with all open work planned, by contract id."""
        balances = {}
        for company, same in contracts.grouped("company_id").items():
            today = company.sudo()._service_day()
            facts = self._facts(same, today)
            balances |= {id_: ledger.balance(facts[id_], today) for id_ in same.ids}
        return balances

    @api.model
    def _facts(self, contracts, last_day):
        # sudo: everybody who may see a contract sees one balance, made of entries of
        # colleagues and of moves as well. What is shown of them are sums only.
        contracts = contracts.sudo()
        entries = self.env["account.analytic.line"].sudo()
        entries = entries.search_fetch(
            Domain("service_contract_id", "in", contracts.ids)
            & Domain("settlement_id", "=", False)
            & Domain("date", "<=", last_day),
            ["date", "worked_minutes", "ticket_id", "work_type_id"],
        )
        works = self._works(entries)
        settled = self._settled_minutes(entries)
        first_day = min(entries.mapped("date"), default=last_day)
        packages = self._packages(contracts, min(first_day, last_day), last_day)
        return {
            contract.id: ledger.Facts(
                works=[work for work, _rate in works[contract.id]],
                settled=settled[contract.id],
                packages=packages[contract.id],
                outside={
                    work.id
                    for work, rate in works[contract.id]
                    if not rate.uses_packages
                },
            )
            for contract in contracts
        }

    @api.model
    def _works(self, entries):
        """Pairs of what rating needs to know of an entry and its rate, by contract."""
        works = defaultdict(list)
        for entry in entries:
            contract = entry.service_contract_id
            rate = contract.service_tier_id._rate_for(entry.work_type_id)
            work = Work(
                entry.id,
                entry.date,
                entry.worked_minutes,
                rate._rounding_group(entry.ticket_id.id, entry.date, entry.id),
                rate._rounding(),
            )
            works[contract.id].append((work, rate))
        return works

    @api.model
    def _settled_minutes(self, entries):
        """What is settled of the rounding groups the open entries belong to."""
        settled = defaultdict(dict)
        rows = entries._read_group(
            [
                ("ticket_id", "in", entries.ticket_id.ids),
                ("service_contract_id", "in", entries.service_contract_id.ids),
                ("settlement_id", "!=", False),
            ],
            ["service_contract_id", "work_type_id", "ticket_id", "date:day"],
            ["worked_minutes:sum", "billed_minutes:sum"],
        )
        for contract, work_type, ticket, day, worked, billed in rows:
            rate = contract.service_tier_id.rate_ids.filtered(
                lambda rate, work_type=work_type: rate.work_type_id == work_type
            )
            if rate:
                group = rate._rounding_group(ticket.id, day, None)
                before = settled[contract.id].get(group, Settled())
                settled[contract.id][group] = Settled(
                    before.worked + worked, before.billed + billed
                )
        return settled

    @api.model
    def _packages(self, contracts, first_day, last_day):
        """Packages whose window touches the days, posted or due, by contract.

        An allowance that is not granted yet, because its month is not settled, is due
        by the contract's terms and stands here under a negative id.
        """
        packages = defaultdict(list)
        stored = self.env["service.hour.package"].sudo()
        stored = stored.search(
            Domain("contract_id", "in", contracts.ids)
            & Domain("date_to", ">=", first_day)
            & Domain("date_from", "<=", last_day)
        )
        for package in stored:
            packages[package.contract_id.id].append(package._as_tuple())
        granted = {
            (package.contract_id.id, package.date_from)
            for package in stored
            if package.kind == "allowance"
        }
        for contract in contracts.filtered("service_tier_id"):
            packages[contract.id] += [
                ledger.Package(-month.first.toordinal(), *month, minutes)
                for month, minutes in contract._allowances_due(last_day)
                if (contract.id, month.first) not in granted
            ]
        return packages
