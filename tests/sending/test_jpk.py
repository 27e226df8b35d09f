from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_sending import DAY, SendingCommon


@tagged("post_install", "-at_install")
class TestBeforeTheJpk(SendingCommon):
    """Each sale of a month has its KSeF number, or a marker with its reason."""

    def setUp(self):
        super().setUp()
        self.accountant.lang = "en_US"

    def _marker(self, invoice):
        invoice.invalidate_recordset()
        return invoice.service_jpk_marker

    def _listed(self, **filters):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.account_move_action_jpk"
        )
        moves = self.env["account.move"].with_user(self.accountant)
        domain = [
            ("state", "=", "posted"),
            ("move_type", "in", ("out_invoice", "out_refund")),
        ]
        self.assertEqual(str(domain), action["domain"].replace('"', "'"))
        wanted = [(name, "=", value) for name, value in filters.items()]
        return moves.search([*domain, ("company_id", "=", self.company.id), *wanted])

    def test_a_months_sales(self):
        accepted, pending, consumer, rejected = (
            self._invoice(),
            self._invoice(),
            self._invoice(self.consumer),
            self._invoice(),
        )
        self._queue(accepted)
        self._run()
        self._run(f"{DAY} 09:10:00")
        self.ksef.rejects_with = (450, "Błąd.")
        self._queue(rejected, f"{DAY} 09:11:00")
        self._run(f"{DAY} 09:15:00")
        self._run(f"{DAY} 09:20:00")
        self.assertEqual(self._listed(), accepted | pending | consumer | rejected)
        self.assertEqual(self._marker(accepted), accepted.l10n_pl_edi_number)
        self.assertEqual(self._marker(pending), "DI")
        self.assertIn("no number yet", pending.service_jpk_reason)
        self.assertEqual(self._marker(consumer), "BFK")
        self.assertIn("consumer", consumer.service_jpk_reason)
        self.assertFalse(self._marker(rejected))
        self.assertIn("not issued", rejected.service_jpk_reason)

    def test_a_number_that_comes_later(self):
        invoice, other = self._invoice(), self._invoice(self.consumer)
        (invoice | other).with_user(self.accountant).action_note_jpk_filed()
        self.assertEqual(invoice.service_jpk_filed, "DI")
        self.assertFalse(self._listed(service_jpk_changed=True))
        self._queue(invoice)
        self._run()
        self._run(f"{DAY} 09:10:00")
        self.assertEqual(self._listed(service_jpk_changed=True), invoice)
        invoice.with_user(self.accountant).action_note_jpk_filed()
        self.assertEqual(invoice.service_jpk_filed, invoice.l10n_pl_edi_number)
        self.assertFalse(self._listed(service_jpk_changed=True))

    def test_a_declared_failure(self):
        outage = (
            self.env["service.ksef.outage"]
            .with_user(self.accountant)
            .with_company(self.company)
            .create({"date_from": DAY, "date_to": DAY, "announcement": "BIP"})
        )
        invoice, later = self._invoice(), self._invoice(day="2026-11-05")
        self.assertEqual(self._marker(invoice), "OFF")
        self.assertEqual(self._marker(later), "DI")
        outage.date_to = False
        self.assertEqual(self._marker(later), "OFF")
        invoice.with_user(self.accountant).action_note_jpk_filed()
        self._queue(invoice)
        self._run()
        self._run(f"{DAY} 09:10:00")
        # The law asks for no correction of the JPK then.
        self.assertFalse(self._listed(service_jpk_changed=True))

    def test_who_notes_it(self):
        invoice = self._invoice()
        for user in (self.back_office, self.manager, self.technician):
            with self.assertRefused("", AccessError):
                invoice.with_user(user).action_note_jpk_filed()
        with freeze_time(DAY), self.assertRefused("", AccessError):
            invoice.with_user(self.accountant).service_jpk_filed = "BFK"
