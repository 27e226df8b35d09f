from odoo import models
from odoo.fields import Domain
from odoo.tools import email_normalize, email_normalize_all, is_html_empty

from ..coverage.helpdesk_ticket_notice import WRITTEN

NOT_SENT = {"bounce", "canceled", "exception"}


class HelpdeskTicket(models.Model):
    """Which messages the clocks take for an answer, and which for the customer's."""

    _inherit = "helpdesk.ticket"

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """Only when a message is sent it is known whom it reaches."""
        waits = self._is_notification_scheduled(kwargs.get("scheduled_date"))
        result = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        for ticket in () if waits else self:
            if ticket._is_answer(message):
                self.env["service.sla"]._answered(ticket)
            elif ticket._is_of_customer(message):
                ticket._customer_wrote()
        return result

    def _is_answer(self, message):
        """What one of us wrote to the customer's people, and that reached one.

        The mail that made the ticket answers nothing: somebody passed it on.
        """
        # sudo: the user who posts need not see users and their partners
        ticket, message = self.sudo(), message.sudo()
        internal = not message.subtype_id or message.subtype_id.internal
        if message.message_type not in WRITTEN or internal or message.is_internal:
            return False
        if is_html_empty(message.body) and not message.attachment_ids:
            return False
        author = message.author_id.with_context(active_test=False)
        theirs = author.commercial_partner_id == ticket.commercial_partner_id
        if theirs or not any(map(ticket._serves_tickets, author.user_ids)):
            return False
        if ticket._is_made_by(message) or ticket._is_for_others(message):
            return False
        return ticket._is_reached_by(message)

    def _is_for_others(self, message):
        """Whether it is addressed to people outside, and to none of the customer."""
        named = message.partner_ids.filtered("partner_share")
        addresses = email_normalize_all(message.outgoing_email_to or "")
        if named and self.commercial_partner_id in named.commercial_partner_id:
            return False
        return bool(named or addresses) and not self._has_person_at(addresses)

    def _is_reached_by(self, message):
        """Whether one of the customer's people got a message.

        By us, or by the mail that it came as: Odoo sends that to nobody again.
        """
        sent = message.notification_ids.filtered(
            lambda one: one.notification_status not in NOT_SENT
        )
        people = sent.filtered(
            lambda one: (
                one.notification_type == "inbox" or one.res_partner_id.email_normalized
            )
        ).res_partner_id
        customer = self.commercial_partner_id
        if customer and customer in people.commercial_partner_id:
            return True
        mailed = [message.incoming_email_to or "", message.incoming_email_cc or ""]
        return self._has_person_at(
            [
                *filter(None, sent.mapped("mail_email_address")),
                *email_normalize_all(",".join(mailed)),
            ]
        )

    def _is_of_customer(self, message):
        """Whether it is the word of a person of the customer, or of who reported it."""
        # sudo: as above
        message = message.sudo()
        return message.message_type in WRITTEN and self._is_their_word(
            message.author_id, message.email_from
        )

    def _is_their_word(self, author, email):
        # sudo: as above
        ticket = self.sudo()
        if ticket.commercial_partner_id:
            return author.commercial_partner_id == ticket.commercial_partner_id
        address = email_normalize(email)
        return bool(address) and address == email_normalize(ticket.partner_email)

    def _last_question(self):
        """What we wrote to the customer last, or nothing."""
        written = self.message_ids.filtered(lambda one: one.message_type in WRITTEN)
        for message in written.sorted("id", reverse=True):
            if self._is_answer(message):
                return message.body
        return ""

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
