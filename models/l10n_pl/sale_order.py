from odoo import models


class SaleOrder(models.Model):
    """The invoice of a quoted job says when the work was done."""

    _inherit = "sale.order"

    def _prepare_invoice(self):
        vals = super()._prepare_invoice()
        # sudo: the user who invoices need not read the work of technicians
        days = self.sudo().ticket_id.timesheet_ids.mapped("date")
        if days and self.company_id._is_polish():
            vals["taxable_supply_date"] = max(days)
        return vals
