import re

from freezegun import freeze_time
from lxml import html

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..coverage.common import CoverageCommon


@tagged("post_install", "-at_install")
class TestTicketPages(CoverageCommon, HttpCase):
    """What a customer reads about their tickets, in Polish and on any screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls._create_portal_user("anna.portal")
        cls.anna.partner_id.parent_id = cls.customer
        cls.stranger = cls._create_portal_user("obcy.portal")

    @classmethod
    def _create_portal_user(cls, login):
        return new_test_user(
            cls.env,
            login=login,
            password=login,
            lang="pl_PL",
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    def _page(self, path, login="anna.portal"):
        self.authenticate(login, login)
        return html.fromstring(self.url_open(path).content)

    def _text(self, page, path="//*[@id='wrap']"):
        return " ".join(page.xpath(path)[0].text_content().split())

    def _ticket_page(self, ticket):
        return self._page(f"/my/ticket/{ticket.id}")

    def test_the_price_of_a_contract_without_hours(self):
        self.contract.allowance_minutes = 0
        ticket = self._ticket()
        text = self._text(self._ticket_page(ticket), "//*[@id='coverage']")
        self.assertIn("Płatne: 120,00 zł netto (147,60 zł brutto) za godzinę", text)
        self.assertNotIn("Objęte", text)

    def test_hours_that_are_left(self):
        with freeze_time("2026-10-07 12:00:00"):
            ticket = self._ticket()
            sentence = ticket.with_context(lang="pl_PL")._cost_for_customer()
        self.assertEqual(sentence, "Pokrywają to godziny z umowy, zostało 2:00.")

    def test_what_closed_work_came_to(self):
        ticket = self._ticket()
        self._log_on(ticket, 150, "2026-10-06")
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        text = self._text(self._ticket_page(ticket), "//*[@id='coverage']")
        self.assertIn("Z godzin w umowie: 2:00", text)
        self.assertIn("Płatne: 1:00", text)

    def test_who_only_follows_a_ticket_is_told_no_price(self):
        ticket = self._ticket()
        ticket.message_subscribe(self.stranger.partner_id.ids)
        page = self._page(f"/my/ticket/{ticket.id}", "obcy.portal")
        self.assertIn(ticket.number, self._text(page))
        self.assertFalse(page.xpath("//*[@id='coverage']"))

    def test_the_quote_to_accept_is_one_click_away(self):
        ticket = self._ticket(quote_first=True)
        ticket.with_user(self.back_office).action_make_quote()
        page = self._ticket_page(ticket)
        self.assertFalse(page.xpath("//a[contains(@href, '/my/orders/')]"))
        quote = ticket.sudo().quote_ids
        quote.action_quotation_sent()
        page = self._ticket_page(ticket)
        (link,) = page.xpath("//a[contains(@href, '/my/orders/')]")
        self.assertEqual(link.get("href"), f"/my/orders/{quote.id}")
        self.assertIn(quote.name, link.text_content())

    def test_a_ticket_goes_by_its_number(self):
        ticket = self._ticket()
        page = self._ticket_page(ticket)
        self.assertIn(ticket.number, self._text(page, "//*[@id='card_header']"))
        self.assertNotIn(f"#{ticket.id}", self._text(page))
        self.assertIn(ticket.number, page.xpath("//title")[0].text)

    def test_pages_name_their_language(self):
        for path in ("/my", "/my/tickets", "/new/ticket"):
            self.assertEqual(self._page(path).get("lang"), "pl-PL", path)

    def test_times_have_no_seconds(self):
        ticket = self._ticket()
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        for page in (self._ticket_page(ticket), self._page("/my/tickets")):
            self.assertFalse(re.search(r"\d\d:\d\d:\d\d", self._text(page)))

    def test_a_ticket_that_was_opened_again_is_not_closed(self):
        ticket = self._ticket()
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.assertIn("Data zamknięcia", self._text(self._ticket_page(ticket)))
        new = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new")
        ticket.stage_id = new
        self.assertNotIn("Data zamknięcia", self._text(self._ticket_page(ticket)))

    def test_the_list_is_in_polish(self):
        self._ticket()
        page = self._page("/my/tickets")
        text = page.text_content()
        self.assertIn("Najnowsze", text)
        for english in ("Newest", "None", "Search in", "Last Stage Update"):
            self.assertNotIn(english, text)

    def test_labels_belong_to_their_fields(self):
        page = self._page("/new/ticket")
        for field in page.xpath("//form//input[@type='text'] | //form//textarea"):
            self.assertTrue(page.xpath(f"//label[@for='{field.get('id')}']"))

    def test_an_own_objection_is_not_told_as_somebody_elses(self):
        self.tier.free_unjustified = 0
        ticket = self._ticket()
        self._judge(ticket, "unjustified")
        ticket.with_user(self.anna)._raise_objection("To był sterownik")
        text = self._text(self._ticket_page(ticket), "//*[@id='coverage']")
        self.assertIn("To był sterownik", text)
        self.assertIn("odpowiemy", text)
        self.assertNotIn("Klient", text)

    def test_nobody_is_asked_to_pay_where_there_is_no_way(self):
        ticket = self._ticket()
        self._log_on(ticket, 180, "2026-10-06")
        with freeze_time("2026-11-03 12:00:00"):
            invoice = self._bill(self.contract, "2026-10-31")[-1]
            invoice.action_post()
        self.assertTrue(invoice.amount_residual)
        self.assertFalse(invoice._has_to_be_paid())
        method = self.env["payment.method"].search([], limit=1)
        provider = self.env["payment.provider"].create(
            {
                "name": "Przelewy",
                "company_id": self.company.id,
                "payment_method_ids": [Command.set(method.ids)],
            }
        )
        provider.write({"state": "test", "is_published": True})
        self.assertTrue(invoice._has_to_be_paid())
