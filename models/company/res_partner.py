from odoo import models


class ResPartner(models.Model):
    """The address of a company says by which clock it works."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals and self.sudo().ref_company_ids:
            # The clock of a company is kept; see res.company.
            self.env.registry.clear_cache()
        return result
