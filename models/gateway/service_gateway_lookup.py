from odoo import models
from odoo.exceptions import MissingError, ValidationError
from odoo.fields import Domain
from odoo.tools import escape_psql

from ...tools import gateway

# As PostgreSQL counts them.
IDS = range(1, 2**31)
# Of countries of the EU, with the letters of those but Poland.
TAX_NUMBER_LENGTHS = range(8, 16)
PRIORITIES = {"low": "0", "medium": "1", "high": "2", "very_high": "3"}


class ServiceGateway(models.AbstractModel):
    """What tools name, and the records they mean by it."""

    _inherit = "service.gateway"

    def _text(self, name, value, *, required=False, longest=gateway.LINE):
        """A parameter that is text, without blanks around it; or False."""
        if value in (None, False):
            value = ""
        if not isinstance(value, str):
            raise ValidationError(self.env._("“%s” must be text.", name))
        value = gateway.storable(value).strip()
        if required and not value:
            raise ValidationError(self.env._("“%s” is missing.", name))
        if len(value) > longest:
            raise ValidationError(
                self.env._(
                    "“%(name)s” has %(longest)s characters at most.",
                    name=name,
                    longest=longest,
                )
            )
        return value or False

    def _line(self, name, value):
        """A parameter that has to be there, as one line."""
        return " ".join(self._text(name, value, required=True).split())

    def _moment(self, name, value):
        """A parameter that is a moment, as Odoo keeps it; or None."""
        text = self._text(name, value)
        if not text:
            return None
        try:
            return gateway.moment(text).replace(tzinfo=None)
        except ValueError:
            raise ValidationError(
                self.env._(
                    "“%s” must be a date and time with a time zone, for example "
                    "2026-10-05T10:35:00+02:00.",
                    name,
                )
            ) from None

    def _priority(self, priority):
        priority = self._text("priority", priority) or "medium"
        if priority not in PRIORITIES:
            raise ValidationError(
                self.env._("“priority” must be one of: %s.", ", ".join(PRIORITIES))
            )
        return PRIORITIES[priority]

    def _customer(self, tool, key):
        """The customer that ``key`` names, if the tool acts for it.

        One search with both conditions: a stranger's customer is no other answer than
        none at all.
        """
        if isinstance(key, int) and not isinstance(key, bool):
            named = Domain("id", "=", key if key in IDS else False)
        else:
            key = self._text("customer", key, required=True)
            number = gateway.tax_number(key)
            named = Domain("ref", "=", key)
            if len(number) in TAX_NUMBER_LENGTHS:
                # However it is written; what else the pattern finds is left out below.
                named |= Domain("vat", "=ilike", "%".join(["", *number, ""]))
        found = self.env["res.partner"].search(named & tool._customers())
        if not isinstance(key, int):
            found = found.filtered(
                lambda one: (
                    one.ref == key or gateway.tax_number(one.vat or "") == number
                )
            )
        return self._exactly_one(found, "customer", key)

    def _exactly_one(self, found, name, value):
        """What a parameter names, if it is one record and no more."""
        if not found:
            raise MissingError(
                self.env._(
                    "There is no %(name)s “%(value)s” that this API client may act "
                    "for.",
                    name=name,
                    value=value,
                )
            )
        if len(found) > 1:
            raise ValidationError(
                self.env._(
                    "There is more than one %(name)s “%(value)s”. Identify it "
                    "another way.",
                    name=name,
                    value=value,
                )
            )
        return found

    def _item(self, customer, serial):
        items = self.env["maintenance.equipment"]
        serial = self._text("item", serial)
        if not serial:
            return items
        found = items.search(
            Domain("serial_no", "=", serial)
            & Domain("commercial_customer_id", "=", customer.id)
            & Domain("company_id", "in", [False, self.env.company.id])
        )
        return self._exactly_one(found, "item", serial)

    def _contract(self, tool, customer, number):
        """A contract in force of the customer, by its number."""
        contracts = self.env["contract.contract"]
        number = self._text("contract", number)
        if not number:
            return contracts
        today = tool.company_id._service_day()
        in_force = contracts._serving(customer, tool.company_id, today)
        found = in_force.filtered(lambda one: (one.code or "").strip() == number)
        return self._exactly_one(found, "contract", number)

    def _person(self, customer, key):
        """A contact of the customer, by e-mail or name."""
        people = self.env["res.partner"]
        key = self._text("person", key)
        if not key:
            return people
        found = people.search(
            (
                Domain("email_normalized", "=", key.lower())
                | Domain("name", "=ilike", escape_psql(key))
            )
            & Domain("commercial_partner_id", "=", customer.id)
            & Domain("is_company", "=", False)
            & Domain("type", "=", "contact")
        )
        return self._exactly_one(found, "person", key)
