from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import Form, tagged

from ...models.billing.account_move_line import BILLING
from .common import InvoiceCommon


@tagged("post_install", "-at_install")
class TestInvoiceChecks(InvoiceCommon):
    """What is wrong is said before the invoice is posted, all of it at once."""

    def assertFound(self, invoice, message, switch):
        """Assert that the draft says why posting is refused, until switched off."""
        self.assertIn(message, invoice.service_problems)
        self.assertTrue(invoice.service_has_problems)
        with self.assertRefused(message):
            self._post(invoice)
        self.company[switch] = False
        invoice.invalidate_recordset(["service_problems"])
        self.assertNotIn(message, invoice.service_problems or "")
        self.company[switch] = True
        invoice.invalidate_recordset(["service_problems"])

    def test_nothing_is_found_on_a_sound_invoice(self):
        for partner in (self.customer, self.german):
            invoice = self._invoice(partner_id=partner.id)
            if partner == self.german:
                invoice.invoice_line_ids.tax_ids = self._tax(0.0, "service", "K_12")
            self.assertFalse(invoice.service_problems)
            self.assertEqual(self._post(invoice).state, "posted")

    def test_customer(self):
        customer = self.customer
        cases = [
            ({"vat": False}, "without a tax number", "service_check_buyer"),
            ({"country_id": False}, "has no country", "service_check_address"),
            ({"phone": "24 123 45 67 wew. 12"}, "phone number", "service_check_length"),
        ]
        sound = customer.read(["vat", "country_id", "phone"], load=None)[0]
        for vals, message, switch in cases:
            with self.subTest(message):
                customer.write(sound | vals)
                self.assertFound(self._invoice(), message, switch)

    def test_a_draft_without_a_customer_is_told_nothing_about_one(self):
        invoice = self._invoice(self._line(quantity=0), partner_id=False)
        self.assertIn("has no quantity", invoice.service_problems)
        self.assertNotIn("False", invoice.service_problems)
        with self.assertRefused("(?s)for — cannot be posted.*has no quantity"):
            self._post(invoice)

    def test_wrong_nip(self):
        # As it comes from an import that did not check it.
        self.customer.with_context(no_vat_validation=True).vat = "7740001455"
        self.assertFound(self._invoice(), "is not valid", "service_check_buyer")

    def test_a_consumer_needs_no_nip(self):
        self.customer.write({"is_company": False, "vat": False})
        self.assertFalse(self._invoice().service_problems)

    def test_seller(self):
        company = self.company
        sound = {"vat": company.vat, "street": company.street, "city": company.city}
        cases = [
            ({"vat": False}, "PL and ten digits"),
            ({"vat": "5260250274"}, "PL and ten digits"),
            ({"street": False}, "no full address"),
            ({"city": False}, "no full address"),
        ]
        for vals, message in cases:
            with self.subTest(**vals):
                company.write(sound | vals)
                self.assertFound(self._invoice(), message, "service_check_seller")

    def test_lines(self):
        goods = self._tax(23.0)
        self.assertFalse(goods.tax_scope)
        goods_eu = self._tax(0.0, "consu", "K_21")
        exempt = self._tax(0.0, tag="K_10")
        bare = goods.copy({"name": "Bez kodu", "tax_scope": "service"})
        bare.repartition_line_ids.tag_ids = False
        cases = [
            ({"tax_ids": []}, "has no tax", "service_check_tax"),
            ({"tax_ids": bare.ids}, "no code of the Polish", "service_check_tax"),
            ({"tax_ids": goods.ids}, "taxed as goods", "service_check_goods"),
            ({"tax_ids": goods_eu.ids}, "taxed as goods", "service_check_goods"),
            ({"tax_ids": exempt.ids}, "legal basis", "service_check_exemption"),
            ({"quantity": 0}, "has no quantity", "service_check_quantity"),
            ({"name": "x" * 513}, "too long", "service_check_length"),
        ]
        for vals, message, switch in cases:
            with self.subTest(message, **vals):
                invoice = self._invoice(self._line(), self._line(**vals))
                self.assertFound(invoice, message, switch)

    def test_the_longest_name_passes(self):
        invoice = self._invoice(self._line(name="x \n" * 256))
        self.assertFalse(invoice.service_problems)
        self.assertEqual(self._post(invoice).state, "posted")

    def test_numbers_of_contract_and_order(self):
        contract = self._create_contract(code="U" * 257)
        invoice = self._invoice(service_order_ref="Z" * 257)
        invoice.sudo().with_context(**BILLING.opened).service_contract_id = contract
        self.assertFound(invoice, "The contract number", "service_check_length")
        self.assertIn("order number is too long", invoice.service_problems)

    def test_correction(self):
        sound = self._posted()
        self.assertFound(
            self._credit(sound, reason=False),
            "has no reason",
            "service_check_correction",
        )
        self.assertFound(
            self._invoice(move_type="out_refund", service_correction_reason="Rabat"),
            "does not refer to an original",
            "service_check_correction",
        )
        self.assertFalse(self._credit(sound).service_problems)

    def test_currency_without_a_rate(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        invoice = self._invoice(currency_id=euro.id)
        self.assertFound(
            invoice, "There is no exchange rate of EUR", "service_check_currency"
        )
        self._set_rate(day="2026-11-05")
        self.assertIn("There is no exchange rate of", self._invoice_again(invoice))
        self._set_rate(day="2026-11-04")
        self.assertNotIn(
            "There is no exchange rate of", self._invoice_again(invoice) or ""
        )

    def _invoice_again(self, invoice):
        invoice.invalidate_recordset(["service_problems"])
        with freeze_time("2026-11-04 08:00:00"):
            return invoice.service_problems

    def test_official_schema(self):
        # Only the schema knows how long a name may be.
        self.customer.name = "x" * 513
        invoice = self._invoice()
        self.assertFalse(invoice.service_problems)
        with self.assertRefused("(?s)official schema.*Nazwa"):
            self._post(invoice)
        self.company.service_check_schema = False
        with self.assertRefused("Nazwa is too long"):
            self._post(invoice)
        self.company.service_check_meaning = False
        self.assertEqual(self._post(invoice).state, "posted")

    def test_what_a_valid_document_may_get_wrong(self):
        """KSeF would take it: it checks no arithmetic."""
        taxed = self._invoice(self._line(100.0))
        moves = self.env.registry["account.move"]
        render = moves._l10n_pl_edi_render_xml

        def wrong(move):
            return render(move).replace("<P_15>123.00", "<P_15>123.01")

        with patch.object(moves, "_l10n_pl_edi_render_xml", wrong):
            with self.assertRefused(
                "do not add up to the total \\(123.01 in place of 123.00"
            ):
                self._post(taxed)
        self.assertEqual(self._post(taxed).state, "posted")

    def test_a_refusal_takes_no_number(self):
        first = self._posted()
        self.customer.name = "x" * 513
        refused = self._invoice()
        with self.assertRefused("official schema"):
            self._post(refused)
        self.assertEqual(refused.state, "draft")
        self.customer.name = "Klient"
        following = self._posted()
        self.assertEqual(following.sequence_number, first.sequence_number + 1)

    def test_everything_is_said_at_once(self):
        self.customer.vat = False
        one = self._invoice(self._line(quantity=0), self._line(name="x" * 513))
        other = self._invoice(self._line(tax_ids=[]))
        with self.assertRaises(Exception) as refused, self.cr.savepoint():
            self._post(one | other)
        text = str(refused.exception)
        for message in ("no quantity", "too long", "has no tax"):
            self.assertEqual(text.count(message), 1)
        self.assertEqual(text.count("without a tax number"), 2)

    def test_which_invoices_are_checked(self):
        self.customer.vat = False
        contract = self._create_contract()
        service, other = self._invoice(), self._invoice()
        bill = self._invoice(move_type="in_invoice", invoice_date="2026-11-04")
        service.sudo().with_context(**BILLING.opened).service_contract_id = contract
        for every, master, found in (
            (True, True, service | other),
            (False, True, service),
            (True, False, self.env["account.move"]),
        ):
            with self.subTest(every=every, master=master):
                self.company.write(
                    {"service_check_all": every, "service_check_invoices": master}
                )
                moves = (service | other | bill).with_user(self.accountant)
                moves.invalidate_recordset(["service_has_problems"])
                self.assertEqual(moves.filtered("service_has_problems"), found)
                search = [("service_has_problems", "=", True), ("id", "in", moves.ids)]
                self.assertEqual(moves.search(search), found)
                sound = [("service_has_problems", "=", False), ("id", "in", moves.ids)]
                self.assertEqual(moves.search(sound), moves - found)

    def test_companies_elsewhere_are_left_alone(self):
        self.company.account_fiscal_country_id = self.env.ref("base.de")
        self.customer.vat = False
        self.assertFalse(self._invoice(self._line(tax_ids=[])).service_problems)

    def test_many_invoices_cost_no_more_queries(self):
        moves = self.env["account.move"]
        for _number in range(12):
            moves |= self._invoice(self._line(), self._line(50.0))
        counts = []
        for some in (moves[:2], moves):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.mapped("service_problems")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_accountant_sees_and_fills_in(self):
        invoice = self._posted()
        credit = self._credit(invoice, reason=False)
        with Form(credit.with_user(self.accountant)) as form:
            self.assertIn("The correction has no reason", form.service_problems)
            form.service_correction_reason = "Rabat"
        self.assertFalse(credit.service_problems)

    def test_accountant_types_an_invoice(self):
        moves = self.env["account.move"].with_user(self.accountant)
        self.customer.vat = False
        with Form(moves.with_context(default_move_type="out_invoice")) as form:
            form.partner_id = self.customer
            self.assertIn("without a tax number", form.service_problems)
            with form.invoice_line_ids.new() as line:
                line.product_id = self.hour
                line.quantity = 0
            self.assertIn("has no quantity", form.service_problems)
            self.assertNotIn("no code", form.service_problems)
            with form.invoice_line_ids.edit(0) as line:
                line.quantity = 1
            self.assertNotIn("has no quantity", form.service_problems)
        self.assertNotIn("no code", form.record.service_problems)

    def test_own_billing_is_checked_by_default(self):
        self.company.service_check_all = False
        self.customer.vat = False
        contract = self._create_contract()
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(contract, "2026-10-31")
        self.assertFound(invoice, "without a tax number", "service_check_buyer")

    def test_sections_and_notes_are_not_lines(self):
        section = Command.create({"display_type": "line_section", "name": "x" * 600})
        self.assertFalse(self._invoice(section, self._line()).service_problems)
