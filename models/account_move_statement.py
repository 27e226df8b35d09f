from odoo import api, fields, models

from .service_settlement import STATEMENT


class AccountMove(models.Model):
    """The work behind an invoice, for the accountant who checks it.

    Apart from what an invoice of service is, so that either file is read in one go.
    """

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    service_entry_ids = fields.Many2many(
        "account.analytic.line",
        string="Work Entries",
        compute="_compute_service_entry_ids",
    )
    service_line_count = fields.Integer(
        string="Number of Lines", compute="_compute_service_line_count"
    )

    @api.depends(
        "settlement_ids.entry_ids", "service_corrected_id.settlement_ids.entry_ids"
    )
    def _compute_service_entry_ids(self):
        for move in self:
            entries = move._service_settlements().entry_ids
            move.service_entry_ids = entries.sorted(
                lambda entry: (entry.date, entry.id)
            )

    @api.depends("invoice_line_ids.display_type")
    def _compute_service_line_count(self):
        counts = dict(
            self.env["account.move.line"]._read_group(
                [("move_id", "in", self.ids), ("display_type", "=", "product")],
                ["move_id"],
                ["__count"],
            )
        )
        for move in self:
            move.service_line_count = counts.get(move._origin, 0)

    def action_print_statement(self):
        """Print the statements of hours behind the invoices."""
        return self.env.ref(STATEMENT).report_action(self._service_settlements())
