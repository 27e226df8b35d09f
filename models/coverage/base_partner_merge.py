from odoo import api, models
from odoo.fields import Domain


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Open tickets of merged customers are decided again."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merged(self, partner):
        tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        # Of a customer who is the contact of another one now.
        theirs = tickets.search([("commercial_partner_id", "=", partner.id)])
        self.env.add_to_compute(theirs._fields["commercial_partner_id"], theirs)
        theirs.modified(["commercial_partner_id"])
        result = super()._merged(partner)
        self.env["service.coverage"]._decide_open_tickets(
            Domain("commercial_partner_id", "=", partner.commercial_partner_id.id)
        )
        return result
