from decimal import Decimal

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import KSEF_NUMBER
from .test_paper_and_xml import PaperCommon

REASON = "Pominięto pół godziny"


class RaiseCommon(PaperCommon):
    def raising(self, invoice, day="2026-11-20"):
        """The draft of a difference, as the accountant gets it."""
        with freeze_time(f"{day} 08:00:00"):
            action = invoice.with_user(self.accountant).action_raise()
        draft = invoice.browse(action["res_id"])
        draft.service_correction_reason = REASON
        return draft

    def raised(self, invoice, *quantities, day="2026-11-20"):
        draft = self.raising(invoice, day)
        for line, quantity in zip(draft.invoice_line_ids, quantities, strict=True):
            line.quantity = quantity
        return self._post(draft, day)

    def rows(self, page):
        (table,) = page.find_class("o_service_changes")
        return [self.text(row) for row in table.xpath(".//tbody/tr")]

    def credited(self, invoice, **vals):
        note = self._credit(invoice)
        note.invoice_line_ids.write(vals)
        return self._post(note, "2026-11-20")


@tagged("post_install", "-at_install")
class TestRaise(RaiseCommon):
    """An invoice is raised by one correction of the difference."""

    def test_fifty_more(self):
        invoice = self._posted(self._line(quantity=3))
        invoice.sudo().l10n_pl_edi_number = KSEF_NUMBER
        more = self.raised(invoice, 0.5)
        self.assertEqual(more.amount_untaxed, 50.0)
        found = self._read(more)
        (original,) = found.corrected_invoices
        self.assertEqual(original.ksef_number, KSEF_NUMBER)
        self.assertEqual(original.invoice_number, invoice.name)
        self.assertEqual(found.correction_reason, REASON)
        self.assertEqual(found.correction_type, "1", "the month of the invoice")
        (line,) = found.lines
        self.assertEqual(
            (line.quantity, line.unit_net_price, line.net_amount),
            (Decimal("0.5"), Decimal(100), Decimal(50)),
        )
        self.assertEqual(self._texts(more, "RodzajFaktury"), ["KOR"])
        self.assertEqual(self._texts(more, "P_15"), ["61.50"])
        page = self.page(more)
        self.assertEqual(
            self.rows(page),
            [
                "Praca zdalna przed 3,00 godz. 100,00 300,00 zł",
                "po 3,50 godz. 100,00 350,00 zł",
                "różnica 0,50 godz. 50,00 zł",
            ],
        )
        self.assertIn("Faktura korygująca", self.text(page))
        self.assertIn(invoice.name, self.text(page))
        (sums,) = page.find_class("o_service_change_sums")
        self.assertIn("Brutto 369,00 zł 430,50 zł 61,50 zł", self.text(sums))

    def test_up_and_down_in_one_document(self):
        invoice = self._posted(self._line(quantity=3), self._line(50.0, quantity=2))
        mixed = self.raised(invoice, 2, -1)
        self.assertEqual(mixed.amount_untaxed, 150.0)
        self.assertEqual(self._texts(mixed, "P_11"), ["200.00", "-50.00"])
        self.assertIn("po 1,00 godz. 50,00 50,00 zł", self.rows(self.page(mixed)))

    def test_lines_of_which_nothing_changes_are_left_out(self):
        invoice = self._posted(self._line(quantity=3), self._line(50.0))
        self.assertEqual(len(self.raised(invoice, 1, 0).invoice_line_ids), 1)

    def test_before_and_after_for_ksef_where_it_is_chosen(self):
        self.company.service_ksef_both_states = True
        invoice = self._posted(self._line(quantity=3))
        for correction, before, after in (
            (self.raised(invoice, 0.5), "3", "3.5"),
            (self.credited(invoice, quantity=1), "3.5", "2.5"),
        ):
            self.assertEqual(self._texts(correction, "StanPrzed"), ["1"])
            self.assertEqual(self._texts(correction, "NrWierszaFa"), ["1", "1"])
            self.assertEqual(self._texts(correction, "P_8B"), [before, after])

    def test_several_in_a_row_and_a_correction_of_a_correction(self):
        invoice = self._posted(self._line(quantity=3))
        self.credited(invoice, quantity=1)
        # The credit note was wrong: the hour comes back.
        back = self.raised(invoice, 1, day="2026-11-21")
        self.assertIn("przed 2,00", self.rows(self.page(back))[0])
        self.assertIn("po 3,00", self.rows(self.page(back))[1])
        (original,) = self._read(back).corrected_invoices
        self.assertEqual(original.invoice_number, invoice.name)

    def test_no_more_is_credited_than_all_of_them_leave(self):
        invoice = self._posted(self._line(quantity=3))
        self.raised(invoice, 1)
        note = self._credit(invoice)
        note.invoice_line_ids.quantity = 5
        with self.assertRefused("left to be credited"):
            self._post(note, "2026-11-22")
        note.invoice_line_ids.quantity = 4
        self._post(note, "2026-11-22")
        note = self._credit(invoice)
        note.invoice_line_ids.quantity = 1
        with self.assertRefused("left to be credited"):
            self._post(note, "2026-11-23")

    def test_the_rate_of_the_original(self):
        euro = self._set_rate()
        self._set_rate(pln=4.40, day="2026-11-18")
        invoice = self._posted(currency_id=euro.id)
        more = self.raised(invoice, 1)
        self.assertEqual(set(self._texts(more, "KursWaluty")), {"4.2512"})
        self.assertEqual(self._texts(more, "P_14_1W"), ["97.78"])

    def test_what_is_refused(self):
        invoice = self._posted(self._line(quantity=3))
        more = self.raised(invoice, 1)
        with self.assertRefused("first invoice"):
            more.action_raise()
        with self.assertRefused("is a correction itself"):
            self._credit(more)
        draft = self.raising(invoice)
        with self.assertRefused("adds nothing"):
            self._post(draft, "2026-11-20")
        draft.invoice_line_ids.quantity = -1
        with self.assertRefused("credit note"):
            self._post(draft, "2026-11-20")
        draft.invoice_line_ids.quantity = 1
        draft.service_correction_reason = False
        with self.assertRefused("no reason"):
            self._post(draft, "2026-11-20")
        for user in (self.back_office, self.technician):
            with self.assertRefused("", AccessError):
                invoice.with_user(user).action_raise()
        with self.assertRefused("", AccessError):
            draft.with_user(self.accountant).service_raised_id = False


