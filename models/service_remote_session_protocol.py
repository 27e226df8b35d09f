from odoo import models
from odoo.exceptions import UserError

REPORT = "helpdesk_service_contract.report_remote_protocol"


class ServiceRemoteSession(models.Model):
    """What the customer gets on paper about a session.

    Apart from what a session is, so that either file is read in one go.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "service.remote.session"

    def action_print_protocol(self):
        self._check_ended()
        return self.env.ref(REPORT).report_action(self)

    def _check_ended(self):
        for session in self:
            if session.state != "ended":
                raise UserError(
                    self.env._(
                        "“%s” has not taken place yet. End the session first: the "
                        "protocol says what was done, and for how long.",
                        session.display_name,
                    )
                )

    def _protocol_number(self):
        """Tells sessions of a ticket apart, and stays what it is."""
        self.ensure_one()
        # sudo: an accountant prints protocols, with no right on tickets
        return f"{self.sudo().ticket_id.number}/{self.id}"

    def _protocol_lang(self):
        """The language of whoever was helped."""
        self.ensure_one()
        # sudo: as above
        session = self.sudo()
        return session.person_id.lang or session.commercial_partner_id.lang

    def _protocol_name(self):
        """File name of the protocol, in the customer's language."""
        in_language = self.with_context(lang=self._protocol_lang())
        return in_language.env._(
            "Remote help protocol %s", self._protocol_number()
        ).replace("/", "-")
