from odoo import models


class AccountMove(models.Model):
    """The day of supply decides the month of VAT and the rate of exchange."""

    _inherit = "account.move"

    def _billed_again_values(self):
        """VAT on what is billed again is due with the service, as on the original."""
        day = self.taxable_supply_date
        return super()._billed_again_values() | {"taxable_supply_date": day}
