from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.guard import Guard, Seal

# A copy gets a number of its own.
NUMBERING = Seal("numbering")
NUMBERED = Guard(frozenset({"number", "unattended"}), NUMBERING)


class HelpdeskTicket(models.Model):
    """The customer, the item and the place that a ticket is about."""

    _name = "helpdesk.ticket"
    _inherit = ["service.guarded", "helpdesk.ticket"]

    # Whose it was when it was reported: who changes employer takes no ticket along.
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        related=None,
        compute="_compute_commercial_partner_id",
        store=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    reported_at = fields.Datetime(
        string="Reported",
        required=True,
        default=fields.Datetime.now,
        copy=False,
        index=True,
        tracking=True,
        help="When the customer reported it. Warranty and contracts are checked for "
        "that day.",
    )
    timesheet_ids = fields.One2many(
        "account.analytic.line", "ticket_id", string="Work Entries"
    )
    item_id = fields.Many2one(
        "maintenance.equipment",
        string="Covered Item",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('commercial_customer_id', '=', commercial_partner_id),"
        " ('commercial_customer_id', '!=', False)]",
        help="The customer's device, hosting or licence this is about.",
    )
    place_id = fields.Many2one(
        "res.partner",
        string="Service Site",
        compute="_compute_place_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        help="Where the work is needed. Contracts may cover work at certain sites "
        "only.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), NUMBERED)

    def write(self, vals):
        # sudo: whose it is counts, visible or not
        tickets = self.sudo() if "partner_id" in vals else self.browse()
        before = {ticket: ticket.commercial_partner_id for ticket in tickets}
        result = super().write(vals)
        for ticket, customer in before.items():
            if ticket.commercial_partner_id != customer:
                ticket._leave_customer(customer)
        return result

    def _leave_customer(self, customer):
        """The people of a former customer follow the ticket no more, and open it by no
        link of theirs."""
        self.ensure_one()
        for person in self.message_partner_ids:
            if customer and person.commercial_partner_id == customer:
                person._unfollow(self)
        self.access_token = False

    def copy(self, default=None):
        """OCA helpdesk numbers copies before they are made."""
        default = {n: v for n, v in (default or {}).items() if n not in NUMBERED.names}
        copies = super(HelpdeskTicket, self.with_context(**NUMBERING.opened)).copy(
            default
        )
        return copies.with_env(self.env)

    @api.depends("partner_id")
    def _compute_commercial_partner_id(self):
        for ticket in self:
            ticket.commercial_partner_id = ticket.partner_id.commercial_partner_id

    def _contact(self):
        """Who speaks for the customer: the contact, while they are the customer's."""
        customer = self.commercial_partner_id
        theirs = self.partner_id.commercial_partner_id == customer
        return self.partner_id if theirs else customer

    def _reported_day(self):
        """The day of the report by the company's clock."""
        return self.company_id.sudo()._service_day(self.reported_at)

    @api.depends("item_id")
    def _compute_place_id(self):
        for ticket in self:
            ticket.place_id = ticket.item_id.place_id or ticket.place_id

    @api.constrains("company_id", "item_id", "partner_id", "place_id")
    def _check_item_and_place(self):
        # sudo: items decide who pays, visible or not
        for ticket in self.sudo().filtered(lambda t: t.item_id or t.place_id):
            item, customer = ticket.item_id, ticket.commercial_partner_id
            owners = item.commercial_customer_id | ticket.place_id.commercial_partner_id
            if owners - customer or (item.company_id or ticket.company_id) != (
                ticket.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "The item and the site of ticket %(ticket)s must belong to "
                        "its customer, %(customer)s, and to its company. Choose "
                        "others, or leave them empty.",
                        ticket=ticket.number,
                        customer=customer.display_name or "–",
                    )
                )
