from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SaleOrder(models.Model):
    """A quote for the work on a ticket: it decides who pays for that."""

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
        orders.ticket_id.check_access("read")
        self.env["service.coverage"]._decide(orders.ticket_id)
        return orders

    def write(self, vals):
        tickets = self.ticket_id
        result = super().write(vals)
        if vals.get("ticket_id"):
            self.ticket_id.check_access("read")
        if {"state", "ticket_id"} & set(vals):
            self.env["service.coverage"]._decide(tickets | self.ticket_id)
        return result

    @api.constrains("partner_id", "ticket_id")
    def _check_customer_of_ticket(self):
        """Who agrees to a quote is who reported; another may be asked to pay for it."""
        for order in self:
            # sudo: the quote of a visit is made for those who may not read contacts
            customer = order.ticket_id.sudo().commercial_partner_id
            if customer and customer != order.partner_id.sudo().commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "A quote for work on %(ticket)s goes to its customer, "
                        "%(customer)s. Choose another invoice address if somebody "
                        "else pays.",
                        ticket=order.ticket_id.display_name,
                        customer=customer.display_name,
                    )
                )
