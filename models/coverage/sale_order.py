from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        index="btree_not_null",
        copy=False,
        check_company=True,
        help="The work on this ticket is done and charged under this quote.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        self.env["service.coverage"]._decide(orders.ticket_id)
        return orders

    def write(self, vals):
        tickets = self.ticket_id
        result = super().write(vals)
        if {"state", "ticket_id"} & set(vals):
            self.env["service.coverage"]._decide(tickets | self.ticket_id)
        return result
