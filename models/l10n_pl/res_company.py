from odoo import api, fields, models

from ...tools.fa3 import schema


class ResCompany(models.Model):
    """Which companies are Polish, and what is checked before they post an invoice."""

    _inherit = "res.company"

    service_vat_exemption = fields.Char(
        string="Legal Basis of VAT Exemption",
        size=256,
        help="The legal provision that exempts the sale; printed on every invoice with "
        "an exempt line.",
    )
    service_check_invoices = fields.Boolean(
        string="Check Invoices Before Posting",
        default=True,
        help="Service invoices and their corrections can be posted only if no problems "
        "are found.",
    )
    service_check_all = fields.Boolean(
        string="Other Customer Invoices Too",
        help="Invoices not related to a service contract are checked as well.",
    )
    service_check_buyer = fields.Boolean(string="Customer's Tax Number", default=True)
    service_check_address = fields.Boolean(string="Customer's Country", default=True)
    service_check_seller = fields.Boolean(
        string="Our Tax Number and Address", default=True
    )
    service_check_tax = fields.Boolean(string="Tax on Every Line", default=True)
    service_check_goods = fields.Boolean(
        string="No Goods Tax on Services", default=True
    )
    service_check_exemption = fields.Boolean(
        string="Legal Basis of Exemptions", default=True
    )
    service_check_quantity = fields.Boolean(string="No Zero Quantities", default=True)
    service_check_length = fields.Boolean(string="Text Length", default=True)
    service_check_text = fields.Boolean(string="Characters of Texts", default=True)
    service_check_correction = fields.Boolean(
        string="Original Invoice and Correction Reason", default=True
    )
    service_check_currency = fields.Boolean(string="Exchange Rate", default=True)
    service_check_sum = fields.Boolean(
        string="Lines Add Up",
        default=True,
        help="Service invoices always do. Others need taxes to be rounded per line.",
    )
    service_check_schema = fields.Boolean(
        string="Official FA(3) Schema",
        default=True,
        help="The structured invoice is validated as KSeF does it when the invoice is "
        "posted.",
    )
    service_check_meaning = fields.Boolean(
        string="Sums, Rates and Notes of FA(3)",
        default=True,
        help="KSeF takes a structured invoice that contradicts itself. We do not.",
    )
    service_is_polish = fields.Boolean(compute="_compute_service_is_polish")
    service_schema_missing = fields.Boolean(compute="_compute_service_schema_missing")

    def _is_polish(self):
        """Whether the company accounts for VAT in Poland, wherever it has its seat."""
        self.ensure_one()
        return self.account_fiscal_country_id.code == "PL"

    @api.depends("account_fiscal_country_id")
    def _compute_service_is_polish(self):
        for company in self:
            company.service_is_polish = company._is_polish()

    @api.depends("service_check_schema")
    def _compute_service_schema_missing(self):
        self.service_schema_missing = not schema.AVAILABLE
