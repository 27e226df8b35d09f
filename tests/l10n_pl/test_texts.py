from odoo.tests import tagged

from ...models.billing.account_move_line import BILLING
from .common import InvoiceCommon

DIRTY = "Druk\x1b\x08arka \x96 biuro\x81\ufffe"
CLEAN = "Drukarka – biuro"


@tagged("post_install", "-at_install")
class TestTexts(InvoiceCommon):
    """What XML or KSeF refuses is cleaned on the way in, or named before posting."""

    def test_the_subject_of_a_mail(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Serwis", "company_id": self.company.id}
        )
        ticket = self.env["helpdesk.ticket"].message_new(
            {
                "subject": DIRTY + "\x00",
                "from": "jan@klient.example",
                "email_from": "jan@klient.example",
                "author_id": False,
                "body": "<p>Nie drukuje</p>",
                "to": "serwis@example.com",
                "cc": "",
            },
            {"team_id": team.id},
        )
        self.assertEqual(ticket.name, CLEAN)

    def test_forms_and_interfaces(self):
        ticket = (
            self.env["helpdesk.ticket"]
            .with_user(self.technician)
            .create({"name": DIRTY, "description": "x", "partner_id": self.customer.id})
        )
        self.assertEqual(ticket.name, CLEAN)
        ticket.name = f"{DIRTY}!"
        self.assertEqual(ticket.name, f"{CLEAN}!")
        partner = (
            self.env["res.partner"]
            .with_user(self.back_office)
            .create({"name": DIRTY, "street": DIRTY, "city": DIRTY})
        )
        self.assertEqual([partner[f] for f in ("name", "street", "city")], [CLEAN] * 3)
        contract = self._create_contract(code=DIRTY, client_order_ref=DIRTY)
        self.assertEqual((contract.code, contract.client_order_ref), (CLEAN, CLEAN))
        invoice = self._invoice(self._line(name=DIRTY), service_order_ref=DIRTY)
        self.assertEqual(invoice.invoice_line_ids.name, CLEAN)
        self.assertEqual(invoice.service_order_ref, CLEAN)
        invoice.invoice_line_ids.name = DIRTY
        self.assertEqual(self._texts(self._post(invoice), "P_7"), [CLEAN])

    def _store(self, record, name, value):
        """As it was stored before this add-on came."""
        self.env.flush_all()
        self.cr.execute(
            f"UPDATE {record._table} SET {name} = %s WHERE id = %s", [value, record.id]
        )
        self.env.invalidate_all()

    def test_what_was_there_before_is_named(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.accountant.lang = "pl_PL"
        contract = self._create_contract(date="2026-09-15")
        cases = [
            (lambda invoice: invoice.invoice_line_ids, "name", "Opis pozycji „Druk"),
            (lambda _invoice: self.customer, "name", "Nazwa"),
            (lambda _invoice: self.customer, "street", "Adres"),
            (lambda _invoice: self.company.partner_id, "city", "Adres"),
            (lambda _invoice: contract, "code", "Numer umowy"),
        ]
        for of, name, place in cases:
            with self.subTest(name, place=place), self.cr.savepoint() as savepoint:
                invoice = self._invoice()
                billed = invoice.sudo().with_context(**BILLING.opened)
                billed.service_contract_id = contract
                self._store(of(invoice), name, "Druk\x1barka \x96")
                found = invoice.with_context(lang="pl_PL").service_problems or ""
                self.assertIn(place, found)
                self.assertIn("U+001B, U+0096", found)
                with self.assertRefused("U[+]001B"):
                    self._post(invoice)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_ksef_gets_none_of_it_whatever_is_checked(self):
        self.company.service_check_invoices = False
        invoice = self._invoice()
        self._store(invoice.invoice_line_ids, "name", "Druk\x1barka \x96 biuro")
        self.assertEqual(self._texts(self._post(invoice), "P_7"), [CLEAN])
