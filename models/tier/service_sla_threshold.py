from odoo import fields, models

from ...tools.sla import PERCENT


class ServiceSlaThreshold(models.Model):
    """Who is told when so much of a promised time is used. Told once for a ticket."""

    _name = "service.sla.threshold"
    _inherit = ["service.guarded", "service.tier.part"]
    _description = "SLA Threshold"
    _order = "percent, id"

    target_id = fields.Many2one(
        "service.tier.target", required=True, index=True, ondelete="cascade"
    )
    tier_id = fields.Many2one(related="target_id.tier_id")
    company_id = fields.Many2one(related="target_id.company_id", store=True)
    percent = fields.Integer(
        string="Time Elapsed", required=True, default=PERCENT, help="In percent."
    )
    enabled = fields.Boolean(default=True)
    notify_responsible = fields.Boolean(
        string="Activity",
        default=True,
        help="Schedule an activity for the technician assigned to the ticket, or else "
        "for the team leader.",
    )
    notify_leader = fields.Selection(
        [("note", "Note on the ticket"), ("mail", "E-mail")],
        string="Team Leader",
        help="How the team leader is notified.",
    )

    _percent_in_range = models.Constraint(
        "CHECK(percent BETWEEN 1 AND 500)", "A threshold is between 1 and 500 percent."
    )
    _percent_once = models.Constraint(
        "UNIQUE(target_id, percent)", "The target already has this threshold."
    )
