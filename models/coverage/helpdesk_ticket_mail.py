import re
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import (
    email_normalize,
    email_normalize_all,
    escape_psql,
    is_html_empty,
)
from odoo.tools.mail import parse_contact_from_email

from ...tools.guard import Guard, Seal

MAIL = Seal("mail")
# What the system notes of the mail that a ticket came by, and of its answer.
NOTED = Guard(
    frozenset({"by_machine", "mail_answered_at", "mail_answered_to"}),
    MAIL,
)
# A ticket's number in what somebody writes.
NUMBERS = re.compile(r"[\w/-]*\d[\w/-]*")


class HelpdeskTicket(models.Model):
    """Tickets that come by e-mail: whose they are, and what of it is seen there."""

    _inherit = "helpdesk.ticket"
    # By it Odoo counts the tickets of an address, and stops those that never end.
    _primary_email = "partner_email"

    by_machine = fields.Boolean(
        readonly=True,
        copy=False,
        help="A machine reported it by e-mail. Machines get no answer.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), NOTED)

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail becomes a ticket of its sender's customer, and is nobody's work yet.

        It is reported when our server got it. Who is told waits for the mail itself:
        it is posted next.
        """
        values = custom_values or {}
        company = self._company_of_mail(values)
        sender = self._sender(msg_dict, company)
        name, email = parse_contact_from_email(msg_dict.get("email_from"))
        channel = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_channel_email", raise_if_not_found=False
        )
        body = msg_dict.get("body")
        found = {
            "by_machine": msg_dict.get("message_type") == "auto_comment",
            "channel_id": channel and channel.id,
            "company_id": company.id,
            "description": self._no_text() if is_html_empty(body) else body,
            "partner_id": sender.id,
            "partner_name": name or email,
            "reported_at": self.env.context.get("mail_arrived_at")
            or fields.Datetime.now(),
            "user_id": False,
        }
        tickets = self.with_context(tell_later=True, **MAIL.opened)
        ticket = super(HelpdeskTicket, tickets).message_new(msg_dict, found | values)
        ticket = ticket.with_env(self.env)
        ticket.partner_email = email or msg_dict.get("email_from")
        if owners := ticket._owners_of_shared_address(msg_dict):
            ticket._ask_whose(msg_dict["email_from"], owners)
        return ticket

    @api.model
    def _no_text(self):
        return self.env._("(no text)")

    @api.model
    def _company_of_mail(self, values):
        team = self.env["helpdesk.ticket.team"].browse(values.get("team_id"))
        company = self.env["res.company"].browse(values.get("company_id"))
        return team.company_id or company or self.env.company

    @api.model
    def _sender(self, msg, company):
        """The customer's person who wrote a mail, where it can be only one of them.

        Whoever of us forwards a mail is not whose ticket it becomes.
        """
        author = self.env["res.partner"].browse(msg.get("author_id"))
        if self._is_one_of_us(author):
            return author.browse()
        if len(self._customers_at(msg["email_from"], company)) > 1:
            # Nobody is taken for the author whom the mail may not be from.
            msg["author_id"] = False
            return author.browse()
        return author

    @api.model
    def _is_one_of_us(self, partner):
        """Whether somebody serves tickets, and does not belong to a customer."""
        # sudo: who serves tickets is no secret to those who get mail
        partner = partner.sudo()
        companies = self.env["res.company"].sudo()._all().partner_id
        ours = partner.commercial_partner_id in companies | partner
        return ours and any(self._serves_tickets(user) for user in partner.user_ids)

    @api.model
    def _serves_tickets(self, user):
        return not user.share and user.has_group(
            "helpdesk_mgmt.group_helpdesk_user_own"
        )

    @api.model
    def _at_address(self, email, company):
        """Contacts of a company with an e-mail address."""
        normalized = email_normalize(email)
        # sudo: the user who fetches mail may not see all contacts
        partners = self.env["res.partner"].sudo()
        if not normalized:
            return partners
        return partners.search(
            Domain("email_normalized", "=", normalized)
            & Domain("company_id", "in", [False, company.id]),
            order="id",
        )

    @api.model
    def _customers_at(self, email, company):
        """The customers whose people have an address; none where it is one of ours."""
        partners = self._at_address(email, company)
        if any(not user.share for user in partners.user_ids):
            return partners.browse()
        return partners.commercial_partner_id

    def _owners_of_shared_address(self, msg):
        """Contacts that may have written a mail, where they are several customers'."""
        if self.partner_id:
            return self.env["res.partner"]
        customers = self._customers_at(msg["email_from"], self.company_id)
        if len(customers) < 2:  # noqa: PLR2004
            return self.env["res.partner"]
        return self._at_address(msg["email_from"], self.company_id)

    def _ask_whose(self, email, owners):
        """Ask for the customer, rather than guess whom the ticket is shown to."""
        self._message_log(
            body=self.env._(
                "%(address)s is the address of several customers: %(owners)s. Choose "
                "whose ticket it is: until then nobody sees it on the portal, and "
                "nothing is promised.",
                address=email_normalize(email),
                owners="; ".join(owners.mapped("display_name")),
            )
        )

    def _mail_author(self, email, found_id):
        """Who answered on this ticket: of several at one address, its customer's."""
        self.ensure_one()
        partners = self._at_address(email, self.company_id)
        if any(not user.share for user in partners.user_ids):
            return found_id
        theirs = partners.filtered(
            lambda one: one.commercial_partner_id == self.commercial_partner_id
        )
        if found_id in theirs.ids:
            return found_id
        if theirs:
            return theirs[:1].id
        return found_id if len(partners.commercial_partner_id) < 2 else False  # noqa: PLR2004

    def _has_person_at(self, addresses):
        """Whether a person of the ticket's customer has one of some addresses."""
        customer = self.commercial_partner_id
        if email_normalize(self.partner_email) in addresses:
            return True
        # sudo: as above
        partners = self.env["res.partner"].sudo()
        return bool(customer and addresses) and bool(
            partners.search_count(
                Domain("commercial_partner_id", "=", customer.id)
                & Domain("email_normalized", "in", [*addresses]),
                limit=1,
            )
        )

    def _is_aside(self, msg):
        """Whether one of us mails somebody else, with the helpdesk in copy.

        A supplier is asked, say: that is for us to read, and not for the customer.
        """
        author = self.env["res.partner"].sudo().browse(msg.get("author_id"))
        if not self._is_one_of_us(author):
            return False
        named = [msg.get("to_filtered") or "", msg.get("cc_filtered") or ""]
        addresses = set(email_normalize_all(",".join(named)))
        # sudo: as above
        ours = self.env["res.users"].sudo().search([("share", "=", False)])
        addresses -= set(ours.partner_id.mapped("email_normalized"))
        return bool(addresses) and not self._has_person_at(addresses)

    @api.model
    def _route_of_reply(self, route, msg):
        """Where a machine's answer belongs that names no message: not to a new ticket.

        Else each mail that we send to somebody who is away would make one.
        """
        model, thread_id, *others = route
        if model != self._name or thread_id:
            return route
        sender = email_normalize(msg.get("email_from"))
        if not sender:
            return route
        same = Domain("partner_email", "=ilike", escape_psql(sender))
        named = Domain("number", "in", NUMBERS.findall(msg.get("subject") or "")) & (
            same | Domain("partner_id.email_normalized", "=", sender)
        )
        yesterday = fields.Datetime.now() - timedelta(days=1)
        latest = (
            same
            & Domain("by_machine", "=", True)
            & Domain("create_date", ">=", yesterday)
        )
        # sudo: it belongs there, whoever fetches the mail
        tickets = self.sudo()
        ticket = tickets.search(named, limit=1) or tickets.search(
            latest, order="id", limit=1
        )
        return (model, ticket.id or thread_id, *others)

    def _message_post_after_hook(self, message, msg_values):
        """The description shows the pictures of the mail that made the ticket."""
        result = super()._message_post_after_hook(message, msg_values)
        for ticket in self.filtered(lambda one: one._is_made_by(message)):
            if "cid:" in (ticket.description or ""):
                ticket.description = message.body or Markup()
        return result

    def _is_made_by(self, message):
        """Whether a message is what the ticket was made from, as mails are."""
        made = message.subtype_id == self._creation_subtype()
        return made and message.message_type in {"auto_comment", "comment", "email"}
