from odoo import api, models
from odoo.tools.misc import formatLang

from ...tools.duration import to_units

HOUR = 60
PERCENT = 100


class ServiceCost(models.AbstractModel):
    """The price of the usual work of a ticket, for those who may know it."""

    _inherit = "service.cost"

    @api.model
    def _price_words(self, ticket, work_type=None, *, gross=False):
        """What work on a ticket costs today, as a rule the usual one; nothing without
        a price."""
        today = ticket.company_id._service_day()
        on_site = bool(work_type and work_type.on_site)
        contract = ticket._payer(today, on_site=on_site).contract
        tier = contract.service_tier_id or self._price_list_tier(ticket)
        wanted = work_type or tier._usual_work_type()
        rate = tier.rate_ids.filtered(lambda one: one.work_type_id == wanted)
        if not rate:
            return ""
        # Before the first work there is no contract yet, but its price is known.
        whose = {"partner_id": ticket.partner_id.id, "company_id": ticket.company_id.id}
        contract = contract or contract.new(whose)
        rules = rate._rules()
        part = tier._rules().part(rules, HOUR, **self._circumstances(ticket, tier))
        percent = PERCENT + part.express + part.after_hours

        def amount(product):
            net = self.env["service.price"]._price(product, contract, today).amount
            return self._amount(product, contract, net * percent / PERCENT, gross=gross)

        fee = amount(rate.flat_product_id) if rules.flat else ""
        return self._units_words(rules.rounding, fee, amount(rate.product_id))

    @api.model
    def _units_words(self, rounding, fee, price):
        """A flat fee, or the price of an hour, with what is charged of it."""
        rates = self.env["service.tier.rate"]
        told = {"fee": fee, "first": to_units(rounding.first), "price": price}
        if fee and not rounding.step:
            return self.env._("%(fee)s, a flat fee", **told)
        if fee:
            return self.env._(
                "%(fee)s up to %(first)s, then %(price)s an hour, %(started)s",
                started=rates._started_words(rounding.step),
                **told,
            )
        rule = rates._rounding_words(rounding)
        return self.env._("%(price)s an hour, %(rule)s", rule=rule, **told)

    @api.model
    def _amount(self, product, contract, net, *, gross):
        currency = contract.currency_id or contract.company_id.currency_id
        amount = formatLang(self.env, net, currency_obj=currency)
        if not gross:
            return self.env._("%s net", amount)
        taxes = product.taxes_id._filter_taxes_by_company(contract.company_id)
        taxes = contract._fiscal_position().map_tax(taxes)
        total = taxes.compute_all(net, currency, partner=contract.partner_id)
        return self.env._(
            "%(net)s net (%(gross)s gross)",
            net=amount,
            gross=formatLang(self.env, total["total_included"], currency_obj=currency),
        )
