import os
import random
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from freezegun import freeze_time
from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged

from ...models.billing.account_move_line import BILLING
from .common import InvoiceCommon

# HSC_EXAMPLES=500 tries more invoices than the suite.
EXAMPLES = int(os.environ.get("HSC_EXAMPLES", "0")) or 12
RATE = Decimal("4.2512")
# Rate of tax in the rows, its percent, and where net and tax are summed up.
RATES = {
    "23": (23, "P_13_1", "P_14_1"),
    "8": (8, "P_13_2", "P_14_2"),
    "5": (5, "P_13_3", "P_14_3"),
    "zw": (0, "P_13_7", None),
}


@tagged("post_install", "-at_install")
class TestInvoiceAmounts(InvoiceCommon):
    """Lines, sums, tax, paper, FA(3) and ledger agree under Odoo's default rounding."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tax_calculation_rounding_method = "round_globally"
        cls.company.service_check_all = False
        cls.company.service_vat_exemption = "art. 43 ust. 1 pkt 29 ustawy o VAT"
        cls.euro = cls._set_rate(pln=float(RATE))
        cls.taxes = {
            "23": cls._tax(23.0, "service"),
            "8": cls._tax(8.0),
            "5": cls._tax(5.0),
            "zw": cls._tax(0.0, tag="K_10"),
        }

    def _service_invoice(self, *lines, **vals):
        """As the billing run makes them: for a period of a contract."""
        contract = self._create_contract(
            customer=self.customer.copy({"vat": False, "is_company": False})
        )
        vals |= {
            "service_contract_id": contract.id,
            "service_period_from": "2026-10-01",
            "service_period_to": "2026-10-31",
            "taxable_supply_date": "2026-10-31",
        }
        with freeze_time("2026-11-04 08:00:00"):
            moves = self.env["account.move"].with_context(**BILLING.opened)
            return moves.create(
                {
                    "move_type": "out_invoice",
                    "partner_id": contract.partner_id.id,
                    "company_id": self.company.id,
                    "invoice_line_ids": list(lines),
                }
                | vals
            ).with_env(self.env)

    def _quarter(self, price, count):
        lines = [self._line(price, quantity=0.25) for _number in range(count)]
        return self._post(self._service_invoice(*lines))

    def test_two_quarters_of_an_hour(self):
        invoice = self._quarter(119.98, 2)
        self.assertEqual(self._texts(invoice, "P_11"), ["30.00", "30.00"])
        self.assertEqual(self._texts(invoice, "P_13_1"), ["60.00"])
        self.assertEqual(self._texts(invoice, "P_14_1"), ["13.80"])
        self.assertEqual(self._texts(invoice, "P_15"), ["73.80"])
        self.assertEqual((invoice.amount_untaxed, invoice.amount_total), (60.0, 73.8))

    def test_the_tax_is_that_of_the_sum(self):
        """Not of each line: three times 2.4679 is 7.40, and not 7.41."""
        for setting in ("round_globally", "round_per_line"):
            with self.subTest(setting):
                self.company.tax_calculation_rounding_method = setting
                invoice = self._quarter(42.92, 3)
                self.assertEqual(self._texts(invoice, "P_13_1"), ["32.19"])
                self.assertEqual(self._texts(invoice, "P_14_1"), ["7.40"])

    def test_the_credit_note_takes_off_what_was_billed(self):
        invoice = self._quarter(119.98, 2)
        note = self._post(self._credit(invoice), "2026-11-20")
        self.assertEqual(self._texts(note, "P_13_1"), ["-60.00"])
        self.assertEqual(self._texts(note, "P_15"), ["-73.80"])
        self.assertEqual(note.amount_total, invoice.amount_total)

    def test_other_invoices_stay_as_the_company_rounds_and_are_named(self):
        lines = [self._line(119.98, quantity=0.25) for _number in range(2)]
        invoice = self._invoice(*lines)
        self.assertEqual(invoice.amount_untaxed, 59.99)
        self.assertFalse(invoice.service_problems, "no business of ours")
        self.company.service_check_all = True
        invoice.invalidate_recordset(["service_problems"])
        self.assertIn("add up to", invoice.service_problems)
        self.company.tax_calculation_rounding_method = "round_per_line"
        again = self._invoice(*lines)
        self.assertEqual(again.amount_untaxed, 60.0)
        self.assertFalse(again.service_problems)

    def test_random_invoices_and_their_corrections(self):
        randomly = random.Random(20261104)
        for number in range(EXAMPLES):
            vals = {"currency_id": self.euro.id} if number % 3 == 0 else {}
            lines = [
                self._random_line(randomly) for _line in range(randomly.randint(1, 6))
            ]
            invoice = self._post(self._service_invoice(*lines, **vals))
            with self.subTest(number=number, invoice=invoice.name):
                self.check(invoice)
                note = self._credit(invoice)
                for line in note.invoice_line_ids:
                    line.quantity *= randomly.choice((1, 1, 0.5, 0.25))
                self.check(self._post(note, "2026-11-20"))

    def _random_line(self, randomly):
        rate = randomly.choice(("23", "23", "8", "5", "zw"))
        return self._line(
            randomly.randint(1, 40000) / 100,
            quantity=randomly.choice((1, 2, 3, 0.25, 0.5, 1.75, 7.25, 0.33)),
            discount=randomly.choice((0, 0, 0, 10, 33.33)),
            tax_ids=[Command.set(self.taxes[rate].ids)],
        )

    def check(self, invoice):
        """Read the document as a stranger does, and compare ledger and paper to it."""
        root = etree.fromstring(self._xml(invoice).encode())
        body = root.find("{*}Fa")

        def said(name, parent=body):
            return Decimal(parent.findtext(f"{{*}}{name}") or 0)

        rows = body.findall("{*}FaWiersz")
        lines = invoice.invoice_line_ids
        sign = -1 if invoice.move_type == "out_refund" else 1
        self.assertEqual(
            [said("P_11", row) for row in rows],
            [sign * _amount(line.price_subtotal) for line in lines],
        )
        sums = Counter()
        for row in rows:
            rate = row.findtext("{*}P_12")
            sums[rate] += said("P_11", row)
            price = said("P_8B", row) * said("P_9A", row)
            self.assertEqual(_amount(price), said("P_11", row))
        total = Decimal(0)
        in_pln = Decimal(0)
        foreign = invoice.currency_id == self.euro
        for rate, (percent, net, tax) in RATES.items():
            self.assertEqual(said(net), sums[rate])
            due = _amount(sums[rate] * percent / 100)
            total += sums[rate] + due
            if tax:
                self.assertEqual(said(tax), due)
                own = _amount(due * RATE) if foreign else due
                in_pln += own
                if foreign and due:
                    self.assertEqual(said(f"{tax}W"), own)
        self.assertEqual(said("P_15"), total)
        self.assertEqual(total, sign * _amount(invoice.amount_total))
        self.check_ledger_and_paper(invoice, sum(sums.values()), in_pln)

    def check_ledger_and_paper(self, invoice, net, tax_in_pln):
        booked = invoice.line_ids
        self.assertEqual(_amount(sum(booked.mapped("balance"))), 0)
        taxes = booked.filtered("tax_line_id")
        self.assertEqual(_amount(-sum(taxes.mapped("balance"))), tax_in_pln)
        products = booked.filtered(lambda line: line.display_type == "product")
        self.assertEqual(_amount(-sum(products.mapped("amount_currency"))), net)
        if rows := invoice._vat_summary():
            self.assertEqual(_amount(sum(row["amounts"][0] for row in rows)), net)
            own = sum(row["own"][1] for row in rows)
            self.assertEqual(_amount(own), tax_in_pln)


def _amount(number):
    exact = number if isinstance(number, Decimal) else Decimal(repr(round(number, 6)))
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
