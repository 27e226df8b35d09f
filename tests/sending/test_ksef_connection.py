from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import MODULE
from .test_sending import DAY, KSEF_LOG, SendingCommon


class ConnectionCommon(SendingCommon):
    def setUp(self):
        super().setUp()
        self.connection = self.env["service.ksef.connection"]._of(self.company)
        self.accountant.lang = "en_US"

    def _later(self, days):
        """The morning so many days after the company signed in."""
        day = self.connection.signed_in_on + timedelta(days=days)
        return f"{day:%Y-%m-%d} 09:00:00"

    def _sent_at(self, moment):
        """An invoice that is dated, queued and run at a moment."""
        invoice = self._invoice(day=moment[:10])
        self._queue(invoice, moment)
        self._run(moment)
        return invoice

    def _sign_ins(self):
        return self.ksef.requests.count("POST /auth/xades-signature")


@tagged("post_install", "-at_install")
class TestSigningIn(ConnectionCommon):
    def test_nothing_sent_for_eight_days(self):
        invoice = self._sent_at(self._later(8))
        self.assertEqual(invoice.service_sending, "waiting")
        self.assertEqual(self._sign_ins(), 1)
        self.assertEqual(len(self.ksef.accepted(invoice.name)), 1)

    def test_within_days_one_sign_in_is_enough(self):
        for days in (0, 1, 2):
            self._sent_at(self._later(days))
        self.assertEqual(self._sign_ins(), 0)

    def test_tokens_that_ksef_does_not_know(self):
        self.enterContext(mute_logger(KSEF_LOG))
        self.enterContext(patch.dict(self.ksef.tokens, clear=True))
        invoice = self._sent_at(f"{DAY} 09:00:00")
        self.assertEqual(invoice.service_sending, "waiting")
        self.assertEqual(self._sign_ins(), 1)

    def test_a_year_of_months(self):
        for month in range(12):
            invoice = self._sent_at(self._later(30 * month + 1))
            self.assertEqual(invoice.l10n_pl_edi_status, "sent", month)
        self.assertEqual(len(self.ksef.accepted()), 12)

    def test_the_job_keeps_the_company_signed_in(self):
        with freeze_time(self._later(4)), self.enter_registry_test_mode():
            with self.registry.cursor() as cr:
                connections = self.env(cr=cr, user=SUPERUSER_ID)[
                    "service.ksef.connection"
                ]
                connections._cron_look_after()
        self.assertEqual(self._sign_ins(), 1)


@tagged("post_install", "-at_install")
class TestCertificate(ConnectionCommon):
    def _certificate_ends(self, end):
        certificate = self.company.sudo().l10n_pl_edi_certificate
        certificate.date_end = end
        self.env.invalidate_all()

    def _look_after(self, day):
        with freeze_time(f"{day} 06:00:00"), self.enter_registry_test_mode():
            with self.registry.cursor() as cr, mute_logger(KSEF_LOG):
                env = self.env(cr=cr, user=SUPERUSER_ID)
                env["service.ksef.connection"]._cron_look_after()
        self.env.invalidate_all()

    def _warnings(self):
        return self.connection.activity_search([f"{MODULE}.activity_ksef_certificate"])

    def test_an_accountant_is_told_once_before_it_ends(self):
        self._certificate_ends("2026-11-30")
        self._look_after("2026-10-20")
        self.assertFalse(self._warnings())
        for day in ("2026-11-10", "2026-11-11"):
            self._look_after(day)
            self.assertEqual(len(self._warnings()), 1)
        self.assertEqual(self._warnings().user_id, self.accountant)
        self.assertIn("30", self._warnings().note)
        self._certificate_ends("2028-11-30")
        self._look_after("2026-11-12")
        self.assertFalse(self._warnings())

    def test_one_that_ended_loses_nothing(self):
        self._certificate_ends("2026-11-03")
        invoice = self._sent_at(f"{DAY} 09:00:00")
        self.assertEqual(invoice.service_sending, "failed")
        self.assertIn("ended", invoice.service_sending_error)
        self.assertTrue(invoice.service_sending_try_at)
        self.assertFalse(self.ksef.requests)
        self._certificate_ends("2028-11-03")
        self._run(f"{DAY} 09:20:00")
        self.assertEqual(invoice.service_sending, "waiting")


