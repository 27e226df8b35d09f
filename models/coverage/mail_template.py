from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _notice_of(self, ticket):
        """Subject, text and sender for a ticket, as a message takes them."""
        self.ensure_one()
        (subject,) = self._render_field("subject", ticket.ids).values()
        (email_from,) = self._render_field("email_from", ticket.ids).values()
        (body,) = self._render_field(
            "body_html", ticket.ids, options={"post_process": True}
        ).values()
        return {"body": body, "email_from": email_from, "subject": subject}
