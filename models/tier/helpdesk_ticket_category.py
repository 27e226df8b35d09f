from odoo import api, models
from odoo.exceptions import UserError


class HelpdeskTicketCategory(models.Model):
    """The categories that price lists speak of."""

    _name = "helpdesk.ticket.category"
    _inherit = ["service.guarded", "helpdesk.ticket.category"]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_scope(self):
        """Categories below go with the one above, so they count as well."""
        # sudo: what a tier says counts, visible or not
        scopes = self.env["service.tier.scope"].sudo()
        if scope := scopes.search([("category_id", "child_of", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "The category “%(category)s” is in the scope of the tier "
                    "“%(tier)s”. Archive it instead, or take it out of the scope.",
                    category=scope.category_id.display_name,
                    tier=scope.tier_id.name,
                )
            )
