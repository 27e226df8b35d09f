from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ...tools.charging import Charge
from ...tools.duration import to_clock
from ...tools.failure import about


class Preview(NamedTuple):
    """What a contract will be billed, net in its currency, and what is left out.

    ``held`` are sentences on what waits, and for what.
    """

    periods: int
    fees: float
    work: float
    packages: float
    again: float
    held: list[str]

    @property
    def is_due(self):
        return bool(self.periods or self.fees or self.packages or self.again)


class ServiceBilling(models.AbstractModel):
    """What a billing run would do, for people to look at before it does.

    Nothing is written. The same plan and prices are used as for the invoices.
    """

    _inherit = "service.billing"

    @api.model
    def _preview(self, contracts, last_day, jobs_until=None):
        """What contracts would be billed until a day, by contract."""
        jobs_until = jobs_until or last_day
        dues = defaultdict(list)
        for due in contracts._due_periods(last_day, jobs_until):
            dues[due.contract].append(due)
        settlements = self.env["service.settlement"].search(
            [("contract_id", "in", contracts.ids), ("state", "=", "to_bill")]
        )
        settled = settlements.grouped("contract_id")
        fees = self._fees_due(contracts, last_day)
        self._check_fees(fees)
        work = self._preview_work(contracts, dues, max(last_day, jobs_until))
        for settlement, lines in self._work_lines(settlements).items():
            work[settlement.contract_id] += sum(map(self._amount, lines))
        packages = self._preview_packages(dues, settlements)
        again = self._amounts_to_bill_again(contracts)
        held = self._held(contracts, jobs_until)
        return {
            contract: Preview(
                len(dues[contract]) + len(settled.get(contract, ())),
                sum(self._amount(fee.vals) for fee in fees.get(contract.id, ())),
                work[contract],
                packages[contract],
                again[contract],
                held[contract],
            )
            for contract in contracts
        }

    @api.model
    def _check_fees(self, fees):
        """Refuse now what would be refused when the invoices are made."""
        for contract_id, due in fees.items():
            contract = self.env["contract.contract"].browse(contract_id)
            lines = [fee.vals for fee in due if fee.vals]
            self._check_lines(contract, lines, set())

    @api.model
    def _amount(self, line):
        """Net amount of the values of an invoice line."""
        discount = 1 - line.get("discount", 0) / 100
        return line["quantity"] * line["price_unit"] * discount if line else 0

    @api.model
    def _preview_work(self, contracts, dues, until):
        """Net amount of open work that would be settled, by contract."""
        plans = self.env["service.hour.ledger"]._plans(contracts, until)
        entries = self.env["account.analytic.line"].sudo()
        entries = entries.browse(
            work.id for plan in plans.values() for work in plan.facts.works
        )
        amounts = defaultdict(float)
        pricing = self.env["service.price"]
        price = pricing._prices()
        for contract, of_contract in entries.grouped("service_contract_id").items():
            contract = contract.with_env(self.env)
            jobs = {due.ticket_id for due in dues[contract]} - {None}
            last = max((due.last for due in dues[contract]), default=None)
            taken = of_contract.filtered(
                lambda entry, jobs=jobs, last=last: (
                    entry.ticket_id.id in jobs
                    if jobs
                    else last is not None and entry.date <= last
                )
            )
            charged = pricing._charged(plans[contract.id], taken, price)
            with about(contract):
                for product in {item.product for _entry, item in charged}:
                    product._check_service_tax(contract.company_id)
            amounts[contract] = sum(
                item.quantity * item.unit_price for _entry, item in charged
            )
        return amounts

    @api.model
    def _preview_packages(self, dues, settlements):
        """Net amount of packages that go with a period to be billed, by contract."""
        ends = defaultdict(list)
        for due in (due for of_contract in dues.values() for due in of_contract):
            if not due.ticket_id:
                ends[due.contract].append(due.last)
        for settlement in settlements.filtered(lambda s: not s.ticket_id):
            ends[settlement.contract_id].append(settlement.date_to)
        amounts = defaultdict(float)
        contracts = self.env["contract.contract"].union(*ends)
        for package in self._packages_to_bill(contracts):
            if package.date_from <= max(ends[package.contract_id]):
                line = package._invoice_line()
                amounts[package.contract_id] += self._amount(line)
        return amounts

    @api.model
    def _held(self, contracts, until):
        """Why open work of contracts is not billed, as sentences by contract."""
        # sudo: work of everybody is billed, whoever runs the billing
        entries = self.env["account.analytic.line"].sudo()
        unsettled = (
            Domain("service_contract_id", "in", contracts.ids)
            & entries._not_settled_domain()
            & Domain("date", "<=", until)
        )
        by_job = contracts.filtered(lambda contract: contract._billed_by_job())
        undone = by_job._open_work_domain() & Domain(
            "ticket_id.stage_id.closed", "=", False
        )
        reasons = [
            (
                self.env._(
                    "%(hours)s h on ticket %(ticket)s are on hold until a decision is "
                    "made."
                ),
                Domain("charge", "=", Charge.HOLD.value),
            ),
            (
                self.env._("%(hours)s h on ticket %(ticket)s, which is still open."),
                undone,
            ),
        ]
        held = defaultdict(list)
        for reason, domain in reasons:
            rows = entries._read_group(
                unsettled & domain,
                ["service_contract_id", "ticket_id"],
                ["worked_minutes:sum"],
            )
            for contract, ticket, minutes in rows:
                held[contract.with_env(self.env)].append(
                    reason % {"hours": to_clock(minutes), "ticket": ticket.number}
                )
        return held
