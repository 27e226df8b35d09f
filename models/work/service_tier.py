from odoo import models

from ..tier.service_tier import SURCHARGE_FIELDS


class ServiceTier(models.Model):
    """Open work is rated again when the surcharges of its tier change."""

    _inherit = "service.tier"

    def write(self, vals):
        result = super().write(vals)
        if SURCHARGE_FIELDS & set(vals):
            self.rate_ids._rate_open_work_again()
        return result
