from odoo import models

REFUSED_ADDRESS = "SMTPRecipientsRefused"


class MailNotification(models.Model):
    """Why an e-mail did not leave, for people who run no mail server."""

    _inherit = "mail.notification"

    def _failure_words(self):
        """A sentence without the library's text, which stays on the message."""
        self.ensure_one()
        kind = self.failure_type
        if kind == "unknown" and REFUSED_ADDRESS in (self.failure_reason or ""):
            kind = "mail_email_invalid"
        words = {
            "mail_bounce": self.env._("The e-mail came back."),
            "mail_bl": self.env._("The address is blocked."),
            "mail_email_invalid": self.env._(
                "The mail server does not know the address. Correct it on the contact."
            ),
            "mail_email_missing": self.env._(
                "The contact has no e-mail address. Enter it."
            ),
            "mail_from_invalid": self.env._(
                "The company's own e-mail address is wrong. Ask an administrator."
            ),
            "mail_from_missing": self.env._(
                "The company has no e-mail address. Ask an administrator."
            ),
            "mail_smtp": self.env._(
                "The mail server cannot be reached. Ask an administrator."
            ),
            "mail_spam": self.env._("The mail server took it for spam."),
        }
        return words.get(kind) or self.env._(
            "The mail server refused it. Its answer stands on the message below."
        )
