from odoo import models

from ..company.res_company_missing import Missing
from .contract_contract_state import NUMBERS


class ResCompany(models.Model):
    """What fees of offers and contracts lack."""

    _inherit = "res.company"

    def _sequence_of_contracts(self):
        """The numbers of the company's contracts; made when the first is asked for."""
        self.ensure_one()
        sequences = self.env["ir.sequence"]
        own = [("code", "=", NUMBERS), ("company_id", "=", self.id)]
        return sequences.search(own, limit=1) or sequences.create(
            {
                "name": self.env._("Service Contracts"),
                "code": NUMBERS,
                "company_id": self.id,
                "prefix": "US/%(range_year)s/",
                "padding": 3,
                "use_date_range": True,
                "implementation": "no_gap",
            }
        )

    def _missing(self):
        yield from super()._missing()
        own = [("company_id", "=", self.id), ("service_tier_id", "!=", False)]
        offers = self.env["contract.template"].search(own)
        if not offers:
            yield Missing(
                self.env._("There are no offers yet: choose from the ready-made ones."),
                self,
            )
        today = self._service_day()
        running = ["|", ("date_end", "=", False), ("date_end", ">=", today)]
        contracts = self.env["contract.contract"].search([*own, *running])
        yield from self._missing_taxes(
            offers.contract_line_ids.product_id | contracts.contract_line_ids.product_id
        )
