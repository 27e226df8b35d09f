from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    service_contract_id = fields.Many2one(
        "contract.contract",
        compute="_compute_service_contract_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        tracking=True,
        domain="[('service_tier_id.kind', '!=', 'ad_hoc'),"
        " ('service_tier_id', '!=', False),"
        " ('company_id', '=', company_id),"
        " ('commercial_partner_id', '=', commercial_partner_id)]",
        help="In force for the customer when the ticket came in. It pays for the work.",
    )
    reported_at = fields.Datetime(
        string="Reported",
        required=True,
        default=fields.Datetime.now,
        copy=False,
        index=True,
        tracking=True,
        help="When the customer told us. Warranty and contracts count from that day.",
    )
    timesheet_ids = fields.One2many(
        "account.analytic.line", "ticket_id", string="Work Entries"
    )
    item_id = fields.Many2one(
        "maintenance.equipment",
        string="Covered Item",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        domain="[('commercial_customer_id', '=', commercial_partner_id),"
        " ('commercial_customer_id', '!=', False)]",
        help="The customer's device, hosting or licence this is about.",
    )
    place_id = fields.Many2one(
        "res.partner",
        string="Place of Service",
        compute="_compute_place_id",
        store=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        help="Where the work is needed. Contracts may cover work at some places only.",
    )

    @api.depends("partner_id", "company_id", "item_id", "reported_at")
    def _compute_service_contract_id(self):
        contracts = self.env["contract.contract"]
        by_customer = contracts._by_customer(self.partner_id, self.company_id)
        for ticket in self:
            reported = ticket._reported_day()
            of_item = ticket.item_id.service_contract_id
            if of_item and of_item._in_force(reported) and of_item._is_service():
                ticket.service_contract_id = of_item
            else:
                customer = ticket.partner_id.commercial_partner_id
                found = by_customer.get((ticket.company_id, customer), contracts)
                ticket.service_contract_id = found._first_in_force(reported)

    @api.constrains("service_contract_id", "partner_id", "company_id")
    def _check_service_contract(self):
        for ticket in self.sudo().filtered("service_contract_id"):
            contract = ticket.service_contract_id
            if contract.commercial_partner_id != ticket.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "The contract “%(contract)s” serves %(customer)s and cannot "
                        "pay for a ticket of another customer.",
                        contract=contract.display_name,
                        customer=contract.commercial_partner_id.display_name,
                    )
                )

    def _reported_day(self):
        """The day of the report by the company's clock."""
        return self.company_id.sudo()._service_day(self.reported_at)

    def _contract_on(self, day):
        """The contract that pays for work done on ``day``, or none.

        A ticket may outlive the contract it came in under.
        """
        self.ensure_one()
        contract = self.service_contract_id
        if not contract or contract._in_force(day):
            return contract
        return contract._serving(self.partner_id, self.company_id, day)

    @api.depends("item_id")
    def _compute_place_id(self):
        for ticket in self:
            ticket.place_id = ticket.item_id.place_id or ticket.place_id

    @api.constrains("company_id", "item_id", "partner_id", "place_id")
    def _check_item_and_place(self):
        # sudo: items decide who pays, whoever may see them
        for ticket in self.sudo().filtered(lambda t: t.item_id or t.place_id):
            item, customer = ticket.item_id, ticket.commercial_partner_id
            owners = item.commercial_customer_id | ticket.place_id.commercial_partner_id
            if owners - customer or (item.company_id or ticket.company_id) != (
                ticket.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "The item and the place of ticket %(ticket)s must be those of "
                        "its customer, %(customer)s, and of its company. Choose "
                        "others, or leave them empty.",
                        ticket=ticket.number,
                        customer=customer.display_name or "–",
                    )
                )
