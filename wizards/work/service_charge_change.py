from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.charging import Charge


class ServiceChargeChange(models.TransientModel):
    """Back office decides that some work is not charged, or is charged after all."""

    _name = "service.charge.change"
    _inherit = "service.dialog"
    _description = "Charge Change"
    _about = "entry_ids"

    entry_ids = fields.Many2many(
        "account.analytic.line",
        required=True,
        default=lambda self: self._default_entries(),
    )
    charge = fields.Selection(
        [
            (Charge.PACKAGES.value, "Package hours first, the rest is waived"),
            (Charge.FREE.value, "Free of charge, no package hours used"),
            (Charge.FULL.value, "Charged as usual"),
        ],
        required=True,
        default=Charge.PACKAGES.value,
    )
    reason = fields.Char()

    def _default_entries(self):
        if self.env.context.get("active_model") != "account.analytic.line":
            return []
        return [Command.set(self.env.context.get("active_ids", []))]

    def action_apply(self):
        self.ensure_one()
        self._check_something_to_waive()
        waives = self.charge != Charge.FULL
        self.entry_ids.write(
            {
                "waiver": waives and self.charge,
                "charge_reason": waives and self.reason,
            }
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_something_to_waive(self):
        """Nobody is to believe that hours were waived where nothing was charged."""
        if self.charge == "packages" and set(self.entry_ids.mapped("cost_level")) <= {
            "nothing"
        }:
            raise UserError(
                self.env._(
                    "Packages pay for all of this work, so there is nothing to waive. "
                    "Choose that all of it is free, if that is meant."
                )
            )
