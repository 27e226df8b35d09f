from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Anyone who asks KSeF about an invoice gets an answer that is about this one."""

    _inherit = "account.move"

    def action_l10n_pl_edi_update_invoice_status(self):
        """Odoo's button and scheduled action believe whatever is answered."""
        self.ensure_one()
        if not self.l10n_pl_edi_ref:
            return super().action_l10n_pl_edi_update_invoice_status()
        self.env["res.company"]._with_locked_records(self)
        try:
            self._reach_ksef()
            self.env["service.ksef"]._ask(self)
        except UserError as error:
            # sudo: as Odoo does, the reason stands on the invoice, whoever asked
            self.sudo().l10n_pl_edi_header = str(error)
        return {"type": "ir.actions.client", "tag": "reload"}

    def action_l10n_pl_edi_get_invoice_UPO(self):
        """Odoo's button: what is kept is not asked for again."""
        self.ensure_one()
        if receipt := self.sudo().l10n_pl_edi_upo_id:  # sudo: as ``_receipt_facts``
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/{receipt.id}?download=true",
                "target": "_blank",
            }
        self._reach_ksef()
        return super().action_l10n_pl_edi_get_invoice_UPO()

    def _reach_ksef(self):
        if failure := self.env["service.ksef"]._reach(self.company_id):
            raise UserError(failure)
