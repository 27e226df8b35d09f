from odoo import api, models


class HelpdeskTicket(models.Model):
    """What a ticket is called; one that is being typed has no number yet."""

    _inherit = "helpdesk.ticket"

    @api.depends("name", "number")
    def _compute_display_name(self):
        numbered = self.filtered(lambda ticket: ticket._origin)
        result = super(HelpdeskTicket, numbered)._compute_display_name()
        for ticket in self - numbered:
            ticket.display_name = ticket.name or self.env._("New Ticket")
        return result
