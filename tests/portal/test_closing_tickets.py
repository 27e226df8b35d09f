from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import ServiceCommon


@tagged("post_install", "-at_install")
class TestClosingTickets(ServiceCommon, HttpCase):
    """A customer closes their own tickets and nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.closed = cls.env["helpdesk.ticket.stage"].create(
            {"name": "Zamknięte", "closed": True, "close_from_portal": True}
        )
        cls.ticket = cls._create_ticket()
        cls.login = "portal.customer"
        customer = cls._create_portal_user(cls.login)
        customer.partner_id.parent_id = cls.customer
        cls._create_portal_user("portal.stranger")

    @classmethod
    def _create_portal_user(cls, login):
        return new_test_user(
            cls.env,
            login=login,
            password=login,
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    def close(self, login, ticket_id):
        self.authenticate(login, login)
        return self.url_open(
            "/ticket/close",
            data={
                "ticket_id": ticket_id,
                "stage_id": self.closed.id,
                "csrf_token": Request.csrf_token(self),
            },
            allow_redirects=False,
        )

    def test_a_customer_closes_their_ticket(self):
        response = self.close(self.login, self.ticket.id)
        self.assertEqual(response.status_code, 302)
        self.assertEqual(self.ticket.stage_id, self.closed)

    def test_a_stranger_cannot(self):
        response = self.close("portal.stranger", self.ticket.id)
        self.assertEqual(response.status_code, 404)
        self.assertNotEqual(self.ticket.stage_id, self.closed)

    def test_a_ticket_that_does_not_exist_is_no_crash(self):
        for ticket_id in (self.ticket.id + 10**6, "abc", ""):
            with self.subTest(ticket_id=ticket_id):
                self.assertEqual(self.close(self.login, ticket_id).status_code, 404)
