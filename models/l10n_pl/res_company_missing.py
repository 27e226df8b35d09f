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
                yield Missing(sentence, self, "company")
        if not self.partner_id.bank_ids:
            yield Missing(
                self.env._(
                    "%s has no bank account, so no invoice says where to pay.",
                    self.name,
                ),
                self,
                "company",
            )
        if self._is_polish() and (obstacle := self._ksef_obstacle()):
            yield Missing(obstacle, self, "company")

    def _ksef_obstacle(self):
        """What keeps invoices from KSeF, and who can change that."""
        connection = self.env["service.ksef.connection"]._of(self)
        if obstacle := connection._obstacle():
            return obstacle
        return "" if connection.certificate_end else connection._health()
