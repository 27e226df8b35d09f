from odoo import api, fields, models
from odoo.tools import email_normalize

from ...tools.moments import midnight
from .helpdesk_ticket_mail import MAIL
from .helpdesk_ticket_notice import LAYOUT
from .res_company import BACK_OFFICE

RECEIVED = "helpdesk_service_contract.mail_template_received"
TOLD = "helpdesk_service_contract.new_ticket_notice"


class HelpdeskTicket(models.Model):
    """A report has come in: it gets a team, the team is told, the customer as well."""

    _inherit = "helpdesk.ticket"

    mail_answered_to = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The address that got the automatic answer to the mail of this ticket.",
    )
    mail_answered_at = fields.Datetime(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_team(vals) for vals in vals_list])

    def _with_team(self, vals):
        """The values of a new report, with a team unless somebody chose one or none."""
        user = self.env["res.users"].browse(vals.get("user_id"))
        # sudo: somebody else's teams
        if "team_id" in vals or user.sudo().helpdesk_team_ids:
            return vals
        if "default_team_id" in self.env.context:
            return vals
        company = self.env["res.company"].browse(vals.get("company_id"))
        team = self._team_of_report(company or self.env.company)
        return {**vals, "team_id": team.id}

    @api.depends("company_id")
    def _compute_team_id(self):
        """On the form of a new report; what has no team later was taken off it."""
        result = super()._compute_team_id()
        for ticket in self.filtered(lambda one: not (one.team_id or one._origin)):
            ticket.team_id = self._team_of_report(ticket.company_id)
        return result

    @api.model
    def _team_of_report(self, company):
        """The company's team, or the technician's own who writes a report down."""
        # sudo: one's own teams
        company = company.sudo()
        own = self.env.user.sudo().helpdesk_team_ids.filtered(
            lambda team: team.company_id <= company
        )
        team = company.service_team_id
        return team if team in own or not own else own[:1]

    def _tell_of_report(self):
        """Tell whom these new reports concern; who pays and what is promised is known.

        The team is told by a message to each, not by a task: a task for one of them
        would be the others' excuse, and one for each has to be ticked off by all. What
        is left to do stays in the list of tickets that nobody has taken.
        """
        for ticket in self.filtered(lambda one: not one.stage_id.closed):
            ticket._subscribe_customer()
            if not ticket.user_id:
                ticket._tell_team()
            ticket._confirm_receipt()

    def _subscribe_customer(self):
        """Who reported it gets what is written to the customer."""
        if self.partner_id and not self.by_machine:
            # sudo: reporting takes no right to write the ticket
            self.sudo().message_subscribe(self.partner_id.ids)

    def _attending(self):
        """Who takes care of what comes in: the technician, the team or back office."""
        # sudo: who works on a ticket is no secret to those who write to it
        ticket = self.sudo()
        technician = ticket.user_id.filtered("active")
        team = ticket.team_id.user_ids.filtered("active")
        return technician or team or ticket.company_id._staff(BACK_OFFICE)

    def _tell_team(self):
        """Tell each member, in their language, whoever wrote it down left out."""
        # sudo: reporting takes no right to see what is told
        ticket = self.sudo()
        people = ticket._attending() - self.env.user
        for lang, some in people.grouped("lang").items():
            in_lang = ticket.with_context(lang=lang)
            in_lang.message_notify(
                partner_ids=some.partner_id.ids,
                subject=in_lang.env._(
                    "New ticket %(number)s: %(name)s",
                    number=ticket.number,
                    name=ticket.name,
                ),
                body=in_lang.env["ir.qweb"]._render(
                    TOLD, {"facts": [*in_lang._report_facts()]}
                ),
                email_add_signature=False,
                email_layout_xmlid=LAYOUT,
            )

    def _report_facts(self):
        """What the team is told of a report: labels and values."""
        customer = self.commercial_partner_id.name or self.partner_email
        yield self.env._("Customer"), customer or self.env._("not known yet")
        if self.partner_name and self.partner_name != customer:
            yield self.env._("Contact"), self.partner_name
        if self.channel_id:
            yield self.env._("Channel"), self.channel_id.name

    def _confirm_receipt(self):
        """Tell the customer that it came, by when we answer, and who pays.

        Of the mails of one address one a day is answered: what answers by itself, and
        says so in no header, goes round no more than once.
        """
        address = self._customer_address()
        if self.by_machine or not address:
            return
        if self.env.context.get("mail_arrived_at"):
            if self._was_answered_today(address):
                return
            # sudo: the system notes it
            self.sudo().with_context(**MAIL.opened).write(
                {
                    "mail_answered_at": fields.Datetime.now(),
                    "mail_answered_to": address,
                }
            )
        self._send_notice(RECEIVED, self._layout_of_receipt())

    def _layout_of_receipt(self):
        """Hook: the layout of the confirmation."""
        return LAYOUT

    def _customer_address(self):
        """Where the customer's person reads mail, or nothing.

        That of one of us, who only forwarded a mail, is none of the customer's.
        """
        # sudo: reporting takes no right to contacts
        ticket = self.sudo()
        if ticket.partner_id:
            return ticket.partner_id.email_normalized
        address = email_normalize(ticket.partner_email)
        at_address = ticket._at_address(address, ticket.company_id)
        ours = any(not user.share for user in at_address.user_ids)
        return False if ours else address

    def _was_answered_today(self, address):
        zone = self.company_id.sudo()._service_zone()
        since = midnight(self.company_id.sudo()._service_day(), zone)
        # sudo: mails are answered, visible or not
        return bool(
            self.sudo().search_count(
                [
                    ("mail_answered_to", "=", address),
                    ("mail_answered_at", ">=", since),
                ],
                limit=1,
            )
        )
