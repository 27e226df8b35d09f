from odoo import models
from odoo.exceptions import ValidationError

from ..company.res_company_missing import Missing


class ResCompany(models.Model):
    """What tiers and their products lack."""

    _inherit = "res.company"

    def _missing(self):
        yield from super()._missing()
        tiers = self.env["service.tier"].search([("company_id", "=", self.id)])
        for tier in tiers.filtered(lambda one: not one.rate_ids):
            yield Missing(
                self.env._(
                    "The tier “%s” has no rates, so no work can be logged under it.",
                    tier.name,
                ),
                tier,
                "offers",
            )
        yield from self._missing_taxes(
            tiers.rate_ids.product_id | tiers.rate_ids.flat_product_id
        )

    def _missing_taxes(self, products):
        """Those of the products that no invoice of the company may bill."""
        for product in products:
            try:
                product._check_service_tax(self)
            except ValidationError as error:
                yield Missing(error.args[0], product, "prices")
