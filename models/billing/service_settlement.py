from odoo import api, fields, models

from ...tools.correction import corrected


class ServiceSettlement(models.Model):
    """What became of the invoice of a settlement; the work itself stays settled."""

    _inherit = "service.settlement"

    correction = fields.Selection(
        [
            ("waiting", "To bill again"),
            ("part", "Credited in part"),
            ("full", "Credited in full"),
            ("again", "Billed again"),
        ],
        compute="_compute_correction",
        store=True,
        help="What is left of the invoice after its credit notes.",
    )

    @api.depends(
        "invoice_id.amount_untaxed",
        "invoice_id.service_correction_ids.state",
        "invoice_id.service_correction_ids.amount_untaxed",
        "invoice_id.service_correction_ids.service_bill_again",
    )
    def _compute_correction(self):
        for settlement in self:
            invoice = settlement.invoice_id
            corrections = invoice.service_correction_ids
            notes = corrections.filtered(
                lambda move: move.move_type == "out_refund" and move.state == "posted"
            )
            again = corrections.filtered(
                lambda move: move.move_type == "out_invoice" and move.state != "cancel"
            )
            whole, credited, billed = (
                # Without the dust of adding up, of which no currency has that much.
                round(sum(moves.mapped("amount_untaxed")), 6)
                for moves in (invoice, notes, again)
            )
            waiting = any(notes.mapped("service_bill_again"))
            settlement.correction = corrected(whole, credited, billed, waiting=waiting)

    def _attach_copies(self, invoice):
        """Put the statements that went with the original on ``invoice`` as well.

        The work is the same, and so is what the customer was told about it.
        """
        there = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", invoice.id)]
        )
        present = set(there.mapped("checksum"))
        for attachment in self.statement_id | self.sla_report_id:
            if attachment.checksum not in present:
                attachment.copy({"res_id": invoice.id})
