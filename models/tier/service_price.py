from bisect import bisect_right
from datetime import timedelta
from functools import cache
from itertools import product as pairs
from typing import NamedTuple

from odoo import api, models

DAY = timedelta(days=1)


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
    def _prices(self):
        """``_price`` as a function for many entries, which asks no price twice.

        A price list may change from one day to the next, but seldom does: asking for
        every day of work would cost a search each. It is only asked again where a dated
        rule begins or ends, or where the rate of a currency may have changed.
        """
        known = {}
        changes = cache(self._price_changes)

        def price(product, contract, day):
            key = product, *self._price_span(product, contract, day, *changes())
            if key not in known:
                known[key] = self._price(product, contract, day)
            return known[key]

        return price

    @api.model
    def _price_span(self, product, contract, day, changes, currencies):
        """What a price depends on: where no price list has a rule, on no contract."""
        company = contract.company_id
        customer = contract.partner_id.with_company(company)
        pricelists = contract.pricelist_id | customer.property_product_pricelist
        currencies = (
            currencies
            | pricelists.currency_id
            | product.with_company(company).currency_id
            | contract.currency_id
        )
        span = bisect_right(changes, day) if len(currencies) == 1 else day
        whose = contract if pricelists.item_ids else (company, contract.currency_id)
        return whose, span

    @api.model
    def _price_changes(self):
        """Days on which dated rules begin or end, and currencies rules convert from."""
        rules = self.env["product.pricelist.item"].search_fetch(
            ["|", "|"]
            + [("date_start", "!=", False), ("date_end", "!=", False)]
            + [("base", "=", "pricelist")],
            ["date_start", "date_end", "base_pricelist_id"],
        )
        moments = {*rules.mapped("date_start"), *rules.mapped("date_end")} - {False}
        # By whose clock a day begins is left open: the days around are asked as well.
        around = pairs(moments, range(-1, 3))
        changes = sorted({moment.date() + days * DAY for moment, days in around})
        return changes, rules.base_pricelist_id.currency_id

    @api.model
    def _list_prices(self, products, company, day):
        """Price of one unit of each product on ``day``, by id, in the company's
        currency, for anyone who has no price of their own."""
        # The company itself stands for any customer of its country.
        anybody = company.partner_id.with_company(company)
        found = anybody.property_product_pricelist._compute_price_rule(
            products.with_company(company),
            1.0,
            currency=company.currency_id,
            date=day,
        )
        return {product: price for product, (price, _rule) in found.items()}
