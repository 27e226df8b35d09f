from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def _prepare_default_reversal(self, move):
        """Keep the reason by itself: a correction without one is not to be issued."""
        vals = super()._prepare_default_reversal(move)
        return vals | {"service_correction_reason": self.reason}
