from fractions import Fraction

from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.periods import Period
from ..tools.proration import price_of_part, share


def _price_terms(line):
    """What a product's price depends on: lines that share it are priced at once."""
    contract = line.contract_id
    customer = contract.partner_id.with_company(contract.company_id)
    pricelist = contract.pricelist_id or customer.property_product_pricelist
    terms = pricelist, contract.currency_id, line.quantity, line.uom_id
    return contract.company_id, terms


class ContractLine(models.Model):
    """What a period of a fee costs, and what the invoice says about it."""

    _inherit = "contract.line"  # pylint: disable=consider-merging-classes-inherited

    @api.depends("contract_id.currency_id", "contract_id.service_tier_id")
    def _compute_price_unit(self):
        """Prices of the pricelist in the contract's currency, many at a time.

        OCA contract takes the number as it is, whatever currency the invoice has.
        """
        fees = self._of_service().filtered(
            lambda line: line.automatic_price and line.product_id
        )
        result = super(ContractLine, self - fees)._compute_price_unit()
        today = fields.Date.context_today(self)
        day = self.env.context.get("old_date", today)
        for (company, terms), same in fees.grouped(_price_terms).items():
            pricelist, currency, quantity, uom = terms
            prices = pricelist._get_products_price(
                same.product_id.with_company(company),
                quantity=quantity,
                currency=currency,
                uom=uom,
                date=day,
            )
            for line in same:
                line.price_unit = prices[line.product_id.id]
        return result

    def _get_period_to_invoice(self, *args, **kwargs):
        """The period of the fee that is billed; a run may bill several at once."""
        period = self.env.context.get("service_fee_period")
        if period:
            return (*period, self.recurring_next_date)
        return super()._get_period_to_invoice(*args, **kwargs)

    def _insert_markers(self, first_date_invoiced, last_date_invoiced):
        """As the customer writes dates and months, and without a query for each."""
        if not (self._of_service() and first_date_invoiced):
            return super()._insert_markers(first_date_invoiced, last_date_invoiced)
        lang = self.contract_id.partner_id.lang or self.env.lang
        first, last = first_date_invoiced, last_date_invoiced
        markers = {
            "#START#": format_date(self.env, first, lang_code=lang),
            "#END#": format_date(self.env, last, lang_code=lang),
            "#INVOICEMONTHNAME#": format_date(self.env, first, lang, "LLLL"),
        }
        name = self.name
        for marker, text in markers.items():
            name = name.replace(marker, text)
        return name

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

        The price takes the share, for quantities have too few decimals for it.
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
            label.append(str(share(parts, *period)))
        elif not contract.prorate_fees and self._billed_in(whole, period.first):
            price = 0
        name = "\n".join([vals["name"], " · ".join(label)]) if label else vals["name"]
        return vals | {"price_unit": float(price), "name": name}

    def _billed_in(self, whole, first):
        """Whether an earlier invoice billed the begin of a period that starts over."""
        begin = max(whole.first, self.date_start, self.contract_id.date_start)
        return first > begin
