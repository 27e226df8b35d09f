from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Who is merged into a customer under contract is served by it."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merged(self, partner):
        result = super()._merged(partner)
        customer = partner.commercial_partner_id
        contracts = (
            self.env["contract.contract"]
            .sudo()
            .search(
                [
                    ("commercial_partner_id", "=", customer.id),
                    ("service_tier_id", "!=", False),
                ]
            )
        )
        contracts._serving_changed()
        return result
