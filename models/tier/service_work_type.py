from odoo import fields, models


class ServiceWorkType(models.Model):
    _name = "service.work.type"
    _description = "Work Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    on_site = fields.Boolean(
        help="Work at the customer's site: contracts may cover it only at certain "
        "sites."
    )
    remote = fields.Boolean(
        help="Work over a remote connection: the time of remote sessions is logged "
        "under this type."
    )
    company_id = fields.Many2one(
        "res.company", help="Leave empty to share the work type between companies."
    )
