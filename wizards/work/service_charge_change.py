from odoo import fields, models
from odoo.fields import Command

from ...tools.charging import Charge


class ServiceChargeChange(models.TransientModel):
    """Back office decides that some work is not charged, or is charged after all."""

    _name = "service.charge.change"
    _description = "Change of What Is Charged"

    entry_ids = fields.Many2many(
        "account.analytic.line",
        required=True,
        default=lambda self: self._default_entries(),
    )
    charge = fields.Selection(
        [
            (Charge.PACKAGES.value, "Hours beyond packages are waived"),
            (Charge.FREE.value, "All of it is free, packages keep their hours"),
            (Charge.FULL.value, "It is charged as usual"),
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
        waives = self.charge != Charge.FULL
        self.entry_ids.write(
            {
                "waiver": waives and self.charge,
                "charge_reason": waives and self.reason,
            }
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}
