from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _get_invoice_extra_attachments(self, move):
        """The statement, and the SLA report where wanted, go with the e-mail."""
        # sudo: the user who sends the invoice sends what explains it
        settlements = move.sudo().settlement_ids
        if move.move_type == "out_invoice":
            settlements |= move.sudo()._service_settlements()
        explaining = settlements.statement_id | settlements.sla_report_id
        found = super()._get_invoice_extra_attachments(move)
        return found | explaining.with_env(self.env)
