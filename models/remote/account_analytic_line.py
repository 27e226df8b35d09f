from odoo import api, models
from odoo.exceptions import UserError

from ...tools.duration import to_clock, to_minutes

# What the clock of a remote session told of its entry.
CLOCKED_FIELDS = {"date", "employee_id", "started_at", "ticket_id", "user_id"}


class AccountAnalyticLine(models.Model):
    """The work of a remote session: what its clock told, or less."""

    _inherit = "account.analytic.line"

    def write(self, vals):
        if (CLOCKED_FIELDS | {"unit_amount"}) & set(vals):
            self._check_clocked(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_session(self):
        if self._sessions_of():
            raise UserError(
                self.env._(
                    "This is work of a remote session that took place. Correct its "
                    "time, or ask back office not to charge it."
                )
            )

    def _check_clocked(self, vals):
        for session in self._sessions_of():
            if CLOCKED_FIELDS & set(vals):
                raise UserError(
                    self.env._(
                        "This is work of a remote session: when, for whom and by "
                        "whom is recorded on the session. Log other work as a new "
                        "entry."
                    )
                )
            if to_minutes(vals["unit_amount"] or 0) > session.minutes:
                raise UserError(
                    self.env._(
                        "The remote session lasted %s. Log other work as a new entry.",
                        to_clock(session.minutes),
                    )
                )

    def _sessions_of(self):
        """The remote sessions these entries are the work of."""
        # sudo: a session stands for its work, visible or not
        sessions = self.env["service.remote.session"].sudo()
        return sessions.search([("entry_id", "in", self.ids)])
