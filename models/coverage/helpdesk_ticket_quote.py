from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.groups import BACK_OFFICE


class HelpdeskTicket(models.Model):
    """Quotes for what no contract covers, and offers of the contract that would."""

    _inherit = "helpdesk.ticket"

    quote_ids = fields.One2many("sale.order", "ticket_id", string="Quotes")
    quote_count = fields.Integer(compute="_compute_quote_count", compute_sudo=True)
    offer_template_id = fields.Many2one(
        "contract.template", compute="_compute_offer_template_id", compute_sudo=True
    )
    quote_first = fields.Boolean(
        copy=False,
        tracking=True,
        groups=BACK_OFFICE,
        help="The job is arranged individually: work starts when the customer has "
        "accepted a quote, whatever the contract covers.",
    )

    def _compute_quote_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.quote_count = counts.get(ticket._origin, 0)

    def _compute_offer_template_id(self):
        """The contract that would have covered the ticket."""
        tiers = self.env["service.tier"]
        for ticket in self:
            basic = tiers._first(ticket.company_id, "basic")
            entitled = ticket.item_id.licence_bought_on
            known = basic if entitled else ticket._paying_tier()
            uncovered = ticket.coverage_code in {"ad_hoc", "quote"}
            uncovered = uncovered and not ticket.service_contract_id
            offered = known.offer_template_id or basic.offer_template_id
            ticket.offer_template_id = uncovered and offered

    def _has_accepted_quote(self):
        """Whether the customer has accepted a quote for the work on this ticket.

        One for goods alone says nothing about the work.
        """
        self.ensure_one()
        # sudo: the answer is no secret; quotes are
        accepted = self.sudo()._customers_quotes("sale")
        return "service" in accepted.order_line.product_id.mapped("type")

    def _customers_quotes(self, state):
        """The quotes in a state; those of a former customer of the ticket left out."""
        return self.quote_ids.filtered(
            lambda quote: (
                quote.state == state
                and quote.partner_id.commercial_partner_id == self.commercial_partner_id
            )
        )

    def _speaks_for_customer(self, user):
        """Whether a reader of the customer's page may know what the work costs.

        That is a user of the customer, or a person of theirs who has the secret link;
        neither who only follows the ticket, nor a technician, who sees no prices.
        """
        customer = self.sudo().commercial_partner_id
        return user._is_public() or user.partner_id.commercial_partner_id == customer

    def _quotes_to_accept(self, user):
        """Quotes that wait for the answer of a user of the customer."""
        # sudo: customers read quotes through the page of each, but only their own
        quotes = self.sudo()._customers_quotes("sent")
        return quotes if self._speaks_for_customer(user) else quotes.browse()

    def action_make_quote(self):
        """A quote for the work of this ticket, by the price list."""
        self.ensure_one()
        self.check_access("write")
        self._close_requests("quote")
        rate = self.sudo()._paying_tier().rate_ids[:1]
        return self._open_quote(
            [
                Command.create(
                    {
                        "product_id": rate.product_id.id,
                        "name": f"{self.display_name}",
                        "product_uom_qty": 1,
                    }
                )
            ]
            if rate
            else []
        )

    def action_offer_contract(self):
        """A quote for the contract that covers such tickets, from its template."""
        self.ensure_one()
        template = self.sudo().offer_template_id
        if not template:
            raise UserError(
                self.env._(
                    "There is no contract to offer. Choose the offered contract on "
                    "the tier for basic support."
                )
            )
        stations = self.item_id.workstation_count or 1
        return self._open_quote(
            [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "name": line.name,
                        "product_uom_qty": (line.quantity or 1) * stations,
                        "price_unit": line.price_unit,
                    }
                )
                for line in template.contract_line_ids
                if line.product_id
            ],
            ticket=False,
        )

    def _open_quote(self, lines, *, ticket=True):
        contact = self._contact()
        position = contact._fiscal_position_for_services(self.company_id)
        quote = self.env["sale.order"].create(
            {
                "fiscal_position_id": position.id,
                "partner_id": contact.id,
                "company_id": self.company_id.id,
                "ticket_id": ticket and self.id,
                "origin": self.number,
                "order_line": lines,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": quote.id,
            "view_mode": "form",
        }

    def action_open_quotes(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quotes"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("ticket_id", "=", self.id)],
        }
