from odoo import api, fields, models


class ServiceHourAdjustment(models.TransientModel):
    """A manager adds hours to a package or takes some away, and says why."""

    _name = "service.hour.adjustment"
    _inherit = "service.dialog"
    _description = "Hour Adjustment"
    _about = "package_id"

    package_id = fields.Many2one("service.hour.package", required=True)
    remaining_minutes = fields.Integer(
        string="Ledger Balance",
        related="package_id.remaining_minutes",
        related_sudo=False,
    )
    minutes = fields.Integer(
        string="Change",
        required=True,
        help="Hours to add, or a negative number to take hours away.",
    )
    left_minutes = fields.Integer(
        string="Balance After", compute="_compute_left_minutes"
    )
    reason = fields.Char(required=True)

    @api.depends("minutes", "remaining_minutes")
    def _compute_left_minutes(self):
        for change in self:
            change.left_minutes = change.remaining_minutes + change.minutes

    def action_adjust(self):
        self.ensure_one()
        self.package_id._adjust(self.minutes, self.reason)
        return {"type": "ir.actions.act_window_close"}
