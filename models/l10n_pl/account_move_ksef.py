from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Whoever asks KSeF about an invoice gets an answer that is about this one."""

    _inherit = "account.move"

    def action_l10n_pl_edi_update_invoice_status(self):
        """Odoo's button and scheduled action believe whatever is answered."""
        self.ensure_one()
        if not self.l10n_pl_edi_ref:
            return super().action_l10n_pl_edi_update_invoice_status()
        self._service_ksef_connection()._check()
        self.env["res.company"]._with_locked_records(self)
        try:
            self.env["service.ksef"]._ask(self)
        except UserError as error:
            # sudo: as Odoo does, the reason stands on the invoice, whoever asked
            self.sudo().l10n_pl_edi_header = str(error)
        return {"type": "ir.actions.client", "tag": "reload"}

    def action_l10n_pl_edi_get_invoice_UPO(self):
        self._service_ksef_connection()._check()
        return super().action_l10n_pl_edi_get_invoice_UPO()

    def _service_ksef_connection(self):
        return self.env["service.ksef.connection"]._of(self.company_id)
