from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.periods import Period, month_of
from ...tools.proration import Recurrence

# Months of one recurrence; those that are not here are counted in days.
MONTHS = {
    "monthly": 1,
    "monthlylastday": 1,
    "quarterly": 3,
    "semesterly": 6,
    "yearly": 12,
}
DAYS = {"daily": 1, "weekly": 7}
# What periods follow from, beside the fee itself.
OF_CONTRACT = (
    "contract_id.counts_from",
    "contract_id.date_start",
    "contract_id.service_tier_id",
)


class ContractLine(models.Model):
    """The periods of a fee.

    They follow from the contract's start and its recurrence alone. OCA contract takes
    them from the date of the next invoice, which people move: a fee would be billed
    for other days then.
    """

    _inherit = "contract.line"

    def _recurrence(self):
        """The contract's billing periods, with which those of all fees are aligned."""
        self.ensure_one()
        rule, anchor = self.recurring_rule_type, self.contract_id.date_start
        # OCA contract lets an interval of 0 pass, which would never come to an end.
        interval = max(1, self.recurring_interval)
        if rule in DAYS:
            return Recurrence(anchor, days=DAYS[rule] * interval)
        if rule == "monthlylastday":
            anchor = month_of(anchor).first
        return Recurrence(anchor, months=MONTHS[rule] * interval)

    def _first_unbilled(self):
        """The day from which on the fee is not billed yet."""
        self.ensure_one()
        first = max(self.date_start, self.contract_id._first_day())
        if self.last_date_invoiced:
            first = max(first, fields.Date.add(self.last_date_invoiced, days=1))
        return first

    def _next_fee_period(self):
        """Days of the fee that are billed next, or none where it came to its end."""
        first = self._first_unbilled()
        last = self._recurrence().period(first).last
        last = min(last, self.date_end or last)
        return Period(first, last) if first <= last else None

    def _plan_invoice(self, period):
        """The day OCA contract would plan the invoice of ``period`` for."""
        ahead = self.recurring_invoicing_type == "pre-paid"
        day = period.first if ahead else period.last
        return fields.Date.add(day, days=self.recurring_invoicing_offset)

    def _of_service(self):
        return self.filtered(
            lambda line: (
                line.contract_id.service_tier_id
                and line.contract_id.date_start
                and line.date_start
            )
        )

    @api.depends(*OF_CONTRACT)
    def _compute_next_period_date_start(self):
        fees = self._of_service()
        result = super(ContractLine, self - fees)._compute_next_period_date_start()
        for fee in fees:
            period = fee._next_fee_period()
            fee.next_period_date_start = period and period.first
        return result

    @api.depends(*OF_CONTRACT)
    def _compute_next_period_date_end(self):
        fees = self._of_service()
        result = super(ContractLine, self - fees)._compute_next_period_date_end()
        for fee in fees:
            period = fee._next_fee_period()
            fee.next_period_date_end = period and period.last
        return result

    @api.depends(*OF_CONTRACT)
    def _compute_recurring_next_date(self):
        """Each fee is planned by its own days, and the contract by its next fee."""
        fees = self._of_service()
        result = super(ContractLine, self - fees)._compute_recurring_next_date()
        for fee in fees:
            period = fee._next_fee_period()
            fee.recurring_next_date = period and fee._plan_invoice(period)
        return result

    @api.constrains("contract_id", "date_start", "date_end")
    def _check_days_of_contract(self):
        """A fee for days on which the contract is not in force is owed by nobody."""
        for line in self._of_service().filtered(lambda line: not line.display_type):
            contract = line.contract_id
            ends_later = contract.date_end and (
                line.date_end and line.date_end > contract.date_end
            )
            if line.date_start < contract.date_start or ends_later:
                raise ValidationError(
                    self.env._(
                        "The fee “%(fee)s” covers days on which the contract is "
                        "not in force. Choose days within those of the contract.",
                        fee=line.name,
                    )
                )

    @api.constrains("contract_id", "product_id")
    def _check_tax_of_fee(self):
        """Found when the contract is made, rather than when its invoice is due."""
        for line in self._of_service().filtered("product_id"):
            line.product_id._check_service_tax(line.contract_id.company_id)

    @api.constrains(
        "date_start", "date_end", "last_date_invoiced", "recurring_next_date"
    )
    def _check_last_date_invoiced(self):
        """A fee that was billed ahead may end in days that are billed already."""
        ahead = self._of_service().filtered(
            lambda line: line.recurring_invoicing_type == "pre-paid"
        )
        return super(ContractLine, self - ahead)._check_last_date_invoiced()
