from odoo import models

from ..company.res_company_missing import Missing


class ResCompany(models.Model):
    """What a Polish company lacks to issue an invoice."""

    _inherit = "res.company"

    def _missing(self):
        yield from super()._missing()
        if self._is_polish():
            invoice = self.env["account.move"].new({"company_id": self.id})
            for sentence in invoice._service_seller_problems({}):
                yield Missing(sentence, self.partner_id)
        if not self.partner_id.bank_ids:
            yield Missing(
                self.env._(
                    "%s has no bank account, so no invoice says where to pay: enter "
                    "it on the company's contact.",
                    self.name,
                ),
                self.partner_id,
            )
