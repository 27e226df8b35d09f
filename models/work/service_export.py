from odoo import api, models
from odoo.fields import Domain


class ServiceExport(models.AbstractModel):
    """Of all lines of analytic accounts, work on tickets is what is ours."""

    _inherit = "service.export"

    @api.model
    def _domain(self, model):
        if model._name == "account.analytic.line":
            return Domain("ticket_id", "!=", False)
        return super()._domain(model)
