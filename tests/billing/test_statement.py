from freezegun import freeze_time
from lxml import html as lxml_html

from odoo.fields import Command
from odoo.tests import tagged

from ..common import MODULE, ServiceCommon


@tagged("post_install", "-at_install")
class TestStatement(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = contract = cls._create_contract()
        printer = cls._create_ticket("Drukarka", "2026-10-04")
        mail = cls._create_ticket("Poczta", "2026-10-12")
        with freeze_time("2026-10-20 12:00:00"):
            cls._log(mail, 80, "2026-10-12", name="Nowe hasło")
            cls._log(printer, 50, "2026-10-04", name="Wymiana bębna")
        with freeze_time("2026-11-04 08:00:00"):
            cls.invoice = cls._bill(contract, "2026-10-31")
        cls.settlement = contract.settlement_ids
        cls.statement = cls.env[f"report.{MODULE}.statement"]

    def test_figures_of_the_packages(self):
        self.assertEqual(
            self.statement._package_rows(self.settlement),
            [
                {
                    "period": "01.10.2026 – 31.10.2026",
                    "granted": 120,
                    "before": 120,
                    "used": 120,
                    "expired": 0,
                    "carried": 0,
                    "after": 0,
                }
            ],
        )

    def test_packages_that_gave_nothing_are_shown_too(self):
        self._sell(self.contract, 600, 6, "2026-11-10")
        self.contract.rollover_minutes = 60
        (settlement,) = self._settle(self.contract, "2026-11-30")
        rows = {
            row["period"]: (row["before"], row["expired"], row["carried"], row["after"])
            for row in self.statement._package_rows(settlement)
        }
        self.assertEqual(
            rows,
            {
                "01.11.2026 – 30.11.2026": (120, 60, 60, 0),
                "10.11.2026 – 09.05.2027": (600, 0, 0, 600),
                "01.11.2026 – 31.12.2026": (60, 0, 0, 60),
            },
        )

    def test_each_entry_says_how_it_was_billed(self):
        reports = self.env["ir.actions.report"].with_user(self.accountant)
        html, _type = reports._render_qweb_html(
            f"{MODULE}.report_statement", self.settlement.ids
        )
        self.assertIn("z pakietu 01.10.2026 – 31.10.2026", html.decode())

    def test_entries_stand_by_ticket_in_the_order_of_work(self):
        names = [
            (ticket.name, entries.mapped("name"))
            for ticket, entries in self.statement._entries_by_ticket(self.settlement)
        ]
        self.assertEqual(
            names, [("Drukarka", ["Wymiana bębna"]), ("Poczta", ["Nowe hasło"])]
        )

    def test_the_customer_reads_it_in_their_language(self):
        reports = self.env["ir.actions.report"].with_user(self.accountant)
        html, _type = reports._render_qweb_html(
            f"{MODULE}.report_statement", self.settlement.ids
        )
        text = html.decode()
        for words in ("Zestawienie godzin", "VIP/1", "Wymiana bębna", "Praca zdalna"):
            self.assertIn(words, text)
        self.assertIn("290", text, "the fee of the invoice")

    def _amounts(self, user=None):
        statement = self.statement.with_user(user or self.accountant)
        return statement._amounts(self.settlement.with_user(user or self.accountant))

    def _html(self, user=None, settlement=None):
        reports = self.env["ir.actions.report"].with_user(user or self.accountant)
        html, _type = reports._render_qweb_html(
            f"{MODULE}.report_statement", (settlement or self.settlement).ids
        )
        return html.decode()

    def test_amounts_are_those_of_the_invoice(self):
        amounts = self._amounts()
        # One of three started hours is beyond the package, at 120.00.
        fee = "Abonament VIP\n01.10.2026 – 31.10.2026"
        self.assertEqual(
            (amounts.work, amounts.others, amounts.rounding, amounts.total),
            (120.0, [(fee, 290.0)], 0.0, 410.0),
        )
        self.assertEqual(self.invoice.amount_untaxed, amounts.total)
        asked = {
            entry.name: [share.amount for share in amounts.of(entry)]
            for entry in self.settlement.entry_ids
        }
        self.assertEqual(asked, {"Wymiana bębna": [], "Nowe hasło": [120.0]})

    def test_they_follow_what_the_accountant_changed(self):
        line = self.invoice.invoice_line_ids.filtered("service_charges")
        entry = self.settlement.entry_ids.filtered(lambda e: e.name == "Nowe hasło")
        cases = [
            ({"discount": 10.0}, 108.0, "1:00 ×"),
            ({"discount": 0.0, "price_unit": 200.0}, 200.0, "1:00 ×"),
            ({"quantity": 0.5}, 100.0, ""),
        ]
        for vals, net, calculation in cases:
            with self.subTest(vals):
                self.invoice.write(
                    {"invoice_line_ids": [Command.update(line.id, vals)]}
                )
                amounts = self._amounts()
                (share,) = amounts.of(entry)
                self.assertEqual(share.amount, net)
                self.assertEqual(share.calculation(self.env)[:6], calculation)
                self.assertEqual(amounts.total, self.invoice.amount_untaxed)
        self.invoice.write(
            {
                "invoice_line_ids": [
                    Command.delete(line.id),
                    Command.create({"name": "Dojazd", "price_unit": 50.0}),
                ]
            }
        )
        amounts = self._amounts()
        self.assertFalse(amounts.of(entry))
        self.assertIn(("Dojazd", 50.0), amounts.others)

    def test_shares_of_a_line_add_up_to_it(self):
        contract = self._create_contract(
            self.customer.copy({"name": "Trzy razy"}), allowance_minutes=0, code="T/1"
        )
        ticket = self._create_ticket("Trzy", partner_id=contract.partner_id.id)
        self.env["decimal.precision"].search([("name", "=", "Product Unit")]).digits = 6
        self.tier.rate_ids.write({"first_minutes": 1, "step_minutes": 1})
        self.hour.list_price = 100.0
        with freeze_time("2026-10-20 12:00:00"):
            for day in ("2026-10-05", "2026-10-06", "2026-10-07"):
                self._log(ticket, 20, day)
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(contract, "2026-10-31")
        amounts = self.statement._amounts(contract.settlement_ids)
        nets = [amounts.sum(entry) for entry in contract.settlement_ids.entry_ids]
        self.assertEqual(sorted(nets), [33.33, 33.33, 33.34])
        self.assertEqual(amounts.work, 100.0)
        self.assertEqual(amounts.total, invoice.amount_untaxed)

    def test_nothing_is_priced_that_packages_pay(self):
        self.customer.lang = "en_US"
        self.env["res.lang"]._activate_lang("en_US")
        page = self._html()
        self.assertIn("Net total of the invoice", page)
        rows = lxml_html.fromstring(page).find_class("o_service_entry")
        priced = {
            " ".join(row.text_content().split())[:10]: "×" in row.text_content()
            for row in rows
        }
        self.assertEqual(priced, {"10/04/2026": False, "10/12/2026": True})

    def test_who_sees_no_prices_prints_none(self):
        self.assertIsNone(self._amounts(self.technician))
        self.assertTrue(self._amounts(self.back_office))
        self.assertNotIn("290", self._html(self.technician))

    def test_a_settlement_that_is_not_invoiced_has_no_amounts(self):
        self.invoice.button_cancel()
        self.assertIsNone(self._amounts())
        self.assertIn("VIP/1", self._html())

    def test_late_and_free_work_says_so(self):
        self.env["res.lang"]._activate_lang("en_US")
        self.customer.lang = "en_US"
        ticket = self.settlement.entry_ids.ticket_id[0]
        with freeze_time("2026-11-10 12:00:00"):
            self._log(ticket, 30, "2026-10-21", name="Spóźniona")
            free = self._log(ticket, 30, "2026-11-09", name="Gratis")
            self.env["service.charge.change"].with_user(self.back_office).create(
                {
                    "entry_ids": [Command.set(free.ids)],
                    "charge": "free",
                    "reason": "Our own fault",
                }
            ).action_apply()
        with freeze_time("2026-12-04 08:00:00"):
            self._bill(self.contract, "2026-11-30")
        settlement = self.contract.settlement_ids - self.settlement
        page = lxml_html.fromstring(self._html(settlement=settlement))
        late, done = (
            " ".join(row.text_content().split())
            for row in page.find_class("o_service_entry")
        )
        self.assertIn("Spóźniona", late)
        self.assertIn("Work of an earlier period, logged late", late)
        self.assertIn("Gratis", done)
        self.assertIn("free of charge: Our own fault", done)
        self.assertNotIn("earlier period", done)

    def test_as_many_queries_for_many_entries(self):
        def queries(settlement):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._html(settlement=settlement)
            return self.cr.sql_log_count - before

        def billed(month, entries):
            with freeze_time(f"2026-{month}-27 12:00:00"):
                for number in range(entries):
                    self._log(ticket, 10, f"2026-{month}-{number % 25 + 1:02}")
            with freeze_time(f"{'2027-01' if month == 12 else '2026-12'}-02 08:00:00"):
                self._bill(self.contract, f"2026-{month}-{30 + month % 11}")
            return self.contract.settlement_ids.sorted("date_to")[-1]

        ticket = self._create_ticket("Wiele", "2026-10-20")
        few, many = billed(11, 3), billed(12, 40)
        queries(few)
        self.assertEqual(queries(many), queries(few))

    def test_it_goes_with_the_e_mail_of_the_invoice(self):
        self.customer.email = "klient@example.com"
        self.invoice.action_post()
        self._print_papers()
        wizard = (
            self.env["account.move.send.wizard"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=self.invoice.ids)
            .create({})
        )
        names = [file["name"] for file in wizard.mail_attachments_widget]
        self.assertIn(self.settlement.statement_id.name, names)
        wizard.sending_methods = ["email"]
        wizard.action_send_and_print()
        message = self.invoice.message_ids.filtered("partner_ids")[:1]
        self.assertIn(
            self.settlement.statement_id.name, message.attachment_ids.mapped("name")
        )

    def test_the_file_is_named_for_the_customer(self):
        self.assertEqual(
            self.settlement._statement_name(), "Zestawienie godzin VIP-1 2026-10"
        )

    def test_posting_again_replaces_the_statement(self):
        for _time in range(2):
            self.invoice.action_post()
            self._print_papers()
            self.invoice.button_draft()
        self.invoice.action_post()
        self._print_papers()
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", self.invoice.id)]
        )
        self.assertEqual(attachments, self.settlement.statement_id)

    def test_a_real_pdf(self):
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        if reports.get_wkhtmltopdf_state() != "ok":
            self.skipTest("no wkhtmltopdf here")
        pdf, file_type = reports._render_qweb_pdf(
            f"{MODULE}.report_statement", self.settlement.ids
        )
        self.assertEqual(file_type, "pdf")
        self.assertTrue(pdf.startswith(b"%PDF"))
