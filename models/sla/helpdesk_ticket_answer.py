from odoo import api, models
from odoo.fields import Domain
from odoo.tools import is_html_empty

# Answers of people, as against what is sent by itself.
WRITTEN = ("comment", "email")


class HelpdeskTicket(models.Model):
    """Which messages the clocks take for an answer, and which for the customer's."""

    _inherit = "helpdesk.ticket"

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        for ticket in self:
            if ticket._is_answer(message):
                self.env["service.sla"]._answered(ticket)
            elif ticket._is_of_customer(message):
                self.env["service.sla"]._customer_wrote(ticket)
        return result

    def _is_answer(self, message):
        """A public message of one of us that is not written to somebody else."""
        # sudo: whoever posts need not see users and their partners
        message, customer = message.sudo(), self.sudo().commercial_partner_id
        internal = not message.subtype_id or message.subtype_id.internal
        if message.message_type not in WRITTEN or internal or message.is_internal:
            return False
        if is_html_empty(message.body) and not message.attachment_ids:
            return False
        users = message.author_id.user_ids
        if all(user.share for user in users):
            return False
        others = message.partner_ids - users.partner_id
        return not others or customer in others.commercial_partner_id

    def _is_of_customer(self, message):
        # sudo: as above
        message, ticket = message.sudo(), self.sudo()
        author = message.author_id.commercial_partner_id
        return message.message_type in WRITTEN and (
            bool(author) and author == ticket.commercial_partner_id
        )

    def _first_answer_at(self):
        """When the customer was first answered, as the messages tell; or None.

        That is when a message came to be: whoever posts it may date it at will.
        """
        messages = self.env["mail.message"].search(
            Domain("model", "=", self._name)
            & Domain("res_id", "=", self.id)
            & Domain("message_type", "in", WRITTEN),
            order="id",
        )
        return next((m.create_date for m in messages if self._is_answer(m)), None)

    @api.model
    def message_new(self, msg, custom_values=None):
        """A ticket from an e-mail is reported when our server got it."""
        arrived = self.env.context.get("mail_arrived_at")
        values = {"reported_at": arrived} if arrived else {}
        return super().message_new(msg, values | (custom_values or {}))
