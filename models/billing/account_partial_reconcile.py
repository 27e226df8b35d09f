from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def unlink(self):
        """A payment that bounces takes back hours that were usable when it was paid."""
        # sudo: an accountant moves payments, and the ledger of hours follows by itself
        lines = self.sudo().debit_move_id | self.sudo().credit_move_id
        moves = lines.move_id
        result = super().unlink()
        moves.exists()._sync_hour_packages()
        return result
