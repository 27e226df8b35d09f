from odoo import api, fields, models

from ..coverage.helpdesk_ticket_history import MARKED


class AccountAnalyticLine(models.Model):
    """Time that was logged on tickets before service contracts were installed."""

    _inherit = "account.analytic.line"

    is_history = fields.Boolean(
        string="From Before",
        readonly=True,
        copy=False,
        help="It was logged before service contracts were installed. It counts as time "
        "of the ticket, and is neither rated nor billed.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), MARKED)
