from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.billing.account_move_line import BILLING, REBILLING


class AccountMoveReversal(models.TransientModel):
    """Asks what becomes of the service that a credit note gives back."""

    _inherit = "account.move.reversal"

    has_service = fields.Boolean(compute="_compute_has_service")
    service_credited = fields.Selection(
        [
            ("waived", "Do not bill again"),
            ("bill_again", "Bill again in the next billing run"),
        ],
        string="Credited Items",
        default="waived",
        help="You can change this later on the credit note.",
    )

    @api.depends("move_ids")
    def _compute_has_service(self):
        for wizard in self:
            wizard.has_service = bool(wizard._service_invoices())

    def _service_invoices(self):
        return self.move_ids._origin.filtered(lambda move: move._is_service_invoice())

    def _prepare_default_reversal(self, move):
        values = super()._prepare_default_reversal(move)
        # By itself: a correction without a reason is not to be issued.
        values["service_correction_reason"] = self.reason
        # What is replaced at once waits for no billing run.
        waits = self.service_credited == "bill_again"
        replaced = REBILLING.is_open(self.env.context)
        if waits and move._is_service_invoice() and not replaced:
            values["service_bill_again"] = True
        return values

    def _modify_default_reverse_values(self, origin_move):
        values = super()._modify_default_reverse_values(origin_move)
        if origin_move._is_service_invoice():
            values |= origin_move._billed_again_values()
        return values

    def reverse_moves(self, is_modify=False):
        service = self._service_invoices()
        if service and not (self.reason or "").strip():
            raise UserError(
                self.env._("Enter why %s is corrected.", service[0].display_name)
            )
        if not (service and is_modify):
            return super().reverse_moves(is_modify)
        replacing = self.with_context(**BILLING.opened, **REBILLING.opened)
        action = super(AccountMoveReversal, replacing).reverse_moves(is_modify)
        self._link_replacements()
        service._sync_hour_packages()
        return action

    def _link_replacements(self):
        """Count what the new invoices bill as given back by the credit notes."""
        for line in self.new_move_ids.invoice_line_ids:
            origin = line.service_origin_line_id
            line = line.with_context(**BILLING.opened)
            line.service_credit_line_id = origin._credit_to_replace()
