from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    service_split_payment = fields.Boolean(
        string="Annex 15 Goods",
        help="Computers, disks, toner and other goods listed in Annex 15 to the VAT "
        "Act: an invoice over 15,000 PLN that includes any of them is marked for "
        "split payment.",
    )
