from odoo import models
from odoo.fields import Domain


class ServiceTier(models.Model):
    """Tickets are decided again when the terms of a tier change."""

    _inherit = "service.tier"

    def _coverage_changed(self):
        result = super()._coverage_changed()
        self.env["service.coverage"]._decide_open_tickets(
            Domain("company_id", "in", self.company_id.ids)
        )
        return result