@tagged("post_install", "-at_install")
class TestLeaveToSend(ConnectionCommon):
    """Nothing leaves a database that nobody confirmed for it."""

    def assertNothingSent(self, words):
        invoice = self._sent_at(f"{DAY} 09:00:00")
        self.assertEqual(invoice.service_sending, "failed")
        self.assertIn(words, invoice.service_sending_error)
        self.assertFalse(self.ksef.requests)
        self.assertFalse(self._mails(invoice))
        with self.assertRefused(words):
            self.connection.with_user(self.accountant).action_test()
        settings = self.env["res.config.settings"].create({})
        with self.assertRefused(words):
            settings._l10n_pl_edi_ksef_authenticate()
        self.assertFalse(self.ksef.requests)
        self.assertIn(words, self.connection.with_user(self.accountant).sentence)

    def test_no_choice_of_environment(self):
        self.connection.action_withdraw()
        self.env["ir.config_parameter"].set_param("l10n_pl_edi_ksef.mode", False)
        self.assertNothingSent("nobody has chosen")

    def test_a_copy_with_a_uuid_of_its_own(self):
        self.env["ir.config_parameter"].set_param("database.uuid", "another")
        self.assertNothingSent("copied, moved or restored")

    def test_a_restored_dump(self):
        """Its uuid is the same; the server has given it another number."""
        other = self.env["service.ksef.connection"]._this_database() + "0"
        self.env.cr.execute(
            "UPDATE service_ksef_connection SET confirmed_for = %s", [other]
        )
        self.env.invalidate_all()
        self.assertNothingSent("copied, moved or restored")

    def test_another_tax_number(self):
        self.company.vat = "PL5260250274"
        self.assertNothingSent("PL5252344078")

    def test_another_environment(self):
        self.env["ir.config_parameter"].set_param("l10n_pl_edi_ksef.mode", "prod")
        self.assertNothingSent("another environment")

    def test_a_neutralized_database(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        self.assertNothingSent("neutralized")

    def test_who_confirms(self):
        self.connection.action_withdraw()
        head = self._create_user("glowna", "account.group_account_manager")
        for user in (self.accountant, self.manager, self.back_office):
            with self.assertRefused("", AccessError):
                self.connection.with_user(user).action_confirm_test()
        with self.assertRefused("", AccessError):
            self.connection.with_user(head).environment = "production"
        self.connection.with_user(head).action_confirm_test()
        self.assertIn("Ready", self.connection.with_user(head).sentence)
        self.assertEqual(self._sent_at(f"{DAY} 09:00:00").service_sending, "waiting")
        self.assertIn("last reached", self.connection.with_user(head).sentence)

    def test_nobody_decides_for_another_company(self):
        stranger = self._create_user(
            "obca", "account.group_account_manager", company=self._second_company()
        )
        theirs = self.connection.with_user(stranger)
        for decide in (
            theirs.action_withdraw,
            theirs.action_confirm_test,
            theirs.action_confirm_production,
        ):
            self.env.invalidate_all()
            with self.subTest(decide.__name__), self.assertRefused("", AccessError):
                decide()
        self.assertEqual(self._sent_at(f"{DAY} 09:00:00").service_sending, "waiting")


@tagged("post_install", "-at_install")
class TestTrouble(ConnectionCommon):
    def test_what_a_person_reads(self):
        self.ksef.down = True
        invoice = self._invoice()
        self._queue(invoice)
        self._run()
        polish = "KSeF jest teraz niedostępny."
        self.accountant.lang = "pl_PL"
        self._run(f"{DAY} 09:20:00")
        self.assertEqual(invoice.service_sending_error, polish)
        connection = self.connection.with_user(self.accountant)
        self.assertIn(polish, connection.with_context(lang="pl_PL").sentence)
        self.ksef.down = False
        self._run(f"{DAY} 10:20:00")
        self.assertEqual(invoice.service_sending, "waiting")
        self.assertFalse(connection.failing_since)

    def test_the_accountant_tests_the_connection(self):
        connection = self.connection.with_user(self.accountant)
        self.assertEqual(connection.action_test()["params"]["type"], "success")
        self.ksef.down = True
        self.enterContext(mute_logger(KSEF_LOG))
        told = connection.action_test()["params"]
        self.assertEqual(told["type"], "danger")
        self.assertNotIn("http", told["message"])
