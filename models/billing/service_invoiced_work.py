from typing import NamedTuple

from odoo import api, models
from odoo.tools import float_compare
from odoo.tools.misc import formatLang

from ...tools.apportion import apportion
from ...tools.charging import Unit
from ...tools.duration import to_clock, to_hours


class Invoiced(NamedTuple):
    """What a line of an invoice asks for a work entry.

    ``quantity`` are minutes, or the number of flat fees. ``amount`` is net, in the
    currency of the invoice; ``as_priced`` says that it is quantity times price, which
    is not so once somebody changed the quantity of the line.
    """

    line: models.Model
    unit: Unit
    quantity: int
    amount: float
    as_priced: bool

    @property
    def label(self):
        """What the line is for, without the days below it."""
        return (self.line.name or "").split("\n", 1)[0]

    @property
    def currency(self):
        return self.line.currency_id

    @property
    def price(self):
        """Net price of an hour or of one flat fee, less the discount of the line."""
        return self.line.price_unit * (1 - self.line.discount / 100)

    def calculation(self, env):
        """“1:20 × 120.00 zł”, in the language of ``env``."""
        if not self.as_priced:
            return ""
        minutes = self.unit == Unit.MINUTE
        quantity = to_clock(self.quantity) if minutes else self.quantity
        return f"{quantity} × {formatLang(env, self.price, currency_obj=self.currency)}"


class ServiceInvoicedWork(models.AbstractModel):
    """Shares the net amounts of invoice lines out to the work entries behind them."""

    _name = "service.invoiced.work"
    _description = "Invoiced Work"

    @api.model
    def _by_entry(self, invoices):
        """``Invoiced`` shares by id of a work entry; those of a line add up to it.

        The lines say what is asked, not the price lists, which may have changed since,
        and not the plan, as an accountant may have changed a draft.
        """
        # sudo: back office sees what the customer pays, and has no right on accounts
        lines = invoices.sudo().invoice_line_ids.filtered("service_charges")
        by_entry = {}
        for line in lines:
            for id_, invoiced in self._shares(line):
                by_entry.setdefault(id_, []).append(invoiced)
        return by_entry

    @api.model
    def _shares(self, line):
        unit = Unit(line.service_charges["unit"])
        charges = line.service_charges["entries"]
        quantities = [quantity for _id, quantity in charges]
        currency = line.currency_id
        parts = apportion(round(line.price_subtotal / currency.rounding), quantities)
        billed = sum(quantities)
        hours = to_hours(billed) if unit == Unit.MINUTE else billed
        as_priced = not float_compare(line.quantity, hours, precision_digits=6)
        for (id_, quantity), part in zip(charges, parts, strict=True):
            amount = currency.round(part * currency.rounding)
            yield id_, Invoiced(line, unit, quantity, amount, as_priced)

    @api.model
    def _other_lines(self, invoice):
        """Lines of the invoice that are for no work: fees, packages, what was added."""
        # sudo: as above
        return invoice.sudo().invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and not line.service_charges
        )
