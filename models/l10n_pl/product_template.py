from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    service_split_payment = fields.Boolean(
        string="Goods of Annex 15",
        help="Computers, discs, toner and other goods of Annex 15 to the VAT act: an "
        "invoice above 15,000 PLN with them on it is marked for split payment.",
    )

    @api.model
    def _fields_on_invoices(self):
        """The codes of the Polish VAT report as well."""
        ours = {"l10n_pl_vat_gtu", "service_split_payment"}
        return super()._fields_on_invoices() | ours
