from odoo import api, models
from odoo.exceptions import UserError

LEDGER = ("service.hour.package", "service.hour.move", "service.settlement")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Hours stay with the customer whose they are."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _check_mergeable(self, partners):
        result = super()._check_mergeable(partners)
        for model in LEDGER:
            kept = [("commercial_partner_id", "in", partners.ids)]
            if found := self.env[model].sudo().search(kept, limit=1):
                raise UserError(
                    self.env._(
                        "Hours of %s are settled or granted, and stay theirs. Archive "
                        "the contact instead of merging it.",
                        found.commercial_partner_id.display_name,
                    )
                )
        return result
