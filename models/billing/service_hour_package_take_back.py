from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.groups import BACK_OFFICE
from ..ledger.service_hour_move import LEDGER


class ServiceHourPackage(models.Model):
    """Back office takes a slip back while nothing of it is used or issued."""

    _inherit = "service.hour.package"

    can_take_back = fields.Boolean(compute="_compute_can_take_back")

    def _compute_can_take_back(self):
        for package in self:
            package.can_take_back = not package._keeps_sale()

    def _keeps_sale(self):
        """Whether something stands on the sale already."""
        # sudo: whether an invoice is still a draft is no secret of accounting
        package = self.sudo()
        lines = package.invoice_line_ids
        issued = lines.move_id.filtered(lambda move: move.state == "posted")
        drafts = lines.move_id.filtered(lambda move: move.state == "draft")
        charged = drafts.invoice_line_ids.filtered(lambda line: line.price_subtotal)
        return bool(
            package.kind != "prepaid"
            or not package.bill_with
            or package.sale_cancelled
            or package.used_minutes
            or package.carried_minutes
            or issued
            # A draft that charges more than the package is not the sale's to cancel.
            or charged - lines
        )

    def action_take_back(self):
        """Cancel the draft, and take the hours back: the ledger keeps both moves."""
        self.ensure_one()
        contracts = self.contract_id or self._contracts_served()
        contracts.check_access("write")
        # sudo: locking needs no right to what is settled
        self.env["service.settlement"].sudo()._lock(self.sudo()._contracts_served())
        self.invalidate_recordset()
        if not self.env.user.has_group(BACK_OFFICE) or self._keeps_sale():
            raise UserError(
                self.env._(
                    "The package %s stays: its hours are used, its invoice is issued, "
                    "or a draft charges it with other things. Ask an accountant to "
                    "cancel the draft or to issue a credit note.",
                    self.display_name,
                )
            )
        # sudo: drafts are the accountant's; this one was made by the sale alone
        package = self.sudo().with_context(**LEDGER.opened)
        package.invoice_line_ids.move_id.filtered(
            lambda move: move.state == "draft"
        ).button_cancel()
        # With an invoice of its own that is not there, no run bills it any more.
        package.bill_with = "own"
        package._sync_grant()
