from odoo import fields, models


class ServiceSlaDialog(models.AbstractModel):
    """A dialog about one timer."""

    _name = "service.sla.dialog"
    _inherit = "service.dialog"
    _description = "SLA Dialog"
    _about = "timer_id"

    timer_id = fields.Many2one("service.sla.timer", required=True)
