from odoo import api, models
from odoo.fields import Domain


class ServiceCoverage(models.AbstractModel):
    """Decisions matter until the work is billed."""

    _inherit = "service.coverage"

    @api.model
    def _undecided_domain(self):
        entries = self.env["account.analytic.line"]
        return super()._undecided_domain() | Domain(
            "timesheet_ids",
            "any",
            entries._not_settled_domain()
            & Domain("charge", "!=", False)
            & Domain("is_history", "=", False),
        )
