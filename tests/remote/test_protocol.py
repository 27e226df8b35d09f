from freezegun import freeze_time
from lxml import html as lxml_html

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import MODULE
from .common import STATEMENTS, RemoteCommon


@tagged("post_install", "-at_install")
class TestProtocol(RemoteCommon):
    """What the customer signs: who, what, when, for how long, under which terms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Serwis",
                "company_id": cls.company.id,
                "user_ids": [(6, 0, cls.technician.ids)],
            }
        )
        cls.ticket = cls._create_ticket(partner_id=cls.person.id, team_id=cls.team.id)
        cls.person.lang = "en_US"
        cls.env["res.lang"]._activate_lang("en_US").date_format = "%m/%d/%Y"
        cls.session = cls._session(
            cls.ticket,
            planned_start="2026-10-05 08:00:00",
            connection_number="123 456 789",
        )
        cls._agree(cls.session, "2026-10-05 07:30:00")
        cls._run(cls.session, "2026-10-05 08:00:20", "2026-10-05 08:35:50")

    def _page(self, docs, user=None, report="remote_protocol"):
        self.env.invalidate_all()
        reports = self.env["ir.actions.report"].with_user(user or self.technician)
        with freeze_time("2026-10-05 09:00:00"):
            html, _type = reports._render_qweb_html(f"{MODULE}.{report}", docs.ids)
        return lxml_html.fromstring(html).xpath(
            "//div[contains(@class, 'o_service_protocol')]"
        )[0]

    def _text(self, *args, **kwargs):
        return " ".join(self._page(*args, **kwargs).text_content().split())

    def test_all_that_was_agreed_and_done(self):
        text = self._text(self.session)
        acceptance = self.session.sudo().consent_id
        for words in (
            f"Remote session report {self.ticket.number}/{self.session.id}",
            "Serwis Testowy sp. z o.o. VAT no. PL5260250274",
            "Klient Testowy S.A. Krzywa 2",
            "VAT no. 7740001454",
            f"{self.ticket.number}, Drukarka nie drukuje",
            "Person at the computer Anna Nowak Technician Technik",
            "Connection AnyDesk 123 456 789 Appointment 10/05/2026 10:00",
            "Start time 10/05/2026 10:00 End time 10/05/2026 10:35",
            "Time of help 0:35 Billable time 1:00",
            "Outcome Solved",
            "Usunięto przyczynę.",
            "Regulamin pomocy zdalnej 1 10/05/2026 09:30 Link from an e-mail",
            "Cennik pomocy zdalnej 1 10/05/2026 09:30",
            f"{acceptance.line_ids[0].text_hash[:16]}…",
            "Statements before the session 10/05/2026 09:30, link from an e-mail",
            acceptance.wording["backup"],
            "Consent to recording: no Recorded: no",
            "learned while helping confidential",
            "for the customer: date, signature",
        ):
            with self.subTest(words):
                self.assertIn(words, text)

    def test_there_are_no_prices(self):
        for docs, report in (
            (self.session, "remote_protocol"),
            (self.ticket, "ticket_protocol"),
        ):
            text = self._text(docs, user=self.manager, report=report)
            for price in ("180", "90.00", "PLN", "zł"):
                self.assertNotIn(price, text)

    def test_each_statement_has_its_tick(self):
        for present, expected in ((True, "XXX"), (False, "XX\xa0")):
            self.cr.execute(
                "UPDATE service_terms_acceptance SET present = %s WHERE id = %s",
                [present, self.session.sudo().consent_id.id],
            )
            marks = self._page(self.session).xpath(
                ".//span[contains(@class, 'protocol_tick')]"
            )
            self.assertEqual("".join(mark.text_content() for mark in marks), expected)

    def test_recording(self):
        for consented, recorded in ((True, True), (True, False)):
            with self.subTest(consented=consented, recorded=recorded):
                session = self._session(self.ticket)
                self._accept(
                    "2026-10-06 07:00:00",
                    (),
                    session=session,
                    recording=consented,
                    **STATEMENTS,
                )
                with freeze_time("2026-10-06 08:00:00"):
                    session.action_start()
                with freeze_time("2026-10-06 08:10:00"):
                    session._end("continued", "Ciąg dalszy jutro.", recorded=recorded)
                said = {True: "yes", False: "no"}
                self.assertIn(
                    f"Consent to recording: {said[consented]} "
                    f"Recorded: {said[recorded]}",
                    self._text(session),
                )

    def test_the_words_are_those_that_were_agreed_to(self):
        """What the person saw, though the provider words it in another way today."""
        self.env.cr.execute(
            "UPDATE service_terms_acceptance SET wording = %s WHERE id = %s",
            ['{"backup": "Mam kopię."}', self.session.sudo().consent_id.id],
        )
        self.assertIn("Mam kopię.", self._text(self.session))

    def test_times_are_those_of_the_companys_clock(self):
        """2:30 twice in the night of October, an hour apart."""
        session = self._session(self.ticket)
        self._agree(session, "2026-10-24 20:00:00")
        self._run(session, "2026-10-25 00:30:00", "2026-10-25 01:30:00")
        self.assertIn(
            "Start time 10/25/2026 02:30 End time 10/25/2026 02:30 Time of help 1:00",
            self._text(session),
        )

    def test_only_what_took_place_has_a_protocol(self):
        planned = self._session(self.ticket)
        cancelled = self._session(self.ticket)
        cancelled.action_cancel()
        running = self._session(self.ticket)
        self._agree(running, "2026-10-06 08:00:00")
        with freeze_time("2026-10-06 08:00:00"):
            running.action_start()
        for session in (planned, cancelled, running):
            with self.assertRefused("has not taken place yet"):
                session.action_print_protocol()
            with self.assertRefused("has not taken place yet"):
                self._page(session)
        action = self.session.action_print_protocol()
        self.assertEqual(action["report_name"], f"{MODULE}.remote_protocol")

    def test_who_prints(self):
        portal = self.env["res.users"].create(
            {
                "name": "Anna",
                "login": "anna.portal",
                "partner_id": self.person.id,
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        stranger = self._create_user("obcy", "base.group_user")
        elsewhere = self._create_user(
            "inny",
            "group_back_office",
            company=self._second_company(),
        )
        for user, session, ticket in (
            (self.technician, True, True),
            (self.back_office, True, True),
            (self.manager, True, True),
            (self.accountant, True, False),
            (self.colleague, False, False),
            (stranger, False, False),
            (elsewhere, False, False),
            (portal, False, False),
        ):
            for docs, report, allowed in (
                (self.session, "remote_protocol", session),
                (self.ticket, "ticket_protocol", ticket),
            ):
                with self.subTest(user.name, report=report):
                    if allowed:
                        self.assertIn(
                            "Anna Nowak", self._text(docs, user=user, report=report)
                        )
                    else:
                        with self.assertRefused("", AccessError):
                            self._page(docs, user=user, report=report)

    def test_the_protocol_of_a_ticket_has_all_work(self):
        self._log_on(self.ticket, 25, "2026-10-06", name="Konfiguracja drukarki")
        self._session(self.ticket).action_cancel()
        again = self._session(self.ticket)
        self._agree(again, "2026-10-07 08:00:00")
        self._run(again, "2026-10-07 08:00:00", "2026-10-07 08:20:00")
        page = self._page(self.ticket, report="ticket_protocol")
        text = " ".join(page.text_content().split())
        for words in (
            f"Service report {self.ticket.number}",
            f"Session {self.ticket.number}/{self.session.id}",
            f"Session {self.ticket.number}/{again.id}",
            "Other work",
            "– Konfiguracja drukarki",
            "in hours and minutes: 1:20 Billable, in hours and minutes: 2:00",
        ):
            self.assertIn(words, text)
        sessions = page.xpath(".//div[contains(@class, 'protocol_session')]")
        self.assertEqual(len(sessions), 2)
        rows = page.xpath(".//table[contains(@class, 'entries')]/tbody/tr")
        self.assertEqual(len(rows), 1, "the work of sessions is told once")

    def test_a_ticket_without_sessions_has_a_protocol_of_its_work(self):
        ticket = self._create_ticket("Wizyta", team_id=self.team.id)
        with self.assertRefused("No work has been done on"):
            self._page(ticket, report="ticket_protocol")
        self._log_on(ticket, 25, "2026-10-06", name="Na miejscu")
        text = self._text(ticket, report="ticket_protocol")
        self.assertIn("Na miejscu", text)
        self.assertNotIn("recorded", text)

    def test_the_customer_reads_it_in_their_language(self):
        for lang, day in (("pl_PL", "05.10.2026 10:00"), ("en_US", "10/05/2026 10:00")):
            self.person.lang = lang
            for docs, report in (
                (self.session, "remote_protocol"),
                (self.ticket, "ticket_protocol"),
            ):
                with self.subTest(lang, report=report):
                    self.assertIn(day, self._text(docs, report=report))

    def test_the_file_has_a_name(self):
        self.assertEqual(
            self.session._protocol_name(),
            f"Remote session report {self.ticket.number}-{self.session.id}",
        )
        self.assertEqual(
            self.ticket._protocol_name(), f"Service report {self.ticket.number}"
        )
