from odoo import api, fields, models


class ServiceVerdict(models.TransientModel):
    """Back office judges a complaint or a report, for a reason the customer reads."""

    _name = "service.verdict"
    _inherit = "service.dialog"
    _description = "Verdict"
    _about = "ticket_id"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True)
    complaint_of_id = fields.Many2one(
        related="ticket_id.complaint_of_id", related_sudo=False
    )
    complaint = fields.Selection(
        [
            ("justified", "Justified: caused by us, the work is free"),
            ("unjustified", "Not justified: charged by the price list, with travel"),
            ("pending", "No verdict yet: on hold"),
        ]
    )
    report = fields.Selection(
        [
            ("unjustified", "Unjustified: counts towards the monthly limit"),
            ("justified", "Justified"),
        ]
    )
    reason = fields.Text()

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        ticket = self.env["helpdesk.ticket"].browse(values.get("ticket_id"))
        # Which way a complaint goes is not suggested.
        if not ticket.complaint_of_id:
            values["report"] = "unjustified"
        return values | {"reason": ticket.verdict_reason}

    def action_apply(self):
        self.ensure_one()
        vals = {"verdict_reason": self.reason}
        if self.complaint_of_id:
            vals["complaint_verdict"] = self.complaint
        else:
            vals["report_verdict"] = self.report == "unjustified" and "unjustified"
        self.ticket_id.write(vals)
        self.ticket_id._close_requests("verdict")
        return {"type": "ir.actions.client", "tag": "soft_reload"}
