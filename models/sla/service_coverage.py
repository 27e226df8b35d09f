from odoo import api, models


class ServiceCoverage(models.AbstractModel):
    """Clocks follow the tier that a ticket is served under."""

    _inherit = "service.coverage"

    @api.model
    def _decided(self, tickets):
        result = super()._decided(tickets)
        self.env["service.sla"]._follow(tickets)
        return result
