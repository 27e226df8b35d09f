from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.periods import Period
from .account_move_line import BILLING


class Fee(NamedTuple):
    """One period of a fee that is due, from ``first`` to ``last``.

    ``vals`` are those of the invoice line; without any there is nothing to invoice,
    but the period is over all the same. One in ``advance`` is due before its period.
    """

    line_id: int
    first: date
    last: date
    vals: dict[str, Any]
    advance: bool


class ServiceBilling(models.AbstractModel):
    """Fees of contracts as lines of invoices, and how they become due again."""

    _inherit = "service.billing"

    @api.model
    def _fees_due(self, contracts, last_day):
        """Fees of each contract that are due on ``last_day`` and not billed yet.

        A fee is due when its period ended by then; one that is paid ahead, when its
        period begins on the next day at the latest. Every overdue period is one fee.

        :returns: ``{contract id: [Fee, ...]}`` in the order of lines and periods
        """
        due = {contract.id: [] for contract in contracts}
        lines = contracts.contract_line_ids._of_service()
        for line in lines.sorted(lambda line: (line.sequence, line.id)):
            ahead = line.recurring_invoicing_type == "pre-paid"
            due[line.contract_id.id] += [
                Fee(line.id, *period, line._fee_values(period), ahead)
                for period in self._periods_due(line, last_day)
            ]
        return due

    @api.model
    def _periods_due(self, line, last_day):
        if line.display_type or line.is_canceled:
            return []
        contract = line.contract_id
        day_after = fields.Date.add(last_day, days=1)
        ahead = line.recurring_invoicing_type == "pre-paid"
        ends = [day_after if ahead else last_day, line.date_end, contract.date_end]
        first, last = line._first_unbilled(), min(filter(None, ends))
        recurrence = line._recurrence()
        periods = []
        for period in recurrence.between(first, last):
            # What is cut only because its time has not come is not due, or still whole.
            end = min(filter(None, [recurrence.period(period.first).last, *ends[1:]]))
            if ahead or end <= last_day:
                periods.append(Period(period.first, end))
        if periods and self._is_postponed(line, periods[0], day_after):
            return []
        return periods

    @api.model
    def _is_postponed(self, line, period, day):
        """Whether somebody moved the date of the next invoice beyond ``day``."""
        planned = line._plan_invoice(period)
        moved = [line.recurring_next_date, line.contract_id.recurring_next_date]
        return any(to and to > max(planned, day) for to in moved)

    @api.model
    def _lines_of(self, fees):
        return self.env["contract.line"].browse({fee.line_id for fee in fees})

    @api.model
    def _fees_before(self, fees):
        """Until when fees are billed before these ones are, to be kept on an invoice.

        Periods of a fee follow one another, so that is the day before the first.

        :returns: ``{line id: ISO day, or an empty string}`` as it goes into JSON
        """
        first = {}
        for fee in fees:
            first[fee.line_id] = min(fee.first, first.get(fee.line_id, fee.first))
        before = {}
        for line in self._lines_of(fees):
            day = fields.Date.subtract(first[line.id], days=1)
            begun = line.last_date_invoiced or day >= line._first_unbilled()
            before[str(line.id)] = str(day) if begun else ""
        return before

    @api.model
    def _mark_fees_billed(self, fees):
        """Let the next invoices of fees begin after their latest period of these."""
        billed = {}
        for fee in fees:
            billed[fee.line_id] = max(fee.last, billed.get(fee.line_id, fee.last))
        lines_by_day = defaultdict(list)
        for line_id, day in billed.items():
            lines_by_day[day].append(line_id)
        for day, ids in lines_by_day.items():
            lines = self.env["contract.line"].with_context(**BILLING.opened)
            lines.browse(ids).last_date_invoiced = day

    @api.model
    def _rewind_fees(self, moves):
        """Let fees of invoices that will not be issued be due again.

        :raises UserError: where a later period of the same fee is billed already, for
            only the newest one can be due again
        """
        for move in moves.sorted("service_period_to", reverse=True):
            before, contract = move.service_fees_before or {}, move.service_contract_id
            # Of its own contract alone, whatever stands on the invoice.
            if contract.company_id != move.company_id:
                continue
            for line in contract.contract_line_ids.with_context(**BILLING.opened):
                if str(line.id) not in before:
                    continue
                billed = line.last_date_invoiced
                if billed and billed > move.service_period_to:
                    raise UserError(
                        self.env._(
                            "A later period of the contract “%s” has already been "
                            "billed. Cancel its newest invoice first, then this "
                            "one.",
                            contract.display_name,
                        )
                    )
                line.last_date_invoiced = fields.Date.to_date(before[str(line.id)])
        moves.with_context(**BILLING.opened).service_fees_before = False
