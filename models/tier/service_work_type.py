from odoo import fields, models


class ServiceWorkType(models.Model):
    _name = "service.work.type"
    _description = "Work Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    on_site = fields.Boolean(
        help="Done at the customer's: contracts may cover it at their places only."
    )
    remote = fields.Boolean(
        help="Done over a remote connection: the work of sessions is logged as this."
    )
    company_id = fields.Many2one(
        "res.company", help="Leave empty to share the work type between companies."
    )
