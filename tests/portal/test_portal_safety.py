from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import ServiceCommon


class PortalCommon(ServiceCommon, HttpCase):
    """Two people of the customer and one of another, who sign in. Holds no test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = cls.env["res.partner"].create(
            {"name": "Konkurent sp. z o.o.", "is_company": True}
        )
        cls.jan, cls.anna = (cls._portal_user(n, cls.customer) for n in ("jan", "anna"))
        cls.peer = cls._portal_user("peer", cls.rival)
        cls.closed = cls.env["helpdesk.ticket.stage"].create(
            {"name": "Zamknięte", "closed": True, "close_from_portal": True}
        )
        cls.contract = cls._create_contract()
        cls.ticket = cls._create_ticket(partner_id=cls.jan.partner_id.id)
        cls.ticket.message_subscribe(cls.jan.partner_id.ids)

    @classmethod
    def _portal_user(cls, login, customer):
        user = new_test_user(
            cls.env,
            login=login,
            password=login,
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )
        user.partner_id.parent_id = customer
        return user

    def sees(self, user, records):
        """Which of some records a user finds."""
        allowed = {"allowed_company_ids": user.company_ids.ids}
        found = self.env[records._name].with_user(user).with_context(**allowed)
        found = found.search([])
        return records & found.with_env(records.env)

    def get(self, path, login="jan"):
        self.authenticate(login, login)
        with mute_logger("odoo.http"):
            return self.url_open(path, allow_redirects=False)

    def post(self, path, login="jan", **data):
        self.authenticate(login, login)
        data["csrf_token"] = Request.csrf_token(self)
        with mute_logger("odoo.http"):
            return self.url_open(path, data=data, allow_redirects=False)


@tagged("post_install", "-at_install")
class TestPortalSafety(PortalCommon):
    """What is on the portal is for the customer's people, and changes by forms."""

    def test_fees_are_for_who_follows_the_contract(self):
        lines = self.contract.contract_line_ids
        changes = self.contract.modification_ids
        self.assertTrue(lines and changes)
        for user in (self.peer, self.anna):
            self.assertFalse(self.sees(user, lines) | self.sees(user, lines))
            self.assertFalse(self.sees(user, changes))
            sums = self.env["contract.line"].with_user(user)
            self.assertFalse(
                sums.formatted_read_group([], ["contract_id"], ["__count"])
            )
            with self.assertRaises(AccessError):
                lines.with_user(user).read(["specific_price"])
        self.contract.message_subscribe(self.anna.partner_id.ids)
        self.assertEqual(self.sees(self.anna, lines), lines)
        self.assertEqual(self.sees(self.anna, changes), changes)

    def test_changes_of_contracts_are_for_ones_own_company(self):
        other = self._create_service_company("Druga sp. z o.o.")
        for group in ("group_back_office", "group_manager"):
            user = self._create_user(f"inny.{group}", group, company=other)
            self.assertFalse(self.sees(user, self.contract.modification_ids))

    def test_no_link_closes_or_opens_a_ticket(self):
        stage = f"stage_id={self.closed.id}"
        answer = self.get(f"/ticket/close?ticket_id={self.ticket.id}&{stage}")
        self.assertEqual(answer.status_code, 405)
        self.assertNotEqual(self.ticket.stage_id, self.closed)
        before = self.env["helpdesk.ticket"].search_count([])
        answer = self.get("/submitted/ticket?subject=Link&description=Link")
        self.assertEqual(answer.status_code, 405)
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), before)
        self.authenticate("jan", "jan")
        data = {"ticket_id": self.ticket.id, "stage_id": self.closed.id}
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open("/ticket/close", data).status_code, 400)

    def test_who_only_follows_closes_nothing(self):
        self.ticket.message_subscribe(self.peer.partner_id.ids)
        data = {"ticket_id": self.ticket.id, "stage_id": self.closed.id}
        page = self.get(f"/my/ticket/{self.ticket.id}", "peer")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("/ticket/close", page.text)
        self.assertEqual(self.post("/ticket/close", "peer", **data).status_code, 404)
        self.assertNotEqual(self.ticket.stage_id, self.closed)
        self.assertIn("/ticket/close", self.get(f"/my/ticket/{self.ticket.id}").text)
        # A colleague of the one who reported it speaks for the customer as well.
        self.assertEqual(self.post("/ticket/close", "anna", **data).status_code, 302)
        self.assertEqual(self.ticket.stage_id, self.closed)

    def test_odd_parameters_are_the_mistake_of_who_sends_them(self):
        pages = [
            "/my/tickets?sortby=nic",
            "/my/tickets?groupby=nic",
            "/my/tickets?search_in=nic&search=x",
            "/my/tickets?search=%00",
            "/my/tickets?date_begin=wczoraj&date_end=dzi%C5%9B",
            "/my/tickets?date_begin=2026-13-01&date_end=2026-10-01",
        ]
        for page in pages:
            with self.subTest(page=page):
                self.assertIn(self.get(page).status_code, range(400, 500))
        forms = [
            ("/ticket/close", {"ticket_id": "abc", "stage_id": 1}),
            ("/ticket/close", {"ticket_id": "²", "stage_id": 1}),
            ("/ticket/close", {"ticket_id": str(2**70), "stage_id": 1}),
            ("/ticket/close", {"ticket_id": self.ticket.id, "stage_id": "abc"}),
            ("/ticket/close", {"ticket_id": self.ticket.id, "stage_id": 2**31}),
            ("/ticket/close", {"ticket_id": self.ticket.id}),
            ("/submitted/ticket", {"subject": "x"}),
            ("/submitted/ticket", {"description": "x"}),
            ("/submitted/ticket", {"subject": "x\0", "description": "x"}),
            ("/submitted/ticket", self.report(category="abc")),
            ("/submitted/ticket", self.report(category=2**31 - 1)),
            ("/submitted/ticket", self.report(category="-1")),
            (f"/my/ticket/{self.ticket.id}/object", {"reason": "x\0"}),
        ]
        for path, data in forms:
            with self.subTest(path=path, data=data):
                answer = self.post(path, **data)
                self.assertIn(answer.status_code, range(400, 500))
        for path in (f"/my/ticket/{self.ticket.id}", f"/my/contracts/{2**40}"):
            with self.subTest(path=path):
                answer = self.get(f"{path}?access_token=%C5%BC", "peer")
                self.assertEqual(answer.status_code, 303)
        known = self.get(
            "/my/tickets?sortby=name&groupby=stage&search=x&search_in=name"
        )
        self.assertEqual(known.status_code, 200)
        sent = self.post("/submitted/ticket", **self.report())
        self.assertRegex(sent.headers["Location"], r"/my/ticket/\d+$")

    def report(self, **values):
        return {"subject": "Nie działa", "description": "Nic"} | values


