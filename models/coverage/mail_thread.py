import logging
from email.utils import parsedate_to_datetime

from markupsafe import Markup
from psycopg2 import Error as DatabaseError

from odoo import api, fields, models

from ...tools.gateway import storable
from ...tools.machine_mail import OURS, Writer, writer
from ...tools.moments import aware, naive
from ...tools.readable_mail import as_it_came, essence, mend

_logger = logging.getLogger(__name__)
TICKET = "helpdesk.ticket"
ORIGINAL = "original.eml"


class MailThread(models.AbstractModel):
    """Mail that comes in: read whatever its labels say, a machine's told apart."""

    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        """Read a mail in any case: one that is not read is lost.

        What had to be put right is attached as it came.
        """
        try:
            original = mend(message)
            values = super().message_parse(message, save_original)
        except DatabaseError:
            raise
        except Exception:
            _logger.warning("A mail cannot be read, and is attached", exc_info=True)
            original = as_it_came(message)
            values = super().message_parse(essence(message), save_original)
            values["body"] = self._unread_words() + values["body"]
        values = {name: _clean(value) for name, value in values.items()}
        files = [
            self._Attachment(_clean(name), *content)
            for name, *content in values["attachments"]
        ]
        if original:
            files.append(self._Attachment(ORIGINAL, original, {}))
        return values | {"attachments": files}

    @api.model
    def _unread_words(self):
        words = self.env._("This e-mail could not be read. It is attached as it came.")
        return Markup("<p><em>%s</em></p>") % words

    @api.model
    def _mail_writer(self, message):
        """Who wrote a mail, as its headers tell."""
        # sudo: by which addresses we are written to is the same for everybody
        domains = self.env["mail.alias.domain"].sudo()
        # Few, as there are companies.
        domains = domains.search([]).mapped("name")  # pylint: disable=no-search-all
        companies = self.env["res.company"].sudo()._all().partner_id
        emails = companies.filtered("email_normalized").mapped("email_normalized")
        domains += [email.partition("@")[2] for email in emails]
        return writer(message, domains)

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """Machines cannot make us write in circles, as they get no answer."""
        to_tickets = any(route[0] == TICKET for route in routes or ())
        if to_tickets and self._mail_writer(message) != Writer.PERSON:
            return False
        return super()._detect_loop_sender(message, message_dict, routes)

    @api.model
    def _routing_create_bounce_email(
        self, email_from, body_html, message, **mail_values
    ):
        """Odoo's automatic answers say what they are, and machines get none."""
        if self._mail_writer(message) != Writer.PERSON:
            return None
        mail_values = {"headers": repr(OURS)} | mail_values
        return super()._routing_create_bounce_email(
            email_from, body_html, message, **mail_values
        )

    @api.model
    def _message_parse_post_process(self, message, message_dict, routes):
        values = super()._message_parse_post_process(message, message_dict, routes)
        for model, thread_id, *_others in routes or ():
            if model == TICKET and thread_id:
                ticket = self.env[TICKET].browse(thread_id)
                values["author_id"] = ticket._mail_author(
                    message_dict["email_from"], values.get("author_id")
                )
        return values

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Tell tickets who wrote a mail, and when our mail server got it.

        The header ``Date`` is what the sender's computer claims; ``Received`` on top is
        our own server's (RFC 5321, 4.4). Odoo may fetch the mail much later.

        A machine's mail is kept as a note: it is nobody's word, and whom it answers is
        not told of it. So is what one of us writes to somebody else.
        """
        thread = self.with_context(mail_arrived_at=_arrived_at(message))
        tickets = self.env[TICKET]
        threads = [route[1] for route in routes or () if route[0] == TICKET]
        by = self._mail_writer(message) if threads else Writer.PERSON
        aside = any(
            tickets.browse(id_)._is_aside(message_dict) for id_ in threads if id_
        )
        if by != Writer.PERSON:
            message_dict["message_type"] = "auto_comment"
        if aside or by != Writer.PERSON:
            message_dict["is_internal"] = True
            message_dict.pop("parent_id", None)
        if by == Writer.REPLY:
            routes = [tickets._route_of_reply(one, message_dict) for one in routes]
        return super(MailThread, thread)._message_route_process(
            message, message_dict, routes
        )


def _clean(value):
    """A value of a mail without characters that no database takes."""
    if isinstance(value, str):
        plain = storable(value)
        return value if plain == value else type(value)(plain)
    return value


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
