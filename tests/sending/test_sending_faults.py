import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ..doubles import ksef_faults, mail_sink
from .test_sending import DAY, SendingCommon


@tagged("post_install", "-at_install")
class TestSwappedAnswers(SendingCommon):
    """An answer of KSeF about another invoice is refused and told."""

    def setUp(self):
        super().setUp()
        self.ksef.swaps.clear()
        self.addCleanup(self.ksef.swaps.clear)
        self.first, self.second = self._invoice(), self._invoice()
        self._queue(self.first | self.second)
        self._run()
        one, other = self.first.l10n_pl_edi_ref, self.second.l10n_pl_edi_ref
        self.ksef.swaps.update({one: other, other: one})

    def test_neither_takes_the_number_of_the_other(self):
        self._run(f"{DAY} 09:10:00")
        for invoice in self.first | self.second:
            self.assertFalse(invoice.l10n_pl_edi_number)
            self.assertEqual(invoice.l10n_pl_edi_status, "sent")
            self.assertEqual(invoice.service_sending, "failed")
            self.assertIn(invoice.name, invoice.service_sending_error)
            self.assertFalse(self._mails(invoice))
        self.assertTrue(self._activities(self.first | self.second))
        self.ksef.swaps.clear()
        self._run(f"{DAY} 09:30:00")
        for invoice in self.first | self.second:
            self.assertEqual(invoice.service_sending, "sent")
            entry = self.ksef.by_number[invoice.l10n_pl_edi_number]
            self.assertEqual(entry["facts"]["P_2"], invoice.name)

    def test_odoos_own_button_believes_no_other_answer_either(self):
        with mute_logger("odoo.addons.l10n_pl_edi"):
            self.first.sudo().action_l10n_pl_edi_update_invoice_status()
        self.assertFalse(self.first.l10n_pl_edi_number)
        self.assertIn(self.first.name, str(self.first.l10n_pl_edi_header))
        self.ksef.swaps.clear()
        self.first.sudo().action_l10n_pl_edi_update_invoice_status()
        self.assertEqual(self.first.l10n_pl_edi_status, "accepted")


@tagged("post_install", "-at_install")
class TestMailServerAway(SendingCommon):
    def test_the_chatter_holds_the_e_mail_once(self):
        server = self.env["ir.mail_server"].create(
            {"name": "away", "smtp_host": "127.0.0.1", "smtp_port": 9}
        )
        self.enterContext(
            patch.object(IrMail_Server, "_disable_send", lambda _self: False)
        )
        invoice = self._invoice(self.consumer)
        self._queue(invoice)
        times = ("09:05", "09:10", "09:30", "09:35", "10:40", "10:45")
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            for time in times:
                self._run(f"{DAY} {time}:00")
        self.assertEqual(invoice.service_sending, "failed")
        self.assertEqual(invoice.service_sending_attempts, 3)
        self.assertIn("Poproś administratora", invoice.service_sending_error)
        self.assertNotIn("127.0.0.1", invoice.service_sending_error)
        self.assertEqual(self.written(invoice), 1)
        sink = self.enterContext(mail_sink.running())
        server.smtp_port = sink.port
        with freeze_time(f"{DAY} 11:00:00"):
            invoice.with_user(self.accountant).action_retry_sending()
            self.env.flush_all()
        self._run(f"{DAY} 11:01:00")
        self._run(f"{DAY} 11:02:00")
        self.assertEqual(invoice.service_sending, "sent")
        self.assertFalse(invoice.service_sending_message_id)
        self.assertEqual(len(sink.to(self.consumer.email)), 1)
        self.assertEqual(self.written(invoice), 1)

    def written(self, invoice):
        return len(
            invoice.message_ids.filtered(
                lambda message: self.consumer in message.partner_ids
            )
        )


