from odoo import fields, models


class ServiceRequest(models.TransientModel):
    """A technician asks back office for what only they may do, and says why."""

    _name = "service.request"
    _inherit = "service.dialog"
    _description = "Request to Back Office"
    _about = "ticket_id"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True)
    kind = fields.Selection(
        [
            ("quote", "Ask Back Office for a Quote"),
            ("verdict", "Ask for a Verdict"),
            ("hours", "Ask for More Hours"),
        ],
        required=True,
    )
    note = fields.Text(required=True)

    def action_ask(self):
        self.ensure_one()
        self.ticket_id.check_access("write")
        person = self.ticket_id._ask_back_office(self.kind, self.note)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s was asked.", person.name),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
