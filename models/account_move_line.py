from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    service_period_from = fields.Date(readonly=True, copy=False)
    service_period_to = fields.Date(readonly=True, copy=False)