@tagged("post_install", "-at_install")
class TestWhoLeft(PortalCommon):
    """A contact who changes employer takes nothing along and shows it to nobody."""

    def test_the_customer_of_a_ticket_is_the_one_it_was_reported_for(self):
        entry = self._log_on(self.ticket, 30, "2026-10-02")
        self.jan.partner_id.with_user(self.back_office).parent_id = self.rival
        self.env.flush_all()
        self.ticket.invalidate_recordset()
        self.assertEqual(self.ticket.commercial_partner_id, self.customer)
        self.assertEqual(self.ticket.service_contract_id, self.contract)
        self.assertEqual(entry.customer_id, self.customer)
        self.assertEqual(entry.service_contract_id, self.contract)
        # Whatever is edited later.
        self.ticket.with_user(self.technician).write({"name": "Inny tytuł"})
        later = self._log_on(self.ticket, 30, "2026-10-03")
        self.assertEqual(later.service_contract_id, self.contract)
        self.assertEqual(self.ticket.coverage_code, "contract")

    def test_the_new_employer_sees_nothing(self):
        self.jan.partner_id.with_user(self.back_office).parent_id = self.rival
        for user in (self.peer, self.jan):
            self.assertFalse(self.sees(user, self.ticket))
            answer = self.get(f"/my/ticket/{self.ticket.id}", user.login)
            self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.sees(self.anna, self.ticket), self.ticket)

    def test_who_is_taken_out_of_a_company_takes_nothing_along(self):
        self.jan.partner_id.with_user(self.back_office).parent_id = False
        self.ticket.with_user(self.technician).write({"name": "Inny tytuł"})
        self.assertEqual(self.ticket.commercial_partner_id, self.customer)
        self.assertFalse(self.sees(self.jan, self.ticket))

    def test_who_left_follows_and_hears_nothing_more(self):
        self.contract.message_subscribe(self.jan.partner_id.ids)
        self.jan.partner_id.with_user(self.back_office).parent_id = self.rival
        self.assertNotIn(self.jan.partner_id, self.ticket.message_partner_ids)
        self.assertNotIn(self.jan.partner_id, self.contract.message_partner_ids)
        self.assertFalse(self.sees(self.jan, self.contract.contract_line_ids))
        self.assertEqual(self.ticket._contact(), self.customer)

    def test_a_contact_takes_no_contract_along(self):
        self.contract.partner_id = self.jan.partner_id
        with self.assertRefused("is in the name of"):
            self.jan.partner_id.with_user(self.back_office).parent_id = self.rival

    def test_a_ticket_that_goes_to_another_customer_leaves_its_people(self):
        technician = self.technician.partner_id
        self.ticket.message_subscribe((self.anna.partner_id | technician).ids)
        link = self.ticket._portal_ensure_token()
        self.ticket.with_user(self.back_office).partner_id = self.peer.partner_id
        followers = self.ticket.message_partner_ids
        self.assertNotIn(self.jan.partner_id, followers)
        self.assertNotIn(self.anna.partner_id, followers)
        self.assertIn(technician, followers)
        self.assertFalse(self.sees(self.jan, self.ticket))
        answer = self.get(f"/my/ticket/{self.ticket.id}?access_token={link}")
        self.assertEqual(answer.status_code, 303)

    def test_a_contract_of_another_company_pays_for_no_ticket(self):
        other = self._create_service_company("Druga sp. z o.o.")
        hour = self._create_product("Godzina", 100.0, company=other)
        tier = self._create_tier("VIP", company=other, product=hour)
        theirs = self.env["contract.contract"].create(
            {
                "name": "Umowa drugiej",
                "partner_id": self.customer.id,
                "company_id": other.id,
                "service_tier_id": tier.id,
                "date_start": "2026-01-01",
            }
        )
        ticket = self.ticket.with_user(self.back_office)
        with self.assertRefused("ticket of another company"):
            ticket.service_contract_id = theirs
        with self.assertRefused("ticket of another company"):
            self.env["helpdesk.ticket"].with_user(self.back_office).create(
                {
                    "name": "x",
                    "description": "x",
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "service_contract_id": theirs.id,
                }
            )
        with freeze_time("2026-10-02 08:00:00"):
            earlier = self._create_ticket(company_id=other.id)
        with self.assertRefused("same customer and company"):
            ticket.complaint_of_id = earlier
