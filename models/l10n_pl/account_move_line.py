from odoo import api, fields, models

from ...tools.guard import Guard
from .account_move_raise import RAISE


class AccountMoveLine(models.Model):
    """Lines of corrections as the paper shows them."""

    _inherit = "account.move.line"

    service_raised_line_id = fields.Many2one(
        "account.move.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The line of the invoice to which this one adds.",
    )

    @api.model
    def _guards(self):
        added = Guard(frozenset({"service_raised_line_id"}), RAISE)
        return (*super()._guards(), added)

    def _as_credited(self):
        """What the line of a correction takes off; what it adds is negative."""
        line = self._as_corrected()
        if self.move_id.move_type == "out_refund":
            return line
        return line._replace(quantity=-line.quantity, amount=-line.amount)
