from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.fa3 import schema
from ...tools.groups import ADMINISTRATOR


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
    service_ksef_connection_ids = fields.One2many(
        "service.ksef.connection", "company_id"
    )
    service_ksef_offline_certificate_id = fields.Many2one(
        "certificate.certificate",
        string="Offline Certificate of KSeF",
        check_company=True,
        groups=ADMINISTRATOR,
        help="Signs the second code on invoices that are issued while KSeF is away. It "
        "is another kind than the one to sign in with.",
    )
    service_ksef_hand_over = fields.Boolean(
        string="E-mail Offline Invoices at Once",
        help="Invoices issued offline go to the customer with both codes, before KSeF "
        "has them. Otherwise only those issued in an announced failure do.",
    )
    service_ksef_consumers = fields.Boolean(
        string="Consumers' Invoices Go to KSeF",
        help="By law they may stay outside.",
    )
    service_ksef_small_seller = fields.Boolean(
        string="Outside KSeF up to 10,000 PLN a Month",
        help="Small sellers may stay outside KSeF until the end of 2026. The invoice "
        "that exceeds the gross amount in its month goes to KSeF, and so do all later "
        "ones.",
    )
    service_ksef_both_states = fields.Boolean(
        string="Corrections with Lines Before and After",
        help="KSeF gets each corrected line before and after (StanPrzed). Otherwise it "
        "gets the difference. Paper shows all three.",
    )
    service_is_polish = fields.Boolean(compute="_compute_service_is_polish")
    service_schema_missing = fields.Boolean(compute="_compute_service_schema_missing")

    def _is_polish(self):
        """Whether the company accounts for VAT in Poland, wherever it has its seat."""
        self.ensure_one()
        return self.account_fiscal_country_id.code == "PL"

    def _goes_to_ksef(self):
        """Whether its invoices are issued in KSeF.

        Once somebody chose an environment, a certificate that is taken out does not
        change that: only *Send Nothing* does.
        """
        self.ensure_one()
        # sudo: whether there is a certificate is no secret; the certificate is
        company = self.sudo()
        return company._is_polish() and bool(
            company.l10n_pl_edi_register
            or any(company.service_ksef_connection_ids.mapped("environment"))
        )

    def _is_polish_holiday(self, day):
        """Whether offices are closed in Poland; unknown holidays only make deadlines
        end sooner."""
        try:
            return day in self._public_holidays([day.year], self.env.ref("base.pl"))
        except UserError:
            return False

    @api.depends("account_fiscal_country_id")
    def _compute_service_is_polish(self):
        for company in self:
            company.service_is_polish = company._is_polish()

    @api.depends("service_check_schema")
    def _compute_service_schema_missing(self):
        self.service_schema_missing = not schema.AVAILABLE
