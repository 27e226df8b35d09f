import base64

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_datetime, formataddr

from ...tools.calendar_file import calendar_file
from ...tools.machine_mail import OURS
from .service_remote_session_consent import consent_url

INVITATION = "helpdesk_service_contract.mail_template_invitation"
MOVED = "helpdesk_service_contract.mail_template_session_moved"
CANCELLED = "helpdesk_service_contract.mail_template_session_cancelled"


class ServiceRemoteSession(models.Model):
    """Inviting the person at the computer, and telling them what changes."""

    _inherit = "service.remote.session"

    invited_at = fields.Datetime(
        readonly=True, copy=False, help="When the invitation was last sent."
    )
    invited_to = fields.Char(
        readonly=True, copy=False, help="The e-mail address it was sent to."
    )
    agreed_at = fields.Datetime(
        string="Accepted At",
        readonly=True,
        copy=False,
        help="When the person last accepted something for this session.",
    )

    def write(self, vals):
        planned = self.filtered(lambda one: one.state == "planned")
        before = [(one, one.person_id, one._appointment()) for one in planned]
        result = super().write(vals)
        for session, person, agreed in before:
            if session.agreed_at and session.person_id != person:
                # What somebody else accepted does not count for this person.
                session._move_on(agreed_at=False)
            if session.invited_at:
                session._tell_what_changed(person, agreed)
        return result

    def unlink(self):
        for session in self:
            if session.invited_at and session.state == "planned":
                session._send(CANCELLED, session.person_id)
        return super().unlink()

    def action_invite(self):
        """E-mail the person at the computer a link by which they accept."""
        self.ensure_one()
        self._check_mine()
        self._check_planned()
        self._check_invitable()
        self._invite()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The invitation goes to %(person)s, %(address)s.",
                    person=self.person_id.name,
                    address=self.invited_to,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_invitable(self):
        person = self.person_id
        if not person:
            raise UserError(
                self.env._(
                    "Choose who will be at the computer: the invitation goes to "
                    "that person."
                )
            )
        if not email_normalize(person.email):
            raise UserError(
                self.env._(
                    "%s has no valid e-mail address. Ask back office to add it to "
                    "the contact, or record the acceptance by phone.",
                    person.name,
                )
            )
        consent = self.env["service.consent"]
        missing = consent._missing(self)
        if missing.kinds:
            raise UserError(
                self.env._(
                    "There is nothing to accept yet:\n%s\n\nA service manager "
                    "publishes documents under Configuration → Terms and Price "
                    "Lists.",
                    "\n".join(consent._in_words(missing._replace(statements=()))),
                )
            )

    def _invite(self):
        address = self._send(INVITATION, self.person_id)
        self._move_on(invited_at=fields.Datetime.now(), invited_to=address)
        self._note(
            self.env._(
                "Invitation to the remote session sent to %(person)s, %(address)s.",
                person=self.person_id.name,
                address=address,
            )
        )

    def _appointment(self):
        """What the invitation says: when, for how long, and with whom."""
        self.ensure_one()
        return self.planned_start, self.planned_stop, self.user_id

    def _tell_what_changed(self, person, agreed):
        """Tell whom we invited, ``person``, that it is not as the invitation said."""
        if self.state == "cancelled":
            if self._send(CANCELLED, person):
                self._note(
                    self.env._(
                        "%s has been notified that the session is cancelled.",
                        person.name,
                    )
                )
        elif self.person_id != person:
            self._send(CANCELLED, person, replaced=True)
            if email_normalize(self.person_id.email):
                self._invite()
            else:
                self._move_on(invited_at=False, invited_to=False)
        elif self.state == "planned" and self._appointment() != agreed:
            if self._send(MOVED, person):
                self._note(
                    self.env._("%s has been notified of the change.", person.name)
                )

    def _change_person(self, person):
        """Somebody else will be at the computer, and knows it already."""
        self._check_planned()
        if person == self.person_id:
            return
        before, agreed = self.person_id, self.agreed_at
        if self.invited_at:
            self._send(CANCELLED, before, replaced=True)
        self._move_on(person_id=person.id, invited_at=False, invited_to=False)
        if before:
            self._note_change(before, agreed=agreed)

    def _note_change(self, before, *, agreed):
        """Tell the technician that it is somebody else than ``before``."""
        reader = self.with_context(lang=self.user_id.lang)
        names = {"person": self.person_id.name, "before": before.name}
        words = (
            reader.env._(
                "%(person)s will be at the computer instead of %(before)s, whose "
                "acceptance no longer applies to this session.",
                **names,
            )
            if agreed
            else reader.env._(
                "%(person)s will be at the computer instead of %(before)s.", **names
            )
        )
        reader._note(words, partner_ids=self.user_id.partner_id.ids)

    def _agreed(self, acceptance):
        """Tell the technician; the row written makes two clicks at once one."""
        self._move_on(agreed_at=acceptance.given_at)
        reader = self.with_context(lang=self.user_id.lang)
        missing = reader.env["service.consent"]._missing(reader)
        note = (
            reader.env._(
                "%s has accepted part of what is required.", acceptance.person_name
            )
            if missing
            else reader.env._(
                "%s has accepted everything: the remote session can start.",
                acceptance.person_name,
            )
        )
        noted_by = acceptance.recorded_by_id.partner_id or acceptance.person_id
        reader._note(
            note, partner_ids=self.user_id.partner_id.ids, author_id=noted_by.id
        )

    def _note(self, words, **kwargs):
        """An internal note on the ticket; the link is never in it."""
        # sudo: the person who accepts cannot write on tickets
        self.ticket_id.sudo().message_post(
            body=words, subtype_xmlid="mail.mt_note", **kwargs
        )

    def _send(self, template, person, *, replaced=False):
        """Queue an e-mail to a person; the address it goes to.

        Neither ticket nor session holds the message, and no technician is its author
        or maker: those could read the link.
        """
        # sudo: as said above
        session = self.with_user(SUPERUSER_ID).with_company(self.company_id)
        address = email_normalize(person.email)
        if not address:
            return False
        company, technician = session.company_id, session.user_id
        session.env.ref(template).with_context(
            consent_url=consent_url(session),
            person_lang=person.lang,
            replaced=replaced,
        ).send_mail(
            session.id,
            email_values={
                "attachments": session._calendar_files(template),
                "author_id": company.partner_id.id,
                "email_cc": False,
                "email_from": company.email_formatted or technician.email_formatted,
                "email_to": formataddr((person.name or "", address)),
                "headers": repr(OURS),
                "model": False,
                "recipient_ids": [],
                "res_id": False,
            },
        )
        session.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        return address

    def _calendar_files(self, template):
        if not self.planned_start:
            return []
        content = calendar_file(
            f"remote-session-{self.id}@{self.env.cr.dbname}",
            self.with_context(lang=self.person_id.lang)._calendar_summary(),
            self.planned_start,
            self.planned_stop,
            fields.Datetime.now(),
            cancelled=template == CANCELLED,
        )
        return [("remote-help.ics", base64.b64encode(content))]

    def _calendar_summary(self):
        return self.env._(
            "Remote help: %(ticket)s (%(company)s)",
            ticket=self.ticket_id.name,
            company=self.company_id.name,
        )

    def _appointment_label(self):
        """The agreed time by the company's clock, in words; or False."""
        self.ensure_one()
        zone = str(self.company_id.sudo()._service_zone())
        return self.planned_start and format_datetime(
            self.env, self.planned_start, tz=zone, dt_format="EEEE, d MMMM y, HH:mm"
        )

    def _missing_words(self):
        """What the person still has to accept, in words."""
        consent = self.env["service.consent"]
        return consent._in_words(consent._missing(self))
