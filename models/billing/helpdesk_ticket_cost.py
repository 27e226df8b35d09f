from odoo import api, fields, models

from ...tools.cost import LEVELS, Level

LEVEL_NAMES = [
    (str(Level.NOTHING), "No extra cost"),
    (str(Level.SOME), "Partly charged, or not known yet"),
    (str(Level.ALL), "Charged"),
]


class HelpdeskTicket(models.Model):
    """What the next minute on a ticket costs the customer; it holds no amount."""

    _inherit = "helpdesk.ticket"

    cost_level = fields.Selection(LEVEL_NAMES, compute="_compute_cost")
    cost_label = fields.Char(
        string="Cost",
        compute="_compute_cost",
        help="What the next started unit of work costs the customer.",
    )

    @api.depends_context("lang")
    @api.depends("coverage_decision_id", "express", "timesheet_ids.billed_minutes")
    def _compute_cost(self):
        """Nothing is told of closed tickets: there is no next minute."""
        costs = self.env["service.cost"]
        open_tickets = self._origin.filtered(lambda ticket: not ticket.closed)
        found = costs._of_next_unit(open_tickets)
        for ticket in self:
            cost = found.get(ticket._origin.sudo())
            ticket.cost_level = cost and LEVELS[cost.state]
            ticket.cost_label = cost and costs._label(cost)

    def _cost_for_customer(self, work_type=None):
        """What the next minute of work costs, as the customer is told it."""
        self.ensure_one()
        return self.env["service.cost"]._for_customer(self, work_type)

    def _work_for_customer(self):
        """What the work came to, as the customer of the ticket is told it."""
        self.ensure_one()
        return self.env["service.cost"]._of_closed_for_customer(self)