@tagged("post_install", "-at_install")
class TestWrongBuyer(RaiseCommon):
    """To zero, and a new invoice: a NIP cannot be corrected."""

    def test_to_zero_and_a_new_one(self):
        invoice = self._posted(self._line(quantity=3))
        note = self._post(self._credit(invoice, "Zły nabywca"), "2026-11-20")
        (buyer,) = self._texts(note, "Podmiot2/DaneIdentyfikacyjne/NIP")
        self.assertTrue(self.customer.vat.endswith(buyer))
        other = self.customer.copy({"name": "Inny klient", "vat": "PL5260250274"})
        new = self._posted(self._line(quantity=3), partner_id=other.id)
        self.assertEqual(self._texts(new, "RodzajFaktury"), ["VAT"])
        self.assertIn("Inny klient", self._xml(new))
        with self.assertRefused("left to be credited"):
            self._post(self._credit(invoice), "2026-11-21")

    def test_a_paid_invoice_to_zero(self):
        invoice = self._posted(self._line(quantity=3))
        with freeze_time("2026-11-10 08:00:00"):
            payments = self.env["account.payment.register"].with_user(self.accountant)
            payments = payments.with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            payments.create({"payment_date": "2026-11-10"}).action_create_payments()
        note = self._post(self._credit(invoice), "2026-11-20")
        # KSeF refuses a term of payment on what is given back.
        self.assertEqual(self._texts(note, "TerminPlatnosci"), [])
        page = self.page(note)
        self.assertIn("369,00 zł", self.row(page, "returned"))
        self.assertIn("po 0,00 godz.", self.rows(page)[1])


@tagged("post_install", "-at_install")
class TestTransferCode(PaperCommon):
    def account(self):
        return self.env["res.partner.bank"].create(
            {
                "acc_number": "PL61109010140000071219812874",
                "partner_id": self.company.partner_id.id,
                "company_id": self.company.id,
                "allow_out_payment": True,
            }
        )

    def test_in_zloty_with_a_polish_account(self):
        invoice = self._posted()
        self.assertFalse(self.page(invoice).xpath("//tr[@name='transfer_code']"))
        self.account()
        invoice = self._posted()
        self.assertTrue(self.page(invoice).xpath("//tr[@name='transfer_code']//img"))

    def test_not_in_another_currency_nor_on_a_credit_note(self):
        self.account()
        euro = self._set_rate()
        invoice = self._posted(currency_id=euro.id)
        note = self._post(self._credit(self._posted()), "2026-11-20")
        for move in (invoice, note):
            self.assertFalse(self.page(move).xpath("//tr[@name='transfer_code']"))
