import json
from datetime import date, timedelta

from freezegun import freeze_time
from lxml import html as parser

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL, file_open

from ...models.sla.service_sla import CLOCKS
from ..common import MODULE
from .common import SlaCommon, utc, warsaw

REPORT = f"{MODULE}.report_sla_report"
SHARED = f"{MODULE}/static/tests/broken_promises.json"


class SlaReportCommon(SlaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls._promise("reaction", 4, "hours", cls.office)
        cls._promise("resolution", 2, "days", cls.office)

    def _close(self, ticket, when):
        self._move(ticket, self.closed, when)

    def _four_tickets(self):
        """Kept; broken by 1:20; running late unnoticed; and reported a while ago."""
        kept = self._report("2026-10-05 08:00", "Drukarka")
        self._close(kept, "2026-10-05 10:00")
        broken = self._report("2026-10-06 08:00", "Poczta")
        self._close(broken, "2026-10-06 13:20")
        late = self._report("2026-10-07 08:00", "Serwer")
        fresh = self._report("2026-10-08 10:00", "Telefon")
        return kept, broken, late, fresh


@tagged("post_install", "-at_install")
class TestSlaReport(SlaReportCommon):
    """The figures of all promises, in pivot and graph."""

    def _rows(self, tickets, metric="reaction", user=None):
        rows = self.env["service.sla.compliance"].with_user(user or self.back_office)
        return rows.search(
            [("ticket_id", "in", tickets.ids), ("metric", "=", metric)],
            order="reported_at",
        )

    def test_when_a_promise_is_broken(self):
        """The cases that tools and the screen are tested by as well."""
        with file_open(SHARED) as file:
            shared = json.load(file)
        read_at = utc("2026-10-05 08:00")
        timer = self._report("2026-10-05 08:00").sla_timer_ids[0]
        for case in shared["cases"]:
            deadline = case["deadline"]
            facts = {
                "state": case["state"],
                "deadline": deadline is not None
                and read_at + timedelta(minutes=deadline),
                "breached_at": case["breached"] and read_at,
            }
            with self.subTest(case["why"]):
                self.env.cr.execute(
                    SQL(
                        "UPDATE service_sla_timer SET state = %s, deadline = %s,"
                        " breached_at = %s WHERE id = %s",
                        *(value or None for value in facts.values()),
                        timer.id,
                    )
                )
                with freeze_time(read_at + timedelta(minutes=case["minute"])):
                    self.env.invalidate_all()
                    row = self.env["service.sla.compliance"].browse(timer.id)
                    broken = row.outcome == "broken"
                self.assertEqual(broken, case["broken"])

    def test_outcomes(self):
        kept, broken, late, fresh = self._four_tickets()
        tickets = kept | broken | late | fresh
        self.assertFalse(late.sla_timer_ids[0].breached_at, "nobody looked after it")
        with self._at("2026-10-08 10:30"):
            rows = self._rows(tickets)
            self.assertEqual(
                [(row.ticket_id, row.outcome) for row in rows],
                [
                    (kept, "kept"),
                    (broken, "broken"),
                    (late, "broken"),
                    (fresh, "open"),
                ],
            )
            self.assertEqual(rows.mapped("overrun_minutes"), [0, 80, 0, 0])
            self.assertEqual(
                self._rows(tickets, "resolution").mapped("outcome"),
                ["kept", "kept", "open", "open"],
            )

    def test_a_promise_is_kept_in_the_minute_of_its_deadline(self):
        ticket = self._report("2026-10-07 08:00")
        for when, outcome in [("12:00:59", "open"), ("12:01:00", "broken")]:
            with self.subTest(when), self._at(f"2026-10-07 {when}"):
                self.env.invalidate_all()
                self.assertEqual(self._rows(ticket).outcome, outcome)

    def test_what_waits_is_not_late(self):
        ticket = self._report("2026-10-07 08:00")
        self._move(ticket, self.waiting, "2026-10-07 09:00")
        with self._at("2026-10-20 10:00"):
            self.assertEqual(self._rows(ticket).outcome, "open")

    def test_percent_is_of_what_is_decided(self):
        tickets = self.env["helpdesk.ticket"].union(*self._four_tickets())
        with self._at("2026-10-08 10:30"):
            [(percent, count, total)] = self.env["service.sla.compliance"]._read_group(
                [("ticket_id", "in", tickets.ids), ("metric", "=", "reaction")],
                [],
                ["kept_percent:avg", "promise_count:sum", "overrun_minutes:sum"],
            )
        self.assertAlmostEqual(percent, 100 / 3)
        self.assertEqual((count, total), (4, 80))

    def test_no_percent_where_nothing_is_decided(self):
        ticket = self._report("2026-10-05 08:00")
        with self._at("2026-10-05 08:30"):
            [(percent,)] = self.env["service.sla.compliance"]._read_group(
                [("ticket_id", "=", ticket.id)], [], ["kept_percent:avg"]
            )
        self.assertFalse(percent)
        self.assertIsNot(percent, 0.0)

    def test_what_a_row_says_of_its_ticket(self):
        ticket = self._report("2026-10-06 08:00", priority="2")
        ticket.user_id = self.technician
        self._close(ticket, "2026-10-06 13:00")
        row = self._rows(ticket)
        self.assertFalse(row.justified)
        self.assertEqual(
            (row.customer_id, row.contract_id, row.tier_id, row.user_id),
            (self.customer, self.contract, self.tier, self.technician),
        )
        self.assertEqual((row.priority, row.company_id), ("2", self.company))
        self.assertEqual(warsaw(row.reported_at), "2026-10-06 08:00")
        self.env["service.sla"]._justify(self._timer(ticket), "Korek")
        self.env.invalidate_all()
        self.assertTrue(self._rows(ticket).justified)

    def test_changes_are_seen_at_once(self):
        ticket = self._report("2026-10-05 08:00")
        rows = self.env["service.sla.compliance"]
        kept = [("ticket_id", "=", ticket.id), ("outcome", "=", "kept")]
        of_customer = [("ticket_id", "=", ticket.id), ("priority", "=", "3")]
        with self._at("2026-10-05 09:00"):
            self.assertFalse(rows.search(kept) | rows.search(of_customer))
            # Nothing is flushed by hand here.
            timer = self._timer(ticket).sudo().with_context(**CLOCKS.opened)
            timer.state = "met"
            self.assertEqual(len(rows.search(kept)), 1)
            ticket.priority = "3"
            self.assertEqual(len(rows.search(of_customer)), 2)

    def test_neither_archived_nor_void_but_what_was_broken(self):
        for when, outcomes in (("09:00", []), ("12:30", ["broken"])):
            with self.subTest(when):
                archived = self._report("2026-10-05 08:00")
                void = self._report("2026-10-05 08:00")
                self.assertTrue(self._rows(void))
                with self._at(f"2026-10-05 {when}"):
                    archived.with_user(self.back_office).active = False
                    void.service_contract_id = False
                    for ticket in (archived, void):
                        rows = self._rows(ticket)
                        self.assertEqual(rows.mapped("outcome"), outcomes)
                self.assertTimer(void, "reaction", state="void")

    def test_who_may_read(self):
        ticket = self._report("2026-10-05 08:00")
        for user in (self.back_office, self.manager, self.accountant):
            with self.subTest(user.login):
                self.assertEqual(len(self._rows(ticket, user=user)), 1)
        with self.assertRaises(AccessError):
            self._rows(ticket, user=self.technician)
        rows = self.env["service.sla.compliance"].with_user(self.manager)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(rows.has_access(operation), operation)

    def test_companies_do_not_mix(self):
        ticket = self._report("2026-10-05 08:00")
        other = self._second_company()
        stranger = self._create_user("obcy", "group_manager", company=other)
        rows = self.env["service.sla.compliance"].with_user(stranger)
        rows = rows.with_context(allowed_company_ids=other.ids)
        self.assertFalse(rows.search([("ticket_id", "=", ticket.id)]))

    def test_the_views_of_the_menu(self):
        rows = self.env["service.sla.compliance"].with_user(self.back_office)
        views = rows.get_views([(False, kind) for kind in ("pivot", "graph", "list")])
        self.assertIn("kept_percent", views["views"]["pivot"]["arch"])
        ticket = self._report("2026-10-05 08:00")
        self.assertEqual(self._rows(ticket).action_open_ticket()["res_id"], ticket.id)
        visible = {
            user: self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            for user in (self.back_office, self.technician)
        }
        for name in ("menu_sla_report", "menu_sla_statement"):
            menu = self.env.ref(f"{MODULE}.{name}")
            self.assertIn(menu.id, visible[self.back_office])
            self.assertNotIn(menu.id, visible[self.technician])


@tagged("post_install", "-at_install")
class TestSlaStatement(SlaReportCommon):
    """The PDF for a customer."""

    def _statement(self, first="2026-10-01", last="2026-10-31", user=None, **vals):
        return (
            self.env["service.sla.report"]
            .with_user(user or self.back_office)
            .create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "date_from": first,
                    "date_to": last,
                }
                | vals
            )
        )

    def _figures(self, statement=None, when="2026-11-01 12:00"):
        statement = statement or self._statement()
        reports = self.env[f"report.{MODULE}.sla_report"].with_env(statement.env)
        with self._at(when):
            return reports._figures(statement)

    def _titles(self, *period):
        return [r.title for r in self._figures(self._statement(*period))["rows"]]

    def _html(self, statement, when="2026-11-01 12:00"):
        reports = self.env["ir.actions.report"].with_env(statement.env)
        with self._at(when):
            page, _type = reports._render_qweb_html(REPORT, statement.ids)
        return page.decode()

    def _text(self, page):
        return " ".join(parser.fromstring(page).text_content().split())

    def test_totals(self):
        self._four_tickets()
        found = self._figures(when="2026-10-08 10:30")
        self.assertEqual(
            found["totals"],
            [("reaction", 4, 1, 2, 1, 33.3), ("resolution", 4, 2, 0, 2, 100.0)],
        )
        self.assertEqual(found["contracts"], ["VIP/1"])

    def test_no_percent_where_nothing_is_decided(self):
        self._report("2026-10-05 08:00")
        found = self._figures(when="2026-10-05 08:30")
        self.assertEqual([t.percent for t in found["totals"]], [None, None])

    def test_only_what_was_promised_has_a_line(self):
        self.tier.target_ids.filtered(lambda t: t.metric == "resolution").unlink()
        self._report("2026-10-05 08:00")
        self.assertEqual([t.metric for t in self._figures()["totals"]], ["reaction"])

    def test_what_became_of_a_promise(self):
        # When the ticket is closed (or not), when one looks; what is shown then.
        cases = [
            ("2026-10-05 12:00", "2026-10-20 12:00", "kept", "2026-10-05 12:00", 0),
            ("2026-10-05 12:01", "2026-10-20 12:00", "broken", "2026-10-05 12:01", 1),
            ("2026-10-06 09:30", "2026-10-20 12:00", "broken", "2026-10-06 09:30", 330),
            (None, "2026-10-05 11:59", "open", False, 0),
            (None, "2026-10-05 12:00", "open", False, 0),
            (None, "2026-10-05 13:30", "broken", False, 90),
            (None, "2026-10-06 09:00", "broken", False, 300),
        ]
        for closed, looked, outcome, done, overrun in cases:
            with self.subTest(closed=closed, looked=looked):
                ticket = self._report("2026-10-05 08:00")
                if closed:
                    self._close(ticket, closed)
                rows = self._figures(when=looked)["rows"]
                [row] = [row for row in rows if row.number == ticket.number]
                promise = row.promises["reaction"]
                self.assertEqual(
                    (promise.outcome, warsaw(promise.done), promise.overrun),
                    (outcome, done, overrun),
                )
                self.assertEqual(warsaw(promise.deadline), "2026-10-05 12:00")

    def test_waiting_by_reason(self):
        supplier = self.waiting.copy({"name": "Części", "waiting_for": "supplier"})
        ticket = self._report("2026-10-05 08:00")
        for stage, when in [
            (self.waiting, "2026-10-05 09:00"),
            (supplier, "2026-10-05 10:30"),
            (self.progress, "2026-10-06 10:30"),
            (self.waiting, "2026-10-07 08:00"),
            (self.closed, "2026-10-07 08:20"),
            (self.progress, "2026-10-08 08:00"),
            (self.waiting, "2026-10-08 09:00"),
        ]:
            self._move(ticket, stage, when)
        [row] = self._figures(when="2026-10-08 09:05")["rows"]
        self.assertEqual(
            [
                (wait.reason, warsaw(wait.begin), warsaw(wait.end), wait.minutes)
                for wait in row.waits
            ],
            [
                ("customer", "2026-10-05 09:00", "2026-10-05 10:30", 90),
                ("supplier", "2026-10-05 10:30", "2026-10-06 10:30", 1440),
                ("customer", "2026-10-07 08:00", "2026-10-07 08:20", 20),
                ("customer", "2026-10-08 09:00", None, 5),
            ],
        )
        self.assertEqual(row.waited, {"customer": 115, "supplier": 1440})

    def test_waiting_counts_from_the_report(self):
        ticket = self._report("2026-10-05 08:00")
        self._move(ticket, self.waiting, "2026-10-05 08:30")
        self._move(ticket, self.progress, "2026-10-05 10:00")
        with self._at("2026-10-05 11:00"):
            ticket.with_user(self.manager).reported_at = utc("2026-10-05 09:15")
        [row] = self._figures()["rows"]
        self.assertEqual([wait.minutes for wait in row.waits], [45])

    def test_the_period_is_by_the_clock_of_the_company(self):
        # 23:30 UTC is half past one of the next day in Warsaw, in winter half past 0.
        self._report("2026-10-01 00:00", "Pierwsza minuta")
        self._report("2026-11-01 00:30", "23:30 UTC ostatniego dnia")
        self._report("2026-10-31 23:59", "Ostatnia minuta")
        self._report("2026-09-30 23:59", "Minuta za wcześnie")
        self.assertEqual(self._titles(), ["Pierwsza minuta", "Ostatnia minuta"])
        self.assertEqual(
            self._titles("2026-11-01", "2026-11-30"), ["23:30 UTC ostatniego dnia"]
        )

    def test_nothing_of_other_customers_or_companies(self):
        self._report("2026-10-05 08:00", "Nasze")
        stranger = self.env["res.partner"].create({"name": "Inny klient"})
        self._create_contract(stranger, code="VIP/2")
        self._report("2026-10-05 08:00", "Cudze", partner_id=stranger.id)
        other = self._second_company()
        tier = self._create_tier(
            "VIP", other, self._create_product("Serwis", 100.0, company=other)
        )
        self._promise(
            "reaction", 1, "hours", self.always.copy({"company_id": other.id}), tier
        )
        self._create_contract(
            company_id=other.id,
            service_tier_id=tier.id,
            code="OBCA/1",
            contract_line_ids=[],
        )
        theirs = self._report(
            "2026-10-05 08:00", "Spółki", company_id=other.id, user=self.env.user
        )
        self.assertTrue(theirs.sla_timer_ids)
        both = self._create_user("obie", "group_back_office")
        both.company_ids |= other
        companies = (self.company | other).ids
        statement = self._statement(user=both).with_context(
            allowed_company_ids=companies
        )
        found = self._figures(statement)
        self.assertEqual([row.title for row in found["rows"]], ["Nasze"])
        self.assertEqual(found["contracts"], ["VIP/1"])
        # The other way round: who is not of the company gets nothing out of it.
        forged = self._statement(company_id=other.id)
        self.assertFalse(self._figures(forged)["rows"])
        with self.assertRefused("has no tickets from|not allowed|access", Exception):
            forged.action_print()

    def test_tickets_of_the_customers_people_belong_to_it(self):
        person = self.env["res.partner"].create(
            {"name": "Anna", "parent_id": self.customer.id}
        )
        self._report("2026-10-05 08:00", "Od Anny", partner_id=person.id)
        self.assertEqual(self._titles(), ["Od Anny"])
        statement = self._statement(partner_id=person.id)
        self.assertEqual(len(self._figures(statement)["rows"]), 1)

    def test_archived_tickets_are_left_out_unless_a_promise_was_broken(self):
        """The statement's customer has nothing else, and still gets it."""
        for when, count in (("2026-10-05 09:00", 0), ("2026-10-05 12:30", 1)):
            ticket = self._report("2026-10-05 08:00")
            self.assertTrue(self._figures()["rows"])
            with self._at(when):
                ticket.with_user(self.back_office).active = False
            self.assertEqual(len(self._figures()["rows"]), count)
        self._statement()._check_has_tickets()

    def test_what_was_broken_before_it_was_void_is_told(self):
        self.customer.lang = "en_US"
        ticket = self._report("2026-10-05 08:00")
        with self._at("2026-10-05 13:00"):
            ticket.service_contract_id = False
        [row] = self._figures()["rows"]
        self.assertEqual(list(row.promises), ["reaction"])
        self.assertEqual(row.promises["reaction"].outcome, "broken")
        self.assertIn(
            "late 1:00 (until the target no longer applied)",
            self._text(self._html(self._statement())),
        )

    def test_as_many_queries_for_many_tickets(self):
        def queries():
            statement = self._statement()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._figures(statement)
            return self.cr.sql_log_count - before

        self._four_tickets()
        queries()
        few = queries()
        for _round in range(5):
            for ticket in self._four_tickets():
                if not ticket.stage_id.closed:
                    self._move(ticket, self.waiting, "2026-10-08 11:00")
        self.assertEqual(queries(), few)
        self.assertLessEqual(few, 12)

    def test_the_page(self):
        self.env["res.lang"]._activate_lang("en_US")
        self.customer.lang = "en_US"
        _kept, broken, _late, fresh = self._four_tickets()
        self._move(fresh, self.waiting, "2026-10-08 10:10")
        self._move(fresh, self.progress, "2026-10-08 11:40")
        self.env["service.sla"]._justify(self._timer(broken), "Awaria <prądu>")
        text = self._text(self._html(self._statement(), "2026-10-08 12:30"))
        for words in (
            "SLA report",
            "Klient Testowy S.A.",
            "VIP/1",
            "10/01/2026 – 10/31/2026",
            "Biuro",
            "Reaction 4 1 2 1 33.3%",
            "Resolution 4 2 0 2 100.0%",
            f"{broken.number} Poczta VIP 10/06/2026 08:00 due 10/06/2026 12:00 "
            "answered 10/06/2026 13:20 late 1:20 due 10/07/2026 16:00 "
            "resolved 10/06/2026 13:20 OK",
            "Reaction – reason for the delay: Awaria <prądu>",
            "late 8:30 (so far)",
            "waiting for the customer 10/08/2026 10:10 – 10/08/2026 11:40 (1:30)",
        ):
            with self.subTest(words):
                self.assertIn(words, text)
        for price in ("290", "120.00", "PLN", "zł"):
            self.assertNotIn(price, text)

    def test_the_page_speaks_the_language_of_the_customer(self):
        ticket = self._report("2026-10-05 08:00")
        self._close(ticket, "2026-10-05 09:00")
        text = self._text(self._html(self._statement()))
        self.assertIn("05.10.2026 08:00", text, "days as Poles write them")
        self.assertIn("100,0", text)

    def test_an_empty_period_says_so(self):
        self.customer.lang = "en_US"
        self._report("2026-10-05 08:00")
        page = self._html(self._statement("2026-08-01", "2026-08-31"))
        self.assertIn("No ticket with SLA targets was", self._text(page))
        self.assertNotIn("o_service_sla_totals", page)

    def test_the_dialog(self):
        self._report("2026-10-05 08:00")
        with self._at("2026-11-01 00:30"):
            # It is still October by the clock of UTC.
            form = Form(self.env["service.sla.report"].with_user(self.back_office))
            self.assertEqual(form.date_from, date(2026, 10, 1))
            self.assertEqual(form.date_to, date(2026, 10, 31))
            form.partner_id = self.customer
            statement = form.save()
        action = statement.action_print()
        self.assertEqual(action["report_name"], f"{MODULE}.sla_report")
        self.assertEqual(action["context"]["active_ids"], statement.ids)

    def test_bad_input(self):
        self._report("2026-10-05 08:00")
        with self.assertRefused("is before its first day", ValidationError):
            self._statement("2026-10-31", "2026-10-01")
        stranger = self.env["res.partner"].create({"name": "Inny klient"})
        statement = self._statement(partner_id=stranger.id)
        for action in (statement.action_print, statement.action_send):
            with self.assertRefused("has no tickets from Inny klient", UserError):
                action()

    def test_an_e_mail_with_the_report(self):
        self._report("2026-10-05 08:00", "Drukarka w magazynie")
        action = self._statement().action_send()
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.back_office)
            .with_context(**action["context"])
            .create({})
        )
        self.assertIn("2026-10-01 – 2026-10-31", composer.subject)
        composer._action_send_mail()
        message = self.customer.message_ids[0]
        self.assertIn(self.customer, message.partner_ids)
        self.assertIn(b"Drukarka w magazynie", message.attachment_ids.raw)

    def test_who_may_make_it(self):
        for user in (self.back_office, self.manager):
            self.assertTrue(self._statement(user=user))
        for user in (self.technician, self.accountant):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._statement(user=user)
        statement = self._statement()
        with self.assertRaises(AccessError):
            self._html(statement.with_user(self.technician))

    def test_the_contract_form(self):
        contract = self.contract.with_user(self.back_office)
        view = self.env.ref("contract.contract_contract_customer_form_view")
        with Form(contract, view) as form:
            self.assertFalse(form.sla_report_with_statement)
            form.sla_report_with_statement = True
        self.assertTrue(self.contract.sla_report_with_statement)
        arch = contract.get_view(view.id, "form")["arch"]
        action = self.env.ref(f"{MODULE}.service_sla_report_action")
        self.assertIn(f'name="{action.id}"', arch)


