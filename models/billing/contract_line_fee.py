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
            step = Fraction(str(contract.currency_id.rounding))
            price = price_of_part(Fraction(str(price)), step, parts, *period)
            label.append(str(portion(parts, *period)))
        elif not contract.prorate_fees and self._billed_in(whole, period.first):
            price = 0
        name = "\n".join([vals["name"], " · ".join(label)]) if label else vals["name"]
        return vals | {"price_unit": float(price), "name": name}

    def _billed_in(self, whole, first):
        """Whether an earlier invoice billed the begin of a period that starts over."""
        begin = max(whole.first, self.date_start, self.contract_id.date_start)
        return first > begin
