from typing import NamedTuple

from odoo import api, models


class Price(NamedTuple):
    """Net price of one unit in the contract's currency, and where it comes from.

    ``source`` is the contract's pricelist, the customer's, or the product itself.
    """

    amount: float
    source: str


class ServicePrice(models.AbstractModel):
    """Answers what a unit of work costs, for billing and for every explanation."""

    _name = "service.price"
    _description = "Service Pricing"

    @api.model
    def _price(self, product, contract, day):
        """Price of one unit of ``product`` for work of ``day`` under ``contract``.

        The contract's pricelist decides where it has a rule for the product, else the
        customer's, else the product's own price.
        """
        product = product.with_company(contract.company_id)
        wanted = {
            "quantity": 1.0,
            "currency": contract.currency_id,
            "uom": product.uom_id,
            "date": day,
        }
        customer = contract.partner_id.with_company(contract.company_id)
        pricelists = {
            "contract": contract.pricelist_id,
            "customer": customer.property_product_pricelist,
        }
        for source, pricelist in pricelists.items():
            if pricelist:
                amount, rule = pricelist._get_product_price_rule(product, **wanted)
                if rule:
                    return Price(amount, source)
        no_pricelist = self.env["product.pricelist"]
        return Price(no_pricelist._get_product_price(product, **wanted), "product")

    @api.model
    def _list_prices(self, products, company, day):
        """Price of one unit of each product on ``day``, by id, in the company's
        currency, for whoever has no price of their own."""
        # The company itself stands for any customer of its country.
        anybody = company.partner_id.with_company(company)
        found = anybody.property_product_pricelist._compute_price_rule(
            products.with_company(company),
            1.0,
            currency=company.currency_id,
            date=day,
        )
        return {product: price for product, (price, _rule) in found.items()}
