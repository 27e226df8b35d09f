from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ...tools import correction
from ...tools.guard import Guard, Seal

_lt = LazyTranslate(__name__)
BILLING = Seal("billing")
# Held while an invoice is made that bills again what a credit note gave back.
REBILLING = Seal("rebilling")
BY_BILLING = _lt(
    "What an invoice bills is written by the billing and by credit notes, not by hand."
)
BILLED = Guard(
    frozenset(
        {
            "service_charges",
            "service_credit_line_id",
            "service_origin_line_id",
            "service_package_id",
            "service_period_from",
            "service_period_to",
        }
    ),
    BILLING,
    message=BY_BILLING,
)


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["service.guarded", "account.move.line"]

    # As many decimals as FA(3) takes: 20 minutes are 0.333333 h, and with two they
    # would cost something else. Shown are those that are needed.
    quantity = fields.Float(digits=(16, 6), min_display_digits="Product Unit")
    service_period_from = fields.Date(readonly=True, copy=False)
    service_period_to = fields.Date(readonly=True, copy=False)
    service_package_id = fields.Many2one(
        "service.hour.package",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    service_origin_line_id = fields.Many2one(
        "account.move.line",
        string="Corrected Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The line of the original invoice that this line credits or bills again.",
    )
    service_correction_line_ids = fields.One2many(
        "account.move.line", "service_origin_line_id", string="Correcting Lines"
    )
    service_credit_line_id = fields.Many2one(
        "account.move.line",
        string="Credited Line Billed Again",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The line of the credit note that this line bills again.",
    )
    service_again_line_ids = fields.One2many(
        "account.move.line", "service_credit_line_id", string="Billed Again on"
    )

    _billed_again_once = models.UniqueIndex(
        "(service_credit_line_id) WHERE service_credit_line_id IS NOT NULL "
        "AND parent_state <> 'cancel'",
        "What this credit note credited has already been billed again.",
    )

    service_charges = fields.Json(
        readonly=True,
        copy=False,
        help="The work billed by this line: the unit and, for each work entry, its id "
        "and the number of minutes or flat fees.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), BILLED)

    def _copy_data_extend_business_fields(self, values):
        """A correction is about what is left of its original's lines; a copy is not."""
        result = super()._copy_data_extend_business_fields(values)
        replaces = REBILLING.is_open(self.env.context)
        if (
            ("move_reverse_cancel" in self.env.context or replaces)
            and self.move_id._is_service_invoice()
            and self.display_type == "product"
        ):
            values.update(
                {
                    "quantity": self._credit_to_replace().quantity
                    if replaces and self.move_id.reversal_move_ids
                    else self._left_to_credit().quantity,
                    "service_origin_line_id": self.id,
                    "service_package_id": self.service_package_id.id,
                    "service_period_from": self.service_period_from,
                    "service_period_to": self.service_period_to,
                }
            )
        return result

    def _billed_again_on(self):
        """The lines of invoices, drafts too, that bill these credited lines again."""
        return self.service_again_line_ids.filtered(
            lambda line: line.parent_state != "cancel"
        )

    def _left_to_bill_again(self):
        """The credited lines that gave something back and no invoice bills again."""
        return self.filtered(
            lambda line: (
                line.move_id.move_type == "out_refund"
                and line.parent_state == "posted"
                and line.display_type == "product"
                and line.quantity
                and not line._billed_again_on()
            )
        )

    def _credit_to_replace(self):
        """The line of the newest credit note that gave this one back, if it did."""
        note = self.move_id.reversal_move_ids.sorted("id")[-1:]
        return note.invoice_line_ids.filtered(
            lambda line: line.service_origin_line_id == self
        )[:1]

    def _credits(self, posting=None):
        """The lines that credit this one: posted, or of the notes in ``posting``."""
        return self.service_correction_line_ids.filtered(
            lambda line: (
                line.move_id.move_type == "out_refund"
                and (line.parent_state == "posted" or line.move_id in (posting or ()))
            )
        )

    def _left_to_credit(self, but=None):
        """What posted credit notes, ``but`` some, leave of this line."""
        credits = self._credits()
        if but:
            credits = credits.filtered(lambda line: line.move_id not in but)
        return correction.left(
            self._as_corrected(), [line._as_corrected() for line in credits]
        )

    def _is_overdrawn(self, posting):
        """Whether more is credited than the line has once ``posting`` is posted too."""
        return correction.overdrawn(
            self._as_corrected(),
            [line._as_corrected() for line in self._credits(posting)],
        )

    def _as_corrected(self):
        self.ensure_one()
        return correction.Line(
            self.quantity, self.price_unit, self.price_subtotal, self.discount
        )

    def _service_label(self):
        """The first words of a line, to tell it from the others."""
        return (self.name or self.product_id.display_name or "").split("\n")[0][:60]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        self.move_id._check_not_issued()

    def unlink(self):
        """A package whose line is taken off the draft is not sold any more."""
        # sudo: an accountant moves invoices, and the ledger of hours follows by itself
        packages = self.sudo().service_package_id
        result = super().unlink()
        packages._sync_grant()
        return result
