from odoo import models

from ..company.res_company_missing import Missing


class ResCompany(models.Model):
    """What remote help lacks."""

    _inherit = "res.company"

    def _missing(self):
        yield from super()._missing()
        terms = self.env["service.terms"]
        if not terms.search_count([("company_id", "=", self.id)], limit=1):
            yield Missing(
                self.env._(
                    "There are no terms and no price list for remote help, so "
                    "customers accept nothing before a session: publish them."
                ),
                self,
            )
