from odoo import models


class AccountMove(models.Model):
    """Amounts of service invoices add up, whatever the company's rounding of taxes."""

    _inherit = "account.move"

    def _prepare_product_base_line_for_taxes_computation(self, product_line):
        base_line = super()._prepare_product_base_line_for_taxes_computation(
            product_line
        )
        return base_line | {"service_by_line": self._is_summed_by_line()}

    def _is_summed_by_line(self):
        """Whether its net total is the sum of its lines; others are rounded by Odoo.

        Service invoices, those of packages and their corrections have a period.
        """
        # sudo: how an invoice is rounded does not depend on who looks at it
        served = self.sudo()._served()
        return (
            self.is_sale_document()
            and bool(served.service_period_to)
            and self.company_id._is_polish()
        )
