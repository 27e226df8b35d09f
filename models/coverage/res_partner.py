from odoo import models


class ResPartner(models.Model):
    """Who changes employer takes no ticket along, and follows none any more."""

    _inherit = "res.partner"

    def _left(self, customer):
        result = super()._left(customer)
        self._unfollow(self._followed("helpdesk.ticket", customer))
        return result
