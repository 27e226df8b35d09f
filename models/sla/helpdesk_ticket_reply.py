import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import is_html_empty, plaintext2html

from ...tools.guard import Guard
from ..coverage.helpdesk_ticket_mail import MAIL
from ..coverage.helpdesk_ticket_notice import WRITTEN
from ..coverage.res_company import BACK_OFFICE
from .service_sla import STARTING

FOLLOWED = Guard(frozenset({"follows_id"}), MAIL)
# What mail programs put before a subject.
PREFIXES = re.compile(r"^(?:\s*(?:re|fw|fwd|odp|pd|aw|wg)\s*:)+\s*", re.IGNORECASE)


class HelpdeskTicket(models.Model):
    """What a customer's word does to a ticket that waits, or that is closed."""

    _inherit = "helpdesk.ticket"

    follows_id = fields.Many2one(
        "helpdesk.ticket",
        string="Follows Up",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The ticket that was closed too long ago to be opened again.",
    )
    follow_up_ids = fields.One2many("helpdesk.ticket", "follows_id")

    @api.model
    def _guards(self):
        return (*super()._guards(), FOLLOWED)

    def message_post(self, **kwargs):
        """A late word on a closed ticket goes to a new one, that somebody works on."""
        if not self._is_late_word(kwargs):
            return super().message_post(**kwargs)
        ticket = self._going_on()
        if not ticket:
            ticket = self._follow_up(kwargs)
            # As the mail of a new ticket, so that its team is told once.
            kwargs.pop("subtype_xmlid", None)
            kwargs["subtype_id"] = self._creation_subtype().id
        return ticket.message_post(**kwargs)

    def _is_late_word(self, values):
        """Whether the customer writes when the ticket is not opened again any more."""
        if not self.sudo().stage_id.closed or not self._is_closed_for_good():
            return False
        if values.get("message_type") not in WRITTEN:
            return False
        author = self.env["res.partner"].browse(values.get("author_id"))
        if values.get("author_id") is None and not values.get("email_from"):
            author = self.env.user.partner_id
        return self._is_their_word(author.sudo(), values.get("email_from"))

    def _is_closed_for_good(self):
        """Whether it was closed more days ago than the company opens tickets again."""
        # sudo: what the company grants is no secret
        company = self.company_id.sudo()
        closed = self.closed_date or self.last_stage_update
        days = company._service_day() - company._service_day(closed)
        return days.days > company.service_reopen_days

    def _going_on(self):
        """The later ticket on which it goes on already, or none."""
        # sudo: a customer goes on with any ticket of theirs
        later = self.sudo().follow_up_ids.filtered(
            lambda one: not one.stage_id.closed or not one._is_closed_for_good()
        )
        return later[:1].with_env(self.env)

    def _follow_up(self, values):
        """A new ticket for what a customer writes too late for this one."""
        # sudo: a customer makes no tickets but by writing
        ticket = self.sudo()
        vals = ticket._follow_up_vals(values)
        making = ticket.with_context(tell_later=True, **MAIL.opened)
        made = making.create(vals).with_env(ticket.env)
        link = Markup('<a href="#" data-oe-model="%s" data-oe-id="%s">%s</a>')
        ticket._message_log(
            body=ticket.env._(
                "The customer wrote when this was closed for good: see %s.",
                link % (made._name, made.id, made.number),
            )
        )
        return made.with_env(self.env)

    def _follow_up_vals(self, values):
        body = values.get("body") or ""
        if not isinstance(body, Markup):
            body = plaintext2html(body)
        author = self.env["res.partner"].browse(values.get("author_id"))
        author = author or self.env.user.partner_id
        theirs = author.commercial_partner_id == self.commercial_partner_id
        person = author if theirs else self.partner_id
        channel = "email" if values["message_type"] == "email" else "web"
        subject = PREFIXES.sub("", values.get("subject") or "") or self.name
        return {
            "category_id": self.category_id.id,
            "channel_id": self.env.ref(
                f"helpdesk_mgmt.helpdesk_ticket_channel_{channel}"
            ).id,
            "company_id": self.company_id.id,
            "description": self._no_text() if is_html_empty(body) else body,
            "follows_id": self.id,
            "item_id": self.item_id.id,
            "name": subject,
            "partner_email": person.email or self.partner_email,
            "partner_id": person.id,
            "partner_name": person.name or self.partner_name,
            "place_id": self.place_id.id,
            "reported_at": self.env.context.get("mail_arrived_at")
            or fields.Datetime.now(),
            "team_id": self.team_id.filtered("active").id,
            "user_id": False,
        }

    def _customer_wrote(self):
        """What the customer was asked for is there, or what was done is not enough."""
        self.ensure_one()
        # sudo: the word of a customer moves the ticket, whoever may write it
        ticket = self.sudo()
        closed, waits_for = ticket._stage_of_clock()
        if not closed and waits_for != "customer":
            return
        if stage := ticket._stage_after_reply():
            ticket._move_by_reply(stage)
        elif not closed:
            self.env["service.sla"]._resume(ticket, self.env._("The customer wrote."))
        if closed:
            ticket._ask_to_take_up()

    def _stage_after_reply(self):
        """The stage that says that the customer wrote, where the team has one.

        Else the first one that somebody works in, or the first open one.
        """
        stages = self.team_id.with_company(self.company_id)._get_applicable_stages()
        working = stages.filtered(lambda one: not one.closed and not one.waiting_for)
        wanted = self.company_id.service_replied_stage_id & working
        return (wanted or working.filtered(lambda s: not s.unattended) or working)[:1]

    def _move_by_reply(self, stage):
        before = self._stage_of_clock()
        self.with_context(**STARTING.opened).stage_id = stage
        self._forget_closing()
        note = self.env._("The customer wrote.")
        self.env["service.sla"]._moved({self: before}, note)

    def _ask_to_take_up(self):
        """Ask somebody to take up again what was done already."""
        technician = self.user_id.filtered("active")
        person = (
            technician
            or self.team_id.user_id.filtered("active")
            or self.team_id.user_ids.filtered("active")[:1]
            or self.company_id._responsible(BACK_OFFICE)
        )
        if not person:
            return
        in_lang = self.with_context(lang=person.lang)
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=person.id,
            summary=in_lang.env._("The customer wrote: the ticket is open again"),
        )
