import re
from datetime import timedelta

from freezegun import freeze_time
from lxml import html as lxml_html

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from ...models.remote.service_remote_session_consent import consent_url
from ...tools.consent import Statement
from ..common import MODULE
from .common import RemoteCommon

TICKS = [f"statement_{name}" for name in Statement]


class ConsentHttpCase(RemoteCommon, HttpCase):
    """A session that a person is invited to. Holds no test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket(partner_id=cls.person.id)
        cls.planned = cls._session(cls.ticket)
        cls.documents = (cls.regulations | cls.price_list).version_ids
        cls.env["res.lang"]._activate_lang("en_US")
        cls.technician.lang = "en_US"

    def path(self, session=None):
        url = consent_url(session or self.planned)
        return url.removeprefix((session or self.planned).get_base_url())

    def page(self, path=None, **kwargs):
        response = self.url_open(path or self.path(), **kwargs)
        return response, lxml_html.fromstring(response.text)

    def send(self, path=None, ticks=None, *, shown=None, csrf=True, **values):
        """Send the form as a browser does, with ``ticks``; all of them by default."""
        documents = self.documents if shown is None else shown
        if ticks is None:
            ticks = [*(f"version_{one.id}" for one in documents), *TICKS]
        data = dict.fromkeys(ticks, "yes") | {"shown": documents.ids} | values
        if csrf:
            data["csrf_token"] = Request.csrf_token(self)
        headers = data.pop("headers", None)
        return self.url_open(path or self.path(), data=data, headers=headers)

    @classmethod
    def _portal(cls, login, **vals):
        return new_test_user(
            cls.env,
            login=login,
            password=login,
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
            **vals,
        )


@tagged("post_install", "-at_install")
class TestConsentPage(ConsentHttpCase):
    def setUp(self):
        super().setUp()
        # A visitor has a session of the browser, from which the token is made.
        self.authenticate(None, None)

    def _cost(self):
        _response, page = self.page()
        (cost,) = page.xpath("//dt[text()='Koszt']/following-sibling::dd[1]")
        return " ".join(cost.text_content().split())

    def test_the_page_says_what_this_help_costs(self):
        self.assertEqual(
            self._cost(),
            "Płatne: 180,00 zł netto (221,40 zł brutto) za godzinę, "
            "każde rozpoczęte pół godziny.",
        )
        self._create_contract()
        self.assertRegex(self._cost(), "Pokrywają to godziny z umowy, zostało 2:00")

    def test_the_page_says_who_connects_for_what_and_asks_for_each_thing(self):
        response, page = self.page()
        self.assertEqual(response.status_code, 200)
        words = " ".join(page.text_content().split())
        for expected in (
            self.technician.name,
            self.company.name,
            self.ticket.name,
            "Regulamin pomocy zdalnej",
            "Cennik pomocy zdalnej od 2026-05-01",
            "Anna Nowak",
        ):
            self.assertIn(expected, words)
        boxes = page.xpath("//form[@id='consent']//input[@type='checkbox']")
        names = {f"version_{one.id}" for one in self.documents} | {*TICKS}
        self.assertEqual({box.get("name") for box in boxes}, names)
        for box in boxes:
            self.assertIsNone(box.get("checked"))
            self.assertTrue(page.xpath(f"//label[@for='{box.get('id')}']"))
        chosen = page.xpath("//input[@name='recording'][@checked]/@value")
        self.assertEqual(chosen, ["no"])
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")

    def test_accepting_everything_lets_the_session_start(self):
        with self.assertRefused("(?s)Regulamin.*Cennik", RedirectWarning):
            self.planned.action_start()
        response = self.send()
        self.assertEqual(response.status_code, 200)
        self.assertIn('id="thanks"', response.text)
        acceptance = self.planned.sudo().acceptance_ids
        self.assertRecordValues(
            acceptance,
            [
                {
                    "person_id": self.person.id,
                    "channel": "link",
                    "address": "127.0.0.1",
                    "entitled": True,
                    "backup": True,
                    "present": True,
                    "recording": False,
                    "recorded_by_id": False,
                }
            ],
        )
        self.assertEqual(acceptance.line_ids.version_id, self.documents)
        self.assertAlmostEqual(
            acceptance.given_at, fields.Datetime.now(), delta=timedelta(minutes=2)
        )
        self.assertEqual(self.planned.agreed_at, acceptance.given_at)
        self.planned.action_start()
        self.assertEqual(self.planned.state, "running")

    def test_each_tick_that_is_missing_is_named_and_the_others_kept(self):
        everything = [*(f"version_{one.id}" for one in self.documents), *TICKS]
        for left_out in everything:
            with self.subTest(left_out=left_out):
                ticks = [name for name in everything if name != left_out]
                response = self.send(ticks=ticks, recording="yes")
                page = lxml_html.fromstring(response.text)
                self.assertTrue(page.xpath("//*[@id='errors']"))
                self.assertTrue(page.xpath(f"//*[@id='error_{left_out}']"))
                self.assertEqual(len(page.xpath("//*[starts-with(@id, 'error_')]")), 1)
                kept = page.xpath("//input[@type='checkbox'][@checked]/@name")
                self.assertEqual({*kept}, {*ticks})
                voluntary = page.xpath("//input[@name='recording'][@checked]/@value")
                self.assertEqual(voluntary, ["yes"])
        self.assertFalse(self.planned.acceptance_ids)

    def test_recording_is_a_choice_of_its_own(self):
        self.send(recording="yes")
        self.assertTrue(self.planned.acceptance_ids.recording)

    def test_consent_to_recording_is_withdrawn(self):
        path = self.path()
        withdraw = f"{path}/no-recording"
        self.assertNotIn("/no-recording", self.url_open(path).text)
        self.send(recording="yes")
        self.assertIn(withdraw, self.url_open(path).text)
        self.assertEqual(self.send(withdraw, csrf=False).status_code, 400)
        self.assertEqual(self.url_open(withdraw).status_code, 405)
        self.assertTrue(self.planned.recording_allowed)
        for _click in range(2):
            response = self.send(withdraw)
            self.assertIn('id="thanks"', response.text)
            self.assertNotIn(withdraw, response.text)
            self.planned.invalidate_recordset()
            self.assertFalse(self.planned.recording_allowed)
            self.assertTrue(self.planned.is_agreed)
            self.assertEqual(len(self.planned.acceptance_ids), 2)
        last = self.planned.sudo().acceptance_ids.sorted("id")[-1]
        self.assertRecordValues(
            last,
            [
                {
                    "channel": "link",
                    "address": "127.0.0.1",
                    "person_id": self.person.id,
                    "entitled": True,
                    "backup": True,
                    "present": True,
                    "recording": False,
                }
            ],
        )
        note = self.ticket.message_ids[0]
        self.assertIn("do not record", note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual(note.notified_partner_ids, self.technician.partner_id)

    def test_nothing_is_withdrawn_once_the_session_runs(self):
        withdraw = f"{self.path()}/no-recording"
        self.send(recording="yes")
        self.planned.sudo()._move_on(state="running")
        self.assertEqual(self.send(withdraw).status_code, 410)
        self.assertEqual(len(self.planned.acceptance_ids), 1)

    def test_a_second_click_is_no_second_acceptance(self):
        self.send()
        response = self.send()
        self.assertIn('id="thanks"', response.text)
        self.assertEqual(len(self.planned.acceptance_ids), 1)

    def test_a_version_in_between_is_shown_before_it_counts(self):
        shown = self.documents
        today = self.company._service_day()
        self._publish(self.regulations, today, published=today - timedelta(days=1))
        response = self.send(shown=shown)
        page = lxml_html.fromstring(response.text)
        new = self.regulations.version_ids - shown
        self.assertTrue(page.xpath(f"//*[@id='error_version_{new.id}']"))
        self.assertIn(f"Regulamin pomocy zdalnej od {today}", response.text)
        self.assertFalse(self.planned.acceptance_ids)
        self.send(shown=new | self.price_list.version_ids)
        self.assertEqual(
            self.planned.acceptance_ids.line_ids.version_id,
            new | self.price_list.version_ids,
        )

    def test_versions_that_were_not_asked_for_are_not_recorded(self):
        other = self._create_terms("Regulamin sklepu", "regulations")
        other.tier_ids = self.tier
        draft = self.env["service.terms.version"].create(
            {"terms_id": self.regulations.id, "lang": "pl_PL", "text": "<p>Szkic</p>"}
        )
        self.send(shown=self.documents | other.version_ids | draft)
        self.assertEqual(
            self.planned.acceptance_ids.line_ids.version_id, self.documents
        )

    def test_documents_once_accepted_are_listed_and_not_asked_for_again(self):
        self._accept("2026-06-01 08:00:00", self.regulations.version_ids)
        _response, page = self.page()
        (accepted,) = page.xpath("//*[@id='accepted']")
        self.assertIn("Regulamin", accepted.text_content())
        self.send(shown=self.price_list.version_ids)
        self.assertEqual(
            self.planned.acceptance_ids.line_ids.version_id,
            self.price_list.version_ids,
        )

    def test_links_that_are_worth_nothing_say_nothing(self):
        good = self.path()
        with freeze_time(fields.Datetime.now() - timedelta(days=31)):
            old = self.path()
        replaced = self._session(self.ticket)
        moved, archived = (
            self._session(self.ticket, person_id=self.person.copy({"name": name}).id)
            for name in ("Ewa Lis", "Jan Lis")
        )
        moved_path, archived_path = self.path(moved), self.path(archived)
        moved.sudo().person_id.email = "ewa.lis@klient.example"
        archived.sudo().person_id.active = False
        paths = {
            "sent to an address that was wrong": (moved_path, 410),
            "of somebody who left": (archived_path, 410),
            "cut": (good[:-4], 404),
            "changed": (good[:40] + ("A" if good[40] != "A" else "B") + good[41:], 404),
            "no token": ("/remote-help/x", 404),
            "not ascii": ("/remote-help/ąęć", 404),
            "expired": (old, 404),
            "of somebody replaced": (self.path(replaced), 410),
        }
        replaced.person_id = self.person.copy({"name": "Jan Wójcik"})
        for name, (path, status) in paths.items():
            with self.subTest(name):
                for response in (self.url_open(path), self.send(path)):
                    self.assertEqual(response.status_code, status)
                    for secret in (self.ticket.name, "Nowak", "Regulamin"):
                        self.assertNotIn(secret, response.text)
        sessions = self.planned | replaced | moved | archived
        self.assertFalse(sessions.acceptance_ids)

    def test_a_link_holds_while_the_address_is_the_same(self):
        path = self.path()
        self.person.email = "Anna Nowak <ANNA@klient.example>"
        self.assertEqual(self.url_open(path).status_code, 200)

    def test_the_confirmation_is_of_ones_own_acceptance_for_the_session(self):
        self.send()
        other = self._session(self.ticket, user=self.colleague)
        foreign = self._agree(other, fields.Datetime.now())
        page = self.url_open(self.path())
        for acceptance, status in ((self.planned.acceptance_ids, 200), (foreign, 404)):
            with self.subTest(acceptance=acceptance.id):
                path = f"{self.path()}/confirmation/{acceptance.id}"
                self.assertEqual(self.url_open(path, timeout=60).status_code, status)
                shown = f"/confirmation/{acceptance.id}" in page.text
                self.assertEqual(shown, status == 200)

    def test_a_link_ends_with_the_session_being_planned(self):
        for state in ("running", "ended", "cancelled"):
            with self.subTest(state):
                session = self._session(self.ticket)
                path = self.path(session)
                self.send(path)
                acceptance = session.acceptance_ids
                session.sudo()._move_on(state=state)
                self.assertEqual(self.url_open(path).status_code, 410)
                self.assertEqual(self.send(path).status_code, 410)
                paper = self.url_open(f"{path}/confirmation/{acceptance.id}")
                self.assertEqual(paper.status_code, 404)

    def test_an_acceptance_needs_the_form(self):
        response = self.send(csrf=False)
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.planned.acceptance_ids)

    def test_a_forged_address_changes_nothing(self):
        self.send(
            headers={"X-Forwarded-For": "198.51.100.9", "X-Forwarded-Host": "localhost"}
        )
        self.assertEqual(self.planned.sudo().acceptance_ids.address, "127.0.0.1")

    def test_names_and_titles_are_text(self):
        script = "<script>alert(1)</script>"
        self.person.name = f"Anna {script}"
        self.ticket.name = f"Drukarka {script}"
        self.technician.name = f"Technik {script}"
        self.assertNotIn("<script>alert", self.url_open(self.path()).text)
        self.assertNotIn("<script>alert", self.send().text)

    def test_the_page_is_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("en_US")
        for lang, code in (("pl_PL", "pl-PL"), ("en_US", "en-US")):
            with self.subTest(lang):
                self.person.lang = lang
                _response, page = self.page()
                self.assertEqual(page.get("lang"), code)

    def test_the_file_of_a_document_of_the_session_and_of_no_other(self):
        other = self._create_terms("Regulamin sklepu", "regulations")
        other.tier_ids = self.tier
        for terms in (self.regulations, other):
            version = self._publish(terms, "2026-06-01", published="2026-05-02")
            self.env.cr.execute(
                "UPDATE service_terms_version SET pdf = %s WHERE id = %s",
                (b"JVBERi0=", version.id),
            )
            self.env.invalidate_all()
            with self.subTest(terms.name):
                response = self.url_open(f"{self.path()}/terms/{version.id}")
                if terms == other:
                    self.assertEqual(response.status_code, 404)
                else:
                    self.assertEqual(response.content, b"%PDF-")

    def test_nothing_is_accepted_while_a_document_is_not_in_force(self):
        self.price_list.active = False
        _response, page = self.page()
        self.assertTrue(page.xpath("//*[hasclass('alert-warning')]"))
        self.send()
        self.assertFalse(self.planned.acceptance_ids)

    def test_the_technician_is_told(self):
        self.send()
        note = self.ticket.message_ids[0]
        self.assertIn("Anna Nowak", note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual(note.author_id, self.person)
        self.assertEqual(note.notified_partner_ids, self.technician.partner_id)


@tagged("post_install", "-at_install")
class TestConsentPortal(ConsentHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._portal("portal.anna", partner_id=cls.person.id)
        cls.peer = cls._portal("portal.jan")
        cls.peer.partner_id.parent_id = cls.customer
        cls.rival = cls.env["res.partner"].create(
            {"name": "Obcy sp. z o.o.", "is_company": True}
        )
        cls.stranger = cls._portal("portal.obcy")
        cls.stranger.partner_id.parent_id = cls.rival

    def as_user(self, user):
        self.authenticate(user.login, user.login)

    def my(self, suffix=""):
        return f"/my/remote-session/{self.planned.id}{suffix}"

    def test_who_is_signed_in_accepts_without_a_link(self):
        self.as_user(self.user)
        response = self.send(self.my())
        self.assertIn('id="thanks"', response.text)
        self.assertRecordValues(
            self.planned.acceptance_ids,
            [{"channel": "portal", "person_id": self.user.partner_id.id}],
        )

    def test_other_customers_find_nothing(self):
        acceptance = self._agree(self.planned)
        self.ticket.message_subscribe(self.stranger.partner_id.ids)
        self.as_user(self.stranger)
        for path in (
            self.my(),
            self.my("/protocol"),
            self.my(f"/terms/{self.documents[0].id}"),
            self.my(f"/confirmation/{acceptance.id}"),
            f"/my/acceptance/{acceptance.id}/confirmation",
            f"/my/remote-session/{self.planned.id + 10**6}",
        ):
            with self.subTest(path):
                self.assertEqual(self.url_open(path).status_code, 404)
        for path in (self.my(), self.my("/take-over")):
            with self.subTest(path):
                self.assertEqual(self.send(path).status_code, 404)
        self.assertEqual(self.planned.person_id, self.user.partner_id)

    def test_a_colleague_takes_the_session_over_and_then_accepts(self):
        self.as_user(self.peer)
        self.send(self.my())
        self.assertFalse(self.planned.acceptance_ids)
        response = self.send(self.my("/take-over"))
        self.assertEqual(self.planned.person_id, self.peer.partner_id)
        self.assertIn('id="consent"', response.text)
        self.send(self.my())
        self.assertEqual(self.planned.acceptance_ids.person_id, self.peer.partner_id)

    def test_a_take_over_is_noted_on_the_ticket(self):
        self._agree(self.planned, fields.Datetime.now())
        self.planned.sudo()._move_on(agreed_at=fields.Datetime.now())
        self.as_user(self.peer)
        self.send(self.my("/take-over"))
        note = self.ticket.message_ids[0]
        for words in (
            self.peer.partner_id.name,
            f"instead of {self.user.partner_id.name}",
            "no longer applies",
        ):
            self.assertIn(words, note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual(note.notified_partner_ids, self.technician.partner_id)

    def test_consent_to_recording_is_withdrawn_on_the_portal(self):
        self.as_user(self.user)
        self.send(self.my(), recording="yes")
        withdraw = self.my("/no-recording")
        self.assertIn(withdraw, self.url_open(self.my()).text)
        for user, status in ((self.peer, 200), (self.stranger, 404)):
            self.as_user(user)
            self.assertNotIn(withdraw, self.url_open(self.my()).text)
            self.assertEqual(self.send(withdraw).status_code, status)
            self.assertEqual(len(self.planned.acceptance_ids), 1)
        self.as_user(self.user)
        self.send(withdraw)
        self.planned.invalidate_recordset()
        self.assertFalse(self.planned.recording_allowed)
        last = self.planned.sudo().acceptance_ids.sorted("id")[-1]
        self.assertEqual((last.channel, last.recording), ("portal", False))

    def _hold(self):
        self._agree(self.planned)
        self._run(self.planned, "2026-10-05 08:00:00", "2026-10-05 08:35:00")

    def test_the_protocol_is_for_the_people_of_the_customer(self):
        path = self.my("/protocol")
        self.as_user(self.user)
        self.assertEqual(self.url_open(path).status_code, 404)
        page = self.url_open(f"/my/ticket/{self.ticket.id}")
        self.assertIn(self.my(), page.text)
        self.assertNotIn(path, page.text)
        self._hold()
        for user, status in ((self.user, 200), (self.peer, 200), (self.stranger, 404)):
            with self.subTest(user.login):
                self.as_user(user)
                if status == 200:
                    page = self.url_open(f"/my/ticket/{self.ticket.id}")
                    self.assertIn(path, page.text)
                response = self.url_open(path, timeout=60)
                self.assertEqual(response.status_code, status)
                if status == 200:
                    self.assertEqual(
                        response.headers["Content-Type"], "application/pdf"
                    )

    def _move_ticket(self):
        """As an import may do it: people cannot, once somebody was helped."""
        self.env.flush_all()
        partner = self.stranger.partner_id
        customer = partner.commercial_partner_id
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET partner_id = %s, commercial_partner_id = %s"
            " WHERE id = %s",
            [partner.id, customer.id, self.ticket.id],
        )
        self.env.cr.execute(
            "UPDATE service_remote_session SET commercial_partner_id = %s"
            " WHERE ticket_id = %s",
            [customer.id, self.ticket.id],
        )
        self.env.invalidate_all()

    def test_a_session_stays_with_the_customer_who_agreed_to_it(self):
        self._hold()
        planned = self._session(self.ticket)
        self._agree(planned)
        self._move_ticket()
        for path in (
            self.my(),
            self.my("/protocol"),
            f"/my/remote-session/{planned.id}",
        ):
            with self.subTest(path):
                self.as_user(self.stranger)
                self.assertEqual(self.url_open(path).status_code, 404)
        page = self.url_open(f"/my/ticket/{self.ticket.id}")
        self.assertEqual(page.status_code, 200)
        for secret in (self.user.partner_id.name, "Usunięto przyczynę."):
            self.assertNotIn(secret, page.text)
        self.as_user(self.user)
        self.assertEqual(self.url_open(self.my()).status_code, 200)
        self.assertEqual(
            self.url_open(self.my("/protocol"), timeout=60).status_code, 200
        )
        planned.with_user(self.technician).person_id = self.stranger.partner_id
        self.env.flush_all()
        self.as_user(self.stranger)
        page = self.url_open(f"/my/remote-session/{planned.id}")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn(self.user.partner_id.name, page.text)

    def test_the_protocol_names_the_customer_who_was_helped(self):
        self._hold()
        self._move_ticket()
        reports = self.env["ir.actions.report"].with_user(self.back_office)
        found, _type = reports._render_qweb_html(
            f"{MODULE}.remote_protocol", self.planned.ids
        )
        words = lxml_html.fromstring(found).text_content()
        self.assertIn(self.customer.name, words)
        self.assertNotIn(self.rival.name, words)

    def test_a_sole_trader_is_told_what_to_do(self):
        self.user.partner_id.write({"parent_id": False, "is_company": True})
        ticket = self._create_ticket(partner_id=self.user.partner_id.id)
        session = self._session(ticket)
        self.company.phone = "600 700 800"
        self.as_user(self.user)
        for path in (f"/my/remote-session/{session.id}", "/my/terms"):
            with self.subTest(path):
                _response, page = self.page(path)
                (hint,) = page.xpath("//*[@id='sole_trader']")
                self.assertIn("600 700 800", hint.text_content())

    def test_a_session_that_is_over_is_not_taken_over(self):
        self.planned.sudo()._move_on(state="cancelled")
        self.as_user(self.peer)
        self.send(self.my("/take-over"))
        self.assertEqual(self.planned.person_id, self.user.partner_id)
        self.assertNotIn("take-over", self.url_open(self.my()).text)

    def test_a_confirmation_is_for_who_gave_it(self):
        """Colleagues see that it was given, and not from where."""
        acceptance = self._agree(self.planned)
        path = f"/my/acceptance/{acceptance.id}/confirmation"
        self.as_user(self.peer)
        self.assertEqual(self.url_open(path).status_code, 404)
        self.assertNotIn(path, self.url_open("/my/terms").text)
        ticket = self.url_open(f"/my/ticket/{self.ticket.id}").text
        self.assertIn(self.user.partner_id.name, ticket)
        self.assertNotIn(path, ticket)
        self.as_user(self.user)
        self.assertEqual(self.url_open(path, timeout=60).status_code, 200)
        self.assertIn(path, self.url_open("/my/terms").text)
        self.assertIn(path, self.url_open(f"/my/ticket/{self.ticket.id}").text)

    def test_the_ticket_lists_its_sessions(self):
        self.as_user(self.user)
        page = lxml_html.fromstring(self.url_open(f"/my/ticket/{self.ticket.id}").text)
        (block,) = page.xpath("//*[@id='remote_help']")
        self.assertIn(self.technician.name, block.text_content())
        self.assertTrue(block.xpath(f".//a[@href='{self.my()}']"))
        self._agree(self.planned)
        self._run(self.planned, "2026-10-05 08:00:00", "2026-10-05 08:35:00")
        page = lxml_html.fromstring(self.url_open(f"/my/ticket/{self.ticket.id}").text)
        (block,) = page.xpath("//*[@id='remote_help']")
        self.assertIn("Usunięto przyczynę.", block.text_content())
        self.assertFalse(block.xpath(f".//a[@href='{self.my()}']"))

    def test_terms_are_accepted_outside_a_session(self):
        self.as_user(self.user)
        home = self.url_open("/my/home").text
        self.assertIn("/my/terms", home)
        response = self.send("/my/terms", ticks=[])
        self.assertIn('id="errors"', response.text)
        first = self.documents[0]
        self.send("/my/terms", ticks=[f"version_{first.id}"])
        acceptances = self.env["service.terms.acceptance"].search(
            [("person_id", "=", self.user.partner_id.id)]
        )
        self.assertEqual(acceptances.line_ids.version_id, first)
        self.assertRecordValues(
            acceptances, [{"session_id": False, "wording": False, "channel": "portal"}]
        )
        self.send("/my/terms")
        missing = self.env["service.consent"]._missing(self.planned)
        self.assertFalse(missing.versions)
        self.assertEqual(len(missing.statements), len(Statement))

    def test_a_further_session_asks_little_of_the_database(self):
        """Documents are the same for all sessions of a ticket."""

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows = self.ticket.sudo()._remote_help_for(self.user)
            return len(rows), self.cr.sql_log_count - before

        queries()
        _one, few = queries()
        for _number in range(4):
            self._session(self.ticket)
        many, asked = queries()
        self.assertEqual(many, 5)
        self.assertLessEqual(asked - few, 4 * 4)

    def test_a_company_is_no_person(self):
        self.user.partner_id.write({"parent_id": False, "is_company": True})
        self.as_user(self.user)
        self.send("/my/terms")
        self.assertFalse(self.planned.acceptance_ids)
        self.assertFalse(
            self.env["service.terms.acceptance"].search(
                [("person_id", "=", self.user.partner_id.id)]
            )
        )


@tagged("post_install", "-at_install")
class TestInvitation(RemoteCommon):
    """What is sent to whom, and who can read the link."""

    def setUp(self):
        super().setUp()
        self.planned = self._session(planned_start="2026-10-05 08:00:00")
        self.enterContext(freeze_time("2026-10-02 08:00:00"))

    def sent(self):
        mails = self.env["mail.mail"].search([], order="id")
        return mails - self.before

    def act(self, method, *args):
        self.before = self.env["mail.mail"].search([])
        result = method(*args)
        return result, self.sent()

    def test_the_person_gets_the_link_and_staff_do_not(self):
        action, mail = self.act(self.planned.action_invite)
        self.assertIn("anna@klient.example", action["params"]["message"])
        self.assertEqual(mail.email_to, '"Anna Nowak" <anna@klient.example>')
        self.assertIn("/remote-help/", mail.body_html)
        self.assertRecordValues(
            self.planned,
            [
                {
                    "invited_at": fields.Datetime.now(),
                    "invited_to": "anna@klient.example",
                }
            ],
        )
        self.assertTrue(mail.auto_delete)
        for user in (self.technician, self.colleague, self.back_office, self.manager):
            with self.subTest(user.name):
                messages = self.env["mail.message"].with_user(user)
                self.assertFalse(messages.search([("body", "ilike", "remote-help")]))
                self.assertFalse(
                    mail.mail_message_id.with_user(user).has_access("read")
                )
                self.assertFalse(mail.with_user(user).has_access("read"))
                files = mail.attachment_ids.with_user(user)
                self.assertFalse(files.has_access("read"))
        note = self.planned.ticket_id.message_ids[0]
        self.assertIn("anna@klient.example", note.body)
        self.assertTrue(note.subtype_id.internal)

    def test_the_message_says_what_is_agreed_and_what_to_accept(self):
        _action, mail = self.act(self.planned.action_invite)
        for words in ("5 ", "2026, 10:00", self.technician.name, "Regulamin", "Cennik"):
            self.assertIn(words, mail.body_html)
        (file,) = mail.attachment_ids
        self.assertIn(b"DTSTART:20261005T080000Z", file.raw)

    def test_no_template_shows_the_link(self):
        template = self.env.ref(f"{MODULE}.mail_template_invitation")
        body = template._render_field("body_html", self.planned.ids)[self.planned.id]
        self.assertNotIn("/remote-help/", body)

    def test_what_changes_is_told(self):
        other = self.person.copy({"name": "Jan Wójcik", "email": "jan@klient.example"})
        silent = self.person.copy({"name": "Ewa Lis", "email": False})
        cases = [
            ({"planned_start": "2026-10-06 08:00:00"}, ["anna"], True),
            ({"planned_start": False}, ["anna"], True),
            ({"planned_minutes": 90}, ["anna"], True),
            ({"planned_minutes": 60}, [], True),
            ({"user_id": self.colleague.id}, ["anna"], True),
            ({"user_id": self.technician.id}, [], True),
            ({"person_id": other.id}, ["anna", "jan"], True),
            ({"person_id": silent.id}, ["anna"], False),
            ({"connection_number": "123"}, [], True),
        ]
        for vals, told, invited in cases:
            with self.subTest(vals=vals):
                session = self._session(planned_start="2026-10-07 08:00:00")
                session.action_invite()
                session = session.with_user(self.back_office)
                _result, mails = self.act(session.write, vals)
                names = [re.search(r"<(\w+)@", mail.email_to)[1] for mail in mails]
                self.assertEqual(names, told)
                self.assertEqual(bool(session.invited_at), invited)
                session.action_cancel()
                self.env.flush_all()

    def test_the_message_says_what_has_changed(self):
        self.env["res.lang"]._activate_lang("en_US")
        self.person.lang = "en_US"
        self.planned.action_invite()
        vals = {"planned_minutes": 90, "user_id": self.colleague.id}
        planned = self.planned.with_user(self.back_office)
        _result, mail = self.act(planned.write, vals)
        for words in ("2026, 10:00", "90", self.colleague.name):
            self.assertIn(words, mail.body_html)
        self.assertIn(b"DTEND:20261005T093000Z", mail.attachment_ids.raw)

    def test_whoever_was_not_invited_is_told_nothing(self):
        _result, mails = self.act(
            self.planned.write, {"planned_start": "2026-10-06 08:00:00"}
        )
        self.assertFalse(mails)
        _result, mails = self.act(self.planned.action_cancel)
        self.assertFalse(mails)

    def test_only_what_was_sent_is_noted(self):
        for address, told in (("anna@klient.example", True), (False, False)):
            for changed in ("moved", "cancelled"):
                with self.subTest(address=address, changed=changed):
                    self.person.email = "anna@klient.example"
                    session = self._session(planned_start="2026-10-07 08:00:00")
                    session.action_invite()
                    self.person.email = address
                    if changed == "moved":
                        session.planned_start = "2026-10-08 08:00:00"
                    else:
                        session.action_cancel()
                    notes = session.ticket_id.message_ids.filtered(
                        lambda one: "been notified" in one.body
                    )
                    self.assertEqual(len(notes), int(told))
                    if session.state == "planned":
                        session.action_cancel()

    def test_cancelling_and_deleting_are_told(self):
        self.planned.action_invite()
        _result, mail = self.act(self.planned.action_cancel)
        self.assertEqual(mail.email_to, '"Anna Nowak" <anna@klient.example>')
        self.assertIn(b"METHOD:CANCEL", mail.attachment_ids.raw)
        session = self._session()
        session.action_invite()
        _result, mail = self.act(session.unlink)
        self.assertEqual(mail.email_to, '"Anna Nowak" <anna@klient.example>')

    def test_what_somebody_else_accepted_is_no_agreement(self):
        self._agree(self.planned, "2026-10-02 07:00:00")
        self.planned._move_on(agreed_at="2026-10-02 07:00:00")
        self.planned.person_id = self.person.copy({"name": "Jan Wójcik"})
        self.assertFalse(self.planned.agreed_at)

    def test_invitations_that_cannot_be_sent(self):
        def person(session):
            session.person_id = False

        def address(_session):
            self.person.email = "anna(at)klient"

        def cancelled(session):
            session.action_cancel()

        def price_list(_session):
            self.price_list.active = False

        for broken, message in (
            (person, "who will be at the computer"),
            (address, "Anna Nowak has no valid e-mail address"),
            (cancelled, "Plan a new one"),
            (price_list, "Price list: no version in force"),
        ):
            with self.subTest(broken.__name__), self.cr.savepoint() as savepoint:
                broken(self.planned)
                with self.assertRefused(message):
                    self.planned.action_invite()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_only_whose_session_it_is_invites(self):
        for user, allowed in (
            (self.technician, True),
            (self.colleague, False),
            (self.back_office, True),
            (self.accountant, False),
        ):
            with self.subTest(user.name):
                session = self.planned.with_user(user)
                if allowed:
                    session.action_invite()
                else:
                    with self.assertRefused("", AccessError):
                        session.action_invite()

    def test_the_button_of_the_refusal_invites(self):
        action = self.env.ref(f"{MODULE}.action_invite").with_user(self.technician)
        found = action.with_context(
            active_id=self.planned.id, active_model=self.planned._name
        ).run()
        self.assertEqual(found["tag"], "display_notification")
        self.assertTrue(self.planned.invited_at)

    def test_a_broken_link_names_nobody(self):
        url = consent_url(self.planned)
        token = url.rpartition("/")[2]
        session, person = self.env["service.remote.session"]._by_token(token)
        self.assertEqual((session, person), (self.planned, self.person))
