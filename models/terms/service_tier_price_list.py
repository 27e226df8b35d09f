from functools import partial

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ...tools.duration import to_hours, to_units

PRICE_LIST = "helpdesk_service_contract.price_list"


class ServiceTierRate(models.Model):
    """What a rate costs whoever has no price of their own."""

    _inherit = "service.tier.rate"

    def _price_facts(self, prices):
        """Units in minutes, and their prices, as Json keeps them.

        :param prices: net or gross as products have it, by id of a product
        """
        self.ensure_one()
        hours = self.product_id
        first = self.flat_product_id or hours
        first_units = 1 if self.flat_product_id else to_hours(self.first_minutes)
        return {
            "work_type": self.work_type_id.id,
            "first_minutes": self.first_minutes,
            "step_minutes": self.step_minutes,
            "hour": self._amounts(hours, 1, prices),
            "first": self._amounts(first, first_units, prices),
            "step": self._amounts(hours, to_hours(self.step_minutes), prices),
            "flat": bool(self.flat_product_id),
            "scope": self.scope,
            "package_percent": self.package_factor if self.uses_packages else 0,
        }

    def _amounts(self, product, quantity, prices):
        company = self.company_id
        taxes = product.taxes_id._filter_taxes_by_company(company)
        found = taxes.compute_all(
            prices[product.id], company.currency_id, quantity, product=product
        )
        return {"net": found["total_excluded"], "gross": found["total_included"]}

    @api.model
    def _units_in_words(self, facts):
        """What is charged, in the words of a price list: pairs of a unit and its
        net and gross price.

        :param facts: of a rate, as ``_price_facts`` has them
        """
        first = to_units(facts["first_minutes"])
        step = to_units(facts["step_minutes"])
        if not facts["flat"] and first == step:
            return [(self._started_words(facts["step_minutes"]), facts["step"])]
        if not facts["flat"]:
            begin = self.env._("the first %s or part thereof", first)
        elif facts["step_minutes"]:
            begin = self.env._("flat fee for the first %s", first)
        else:
            return [(self.env._("flat fee, regardless of the time"), facts["first"])]
        further = self.env._("each further %s or part thereof", step)
        return [(begin, facts["first"]), (further, facts["step"])]

    @api.model
    def _scope_in_words(self, facts):
        """What is added up before units are counted, in the words of a price list."""
        return {
            "entry": self.env._("each work entry is charged separately"),
            "block": self.env._("time is added up per session or visit"),
            "ticket_day": self.env._("time is added up per ticket and day"),
            "ticket": self.env._("time is added up per ticket"),
        }[facts["scope"]]


class ServiceTier(models.Model):
    """The price list of a tier, as its rates have it."""

    _inherit = "service.tier"

    def _price_facts(self, day):
        """What these tiers cost on ``day``, by id of a tier: plain values that Json
        keeps, and that are equal as long as the price list says the same."""
        # sudo: products are back office's, a price list is made for customers
        tiers = self.sudo()
        facts = {}
        for company, same in tiers.grouped("company_id").items():
            rates = same.with_company(company).rate_ids
            products = rates.product_id | rates.flat_product_id
            prices = (
                self.env["service.price"].sudo()._list_prices(products, company, day)
            )
            for tier in same:
                facts[tier.id] = {
                    "rates": [
                        rate._price_facts(prices) for rate in rates & tier.rate_ids
                    ],
                    "express": tier.express_percent,
                    "after_hours": tier.after_hours_percent,
                    "package_surcharge": tier._package_surcharge(),
                    "free_unjustified": tier.free_unjustified,
                }
        return facts

    def _package_surcharge(self):
        """How hours of packages are surcharged; nothing where none of them is."""
        self.ensure_one()
        surcharged = self.express_percent or self.after_hours_percent
        in_packages = any(self.rate_ids.mapped("uses_packages"))
        return surcharged and in_packages and self.surcharge_mode or False

    def _price_list(self, facts, lang):
        """The text of the price list, in ``lang``."""
        self.ensure_one()
        if not facts["rates"]:
            raise UserError(
                self.env._(
                    "The tier “%s” has no rates, so there are no prices. Add its rates "
                    "first.",
                    self.name,
                )
            )
        # sudo: as above
        tier = self.sudo().with_context(lang=lang)
        work_types, rates = tier.env["service.work.type"], tier.rate_ids
        currency = tier.company_id.currency_id
        values = {
            "facts": facts,
            "rows": [
                {
                    "work": work_types.browse(row["work_type"]).name,
                    "hour": row["hour"] if row["step_minutes"] else None,
                    "units": rates._units_in_words(row),
                    "scope": rates._scope_in_words(row),
                    "package_percent": row["package_percent"],
                }
                for row in facts["rates"]
            ],
            "tier": tier,
            "currency": currency,
            "money": partial(formatLang, tier.env, currency_obj=currency),
        }
        return tier.env["ir.qweb"]._render(PRICE_LIST, values)
