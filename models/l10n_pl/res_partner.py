from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_ksef = fields.Selection(
        [
            ("default", "By default: companies yes, consumers as the company chose"),
            ("always", "Always"),
            ("never", "Never"),
        ],
        string="Invoices in KSeF",
        default="default",
        required=True,
        help="Invoices to companies must go to KSeF. A consumer's invoice may stay "
        "outside KSeF and is then sent by e-mail at once.",
    )

    def _is_ksef_customer(self, company):
        """Whether the customer's invoices go to KSeF; with a NIP it is no consumer."""
        self.ensure_one()
        if self.service_ksef == "default":
            return bool(self.is_company or self.vat or company.service_ksef_consumers)
        return self.service_ksef == "always"
