from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import ServiceCommon


@tagged("post_install", "-at_install")
class TestTakeBack(ServiceCommon):
    """100 hours instead of 10: whoever sold them takes the sale back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()

    def sold(self, **vals):
        package = self._sell(self.contract, 6000, 6, "2026-10-01", **vals)
        return package.with_user(self.back_office).with_context(lang="en_US")

    def test_the_dialog_says_what_will_happen(self):
        sale = self.env["service.package.sale"].with_user(self.back_office)
        sale = sale.with_context(default_contract_id=self.contract.id, lang="en_US")
        with Form(sale) as form:
            form.minutes, form.months = 600, 6
            form.date_from = "2026-10-01"
            self.assertIn("gets 10:00 hours until", form.consequence)
            self.assertIn("draft invoice for 1200,00", form.consequence)
            form.bill_with = "contract"
            self.assertIn("next invoice charges", form.consequence)

    def test_it_is_taken_back_and_both_moves_stay(self):
        for bill_with in ("own", "contract"):
            package = self.sold(bill_with=bill_with)
            with self.subTest(bill_with):
                self.assertTrue(package.can_take_back)
                package.action_take_back()
                self.assertEqual(package.state, "cancelled")
                self.assertEqual(package.remaining_minutes, 0)
                self.assertEqual(package.move_ids.mapped("minutes"), [6000, -6000])
                invoices = package.sudo().invoice_line_ids.move_id
                self.assertLessEqual(set(invoices.mapped("state")), {"cancel"})
        ledger = self.env["service.hour.ledger"].with_user(self.manager)
        self.assertEqual(ledger.rebuild_check()["differences"], [])

    def test_it_is_not_billed_afterwards(self):
        package = self.sold(bill_with="contract")
        package.action_take_back()
        invoice = self._bill(self.contract, "2026-10-31")
        self.assertFalse(invoice.invoice_line_ids.service_package_id)

    def test_what_is_issued_stays(self):
        package = self.sold()
        package.sudo().invoice_line_ids.move_id.with_user(self.accountant).action_post()
        package.invalidate_recordset()
        self.assertFalse(package.can_take_back)
        with self.assertRaisesRegex(UserError, "stays"):
            package.action_take_back()

    def test_a_draft_that_charges_other_things_stays(self):
        package = self.sold(bill_with="contract")
        invoice = self._bill(self.contract, "2026-10-31")
        self.assertIn(package, invoice.invoice_line_ids.service_package_id)
        self.assertGreater(len(invoice.invoice_line_ids), 1)
        package.invalidate_recordset()
        self.assertFalse(package.can_take_back)
        with self.assertRaisesRegex(UserError, "stays"):
            package.action_take_back()
        self.assertEqual(invoice.state, "draft")

    def test_a_technician_takes_nothing_back(self):
        package = self.sold().with_user(self.technician)
        with self.assertRaises(AccessError):
            package.action_take_back()
        self.assertEqual(package.remaining_minutes, 6000)

    def test_a_new_ticket_has_a_name_before_its_number(self):
        ticket = self.env["helpdesk.ticket"].with_context(lang="en_US").new({})
        self.assertEqual(ticket.display_name, "New Ticket")
        saved = self._create_ticket(day="2026-10-01")
        self.assertIn(saved.number, saved.display_name)
