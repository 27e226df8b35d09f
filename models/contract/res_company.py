from odoo import models

from ..company.res_company_missing import Missing


class ResCompany(models.Model):
    """What fees of offers and contracts lack."""

    _inherit = "res.company"

    def _missing(self):
        yield from super()._missing()
        own = [("company_id", "=", self.id), ("service_tier_id", "!=", False)]
        offers = self.env["contract.template"].search(own)
        if not offers:
            yield Missing(
                self.env._("There are no offers yet: choose from the ready-made ones."),
                self,
                "offers",
            )
        today = self._service_day()
        running = ["|", ("date_end", "=", False), ("date_end", ">=", today)]
        contracts = self.env["contract.contract"].search([*own, *running])
        yield from self._missing_taxes(
            offers.contract_line_ids.product_id | contracts.contract_line_ids.product_id
        )
