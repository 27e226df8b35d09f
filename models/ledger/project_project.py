from odoo import api, models


class ProjectProject(models.Model):
    """The project of work that is settled stays on record."""

    _name = "project.project"
    _inherit = ["service.guarded", "project.project"]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self.env["account.analytic.line"]._check_nothing_settled("project_id", self)
