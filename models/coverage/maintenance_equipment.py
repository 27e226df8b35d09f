from odoo import fields, models
from odoo.fields import Domain


class MaintenanceEquipment(models.Model):
    """Tickets about an item are decided again when the item changes."""

    _inherit = "maintenance.equipment"

    ticket_ids = fields.One2many("helpdesk.ticket", "item_id", string="Tickets")
    ticket_count = fields.Integer(compute="_compute_ticket_count")

    def _compute_ticket_count(self):
        counts = dict(
            self.env["helpdesk.ticket"]._read_group(
                [("item_id", "in", self.ids)], ["item_id"], ["__count"]
            )
        )
        for item in self:
            item.ticket_count = counts.get(item._origin, 0)

    def _coverage_changed(self):
        result = super()._coverage_changed()
        # Tickets are searched there, since who changes an item may not see them here.
        self.env["service.coverage"]._decide_open_tickets(
            Domain("item_id", "in", self.ids)
        )
        return result

    def action_open_tickets(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tickets"),
            "res_model": "helpdesk.ticket",
            "view_mode": "list,form",
            "domain": [("item_id", "=", self.id)],
            "context": {
                "default_item_id": self.id,
                "default_partner_id": self.customer_id.id,
            },
        }
