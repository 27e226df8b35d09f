from freezegun import freeze_time
from lxml import html

from odoo.fields import Command
from odoo.tests import tagged

from .common import InvoiceCommon

REPORT = "account.account_invoices"


class PaperCommon(InvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.lang = "pl_PL"
        cls.german.lang = "pl_PL"

    def page(self, invoice):
        reports = self.env["ir.actions.report"].with_user(self.accountant)
        text, _type = reports._render_qweb_html(REPORT, invoice.ids)
        return html.fromstring(text.decode())

    def text(self, node):
        """What is read there; the cells of a table are words of their own."""
        words = " ".join(node.itertext()).replace("\xa0", " ")
        return " ".join(words.replace("\u200b", "").replace("\ufeff", "").split())

    def row(self, page, name):
        (row,) = page.xpath(f"//tr[@name='{name}']")
        return self.text(row)


@tagged("post_install", "-at_install")
class TestPaperAndXml(PaperCommon):
    """Paper and structured invoice say the same."""

    def test_units(self):
        invoice = self._posted(self._line(), self._line(50.0, product=self.fee))
        (table,) = self.page(invoice).find_class("o_main_table")
        for unit in self._texts(invoice, "P_8A"):
            self.assertIn(f"1,00 {unit}", self.text(table))

    def test_a_service_for_a_business_in_the_eu(self):
        invoice = self._posted(
            self._line(tax_ids=self._tax(0.0, "service", "K_12").ids),
            partner_id=self.german.id,
        )
        self.assertEqual(self._texts(invoice, "P_12"), ["np II"])
        self.assertEqual(self._texts(invoice, "P_18"), ["1"])
        page = self.page(invoice)
        (table,) = page.find_class("o_main_table")
        self.assertIn(" np ", self.text(table))
        self.assertNotIn("0%", self.text(page).replace("100%", ""))
        self.assertTrue(page.xpath("//p[@name='by_buyer']"))
        self.assertIn("Odwrotne obciążenie", self.text(page))

    def test_both_languages_for_a_buyer_abroad(self):
        self.german.lang = "en_US"
        invoice = self._posted(
            self._line(tax_ids=self._tax(0.0, "service", "K_12").ids),
            partner_id=self.german.id,
        )
        text = self.text(self.page(invoice))
        for words in ("Seller / Sprzedawca", "Reverse charge / Odwrotne obciążenie"):
            self.assertIn(words, text)
        self.assertNotIn(" / Sprzedawca", self.text(self.page(self._posted())))
        self.german.lang = "pl_PL"
        self.assertNotIn("Seller", self.text(self.page(invoice)))

    def test_exempt_and_taxed_services_on_one_invoice(self):
        self.company.service_vat_exemption = "art. 43 ust. 1 pkt 29 ustawy o VAT"
        invoice = self._posted(
            self._line(), self._line(50.0, tax_ids=self._tax(0.0, tag="K_10").ids)
        )
        page = self.page(invoice)
        (table,) = page.find_class("o_main_table")
        self.assertIn(" 23% ", self.text(table))
        self.assertIn(" zw ", self.text(table))
        (summary,) = page.find_class("o_service_vat")
        self.assertIn("VAT 23% 100,00 zł 23,00 zł 123,00 zł", self.text(summary))
        self.assertIn("VAT zw 50,00 zł 0,00 zł 50,00 zł", self.text(summary))
        self.assertIn("art. 43 ust. 1 pkt 29", self.text(page))
        self.assertFalse(page.xpath("//p[@name='by_buyer']"))

    def bank(self, number, currency=None):
        return self.env["res.partner.bank"].create(
            {
                "acc_number": number,
                "partner_id": self.company.partner_id.id,
                "company_id": self.company.id,
                "currency_id": currency and currency.id,
                "allow_out_payment": True,
            }
        )

    def test_the_account_is_that_of_the_currency(self):
        euro = self._set_rate()
        zloty = self.bank("PL61109010140000071219812874")
        invoice = self._posted(currency_id=euro.id)
        self.assertEqual(self._texts(invoice, "OpisRachunku"), ["PLN"], "no other")
        foreign = self.bank("PL10105000997603123456789123", euro)
        invoice = self._posted(currency_id=euro.id)
        self.assertEqual(invoice.partner_bank_id, foreign)
        self.assertEqual(self._texts(invoice, "OpisRachunku"), ["EUR"])
        self.assertEqual(self._posted().partner_bank_id, zloty)

    def test_a_quoted_job_names_the_day_of_its_work(self):
        ticket = self._create_ticket("Migracja", "2026-08-10")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "ticket_id": ticket.id,
                "order_line": [
                    Command.create({"product_id": self.hour.id, "product_uom_qty": 3})
                ],
            }
        )
        order.action_confirm()
        self._log_on(ticket, 60, "2026-08-10")
        self._log_on(ticket, 120, "2026-08-11")
        with freeze_time("2026-09-05 08:00:00"):
            invoice = order._create_invoices()
        self._post(invoice, "2026-09-05")
        found = self._read(invoice)
        self.assertEqual(found.sale_date, self._date("2026-08-11"))
        self.assertEqual(invoice.date, self._date("2026-08-11"), "VAT of August")
        self.assertIn("11.08.2026", self.text(self.page(invoice)))


