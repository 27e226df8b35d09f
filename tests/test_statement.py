from freezegun import freeze_time

from odoo.tests import tagged

from .common import MODULE, ServiceCommon


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
        self.assertNotIn("290", text, "a statement of hours shows no fee")

    def test_the_file_is_named_for_the_customer(self):
        self.assertEqual(
            self.settlement._statement_name(), "Zestawienie godzin VIP-1 2026-10"
        )

    def test_posting_again_replaces_the_statement(self):
        self.invoice.action_post()
        self.invoice.button_draft()
        self.invoice.action_post()
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
