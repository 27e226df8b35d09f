from odoo import models

from ...tools.ksef_offline import Mode

# Key of the context in which an invoice goes to the customer before KSeF has it.
BEFORE_KSEF = "service_before_ksef"


class AccountMove(models.Model):
    """Customers get invoices that are issued offline before KSeF does, where that is
    lawful and wanted; KSeF gets them once it is back."""

    _inherit = "account.move"

    def _hand_over_offline(self):
        """Send the invoice with its two codes, once, and stay in the queue."""
        if not self._may_hand_over_offline() or not self._has_papers():
            return
        move = self.with_context(**{BEFORE_KSEF: True})
        with self.env.cr.savepoint():
            move._send_to_customer()
            move._note_handed_over()

    def _may_hand_over_offline(self):
        """Whether the customer gets it now: in an announced failure, or where the
        company wants it so."""
        company = self.company_id
        connection = self.env["service.ksef.connection"]._of(company)
        return (
            self.service_ksef_mode
            and not self.service_handed_over_on
            and not self.env["service.ksef"]._status(self)
            and not connection._leave_missing()
            and (
                self.service_ksef_mode == Mode.FAILURE or company.service_ksef_hand_over
            )
            and not self._offline_obstacle()
        )
