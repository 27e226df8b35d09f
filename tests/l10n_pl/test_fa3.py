from decimal import Decimal

from freezegun import freeze_time
from ksef_client.documents.fa3 import PartyIdentifierKind

from odoo.fields import Command
from odoo.tests import tagged

from ...models.billing.account_move_line import BILLING
from .common import KSEF_NUMBER, InvoiceCommon


@tagged("post_install", "-at_install")
class TestFa3(InvoiceCommon):
    """Invoices the official schema accepts whatever they say, and what they must."""

    def bill_october(self, **vals):
        contract = self._create_contract(
            date="2026-09-15", client_order_ref="PO-77/2026", **vals
        )
        ticket = self._create_ticket("Serwer", "2026-10-04")
        with freeze_time("2026-10-20 12:00:00"):
            self._log(ticket, 200, "2026-10-04")
        with freeze_time("2026-11-04 08:00:00"):
            return self._bill(contract, "2026-10-31")

    def test_month_of_a_contract(self):
        invoice = self._post(self.bill_october())
        found = self._read(invoice)
        self.assertEqual(found.issue_date, self._date("2026-11-04"))
        self.assertEqual(
            (found.period_from, found.period_to, found.sale_date),
            (self._date("2026-10-01"), self._date("2026-10-31"), None),
        )
        (contract,) = found.transaction_terms.contracts
        self.assertEqual(
            (contract.number, contract.date), ("VIP/1", self._date("2026-09-15"))
        )
        (order,) = found.transaction_terms.orders
        self.assertEqual(order.number, "PO-77/2026")
        self.assertEqual([line.unit for line in found.lines], ["szt.", "godz."])
        self.assertEqual(found.payment_terms.method, "6")

    def test_correction_of_a_month_names_its_period_and_contract(self):
        credit = self._post(self._credit(self._post(self.bill_october())))
        found = self._read(credit)
        self.assertEqual(found.period_to, self._date("2026-10-31"))
        self.assertEqual(found.transaction_terms.contracts[0].number, "VIP/1")

    def test_an_invoice_issued_anew_is_for_the_same_month(self):
        invoice = self._post(self.bill_october())
        wizards = (
            self.env["account.move.reversal"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
        )
        with freeze_time("2026-11-10 08:00:00"):
            wizard = wizards.create(
                {"journal_id": invoice.journal_id.id, "reason": "Zły NIP"}
            )
            again = self.env["account.move"].browse(wizard.modify_moves()["res_id"])
        found = self._read(self._post(again, "2026-11-10"))
        self.assertEqual(found.period_to, self._date("2026-10-31"))
        self.assertEqual(found.transaction_terms.contracts[0].number, "VIP/1")
        self.assertEqual(found.transaction_terms.orders[0].number, "PO-77/2026")

    def test_settled_month_does_not_lose_its_period_with_the_day_of_supply(self):
        invoice = self.bill_october()
        invoice.delivery_date = "2026-10-31"
        found = self._read(self._post(invoice))
        self.assertEqual((found.sale_date, found.period_from.day), (None, 1))

    def job(self, *days):
        tier = self._create_tier("Doraźnie")
        tier.kind = "ad_hoc"
        contract = self._create_contract(service_tier_id=tier.id, code="")
        invoice = self._invoice(*[self._line() for _day in days])
        billed = invoice.sudo().with_context(**BILLING.opened)
        billed.write(
            {
                "service_contract_id": contract.id,
                "service_period_from": min(days),
                "service_period_to": max(days),
            }
        )
        for line, day in zip(billed.invoice_line_ids, days, strict=True):
            line.service_period_to = day
        return self._post(invoice)

    def test_job_of_a_day_names_that_day(self):
        found = self._read(self.job("2026-10-20", "2026-10-20"))
        self.assertEqual(found.sale_date, self._date("2026-10-20"))
        self.assertFalse(found.period_from)
        self.assertEqual([line.service_date for line in found.lines], [None, None])

    def test_job_of_several_days_names_them_on_its_lines(self):
        found = self._read(self.job("2026-10-20", "2026-10-22"))
        self.assertFalse(found.sale_date or found.period_from)
        self.assertEqual(
            [line.service_date for line in found.lines],
            [self._date("2026-10-20"), self._date("2026-10-22")],
        )

    def test_job_done_on_the_day_of_issue_names_no_other(self):
        found = self._read(self.job("2026-11-04"))
        self.assertFalse(found.sale_date)

    def test_day_of_supply_of_other_invoices(self):
        for vals in (
            {"taxable_supply_date": "2026-10-31"},
            {"taxable_supply_date": "2026-10-31", "delivery_date": "2026-10-31"},
        ):
            with self.subTest(**vals):
                found = self._read(self._posted(**vals))
                self.assertEqual(found.sale_date, self._date("2026-10-31"))

    def test_polish_whoever_sends_it(self):
        invoice = self._posted()
        self.assertEqual(self._texts(invoice, "P_8A"), ["godz."])
        for address in self._texts(invoice, "AdresL1"):
            self.assertIn("Polska", address)

    def test_price_is_the_one_after_discount(self):
        invoice = self._posted(
            self._line(183.33, quantity=3.25, discount=10),
            self._line(183.33, quantity=3, discount=10),
            self._line(33.33, quantity=0.33, discount=33.3),
        )
        lines = self._read(invoice).lines
        self.assertEqual(lines[0].unit_net_price, Decimal("164.997"))
        for line in lines:
            self.assertFalse(line.discount)
            product = line.quantity * line.unit_net_price
            self.assertAlmostEqual(product, line.net_amount, delta=Decimal("0.005"))

    def test_price_is_net_where_it_includes_the_tax(self):
        tax = self._tax(23.0, "service").copy(
            {"name": "23% S brutto", "price_include_override": "tax_included"}
        )
        invoice = self._posted(self._line(123.0, quantity=3, tax_ids=tax.ids))
        self.assertEqual(self._read(invoice).lines[0].unit_net_price, Decimal(100))

    def test_sections_leave_gaps_that_mix_nothing_up(self):
        invoice = self._posted(
            Command.create({"display_type": "line_section", "name": "Praca"}),
            self._line(100.0, discount=10),
            Command.create({"display_type": "line_note", "name": "Uwaga"}),
            self._line(50.0, product=self.fee),
        )
        self.assertEqual(self._texts(invoice, "NrWierszaFa"), ["2", "4"])
        self.assertEqual(self._texts(invoice, "P_9A"), ["90.00", "50.00"])
        self.assertEqual(self._texts(invoice, "P_8A"), ["godz.", "szt."])

    def test_reduced_rate_is_not_an_exemption(self):
        invoice = self._posted(self._line(tax_ids=self._tax(5.0).ids))
        self.assertEqual(self._texts(invoice, "P_12"), ["5"])
        self.assertEqual(self._texts(invoice, "P_13_3"), ["100.00"])
        self.assertEqual(self._texts(invoice, "P_19N"), ["1"])

    def test_exemption_names_its_basis(self):
        self.company.service_vat_exemption = "art. 43 ust. 1 pkt 29 ustawy o VAT"
        exempt = self._tax(0.0, tag="K_10")
        found = self._read(self._posted(self._line(tax_ids=exempt.ids)))
        self.assertEqual(
            found.annotations.exemption_basis, "art. 43 ust. 1 pkt 29 ustawy o VAT"
        )

    def test_group_of_goods(self):
        self.hour.l10n_pl_vat_gtu = "GTU_12"
        self.assertEqual(self._read(self._posted()).lines[0].gtu, "GTU_12")

    def test_contacts_without_an_address_of_mail(self):
        self.customer.phone = "22 100 20 30"
        found = self._read(self._posted())
        self.assertEqual(found.buyer.contacts[0].phone, "22 100 20 30")

    def foreign(self, code, vat, **vals):
        partner = self.german
        partner.write({"country_id": self.env.ref(f"base.{code}").id, "vat": vat})
        positions = self.env["account.fiscal.position"].with_company(self.company)
        return self._invoice(
            partner_id=partner.id,
            fiscal_position_id=positions._get_fiscal_position(partner).id,
            **vals,
        )

    def test_service_for_a_business_in_the_eu(self):
        found = self._read(self._post(self.foreign("de", "DE136695976")))
        self.assertEqual(found.buyer.identifier.kind, PartyIdentifierKind.EU_VAT)
        self.assertEqual(found.buyer.identifier.country_code, "DE")
        self.assertEqual(found.buyer.identifier.value, "136695976")
        self.assertEqual(found.seller.taxpayer_prefix, "PL")
        self.assertTrue(found.annotations.reverse_charge)
        self.assertEqual(found.lines[0].tax.xml_rate, "np II")

    def test_sums_of_services_abroad(self):
        invoice = self._post(self.foreign("de", "DE136695976"))
        self.assertEqual(self._texts(invoice, "P_13_9"), ["100.00"])
        self.assertEqual(self._texts(invoice, "P_13_8"), [])
        invoice = self._post(self.foreign("us", "US123456789"))
        self.assertEqual(self._texts(invoice, "P_12"), ["np I"])
        self.assertEqual(self._texts(invoice, "P_13_8"), ["100.00"])
        self.assertEqual(self._texts(invoice, "P_13_9"), [])
        self.assertEqual(self._texts(invoice, "KodUE"), [])

    def test_another_currency(self):
        euro = self._set_rate()
        invoice = self._posted(self._line(1000.0), currency_id=euro.id)
        found = self._read(invoice)
        self.assertEqual(found.currency, "EUR")
        self.assertEqual(self._texts(invoice, "P_15"), ["1230.00"])
        self.assertEqual(self._texts(invoice, "P_14_1"), ["230.00"])
        self.assertEqual(self._texts(invoice, "P_14_1W"), ["977.78"])
        self.assertFalse(found.foreign_currency_rate, "that is for advances")
        self.assertEqual(found.lines[0].currency_rate, Decimal("4.2512"))

    def test_zloty_has_no_rate(self):
        invoice = self._posted()
        self.assertEqual(self._texts(invoice, "KursWalutyZ"), [])
        self.assertEqual(self._texts(invoice, "KursWaluty"), [])

    def test_correction_of_an_invoice_in_ksef(self):
        invoice = self._posted(self._line(quantity=3))
        invoice.sudo().l10n_pl_edi_number = KSEF_NUMBER
        invoice.sudo().l10n_pl_edi_ref = "20261104-SE-1"
        credit = self._credit(invoice)
        credit.invoice_line_ids.quantity = 1
        found = self._read(self._post(credit, "2026-11-20"))
        (original,) = found.corrected_invoices
        self.assertEqual(original.ksef_number, KSEF_NUMBER)
        self.assertEqual(original.invoice_number, invoice.name)
        self.assertEqual(found.correction_reason, "Zła liczba godzin")
        self.assertEqual(found.correction_type, "2")
        (line,) = found.lines
        self.assertEqual(
            (line.quantity, line.unit_net_price, line.net_amount),
            (Decimal(-1), Decimal(100), Decimal(-100)),
        )
        self.assertEqual(self._texts(credit, "P_15"), ["-123.00"])
        self.assertEqual(self._texts(credit, "Platnosc"), [])

    def test_correction_of_an_invoice_outside_ksef(self):
        credit = self._credit(self._posted(), service_correction_type="1")
        self._post(credit, "2026-11-20")
        self.assertEqual(self._texts(credit, "NrKSeFN"), ["1"])
        self.assertEqual(self._texts(credit, "NrKSeF"), [])
        self.assertEqual(self._read(credit).correction_type, "1")

    def test_correction_of_texts_alone(self):
        credit = self._credit(self._posted())
        credit.invoice_line_ids.quantity = 0
        self._post(credit, "2026-11-20")
        self.assertEqual(self._texts(credit, "P_8B"), ["0"])
        for amount in ("P_11", "P_15"):
            self.assertEqual(self._texts(credit, amount), ["0.00"])

    def test_split_payment(self):
        self.fee.service_split_payment = True
        cases = [
            (12195.12, self.fee, True),  # 15,000.00 gross is not above it
            (12195.13, self.fee, True),
            (20000.0, self.hour, False),
        ]
        for price, product, annex in cases:
            with self.subTest(price=price, product=product.name):
                invoice = self._posted(self._line(price, product=product))
                split = annex and price > 12195.12
                found = self._read(invoice)
                self.assertEqual(invoice.service_split_payment, split)
                self.assertEqual(found.annotations.split_payment, split)
                marked = ["1"] if split else []
                self.assertEqual(self._texts(invoice, "P_12_Zal_15"), marked)
        credit = self._post(self._credit(invoice))
        self.assertFalse(credit.service_split_payment)

    def test_split_payment_of_what_was_issued_stays(self):
        invoice = self._posted(self._line(20000.0, product=self.fee))
        self.fee.service_split_payment = True
        self.assertFalse(invoice.service_split_payment)

    def test_cost_of_a_document_does_not_grow_by_queries(self):
        short = self._posted(self._line())
        long = self._posted(*[self._line(price) for price in range(1, 40)])
        counts = []
        for invoice in (short, long):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            invoice._service_fa3_facts()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
