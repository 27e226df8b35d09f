from datetime import time

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.moments import local

# Sending takes its time, and KSeF's clock is the one that counts.
LATEST = time(23, 55)
QUEUED_ON = "queued_on"


class AccountMove(models.Model):
    """No invoice is issued offline by accident.

    KSeF counts an invoice as an offline one that reaches it a second after its day
    (ksef-docs, "tryby offline"). One goes out late only where KSeF was tried on its
    day, or where somebody asked for it after that day.
    """

    _inherit = "account.move"

    def _check_on_time(self):
        """Refuse to send what would become an offline invoice without a decision."""
        self.ensure_one()
        zone = self.company_id.sudo()._service_zone()
        now = local(fields.Datetime.now(), zone)
        issued = self.invoice_date
        if issued == now.date() and now.time() >= LATEST:
            raise UserError(
                self.env._(
                    "Invoice %s is dated today and might reach KSeF after midnight "
                    "only, which makes it an offline one. Tomorrow, reset it to draft "
                    "and date it anew, or press Retry to send it as it is.",
                    self.name,
                )
            )
        if issued < now.date() and not self._may_be_late():
            raise UserError(
                self.env._(
                    "Invoice %(invoice)s is dated %(day)s and did not go to KSeF that "
                    "day. Now it would count as issued offline. Reset it to draft and "
                    "date it today, or press Retry to send it as it is.",
                    invoice=self.name,
                    day=format_date(self.env, issued),
                )
            )

    def _may_be_late(self):
        settings = self.service_sending_settings or {}
        issued = str(self.invoice_date)
        # sudo: the session is one of the facts kept from those who read invoices
        tried = self.sudo().l10n_pl_edi_session_id or self.service_offline_on
        return tried or settings.get(QUEUED_ON, issued) > issued

    def _note_ksef_away(self):
        """On its day of issue, issue the invoice offline."""
        if self.invoice_date == self.company_id._service_day():
            self._issue_offline()

    def _note_ksef_there(self):
        """Issue it online after all, unless its day is over or the customer has it."""
        if (
            self.service_offline_on
            and not self.service_handed_over_on
            and self.invoice_date == self.company_id._service_day()
        ):
            self._issue_online()
