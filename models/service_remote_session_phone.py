from odoo import models
from odoo.exceptions import UserError


class ServiceRemoteSession(models.Model):
    """Noting what was agreed to on the phone.

    Apart from what a session is, so that either file is read in one go.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "service.remote.session"

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
        """Whoever holds the session notes it, or back office for them."""
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
                        "computer is one of theirs.",
                        # sudo: one's own session, wherever its ticket went
                        session.sudo().ticket_id.number,
                    )
                )
