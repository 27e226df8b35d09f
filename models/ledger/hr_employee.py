from odoo import api, models


class HrEmployee(models.Model):
    """Who did work that is settled stays on record."""

    _name = "hr.employee"
    _inherit = ["service.guarded", "hr.employee"]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self.env["account.analytic.line"]._check_nothing_settled("employee_id", self)
