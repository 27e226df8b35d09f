from odoo import api, models
from odoo.tools import format_date


def _price_terms(line):
    """What a product's price depends on: lines that share it are priced at once."""
    contract = line.contract_id
    customer = contract.partner_id.with_company(contract.company_id)
    pricelist = contract.pricelist_id or customer.property_product_pricelist
    terms = pricelist, contract.currency_id, line.quantity, line.uom_id
    return contract.company_id, terms


class ContractLine(models.Model):
    """What a period of a fee costs, and what the invoice says about it."""

    _inherit = "contract.line"

    @api.depends("contract_id.currency_id", "contract_id.service_tier_id")
    def _compute_price_unit(self):
        """Prices of the pricelist in the contract's currency, many at a time.

        OCA contract takes the number as it is, whatever currency the invoice has.
        """
        fees = self._of_service().filtered(
            lambda line: line.automatic_price and line.product_id
        )
        result = super(ContractLine, self - fees)._compute_price_unit()
        old_day = self.env.context.get("old_date")
        for (company, terms), same in fees.grouped(_price_terms).items():
            pricelist, currency, quantity, uom = terms
            day = old_day or company.sudo()._service_day()
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
