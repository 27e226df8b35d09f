from odoo import api, fields, models

from ...tools.fa3.document import complete
from ...tools.plain_text import clean

# VAT act, art. 108a: above this gross amount in PLN, goods of Annex 15 are paid split.
SPLIT_PAYMENT_OVER = 15000


class AccountMove(models.Model):
    """What the structured invoice of KSeF says beyond what Odoo itself writes."""

    _inherit = "account.move"

    service_split_payment = fields.Boolean(
        string="Split Payment",
        compute="_compute_service_split_payment",
        store=True,
        readonly=False,
        copy=False,
        help="The invoice states “mechanizm podzielonej płatności”: it is above 15,000 "
        "PLN gross and includes goods listed in Annex 15 to the VAT Act.",
    )
    service_correction_type = fields.Selection(
        [
            ("1", "Period of the original invoice"),
            ("2", "Period of the correction"),
            ("3", "Another period"),
        ],
        string="Correction Booked In",
        default="2",
        copy=False,
        help="The VAT period in which the seller books the correction: usually that "
        "of the correction where the amount goes down.",
    )
    service_correction_reason = fields.Char(string="Correction Reason", copy=False)

    @api.depends(
        "amount_total_signed",
        "commercial_partner_id",
        "invoice_line_ids.product_id",
        "move_type",
        "reversed_entry_id",
        "service_raised_id",
    )
    def _compute_service_split_payment(self):
        """Set while the invoice is a draft; what was issued stays as it was."""
        for move in self:
            split = move.service_split_payment
            if move.state == "draft" and move.move_type == "out_refund":
                split = move.reversed_entry_id.service_split_payment
            elif move.state == "draft" and move.service_raised_id:
                split = move.service_raised_id.service_split_payment
            elif move.state == "draft" and move.move_type == "out_invoice":
                buyer = move.commercial_partner_id
                split = (
                    move.amount_total_signed > SPLIT_PAYMENT_OVER
                    and (buyer.is_company or bool(buyer.vat))
                    and any(
                        move.invoice_line_ids.product_id.mapped("service_split_payment")
                    )
                )
            move.service_split_payment = split

    def _post(self, soft=True):
        # Computed while the invoice is a draft, so before it stops being one.
        self.mapped("service_split_payment")
        return super()._post(soft)

    def _l10n_pl_edi_render_xml(self):
        """The document of Odoo, completed with what it leaves out.

        Units and countries are named in the language of the reader, so it is always
        Polish; where Polish is not installed, English, whose units are known.
        """
        polish = self.env["res.lang"]._get_data(code="pl_PL")
        move = self.with_context(lang="pl_PL" if polish else "en_US")
        xml = super(AccountMove, move)._l10n_pl_edi_render_xml()
        # What was stored before this add-on came may hold what KSeF refuses.
        return complete(clean(xml), move._service_fa3_facts())
