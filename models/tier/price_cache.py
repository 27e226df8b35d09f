from bisect import bisect_right
from datetime import timedelta
from itertools import product as pairs

DAY = timedelta(days=1)


class Prices:
    """Prices of units of work, each asked for once for all the days it is the same.

    A price list may change from one day to the next, but seldom does: asking for every
    day of work would cost a search each. One is only asked again where a dated rule
    begins or ends, or where the rate of a currency may have changed.
    """

    def __init__(self, pricing):
        self._pricing = pricing
        self._known = {}
        self._changes = None
        self._currencies = None

    def of(self, product, contract, day):
        """The ``Price`` of one unit of ``product`` for work of ``day``."""
        key = product, *self._price_key(product, contract, day)
        if key not in self._known:
            self._known[key] = self._pricing._price(product, contract, day)
        return self._known[key]

    def _price_key(self, product, contract, day):
        """What a price depends on: where no price list has a rule, on no contract."""
        if self._changes is None:
            self._read_rules()
        company = contract.company_id
        customer = contract.partner_id.with_company(company)
        pricelists = contract.pricelist_id | customer.property_product_pricelist
        currencies = (
            self._currencies
            | pricelists.currency_id
            | product.with_company(company).currency_id
            | contract.currency_id
        )
        span = bisect_right(self._changes, day) if len(currencies) == 1 else day
        whose = contract if pricelists.item_ids else (company, contract.currency_id)
        return whose, span

    def _read_rules(self):
        rules = self._pricing.env["product.pricelist.item"].search_fetch(
            ["|", "|"]
            + [("date_start", "!=", False), ("date_end", "!=", False)]
            + [("base", "=", "pricelist")],
            ["date_start", "date_end", "base_pricelist_id"],
        )
        moments = {*rules.mapped("date_start"), *rules.mapped("date_end")} - {False}
        # By whose clock a day begins is left open: the days around are asked by
        # themselves.
        around = pairs(moments, range(-1, 3))
        self._changes = sorted({moment.date() + days * DAY for moment, days in around})
        self._currencies = rules.base_pricelist_id.currency_id
