from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CoverageCommon


@tagged("post_install", "-at_install")
class TestQuotes(CoverageCommon):
    """A quote decides who pays, so it is the customer's, by one who sees the ticket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("seller", "sales_team.group_sale_salesman")
        cls.product = cls._create_product("Naprawa", 500.0)

    def _quote(self, ticket, user, customer=None):
        orders = self.env["sale.order"].with_user(user)
        return orders.create(
            {
                "partner_id": (customer or ticket.partner_id).id,
                "company_id": self.company.id,
                "ticket_id": ticket.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )

    def test_who_sells_elsewhere_decides_nothing_here(self):
        ticket = self._ticket(customer=self.other)
        with self.assertRaises(AccessError):
            self._quote(ticket, self.seller)
        order = self.env["sale.order"].with_user(self.seller)
        order = order.create(
            {"partner_id": self.other.id, "company_id": self.company.id}
        )
        with self.assertRaises(AccessError):
            order.ticket_id = ticket
        self.assertEqual(ticket.coverage_code, "ad_hoc")

    def test_a_site_without_a_country_makes_no_export(self):
        self.other.country_id = self.env.ref("base.pl")
        self.env["res.partner"].create(
            {"name": "Magazyn", "parent_id": self.other.id, "type": "delivery"}
        )
        ticket = self._ticket(customer=self.other).with_user(self.back_office)
        ticket.action_make_quote()
        quote = ticket.sudo().quote_ids
        self.assertEqual(quote.fiscal_position_id.country_id.code, "PL")

    def test_a_quote_is_the_customers(self):
        ticket = self._ticket(customer=self.other)
        with self.assertRefused("goes to its customer", ValidationError):
            self._quote(ticket, self.back_office, self.customer)
        quote = self._quote(ticket, self.back_office)
        with self.assertRefused("goes to its customer", ValidationError):
            quote.partner_id = self.customer

    def test_a_quote_from_before_the_ticket_had_its_customer(self):
        ticket = self._ticket(customer=self.other)
        self._quote(ticket, self.back_office).action_confirm()
        self.assertEqual(ticket.coverage_code, "quote_accepted")
        ticket.with_user(self.back_office).partner_id = self.customer
        self.assertNotEqual(ticket.coverage_code, "quote_accepted")
