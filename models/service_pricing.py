from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.charging import Item, Unit, charges
from ..tools.duration import ENOUGH_DIGITS, invoiceable_unit, to_clock, to_hours
from ..tools.ledger import Charge
from .service_prices import Prices


class Price(NamedTuple):
    """Net price of one unit in the contract's currency, and where it comes from.

    ``source`` is the contract's pricelist, the customer's, or the product itself.
    """

    amount: float
    source: str


class Charged(NamedTuple):
    """A quantity of a product, at a percentage of its price, under a rate."""

    rate: models.Model
    product: models.Model
    item: Item
    price: Price

    @property
    def minutes(self):
        """Minutes that are charged by the hour."""
        return self.item.quantity if self.item.unit == Unit.MINUTE else 0

    @property
    def quantity(self):
        """Hours, or the number of flat fees."""
        return to_hours(self.minutes) if self.minutes else self.item.quantity

    def of(self, quantity):
        """As many minutes, or flat fees, at the same price."""
        return self._replace(item=self.item._replace(quantity=quantity))

    @property
    def unit_price(self):
        """Net price of one of them, in the contract's currency."""
        return self.price.amount * self.item.percent / 100


class ServicePricing(models.AbstractModel):
    """Answers what a unit of work costs, for billing and for every explanation."""

    _name = "service.pricing"
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

    @api.model
    def _invoiceable_unit(self):
        """Minutes whose multiples an invoice can count in hours."""
        precision = self.env["decimal.precision"]
        return invoiceable_unit(precision.precision_get("Product Unit"))

    @api.model
    def _check_invoiceable(self, *times):
        """Refuse minutes that an invoice would round to other money: 5 minutes are no
        0.08 hours.

        :raises ValidationError: saying what to choose instead
        """
        unit = self._invoiceable_unit()
        for minutes in times:
            if minutes % unit:
                raise ValidationError(
                    self.env._(
                        "Invoices here count hours with so few decimals that %(time)s "
                        "cannot be charged exactly. Choose a multiple of %(unit)s "
                        "minutes, or raise the decimal accuracy “Product Unit” to "
                        "%(enough)s.",
                        time=to_clock(minutes),
                        unit=unit,
                        enough=ENOUGH_DIGITS,
                    )
                )

    @api.model
    def _charged(self, plan, entries, prices=None):
        """What entries cost beside the hours that packages pay: pairs of an entry and
        a ``Charged``, in the order of the entries.

        :param plan: a ``tools.ledger.Plan`` that holds the entries
        :param prices: the ``Prices`` of other plans, not to ask for them again
        """
        works = {work.id: work for work in plan.facts.works}
        prices = prices or Prices(self)
        charged = []
        for entry in entries:
            work = works[entry._rating_id()]
            contract = entry.service_contract_id
            # The rate the work was rated by, whatever tier the contract has by now.
            # sudo: products of rates are hidden from technicians, prices of entries
            # are shown to nobody who may not see them
            rate = self.env["service.tier.rate"].sudo().browse(work.group.rate_id)
            products = {Unit.MINUTE: rate.product_id, Unit.FLAT: rate.flat_product_id}
            for item in self._items(plan, work):
                product = products[item.unit]
                price = prices.of(product, contract, entry.date)
                charged.append((entry, Charged(rate, product, item, price)))
        return charged

    @api.model
    def _items(self, plan, work):
        payment, rated = plan.facts.payments[work.id], plan.rated[work.id]
        if payment.charge != Charge.FULL:
            return []
        opens = payment.flat and not rated.before.billed
        return charges(
            work.parts,
            plan.shares[work.id],
            flat_minutes=work.rounding.first if opens else 0,
            burns=payment.burns,
        )
