from odoo import api, fields, models
from odoo.exceptions import AccessError

ACCOUNTANT = "account.group_account_invoice"


class AccountMove(models.Model):
    """Statement and SLA report of an invoice, which are printed after it was posted."""

    _inherit = "account.move"

    service_papers = fields.Selection(
        [("due", "Being made"), ("failed", "Not made")],
        string="Papers",
        compute="_compute_service_papers",
        compute_sudo=True,
        help="What is still missing of the papers that go with the invoice.",
    )
    service_papers_error = fields.Text(
        compute="_compute_service_papers", compute_sudo=True
    )

    @api.depends(
        "settlement_ids.print_at",
        "settlement_ids.print_error",
        "settlement_ids.statement_id",
        "service_corrected_id.settlement_ids.print_at",
        "service_corrected_id.settlement_ids.print_error",
        "service_corrected_id.settlement_ids.statement_id",
        "state",
    )
    def _compute_service_papers(self):
        for move in self:
            missing = move._missing_papers()
            errors = [error for error in missing.mapped("print_error") if error]
            lost = missing.filtered(lambda settlement: not settlement.print_at)
            state = "failed" if errors or lost else "due"
            move.service_papers = bool(missing) and state
            move.service_papers_error = "\n".join(errors)

    def _missing_papers(self):
        """The settlements whose statement or SLA report the invoice should have."""
        if self.move_type != "out_invoice" or self.state != "posted":
            return self.settlement_ids.browse()
        # sudo: an accountant posts, and has no right on the hours behind the invoice
        return (
            self.sudo()
            ._service_settlements()
            .filtered(
                lambda settlement: settlement.print_at or not settlement.statement_id
            )
        )

    def _post(self, soft=True):
        posted = super()._post(soft)
        # sudo: the statement is part of the invoice for anyone who may post it
        posted.sudo().settlement_ids._order_papers()
        return posted

    def action_print_papers(self):
        """Make now what is missing."""
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(
                self.env._("Only accountants have the papers of invoices made again.")
            )
        self.check_access("read")
        for move in self:
            move._missing_papers()._order_papers()
