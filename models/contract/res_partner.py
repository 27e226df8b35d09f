from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """Who changes employer takes no contract along."""

    _inherit = "res.partner"

    def _left(self, customer):
        result = super()._left(customer)
        contracts = self.env["contract.contract"].with_context(active_test=False)
        named = [("partner_id", "=", self.id), ("service_tier_id", "!=", False)]
        if contract := contracts.search(named, limit=1):
            raise UserError(
                self.env._(
                    "The contract “%(contract)s” is in the name of %(person)s, and "
                    "would go along from %(customer)s. Name the company itself on the "
                    "contract first.",
                    contract=contract.display_name,
                    person=self.display_name,
                    customer=customer.display_name,
                )
            )
        self._unfollow(self._followed("contract.contract", customer))
        return result
