from odoo import api, models
from odoo.fields import Command

from ...tools.groups import ACCOUNTANT
from .service_tier_rate import HOUR

# What an invoice line takes from its product.
ON_INVOICES = frozenset({"property_account_income_id", "taxes_id"})


class ProductTemplate(models.Model):
    """Products of service offers, and what accountants put right on them."""

    _name = "product.template"
    _inherit = ["service.partial.right", "product.template"]

    @api.model
    def _partial_rights(self):
        return {ACCOUNTANT: self._fields_on_invoices()}

    @api.model
    def _fields_on_invoices(self):
        return ON_INVOICES

    @api.model
    def default_get(self, fields):
        """A new service is sold by the hour, with the sales tax of services."""
        values = super().default_get(fields)
        if self.env.context.get("service_product"):
            values |= self._service_defaults(self.env.company)
        return {name: value for name, value in values.items() if name in fields}

    @api.model
    def _service_defaults(self, company):
        """What is the same for all services that a company sells."""
        return {
            "type": "service",
            "purchase_ok": False,
            "uom_id": self.env.ref(HOUR).id,
            "taxes_id": [Command.set(company._service_sale_taxes()[:1].ids)],
        }
