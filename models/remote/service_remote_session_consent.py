from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, hash_sign, verify_hash_signed
from odoo.tools.misc import hmac

from ...tools.consent import Statement

SCOPE = "helpdesk_service_contract.remote_help"
VALID_FOR = timedelta(days=30)
PATH = "/remote-help"


def consent_url(session):
    """The link by which the person of a session accepts without signing in.

    A function and no method, so that nobody reads the link by calling it in a template
    of their own: whoever holds it speaks for the person.
    """
    # sudo: the secret of the database signs
    env = session.sudo().env
    person = session.person_id
    values = [session.id, person.id, _address_mark(env, person)]
    token = hash_sign(env, SCOPE, values, expiration=VALID_FOR)
    return f"{session.get_base_url()}{PATH}/{token}"


def _address_mark(env, person):
    """Tells e-mail addresses apart, and shows none: links are kept in logs.

    Correcting an address takes back what was sent to the wrong one.
    """
    return hmac(env, SCOPE, email_normalize(person.email) or "")


class ServiceRemoteSession(models.Model):
    """Whom a link lets in."""

    _inherit = "service.remote.session"

    @api.model
    def _by_token(self, token):
        """The session and the person a link was made for; none where it is forged or
        too old, and no person whose address has changed or who has left.
        """
        # sudo: who holds the link has no rights of their own
        env = self.sudo().env
        try:
            found = verify_hash_signed(env, SCOPE, token)
        except ValueError:
            found = None
        session_id, person_id, mark = found or (False, False, False)
        session = env[self._name].browse(session_id).exists()
        person = env["res.partner"].browse(person_id).exists()
        known = person.active and _address_mark(env, person) == mark
        return session, person if known else person.browse()

    def _is_open_to(self, person):
        """Whether the person may agree to the session by the link they got."""
        self.ensure_one()
        return (
            self.state == "planned"
            and bool(person)
            and person == self.person_id
            and person.commercial_partner_id == self.commercial_partner_id
        )

    def _is_of(self, customer):
        """Whether the session is a matter of a customer: of whose person agreed to it.

        Its ticket may have gone to another customer since.
        """
        self.ensure_one()
        if self.consent_id:
            return self.consent_id.commercial_partner_id == customer
        theirs = self.person_id.commercial_partner_id or customer
        return customer == self.commercial_partner_id == theirs

    def _portal_row(self, terms):
        """What the customer sees of a session in a list.

        :param terms: documents that count for the sessions of its ticket
        """
        self.ensure_one()
        consent = self.env["service.consent"]
        planned = self.state == "planned"
        given = consent._consent(self)
        states, outcomes = (
            dict(self._fields[name]._description_selection(self.env))
            for name in ("state", "outcome")
        )
        return {
            "session": self,
            "state": states[self.state],
            "outcome": outcomes.get(self.outcome),
            "missing": planned and bool(consent._missing(self, terms)),
            "agreed": given
            and self.env._(
                "%(person)s confirmed on %(moment)s",
                person=given.person_name,
                moment=self._local(given.given_at),
            ),
        }

    def action_accept_by_phone(self):
        self.ensure_one()
        self._check_notable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accepted by Phone"),
            "res_model": "service.phone.acceptance",
            "view_mode": "form",
            "target": "new",
            "context": {"default_session_id": self.id},
        }

    def _check_notable(self):
        """Anyone who holds the session notes it, or back office for them."""
        self.check_access("write")
        self._check_mine()
        self._check_planned()
        self._check_customer()

    def _check_customer(self):
        for session in self:
            if not session.commercial_partner_id:
                raise UserError(
                    self.env._(
                        "Choose the customer of ticket %s first: the person at the "
                        "computer must be one of their contacts.",
                        # sudo: one's own session, wherever its ticket went
                        session.sudo().ticket_id.number,
                    )
                )

    def _withdraw_recording(self, given):
        """Record that the person does not agree to a recording any more.

        What they stated for the session stays.

        :param given: the channel, and the network address the click came from
        """
        self.ensure_one()
        last = self.env["service.consent"]._consent(self)
        if not last.recording:
            return
        acceptance = self.env["service.terms.acceptance"]._record(
            self.person_id,
            self.company_id,
            given
            | {"given_at": fields.Datetime.now(), "recording": False}
            | {str(name): last[name] for name in Statement},
            session=self,
            wording=last.wording,
        )
        # The row written makes two clicks at once one.
        self._move_on(agreed_at=acceptance.given_at)
        reader = self.with_context(lang=self.user_id.lang)
        reader._note(
            reader.env._(
                "%s no longer consents to recording: do not record the remote session.",
                acceptance.person_name,
            ),
            partner_ids=self.user_id.partner_id.ids,
            author_id=acceptance.person_id.id,
        )
