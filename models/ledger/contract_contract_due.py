from datetime import date
from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain

from ...tools import periods


class Due(NamedTuple):
    """What is to be settled: a period of a contract, or a job by the price list.

    ``late`` is work that was logged when all periods of the contract were settled.
    """

    contract: models.Model
    first: date
    last: date
    late: bool = False
    ticket_id: int | None = None


class ContractContract(models.Model):
    """What of a service contract is over or done, and so to be settled and billed."""

    _inherit = "contract.contract"

    job_billing = fields.Selection(
        [("job", "When a job is done"), ("month", "Once a month")],
        required=True,
        default="job",
        tracking=True,
        help="Work charged by the price list is billed per ticket once the ticket is "
        "closed, or all together at the end of the month.",
    )

    def _due_periods(self, last_day, jobs_until=None):
        """What ended by ``last_day`` and is not settled, as a list of ``Due``.

        :param jobs_until: the day until which jobs may be done; as a rule the same one
        """
        by_job = self.filtered(lambda contract: contract._billed_by_job())
        by_period = self - by_job
        first_days = by_period._first_open_days()
        periods_over = [
            Due(contract, *period)
            for contract in by_period
            for period in contract._periods_over(last_day, first_days)
        ]
        late = by_period._late_entries().grouped("service_contract_id")
        return [
            *periods_over,
            *(
                Due(
                    contract,
                    min(entries.mapped("date")),
                    contract.settled_until,
                    late=True,
                )
                for contract, entries in late.items()
            ),
            *by_job._jobs_done(jobs_until or last_day),
        ]

    def _billed_by_job(self):
        """Whether nothing but jobs is billed, by the price list, each when done."""
        self.ensure_one()
        return self.job_billing == "job" and self._is_work_only()

    def _is_work_only(self):
        """Whether nothing is due without work: it only bills work by the price list."""
        self.ensure_one()
        regular = self.contract_line_ids or self.allowance_minutes or self.package_ids
        return not regular and not self._is_service()

    def _open_work_domain(self):
        """Work of these contracts for their next settlement."""
        is_open = self.env["account.analytic.line"]._open_domain()
        return Domain("service_contract_id", "in", self.ids) & is_open

    def _open_work(self):
        # sudo: work of everybody is billed, whoever runs the billing
        entries = self.env["account.analytic.line"].sudo()
        return entries.search(self._open_work_domain())

    def _first_open_days(self):
        """The day of the first open work, by contract that lives by work alone."""
        by_work = self.filtered(lambda contract: contract._is_work_only())
        # sudo: as for the work itself
        entries = self.env["account.analytic.line"].sudo()
        return dict(
            entries._read_group(
                by_work._open_work_domain(), ["service_contract_id"], ["date:min"]
            )
        )

    def _jobs_done(self, last_day):
        """Jobs of these contracts whose tickets are closed and not settled yet."""
        # sudo: as for the work itself
        entries = self.env["account.analytic.line"].sudo()
        jobs = entries._read_group(
            self._open_work_domain() & Domain("ticket_id.stage_id.closed", "=", True),
            ["service_contract_id", "ticket_id"],
            ["date:min", "date:max"],
        )
        return [
            Due(contract.sudo(False), first, last, ticket_id=ticket.id)
            for contract, ticket, first, last in jobs
            if last <= last_day
        ]

    def _unsettled_months(self, last_day, first_days=None):
        """Months not settled yet that begin by ``last_day``, cut to the contract."""
        self.ensure_one()
        first = self._first_day()
        if self.settled_until:
            first = max(first, fields.Date.add(self.settled_until, days=1))
        if self._is_work_only():
            if first_days is None:
                first_days = self._first_open_days()
            if self not in first_days:
                return []
            first = max(first, periods.month_of(first_days[self]).first)
        last = periods.month_of(last_day).last
        return periods.months_between(first, min(last, self.date_end or last))

    def _periods_over(self, last_day, first_days=None):
        """Periods to settle: the unsettled months that end by ``last_day``."""
        return [
            month
            for month in self._unsettled_months(last_day, first_days)
            if month.last <= last_day
        ]

    def _late_entries(self):
        """Open work for days that the last settlement of its contract covered."""
        ended = self.filtered(
            lambda contract: (
                contract.date_end
                and contract.settled_until
                and contract.settled_until >= contract.date_end
            )
        )
        return ended._open_work().filtered(
            lambda entry: entry.date <= entry.service_contract_id.settled_until
        )
