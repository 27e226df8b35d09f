from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceContractChoice(models.TransientModel):
    """Somebody chooses which of the customer's contracts serves a ticket.

    The choice is for this ticket, and can be made a rule for its item or category.
    """

    _name = "service.contract.choice"
    _inherit = "service.dialog"
    _description = "Choice of a Contract"
    _about = "ticket_id"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True)
    possible_contract_ids = fields.Many2many(
        "contract.contract", compute="_compute_possible_contract_ids"
    )
    contract_id = fields.Many2one(
        "contract.contract",
        domain="[('id', 'in', possible_contract_ids)]",
        help="Leave empty if none of them serves the ticket: the price list counts.",
    )
    item_id = fields.Many2one(related="ticket_id.item_id", related_sudo=False)
    category_id = fields.Many2one(related="ticket_id.category_id", related_sudo=False)
    for_item = fields.Boolean(string="Also for Later Tickets about the Item")
    for_category = fields.Boolean(string="Also for Later Tickets of the Category")

    @api.depends("ticket_id")
    def _compute_possible_contract_ids(self):
        for dialog in self:
            # sudo: technicians see the contracts of their tickets
            ticket = dialog.ticket_id.sudo()
            dialog.possible_contract_ids = ticket._contracts_to_choose_from()

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        ticket = self.env["helpdesk.ticket"].browse(values.get("ticket_id"))
        return values | {"contract_id": ticket.service_contract_id.id}

    def action_choose(self):
        self.ensure_one()
        ticket, contract = self.ticket_id, self.contract_id
        ticket.check_access("write")
        if (self.for_item or self.for_category) and not contract:
            raise UserError(
                self.env._("Choose the contract that later tickets are to go to.")
            )
        ticket._choose_contract(contract)
        # sudo: who may choose the contract of tickets may say so of those to come, but
        # changes nothing else of contracts and items
        if self.for_item:
            self.item_id.sudo().service_contract_id = contract
        if self.for_category:
            contract.sudo()._prefer_for(self.category_id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_follow_rules(self):
        """Let the rules find the contract again."""
        self.ensure_one()
        self.ticket_id.check_access("write")
        self.ticket_id._withdraw_choice()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
