from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.groups import MANAGER
from ...tools.moments import aware
from ...tools.working_time import minute_of


class ServiceSlaAnswer(models.TransientModel):
    """The customer was answered, but not by a message: by phone, or on the spot."""

    _name = "service.sla.answer"
    _inherit = "service.dialog"
    _description = "Answer to the Customer"
    _about = "ticket_id"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True)
    answered_at = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now
    )
    note = fields.Text(string="What was said")

    def action_answer(self):
        self.ensure_one()
        ticket = self.ticket_id
        ticket.check_access("write")
        if not (self.note or "").strip():
            raise UserError(self.env._("Enter what the customer was told, and how."))
        self._check_moment(ticket)
        ticket.message_post(
            body=self.env._("Answered the customer: %s", self.note),
            subtype_xmlid="mail.mt_note",
        )
        self.env["service.sla"]._answered(ticket, self.answered_at, self.note)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_moment(self, ticket):
        if self.answered_at > fields.Datetime.now():
            raise UserError(self.env._("The answer cannot be in the future."))
        if self.answered_at < ticket.reported_at:
            raise UserError(self.env._("The answer cannot be earlier than the report."))
        # sudo: promises count, visible or not
        timer = ticket.sudo().sla_timer_ids.filtered(lambda t: t.metric == "reaction")
        broken = timer._broken_at() if timer else False
        undone = broken and minute_of(aware(self.answered_at)) <= minute_of(
            aware(broken)
        )
        if undone and not self.env.user.has_group(MANAGER):
            raise UserError(
                self.env._(
                    "The SLA target has already been breached. Only a service "
                    "manager can enter an earlier answer."
                )
            )
