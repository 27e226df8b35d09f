from odoo import api, models


class ResUsers(models.Model):
    """Who did work that is settled stays on record."""

    _name = "res.users"
    _inherit = ["service.guarded", "res.users"]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self.env["account.analytic.line"]._check_nothing_settled("user_id", self)