@tagged("post_install", "-at_install")
class TestCorrectionOnPaper(PaperCommon):
    """What was, what is, the difference, and what follows from it in money."""

    def note(self, invoice, **vals):
        note = self._credit(invoice)
        note.invoice_line_ids.write(vals)
        return self._post(note, "2026-11-20")

    def pay(self, invoice, amount=None):
        with freeze_time("2026-11-10 08:00:00"):
            wizard = (
                self.env["account.payment.register"]
                .with_user(self.accountant)
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create({"payment_date": "2026-11-10"})
            )
            if amount:
                wizard.amount = amount
            wizard.action_create_payments()

    def rows(self, page):
        (table,) = page.find_class("o_service_changes")
        return [self.text(row) for row in table.xpath(".//tbody/tr")]

    def test_fewer_hours_of_an_unpaid_invoice(self):
        invoice = self._posted(self._line(120.0, quantity=3))
        page = self.page(self.note(invoice, quantity=1))
        self.assertEqual(
            self.rows(page),
            [
                "Praca zdalna przed 3,00 godz. 120,00 360,00 zł",
                "po 2,00 godz. 120,00 240,00 zł",
                "różnica -1,00 godz. -120,00 zł",
            ],
        )
        (sums,) = page.find_class("o_service_change_sums")
        text = self.text(sums)
        self.assertIn("Brutto 442,80 zł 295,20 zł -147,60 zł", text)
        self.assertIn("295,20 zł", self.row(page, "due"))
        self.assertNotIn("Zapłacono", self.text(page))
        self.assertFalse(page.xpath("//tr[@name='returned']"))

    def test_a_lower_price_of_a_paid_invoice(self):
        invoice = self._posted(self._line(120.0, quantity=3))
        self.pay(invoice)
        page = self.page(self.note(invoice, price_unit=40.0))
        self.assertEqual(
            self.rows(page)[1:],
            ["po 3,00 godz. 80,00 240,00 zł", "różnica 0,00 godz. -120,00 zł"],
        )
        self.assertIn("147,60 zł", self.row(page, "returned"))
        self.assertNotIn("Zapłacono", self.text(page))

    def test_a_second_correction_goes_on_from_the_first(self):
        invoice = self._posted(self._line(120.0, quantity=3))
        self.pay(invoice, 400.0)
        first = self.note(invoice, quantity=1)
        second = self.note(invoice, quantity=1)
        self.assertIn("przed 2,00", self.rows(self.page(second))[0])
        self.assertIn("przed 3,00", self.rows(self.page(first))[0])
        # 400.00 were paid, and 147.60 are left of the invoice.
        self.assertIn("252,40 zł", self.row(self.page(second), "returned"))
