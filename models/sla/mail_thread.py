from email.utils import parsedate_to_datetime

from odoo import api, fields, models

from ...tools.moments import aware, naive


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Tell the records made from an e-mail when our mail server got it.

        The header ``Date`` is what the sender's computer claims; ``Received`` on top is
        our own server's (RFC 5321, 4.4). Odoo may fetch the mail much later.
        """
        thread = self.with_context(mail_arrived_at=_arrived_at(message))
        return super(MailThread, thread)._message_route_process(
            message, message_dict, routes
        )


def _arrived_at(message):
    """When the mail arrived (naive UTC); now, where no header says it sensibly."""
    now = fields.Datetime.now()
    stamps = message.get_all("Received", [])
    try:
        arrived = parsedate_to_datetime(stamps[0].rpartition(";")[2].strip())
    except (IndexError, ValueError):
        return now
    if arrived.tzinfo is None:
        arrived = aware(arrived)
    return min(now, naive(arrived).replace(microsecond=0))
