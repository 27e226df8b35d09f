from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceSlaJustification(models.TransientModel):
    """Why a promise was broken."""

    _name = "service.sla.justification"
    _inherit = "service.sla.dialog"
    _description = "SLA Breach Reason"

    ticket_id = fields.Many2one(related="timer_id.ticket_id", related_sudo=False)
    reason = fields.Text(
        compute="_compute_reason",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    @api.depends("timer_id")
    def _compute_reason(self):
        for wizard in self:
            wizard.reason = wizard.timer_id.justification

    def action_justify(self):
        self.ensure_one()
        self.timer_id.ticket_id.check_access("write")
        if not (self.reason or "").strip():
            raise UserError(self.env._("Enter why the SLA target was breached."))
        self.env["service.sla"]._justify(self.timer_id, self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
