from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import html2plaintext

from ..common import MODULE
from ..l10n_pl.common import InvoiceCommon

BEYOND = "ponad pakiet"


@tagged("post_install", "-at_install")
class TestWorkLines(InvoiceCommon):
    """What lines, entries and statement call the work that packages do not pay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(start="2026-07-01", allowance_minutes=60)
        cls.ticket = cls._create_ticket("Serwer", "2026-07-02")

    def bill(self, until, day):
        with freeze_time(f"{day} 08:00:00"):
            return self._bill(self.contract, until)

    def statement(self, invoice):
        report = f"{MODULE}.report_statement"
        html, _type = (
            self.env["ir.actions.report"]
            .with_context(lang="pl_PL")
            ._render_qweb_html(report, invoice.settlement_ids.ids)
        )
        return html2plaintext(html.decode())

    def test_late_hours_have_a_line_and_the_month_of_their_own(self):
        self.bill("2026-07-31", "2026-08-04")
        with freeze_time("2026-08-10 12:00:00"):
            self._log(self.ticket, 120, "2026-07-20")
            self._log(self.ticket, 180, "2026-08-05")
        invoice = self.bill("2026-08-31", "2026-09-04")
        found = [
            (line.name.split("\n")[-1], line.quantity)
            for line in invoice.invoice_line_ids
            if line.product_id == self.hour
        ]
        self.assertEqual(
            found, [("01.07.2026 – 31.07.2026", 1.0), ("01.08.2026 – 31.08.2026", 2.0)]
        )
        document = self._read(self._post(invoice, "2026-09-04"))
        self.assertLessEqual(document.period_from, self._date("2026-07-20"))
        self.assertEqual(document.period_to, self._date("2026-08-31"))
        self.assertIn("01.07.2026 – 31.08.2026", str(invoice._polish_page()["supply"]))

    def test_late_hours_of_an_ended_contract(self):
        self.contract.with_user(self.back_office).date_end = "2026-08-31"
        self.bill("2026-08-31", "2026-09-04")
        with freeze_time("2026-09-10 12:00:00"):
            self._log(self.ticket, 120, "2026-07-20")
            self._log(self.ticket, 180, "2026-08-05")
        invoice = self.bill("2026-09-30", "2026-10-04")
        labels = [line.name.split("\n")[-1] for line in invoice.invoice_line_ids]
        self.assertEqual(labels, ["01.07.2026 – 31.07.2026", "01.08.2026 – 31.08.2026"])
        self.assertEqual(str(invoice.service_period_from), "2026-07-01")

    def test_an_unjustified_report_is_called_so(self):
        self.tier.free_unjustified = 0
        verdict = (
            self.env["service.verdict"]
            .with_user(self.back_office)
            .with_context(default_ticket_id=self.ticket.id)
            .create({"report": "unjustified", "reason": "Drukarka była wyłączona"})
        )
        with freeze_time("2026-07-10 12:00:00"):
            verdict.action_apply()
        entry = self._log_on(self.ticket, 20, "2026-07-20")
        self.assertEqual((entry.charge, entry.package_minutes), ("money", 0))
        self.assertIn("nieuzasadnione", self.explained(entry).lower())
        self.assertNotIn(BEYOND, self.explained(entry))
        invoice = self.bill("2026-07-31", "2026-08-04")
        line = invoice.invoice_line_ids.filtered(lambda x: x.product_id == self.hour)
        self.assertTrue(line.name.startswith("Praca zdalna, zgłoszenie nieuzasadnione"))
        for text in (self.explained(entry), self.statement(invoice)):
            self.assertIn("nieuzasadnione", text.lower())
            self.assertNotIn(BEYOND, text.lower())

    def explained(self, entry):
        entry.invalidate_recordset()
        user = self.technician
        return entry.with_user(user).with_context(lang="pl_PL").explanation

    def test_nobody_without_a_package_reads_of_one(self):
        self.contract.allowance_minutes = 0
        entry = self._log_on(self.ticket, 60, "2026-07-20")
        texts = [self.explained(entry)]
        self.assertIn("1:00 płatne", texts[0])
        invoice = self.bill("2026-07-31", "2026-08-04")
        texts += [*invoice.invoice_line_ids.mapped("name"), self.explained(entry)]
        texts.append(self.statement(invoice))
        for text in texts:
            self.assertNotIn("pakiet", text.lower())

    def test_whoever_has_one_does(self):
        entry = self._log_on(self.ticket, 120, "2026-07-20")
        self.assertIn("1:00 poza pakietem", self.explained(entry))
        invoice = self.bill("2026-07-31", "2026-08-04")
        names = " ".join(invoice.invoice_line_ids.mapped("name"))
        self.assertIn("godziny ponad pakiet", names)
