from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    service_split_payment = fields.Boolean(
        string="Annex 15 Goods",
        help="Computers, disks, toner and other goods listed in Annex 15 to the VAT "
        "Act: an invoice over 15,000 PLN that includes any of them is marked for "
        "split payment.",
    )

    @api.model
    def _fields_on_invoices(self):
        """The codes of the Polish VAT report as well."""
        ours = {"l10n_pl_vat_gtu", "service_split_payment"}
        return super()._fields_on_invoices() | ours