@tagged("post_install", "-at_install")
class TestManyFaults(SendingCommon):
    """Whatever goes wrong between: each invoice is accepted once, under its number."""

    SEED = 20261104
    INVOICES = 15

    def test_each_is_accepted_once(self):
        invoices = self.env["account.move"].union(
            *(self._invoice() for _number in range(self.INVOICES))
        )
        self._queue(invoices)
        self.ksef.faults = ksef_faults.Faults(self.SEED, share=0.25)
        self.addCleanup(setattr, self.ksef, "faults", None)
        moment = datetime.datetime.fromisoformat(f"{DAY} 09:00:00")
        with mute_logger("odoo.addons.l10n_pl_edi"):
            while not all(move.l10n_pl_edi_status == "accepted" for move in invoices):
                moment += datetime.timedelta(hours=4)
                self._run(str(moment))
                self.assertLess(moment.month, 12, "It never ends.")
        met = sum(self.ksef.faults.met.values()) - self.ksef.faults.met["none"]
        self.assertGreater(met, self.INVOICES)
        self.ksef.faults = None
        self.enterContext(freeze_time(moment))
        self.assertEqual(len(self.ksef.by_number), self.INVOICES)
        for invoice in invoices.sudo():
            entry = self.ksef.by_number[invoice.l10n_pl_edi_number]
            self.assertEqual(entry["facts"]["P_2"], invoice.name)
            self.assertEqual(entry["xml"], invoice.l10n_pl_edi_attachment_id.raw)
            invoice.action_l10n_pl_edi_get_invoice_UPO()
            self.assertIn(
                invoice.l10n_pl_edi_number, invoice.l10n_pl_edi_upo_id.raw.decode()
            )


@tagged("post_install", "-at_install")
class TestMidnight(SendingCommon):
    """A second after its day KSeF counts an invoice as an offline one."""

    def setUp(self):
        super().setUp()
        self.accountant.lang = "en_US"
        self.invoice = self._invoice()

    def test_in_time(self):
        # 23:54 in Warsaw.
        self._queue(self.invoice, f"{DAY} 22:50:00")
        self._run(f"{DAY} 22:54:00")
        self.assertEqual(self.invoice.service_sending, "waiting")

    def test_too_close_to_midnight_it_is_held(self):
        self._queue(self.invoice, f"{DAY} 22:59:00")
        self._run(f"{DAY} 22:59:30")
        self.assertIn("after midnight", self.invoice.service_sending_error)
        self._run("2026-11-05 09:00:00")
        self.assertIn("count as issued offline", self.invoice.service_sending_error)
        self.assertFalse(self.ksef.by_number)
        self.assertTrue(self._activities(self.invoice))

    def test_a_person_may_send_it_as_it_is(self):
        self._queue(self.invoice, f"{DAY} 22:59:00")
        self._run(f"{DAY} 22:59:30")
        with freeze_time("2026-11-05 09:00:00"):
            self.invoice.with_user(self.accountant).action_retry_sending()
            self.env.flush_all()
        self._run("2026-11-05 09:01:00")
        self.assertEqual(self.invoice.service_sending, "waiting")

    def test_or_date_it_anew(self):
        self._queue(self.invoice, f"{DAY} 22:59:00")
        self._run(f"{DAY} 22:59:30")
        with freeze_time("2026-11-05 09:00:00"):
            self.invoice.button_draft()
            self.invoice.sudo().invoice_date = "2026-11-05"
            self.invoice.action_post()
        self._queue(self.invoice, "2026-11-05 09:01:00")
        self._run("2026-11-05 09:02:00")
        self.assertEqual(self.invoice.service_sending, "waiting")

    def test_ksef_was_away_on_its_day(self):
        self.ksef.down = True
        self._queue(self.invoice, f"{DAY} 15:00:00")
        self._run(f"{DAY} 15:01:00")
        self.ksef.down = False
        self._run("2026-11-05 08:00:00")
        self.assertEqual(self.invoice.service_sending, "waiting")
        self.assertEqual(len(self.ksef.accepted(self.invoice.name)), 1)
