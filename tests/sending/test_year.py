from freezegun import freeze_time

from odoo.tests import tagged

from ..common import MODULE
from .test_ksef_connection import ConnectionCommon
from .test_offline import OfflineCommon


@tagged("post_install", "-at_install")
class TestClockChanges(ConnectionCommon):
    """The day ends by the clock on the wall, on the two long and short days as well."""

    def _sent(self, day, moment):
        """Whether an invoice of a day is sent at a moment in UTC."""
        invoice = self._invoice(day=day)
        self._queue(invoice, f"{day} 10:00:00")
        self._run(moment)
        return invoice.service_sending == "waiting"

    def test_the_hour_that_is_lost(self):
        self.assertTrue(self._sent("2027-03-27", "2027-03-27 22:50:00"))
        self.assertFalse(self._sent("2027-03-27", "2027-03-27 22:56:00"))
        self.assertTrue(self._sent("2027-03-28", "2027-03-28 21:50:00"))
        self.assertFalse(self._sent("2027-03-28", "2027-03-28 21:56:00"))

    def test_the_hour_that_comes_twice(self):
        self.assertTrue(self._sent("2026-10-24", "2026-10-24 21:50:00"))
        self.assertFalse(self._sent("2026-10-24", "2026-10-24 21:56:00"))
        self.assertTrue(self._sent("2026-10-25", "2026-10-25 22:50:00"))
        self.assertFalse(self._sent("2026-10-25", "2026-10-25 22:56:00"))


@tagged("post_install", "-at_install")
class TestYearsEnd(OfflineCommon):
    def test_away_on_the_last_evening_and_back_in_the_new_year(self):
        invoice = self._invoice(day="2026-12-31")
        self._queue(invoice, "2026-12-31 21:00:00")
        self._run("2026-12-31 21:05:00")
        number = invoice.name
        self.assertIn("2026", number)
        # New Year's Day is a Friday, and Monday the next working day.
        self.assertEqual(str(invoice.service_ksef_due), "2027-01-04")
        self.assertEqual(invoice.service_jpk_marker, "DI")
        invoice.action_note_jpk_filed()
        self._back("2027-01-02 08:00:00")
        self.assertEqual(invoice.name, number)
        (entry,) = self._sent(invoice)
        self.assertTrue(entry["offline"])
        self.assertTrue(invoice.l10n_pl_edi_number)
        self.assertTrue(invoice.service_jpk_changed)

    def test_signed_in_anew_after_the_holidays(self):
        self.ksef.down = False
        for day in ("2026-12-23", "2027-01-04"):
            invoice = self._invoice(day=day)
            self._queue(invoice, f"{day} 09:00:00")
            self._run(f"{day} 09:05:00")
            self.assertEqual(invoice.service_sending, "waiting", day)


@tagged("post_install", "-at_install")
class TestOfflineCertificate(OfflineCommon):
    def test_an_accountant_is_told_before_it_ends(self):
        self.certificate.date_end = "2026-11-20"
        self.env.invalidate_all()
        self.connection.invalidate_recordset()
        connection = self.connection.with_user(self.accountant)
        with freeze_time("2026-11-10 08:00:00"):
            self.connection._note_failure("")
            self.assertIn("offline certificate", connection.sentence)
            self.connection._warn_of_end()
        told = self.connection.activity_search([f"{MODULE}.activity_ksef_certificate"])
        self.assertEqual(told.user_id, self.accountant)
        self.assertIn("20", told.note)

    def test_one_that_ended_hands_nothing_over(self):
        self.company.service_ksef_hand_over = True
        self.certificate.date_end = "2026-11-03"
        invoice = self._offline()
        self.assertFalse(self._mails(invoice))
