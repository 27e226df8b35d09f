from ast import literal_eval

from freezegun import freeze_time
from lxml import etree, html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.billing.account_move_line import BILLING
from ..common import MODULE, ServiceCommon

REPORT = "account.account_invoices"


@tagged("post_install", "-at_install")
class TestInvoicePdf(ServiceCommon):
    """What is printed on an invoice, as HTML that the printer gets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.company.partner_id.write(
            {"street": "Testowa 1", "zip": "00-001", "city": "Warszawa"}
        )
        cls.company.vat = "PL7740001454"
        cls.customer.write(
            {"lang": "en_US", "vat": "5260250274", "street": "Kliencka 2"}
        )
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "acc_number": "PL61109010140000071219812874",
                "partner_id": cls.company.partner_id.id,
                "company_id": cls.company.id,
                "allow_out_payment": True,
            }
        )
        cls.contract = cls._create_contract(
            client_order_ref="ZAM/77", date="2026-09-15"
        )
        cls.ticket = cls._create_ticket("Drukarka", "2026-10-04")
        with freeze_time("2026-10-20 12:00:00"):
            cls._log(cls.ticket, 150, "2026-10-04", name="Wymiana bębna")
        with freeze_time("2026-11-04 08:00:00"):
            cls.invoice = cls._bill(cls.contract, "2026-10-31")
            cls.invoice.partner_bank_id = cls.bank
            cls.invoice.action_post()

    def _page(self, move, user=None, name=REPORT):
        reports = self.env["ir.actions.report"].with_user(user or self.accountant)
        page, _type = reports._render_qweb_html(name, move.ids)
        return html.fromstring(page.decode())

    def _text(self, move, **options):
        return " ".join(self._page(move, **options).text_content().split())

    def _plain_invoice(self, **vals):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "invoice_date": "2026-11-04",
                "invoice_line_ids": [
                    Command.create({"product_id": self.hour.id, "price_unit": 100.0})
                ],
            }
            | vals
        )

    def _correction(self, reason="Rabat"):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=self.invoice.ids)
            .create(
                {
                    "reason": reason,
                    "journal_id": self.invoice.journal_id.id,
                    "date": "2026-11-10",
                }
            )
        )
        action = wizard.reverse_moves()
        return self.env["account.move"].browse(action["res_id"])

    def test_both_parties_stand_in_the_body(self):
        page = self._page(self.invoice)
        (body,) = page.find_class("o_service_parties")
        article = body.xpath("ancestor::div[contains(@class, 'article')]")
        self.assertTrue(article, "a header may be dropped by the printer")
        text = " ".join(body.text_content().split())
        for words in (
            "Seller Serwis Testowy sp. z o.o.",
            "Testowa 1",
            "NIP: 7740001454",
            "Buyer Klient Testowy S.A.",
            "Kliencka 2",
            "NIP: 5260250274",
        ):
            self.assertIn(words, text)
        self.assertEqual(
            self._text(self.invoice).count("Kliencka 2"), 1, "the buyer stands once"
        )

    def test_what_it_says_of_the_service(self):
        text = self._text(self.invoice)
        for words in (
            f"Invoice {self.invoice.name}",
            "Date of Issue 11/04/2026",
            "Billing Period 10/01/2026 – 10/31/2026",
            "Contract VIP/1 dated 09/15/2026",
            "Your Order ZAM/77",
        ):
            with self.subTest(words):
                self.assertIn(words, text)
        for words in ("Taxable Supply", "Delivery Date", "Source", "Reference"):
            with self.subTest(words):
                self.assertNotIn(words, text.replace("Payment Reference", ""))

    def test_how_to_pay(self):
        text = self._text(self.invoice)
        self.assertIn("bank transfer, due 11/", text)
        self.assertIn("PL61109010140000071219812874", text.replace(" ", ""))
        self.assertIn(f"Payment Reference {self.invoice.payment_reference}", text)
        self.assertIn("Amount Due", text)

    def test_units_and_rates_stand_on_the_lines(self):
        self.env.ref("base.group_user").sudo().implied_ids -= self.env.ref(
            "uom.group_uom"
        )
        self.assertFalse(self.accountant.has_group("uom.group_uom"))
        (table,) = self._page(self.invoice).find_class("o_main_table")
        text = " ".join(table.text_content().split())
        for words in ("Quantity", "Net Price", "VAT", "Net Value", "1.00 Hours", "23%"):
            with self.subTest(words):
                self.assertIn(words, text)

    def test_summary_of_the_tax_by_rate(self):
        self.assertFalse(self._page(self.invoice).find_class("o_service_vat"))
        reduced = self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "=", "sale"),
                ("amount", "=", 8),
            ]
        )
        book = {"name": "Książka", "price_unit": 50.0, "tax_ids": reduced.ids}
        move = self._plain_invoice()
        move.invoice_line_ids = [Command.create(book)]
        (table,) = self._page(move).find_class("o_service_vat")
        text = " ".join(table.text_content().replace("\xa0", " ").split())
        for row in (
            "VAT 23% 100.00 zł23.00 zł123.00 zł",
            "VAT 8% 50.00 zł4.00 zł54.00 zł",
        ):
            with self.subTest(row):
                self.assertIn(row, text)

    def test_the_tax_is_in_zloty_as_well(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "company_id": self.company.id,
                "name": "2026-11-01",
                "inverse_company_rate": 4.25,
            }
        )
        move = self._plain_invoice(currency_id=euro.id)
        move.action_post()
        page = self._page(move)
        (table,) = page.find_class("o_service_vat")
        text = " ".join(table.text_content().split())
        for amount in ("23.00", "97.75", "522.75"):
            with self.subTest(amount):
                self.assertIn(amount, text)
        self.assertFalse(page.find_class("totals_taxes_company_currency"))

    def test_a_correction_names_what_it_corrects(self):
        correction = self._correction()
        self.assertIn("Draft Correcting Invoice", self._text(correction))
        correction.action_post()
        text = self._text(correction)
        for words in (
            f"Correcting Invoice {correction.name}",
            f"Corrects the invoice {self.invoice.name} of 11/04/2026",
            "Reason: Rabat",
            "difference",
            "Nothing is returned",
            "Billing Period 10/01/2026 – 10/31/2026",
        ):
            with self.subTest(words):
                self.assertIn(words, text)
        for words in ("Credit Note", "Reversal of", "bank transfer"):
            with self.subTest(words):
                self.assertNotIn(words, text)

    def test_a_reason_that_was_not_written_by_the_wizard(self):
        correction = self._correction()
        self.assertEqual(correction._correction_reason(), "Rabat")
        correction.service_correction_reason = False
        for reference, reason in [
            ("Ustalono inaczej", "Ustalono inaczej"),
            (f"Reversal of: {self.invoice.name}", ""),
            (False, ""),
        ]:
            with self.subTest(reference):
                correction.ref = reference
                self.assertEqual(correction._correction_reason(), reason)

    def test_days_of_the_service(self):
        ad_hoc = self.env["service.tier"].create(
            {"name": "Cennik", "company_id": self.company.id, "kind": "ad_hoc"}
        )
        job = self.contract.copy({"service_tier_id": ad_hoc.id, "code": "X"})
        cases = [
            ("a day", self.contract, "2026-10-05", "2026-10-05", "period"),
            ("a period", self.contract, "2026-10-01", "2026-10-31", "period"),
            ("a job", job, "2026-10-01", "2026-10-31", "done"),
            ("an end alone", self.contract, False, "2026-10-31", "done"),
        ]
        for name, contract, first, last, kind in cases:
            with self.subTest(name):
                self.invoice.with_context(**BILLING.opened).write(
                    {
                        "service_contract_id": contract.id,
                        "service_period_from": first,
                        "service_period_to": last,
                    }
                )
                self.assertEqual(self.invoice._printed_supply()["kind"], kind)
        self.invoice.with_context(**BILLING.opened).service_contract_id = job
        self.assertFalse(self.invoice._printed_contract(), "a job has no contract")
        plain = self._plain_invoice()
        for supplied, kind in [
            (False, None),
            ("2026-11-04", None),
            ("2026-10-31", "sold"),
        ]:
            with self.subTest(supplied):
                plain.taxable_supply_date = supplied
                self.assertEqual(plain._printed_supply().get("kind"), kind)

    def test_who_receives_it_where_that_is_another(self):
        school = self.env["res.partner"].create(
            {"name": "Szkoła nr 1", "parent_id": self.customer.id, "type": "delivery"}
        )
        self.invoice.partner_shipping_id = school
        text = self._text(self.invoice)
        self.assertIn("Recipient", text)
        self.assertIn("Szkoła nr 1", text)

    def test_foreign_buyers_have_another_number(self):
        germany = self.env.ref("base.de")
        buyer = self.env["res.partner"].create(
            {
                "name": "Kunde GmbH",
                "is_company": True,
                "country_id": germany.id,
                "vat": "DE136695976",
                "lang": "en_US",
            }
        )
        self.assertIn(
            "VAT Number / Numer VAT: DE136695976",
            self._text(self._plain_invoice(partner_id=buyer.id)),
        )

    def test_documents_of_others_stay_as_odoo_prints_them(self):
        bill = self._plain_invoice(move_type="in_invoice")
        self.assertEqual(bill._polish_page(), {})
        receipt = self._plain_invoice(move_type="out_receipt")
        self.assertEqual(receipt._polish_page(), {})
        plain = self._plain_invoice()
        self.assertTrue(plain._polish_page(), "any sale of a Polish company")
        plain.company_id.account_fiscal_country_id = self.env.ref("base.de")
        text = self._text(plain)
        self.assertNotIn("Seller", text)
        self.assertIn("Unit Price", text)
        self.assertEqual(text.count("Kliencka 2"), 1, "where Odoo prints the buyer")

    def test_no_number_no_stamp(self):
        self.assertFalse(self.invoice._ksef_stamp(), "no number, no stamp")

    def test_the_number_of_ksef_and_its_code(self):
        number = "7740001454-20261104-0123456789AB-CD"
        self.invoice.l10n_pl_edi_number = number
        self.assertIn(f"KSeF Number {number}", self._text(self.invoice))
        self.assertFalse(self.invoice._ksef_stamp()["qr"], "nothing was sent from here")
        self.env["ir.attachment"].create(
            {
                "name": "FA3.xml",
                "raw": b"<Faktura/>",
                "res_model": "account.move",
                "res_id": self.invoice.id,
                "res_field": "l10n_pl_edi_attachment_file",
            }
        )
        self.invoice.invalidate_recordset()
        stamp = self.invoice.with_user(self.accountant)._ksef_stamp()
        self.assertIn("/invoice/7740001454/04-11-2026/", stamp["link"])
        (image,) = self._page(self.invoice).xpath("//div[@name='ksef']//img")
        self.assertTrue(image.get("src").startswith("data:image/png;base64,iVBOR"))
        correction = self._correction()
        self.assertIn(f"KSeF number of that invoice: {number}", self._text(correction))

    def test_the_days_are_those_of_the_customers_language(self):
        self.customer.lang = "pl_PL"
        text = self._text(self.invoice)
        self.assertIn("01.10.2026 – 31.10.2026", text)
        self.assertEqual(self.invoice.invoice_date, fields.Date.to_date("2026-11-04"))


@tagged("post_install", "-at_install")
class TestServiceInvoices(ServiceCommon):
    """The accountant's list, and the work beside the draft."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.contract = cls._create_contract()
        idle = cls._create_contract(
            cls.customer.copy({"name": "Bez pracy"}), code="B/1"
        )
        cls.ticket = cls._create_ticket("Drukarka", "2026-10-04")
        with freeze_time("2026-10-20 12:00:00"):
            cls._log(cls.ticket, 150, "2026-10-04", name="Wymiana bębna")
        with freeze_time("2026-11-04 08:00:00"):
            cls.worked = cls._bill(cls.contract, "2026-10-31")
            cls.idle = cls._bill(idle, "2026-10-31")
        cls.action = cls.env.ref(f"{MODULE}.service_invoice_action")

    def _found(self, name=None):
        moves = self.env["account.move"].with_user(self.accountant)
        domain = literal_eval(self.action.domain)
        if name:
            view = etree.fromstring(self.action.search_view_id.arch)
            (node,) = view.xpath(f"//filter[@name='{name}']")
            domain += literal_eval(node.get("domain"))
        return moves.search([*domain, ("company_id", "=", self.company.id)])

    def test_the_list_holds_service_invoices_alone(self):
        other = self.worked.copy()
        other.with_context(**BILLING.opened).service_contract_id = False
        self.assertEqual(self._found(), self.worked | self.idle)

    def test_filters(self):
        self.idle.action_post()
        self.idle.settlement_ids.statement_id.unlink()
        cases = {
            "drafts": self.worked,
            "posted": self.idle,
            "with_work": self.worked,
            "without_statement": self.idle,
            "split_payment": self.env["account.move"],
        }
        for name, expected in cases.items():
            with self.subTest(name):
                self.assertEqual(self._found(name), expected)

    def test_the_accountant_reads_the_work_beside_the_draft(self):
        draft = self.worked.with_user(self.accountant).with_context(lang="en_US")
        self.assertEqual(draft.service_line_count, 2)
        entry = draft.service_entry_ids
        self.assertEqual(entry.name, "Wymiana bębna")
        self.assertEqual((entry.package_minutes, entry.overage_minutes), (120, 60))
        self.assertRegex(entry.price_note, r"1:00 × .*120[.,]00.* = .*120[.,]00")
        self.assertNotIn("on invoice", entry.price_note, "a draft has no number")
        with self.assertRaises(AccessError):
            entry.name = "Zmiana"
        action = draft.action_print_statement()
        self.assertEqual(action["context"]["active_ids"], draft.settlement_ids.ids)
        self.assertFalse(self.idle.service_entry_ids)
        view = draft.get_view(self.env.ref("account.view_move_form").id, "form")
        self.assertIn("service_statement_tab", view["arch"])

    def test_the_list_can_be_read_grouped_and_exported(self):
        moves = self._found()
        for group in ("service_contract_id", "service_period_to:month"):
            with self.subTest(group):
                rows = moves.formatted_read_group(
                    [("id", "in", moves.ids)], [group], ["amount_total_signed:sum"]
                )
                self.assertTrue(rows)
        self.accountant.group_ids |= self.env.ref("base.group_allow_export")
        names = ["service_contract_id", "service_line_count", "amount_untaxed"]
        self.assertEqual(len(moves.export_data(names)["datas"]), 2)
