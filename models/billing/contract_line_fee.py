from datetime import date
from fractions import Fraction

from odoo import models

from ...tools.periods import Period
from ...tools.proration import portion, price_of_part


class ContractLine(models.Model):
    """What a period of a fee costs, and what the invoice says about it."""

    _inherit = "contract.line"

    def _get_period_to_invoice(self, *args, **kwargs):
        """The period of the fee that is billed; a run may bill several at once."""
        period = self.env.context.get("service_fee_period")
        if period:
            return (*period, self.recurring_next_date)
        return super()._get_period_to_invoice(*args, **kwargs)

    def _fee_values(self, period):
        """Values of the invoice line for ``period``; none where it costs nothing."""
        vals = self.with_context(service_fee_period=period)._prepare_invoice_line()
        if not vals or not vals["quantity"]:
            return {}
        vals = self._prorated(vals, period)
        if self.contract_id.currency_id.is_zero(vals["price_unit"]):
            return {}
        return vals | {
            "service_period_from": period.first,
            "service_period_to": period.last,
        }

    def _prorated(self, vals, period):
        """What ``period`` costs, and its days and share in the name.

        The price takes the portion, for quantities have too few decimals for it.
        """
        contract = self.contract_id
        parts = self._recurrence().parts(period.first)
        label = []
        if "#START#" not in (self.name or ""):
            label.append(contract._period_label(*period))
        price = vals["price_unit"]
        whole = Period(parts[0].first, parts[-1].last)
        if period != whole and contract.prorate_fees:
            price = self._price_of_part(price, period)
            label.append(str(portion(parts, *period)))
        elif not contract.prorate_fees and self._billed_in(whole, period.first):
            price = 0
        name = "\n".join([vals["name"], " · ".join(label)]) if label else vals["name"]
        return vals | {"price_unit": float(price), "name": name}

    def _price_of_part(self, price, period):
        """What the days of ``period`` cost, where a whole period costs ``price``."""
        step = Fraction(str(self.contract_id.currency_id.rounding))
        parts = self._recurrence().parts(period.first)
        return price_of_part(Fraction(str(price)), step, parts, *period)

    def _part_periods(self):
        """Periods that the start or the end of the fee cuts, with what they cost of the
        whole: ``{Period: (part, whole)}``."""
        self.ensure_one()
        contract = self.contract_id
        if not contract.prorate_fees or self.display_type:
            return {}
        recurrence = self._recurrence()
        first = max(self.date_start, contract._first_day())
        last = min(filter(None, [self.date_end, contract.date_end]), default=date.max)
        found = {}
        for day in (first, last):
            if first <= day < date.max:
                whole = recurrence.period(day)
                period = Period(max(whole.first, first), min(whole.last, last))
                if period != whole:
                    part = float(self._price_of_part(self.price_unit, period))
                    paid = self.quantity * (1 - self.discount / 100)
                    found[period] = part * paid, self.price_unit * paid
        return found

    def _billed_in(self, whole, first):
        """Whether an earlier invoice billed the begin of a period that starts over."""
        begin = max(whole.first, self.date_start, self.contract_id._first_day())
        return first > begin
