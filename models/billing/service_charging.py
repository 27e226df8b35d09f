from typing import NamedTuple

from odoo import api, models

from ...tools.charging import Item, Unit, charges
from ...tools.duration import to_hours
from ...tools.rating import first_unit
from ..tier.service_price import Price


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
        return self.price.amount * float(self.item.portion * self.item.percent / 100)


class ServicePrice(models.AbstractModel):
    """What entries cost beside the hours that packages pay."""

    _inherit = "service.price"

    @api.model
    def _charged(self, plan, entries, price=None):
        """What entries cost beside the hours that packages pay: pairs of an entry and
        a ``Charged``, in the order of the entries.

        :param plan: a ``tools.ledger.Plan`` that holds the entries
        :param price: the function of ``_prices`` that was asked for other plans
        """
        works = {work.id: work for work in plan.facts.works}
        price = price or self._prices()
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
                unit_price = price(product, contract, entry.date)
                charged.append((entry, Charged(rate, product, item, unit_price)))
        return charged

    @api.model
    def _items(self, plan, work):
        payment, rated = plan.facts.payments[work.id], plan.rated[work.id]
        if not payment.charge.costs_money:
            return []
        opens = payment.flat and not rated.before.billed
        return charges(
            work.parts,
            plan.shares[work.id],
            flat_minutes=first_unit(work) if opens else (),
            burns=payment.burns,
        )
