from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """What somebody agreed to stays with who it was, and for whom."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _check_mergeable(self, partners):
        result = super()._check_mergeable(partners)
        acceptances = self.env["service.terms.acceptance"].sudo()
        given = Domain("person_id", "in", partners.ids)
        given |= Domain("commercial_partner_id", "in", partners.ids)
        if acceptance := acceptances.search(given, limit=1):
            raise UserError(
                self.env._(
                    "%(person)s agreed to terms for %(customer)s, which is kept as "
                    "evidence. Archive the contact instead of merging it.",
                    person=acceptance.person_name,
                    customer=acceptance.commercial_partner_id.display_name,
                )
            )
        return result
