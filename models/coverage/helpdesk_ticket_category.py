from odoo import api, models
from odoo.exceptions import UserError


class HelpdeskTicketCategory(models.Model):
    """The categories that tickets were decided by."""

    _inherit = "helpdesk.ticket.category"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reported(self):
        # sudo: tickets count, visible or not
        tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        if ticket := tickets.search([("category_id", "child_of", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Ticket %(ticket)s is of the category “%(category)s”, and who pays "
                    "for it was decided by that. Archive the category instead.",
                    ticket=ticket.number,
                    category=ticket.category_id.display_name,
                )
            )
