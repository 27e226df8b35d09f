from decimal import Decimal

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..l10n_pl.common import InvoiceCommon
from .test_correction import CorrectionCommon


@tagged("post_install", "-at_install")
class TestCreditLimits(CorrectionCommon):
    """No more is credited than is left of a line, by amount and by hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.accountant.lang = "en_US"
        cls.contract = cls._create_contract()
        ticket = cls._create_ticket("Serwer", "2026-10-04")
        with freeze_time("2026-10-20 12:00:00"):
            cls._log(ticket, 180, "2026-10-04")
        with freeze_time("2026-11-04 08:00:00"):
            cls.invoice = cls._bill(cls.contract, "2026-10-31")
        with freeze_time("2026-11-05 08:00:00"):
            cls.invoice.with_user(cls.accountant).action_post()
        cls.fee_line, cls.overage = cls.invoice.invoice_line_ids

    def test_the_whole_invoice_twice(self):
        self.credit(self.invoice)
        with self.assertRefused("is credited in full already"):
            self.draft_credit(self.invoice)

    def test_two_drafts_of_the_whole_invoice(self):
        first, second = (self.draft_credit(self.invoice) for _note in range(2))
        self.post(first)
        self.assertIn("left to be credited", second.service_problems)
        with self.assertRefused("left to be credited"):
            self.post(second)

    def test_two_drafts_posted_together(self):
        notes = self.draft_credit(self.invoice) | self.draft_credit(self.invoice)
        with self.assertRefused("left to be credited"):
            self.post(notes)
        self.assertEqual(set(notes.mapped("state")), {"draft"})

    def test_an_hour_that_is_billed_again_twice(self):
        first, second = (
            self.draft_credit(self.invoice, again=True) for _note in range(2)
        )
        for note in (first, second):
            note.invoice_line_ids[0].unlink()
        self.post(first)
        with self.assertRefused("“Praca zdalna.* only 0.00 .* left to be credited"):
            self.post(second)
        self.assertEqual(self.bill_again().amount_untaxed, 120.0)
        self.assertFalse(self.bill_again())
        self.assertOnce(self.invoice)

    def test_more_hours_than_were_billed(self):
        for quantities, prices in (
            ({self.overage: 2}, None),
            ({self.overage: 2}, {self.overage: 10.0}),
            ({self.fee_line: 5}, None),
        ):
            with (
                self.subTest(quantities, prices=prices),
                self.assertRefused("left to be credited"),
            ):
                self.credit(self.invoice, quantities=quantities, prices=prices)

    def test_the_draft_holds_what_is_left(self):
        self.credit(self.invoice, quantities={self.overage: 0.25})
        self.credit(
            self.invoice, quantities={self.fee_line: 1}, prices={self.fee_line: 29.0}
        )
        rest = self.draft_credit(self.invoice)
        self.assertEqual(rest.invoice_line_ids.mapped("quantity"), [0.9, 0.75])
        self.assertEqual(rest.amount_untaxed, 410.0 - 30.0 - 29.0)
        self.post(rest)
        self.assertEqual(
            sum(self.invoice.reversal_move_ids.mapped("amount_total")),
            self.invoice.amount_total,
        )

    def test_a_line_of_which_nothing_is_left_is_not_there(self):
        self.credit(self.invoice, quantities={self.overage: 1})
        rest = self.draft_credit(self.invoice)
        self.assertEqual(rest.invoice_line_ids.service_origin_line_id, self.fee_line)
        note, new = self.modify(self.invoice)
        self.assertEqual((note.amount_untaxed, new.amount_untaxed), (290.0, 290.0))

    def test_a_line_written_by_hand_counts_in_the_sum(self):
        note = self.draft_credit(self.invoice)
        note.invoice_line_ids = [
            Command.create(
                {"name": "Rabat", "product_id": self.hour.id, "price_unit": 0.01}
            )
        ]
        with self.assertRefused("Of .* only 504,30.* is left"):
            self.post(note)

    def test_another_currency(self):
        self.env.ref("base.EUR").active = True
        note = self.draft_credit(self.invoice)
        note.currency_id = self.env.ref("base.EUR")
        with self.assertRefused("is in PLN"):
            self.post(note)

    def test_a_package_of_ten_hours_gives_back_no_twelve(self):
        package = self._sell(self.contract, 600, 12, "2026-10-15")
        invoice = package.invoice_line_ids.move_id
        self.post(invoice, "2026-10-16")
        with self.assertRefused("only 10.00"):
            self.credit(invoice, quantities={invoice.invoice_line_ids: 12})
        self.assertEqual(package.granted_minutes, 600)


@tagged("post_install", "-at_install")
class TestRateOfCorrections(InvoiceCommon):
    """A correction has the rate of what it corrects (VAT act, art. 31b)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls._set_rate(pln=4.2512)
        cls._set_rate(pln=4.40, day="2026-11-10")

    def check(self, invoice, tax):
        note = self._post(self._credit(invoice), "2026-11-20")
        self.assertEqual(note.invoice_currency_rate, invoice.invoice_currency_rate)
        self.assertEqual(set(self._texts(note, "KursWaluty")), {"4.2512"})
        self.assertEqual(self._texts(note, "P_14_1W"), [tax])
        self.assertEqual(note.amount_total_signed, -invoice.amount_total_signed)
        return note

    def test_a_plain_invoice(self):
        invoice = self._posted(self._line(), currency_id=self.euro.id)
        self.check(invoice, "-97.78")

    def test_its_day_of_supply(self):
        invoice = self._posted(
            self._line(), currency_id=self.euro.id, taxable_supply_date="2026-10-31"
        )
        note = self.check(invoice, "-97.78")
        self.assertEqual(self._read(note).sale_date, self._date("2026-10-31"))
        self.assertEqual(note._polish_page()["supply"]["text"], "31.10.2026")
        self.assertEqual(note.date, self._date("2026-11-20"), "VAT of the correction")

    def test_a_month_of_a_contract_and_what_is_billed_again(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": self.euro.id, "company_id": self.company.id}
        )
        contract = self._create_contract(pricelist_id=pricelist.id)
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(contract, "2026-10-31")
        self.assertEqual(invoice.currency_id, self.euro)
        self._post(invoice)
        note = self.check(invoice, "-283.56")
        self.euro.rate_ids.filtered(lambda rate: str(rate.name) < "2026-11").unlink()
        note.action_bill_again()
        with freeze_time("2026-12-04 08:00:00"):
            again = self.env["service.billing"]._bill_again(note)
        self._post(again, "2026-12-05")
        self.assertEqual(self._texts(again, "P_14_1W"), ["283.56"])


@tagged("post_install", "-at_install")
class TestQuantities(InvoiceCommon):
    """Hours on an invoice have the decimals they need."""

    def test_twenty_minutes_beyond_the_package(self):
        """A package that loses 150% leaves a third of an hour."""
        self.tier.rate_ids.write(
            {"first_minutes": 15, "step_minutes": 15, "package_factor": 150}
        )
        contract = self._create_contract(allowance_minutes=60)
        ticket = self._create_ticket("Serwer", "2026-10-04")
        self._log_on(ticket, 60, "2026-10-04")
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(contract, "2026-10-31")
        work = invoice.invoice_line_ids[1]
        self.assertEqual((work.quantity, work.price_subtotal), (0.333333, 40.0))
        line = self._read(self._post(invoice)).lines[1]
        self.assertEqual(line.quantity, Decimal("0.333333"))
        self.assertEqual(line.net_amount, Decimal("40.00"))

    def test_paper_shows_as_many_as_are_needed(self):
        self.customer.lang = "pl_PL"
        invoice = self._posted(*[self._line(quantity=q) for q in (1, 0.25, 1 / 3)])
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", invoice.ids
        )
        for quantity in ("1,00", "0,25", "0,333333"):
            self.assertIn(f">{quantity}<", html.decode())
