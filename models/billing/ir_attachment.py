from odoo import api, models
from odoo.exceptions import UserError

from ..ledger.service_hour_move import LEDGER

# What a paper is, and what it belongs to. The value of a field is listed nowhere.
PAPER = {
    "datas",
    "db_datas",
    "name",
    "raw",
    "res_field",
    "res_id",
    "res_model",
    "type",
    "url",
}


class IrAttachment(models.Model):
    """The statement that went out with an invoice stays with it, and as it was."""

    _name = "ir.attachment"
    _inherit = ["service.guarded", "ir.attachment"]

    def write(self, vals):
        if PAPER & set(vals):
            self._check_not_issued()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        self._check_not_issued()

    def _check_not_issued(self):
        """The papers of settlements, and copies of them on corrected invoices."""
        if LEDGER.is_open(self.env.context):
            return
        # sudo: what was issued counts, visible or not
        for paper in self.sudo().filtered(lambda one: one.res_model == "account.move"):
            move = self.env["account.move"].sudo().browse(paper.res_id).exists()
            if move.state == "posted" and paper.checksum in move._service_checksums():
                raise UserError(
                    self.env._(
                        "“%(paper)s” went out with %(invoice)s and stays with it.",
                        paper=paper.name,
                        invoice=move.display_name,
                    )
                )
