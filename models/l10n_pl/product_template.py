from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    service_split_payment = fields.Boolean(
        string="Goods of Annex 15",
        help="Computers, discs, toner and other goods of Annex 15 to the VAT act: an "
        "invoice above 15,000 PLN with them on it is marked for split payment.",
    )