@tagged("post_install", "-at_install")
class TestSlaReportOnInvoice(SlaReportCommon):
    """The report goes with the statement, where the contract says so."""

    def _post(self, **terms):
        self.contract.write(terms)
        ticket = self._report("2026-10-05 08:00", "Drukarka w magazynie")
        self._report("2026-11-02 08:00", "Już w listopadzie")
        with self._at("2026-10-20 12:00"):
            self._log(ticket, 80, "2026-10-05")
        with self._at("2026-11-04 09:00"):
            invoice = self._bill(self.contract, "2026-10-31")
            invoice.with_user(self.accountant).action_post()
            self._print_papers()
        return invoice, self.contract.settlement_ids

    def _attached(self, invoice):
        return self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", invoice.id)]
        )

    def test_it_is_attached(self):
        invoice, settlement = self._post(sla_report_with_statement=True)
        report = settlement.sla_report_id
        self.assertEqual(
            self._attached(invoice), settlement.statement_id | report, "both of them"
        )
        self.assertIn("2026-10-01 – 2026-10-31", report.name)
        page = report.raw.decode()
        self.assertIn("Drukarka w magazynie", page)
        self.assertNotIn("Już w listopadzie", page)
        self.assertIn(self.accountant.name, page)

    def test_posting_again_replaces_it(self):
        invoice, settlement = self._post(sla_report_with_statement=True)
        invoice.button_draft()
        invoice.action_post()
        self._print_papers()
        self.assertEqual(
            self._attached(invoice), settlement.statement_id | settlement.sla_report_id
        )

    def test_not_without_the_switch(self):
        invoice, settlement = self._post()
        self.assertFalse(settlement.sla_report_id)
        self.assertEqual(self._attached(invoice), settlement.statement_id)

    def test_not_with_work_that_is_settled_late(self):
        _invoice, settlement = self._post(
            sla_report_with_statement=True, date_end="2026-10-31"
        )
        ticket = settlement.entry_ids.ticket_id
        with self._at("2026-11-20 12:00"):
            self._log(ticket, 150, "2026-10-06")
        with self._at("2026-12-04 09:00"):
            invoice = self._bill(self.contract, "2026-11-30")
            invoice.action_post()
            self._print_papers()
        late = invoice.settlement_ids
        self.assertTrue(late.late)
        self.assertTrue(late.statement_id)
        self.assertFalse(late.sla_report_id)
