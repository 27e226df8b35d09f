from odoo import models


class ServiceBillingRun(models.Model):
    """Invoices of contracts that allow it are posted and sent without a person."""

    _inherit = "service.billing.run"

    def _invoices_made(self, invoices):
        result = super()._invoices_made(invoices)
        invoices._post_automatically()
        return result
