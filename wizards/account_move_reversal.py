from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def _prepare_default_reversal(self, move):
        """Keep the reason by itself: a correction without one is not to be issued."""
        vals = super()._prepare_default_reversal(move)
        return vals | {"service_correction_reason": self.reason}

    def _modify_default_reverse_values(self, origin_move):
        """What is issued anew is for the same contract, period and order."""
        names = (
            "service_contract_id",
            "service_order_ref",
            "service_period_from",
            "service_period_to",
        )
        vals = super()._modify_default_reverse_values(origin_move)
        return vals | {
            name: origin_move._fields[name].convert_to_write(
                origin_move[name], origin_move
            )
            for name in names
        }
