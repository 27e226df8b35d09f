import time
from contextlib import nullcontext
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.billing import ir_actions_report
from ...models.ledger.service_hour_move import LEDGER
from ..doubles import printer
from ..sending.test_sending import DAY, SendingCommon


class PapersCommon(SendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(sla_report_with_statement=True)
        ticket = cls._create_ticket("Serwer", "2026-10-04")
        cls._log_on(ticket, 180, "2026-10-04", name="Wymiana bębna")
        with freeze_time(f"{DAY} 08:00:00"):
            cls.draft = cls._bill(cls.contract, "2026-10-31")
        cls.settlement = cls.contract.settlement_ids
        cls.accountant.lang = "pl_PL"

    def post(self):
        with freeze_time(f"{DAY} 08:00:00"):
            self.draft.with_user(self.accountant).action_post()
            self.env.flush_all()
        return self.draft

    def print(self, when=f"{DAY} 08:01:00", script=printer.WORKS):
        """Let the cron print once, as it does by itself."""
        # Where time stands still, a printer's time is never up.
        frozen = freeze_time(when) if when else nullcontext()
        with frozen, self.enter_registry_test_mode():
            with self.registry.cursor() as cr, printer.running(script):
                env = self.env(cr=cr, user=SUPERUSER_ID, context={})
                env["service.settlement"]._cron_print()
        self.env.invalidate_all()

    def attached(self):
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", self.draft.id)]
        )
        return attachments.filtered(lambda file: file.name.endswith(".pdf"))


@tagged("post_install", "-at_install")
class TestPapers(PapersCommon):
    """Statement and SLA report are printed after posting, whatever the printer does."""

    def test_posting_does_not_print(self):
        with printer.running(printer.HANGS):
            invoice = self.post()
        self.assertEqual(invoice.state, "posted")
        self.assertFalse(self.attached())
        self.assertEqual(invoice.with_user(self.accountant).service_papers, "due")
        self.print()
        self.assertFalse(invoice.service_papers)
        statement, report = self.settlement.statement_id, self.settlement.sla_report_id
        self.assertEqual(self.attached(), statement | report)
        self.assertIn("Wymiana bębna", statement.raw.decode())
        self.assertIn(self.accountant.name, report.raw.decode())

    @mute_logger("odoo.addons.helpdesk_service_contract.models")
    def test_whatever_is_no_pdf_is_not_attached_and_made_again(self):
        invoice = self.post()
        cases = [
            (printer.PRINTS_NOTHING, "jest plikiem PDF", "08:01"),
            (printer.PRINTS_RUBBISH, "jest plikiem PDF", "08:20"),
            (printer.DIES, "-11", "09:30"),
            ("", "wkhtmltopdf", "14:00"),
        ]
        for script, reason, at in cases:
            with self.subTest(script):
                self.print(f"{DAY} {at}:00", script)
                self.assertFalse(self.attached())
                seen = invoice.with_user(self.accountant).with_context(lang="pl_PL")
                self.assertEqual(seen.service_papers, "failed")
                self.assertIn(reason, seen.service_papers_error)
        self.assertEqual(self.settlement.print_attempts, 4)
        self.print("2026-11-05 14:01:00")
        self.assertFalse(invoice.service_papers)
        self.assertEqual(len(self.attached()), 2)

    def test_a_printer_that_hangs_is_given_up(self):
        self.post()
        began = time.monotonic()
        with patch.object(ir_actions_report, "LIMIT", 0.5):
            self.print(when=None, script=printer.HANGS)
        self.assertLess(time.monotonic() - began, 30)
        self.assertEqual(self.draft.service_papers, "failed")

    def test_nothing_asks_the_database_while_it_prints(self):
        """So that the commit before it is followed by no new transaction."""
        self.post()
        asked = []
        prints = type(self.env["ir.actions.report"])._print

        def watched(reports, job):
            before = reports.env.cr.sql_log_count
            result = prints(reports, job)
            asked.append(reports.env.cr.sql_log_count - before)
            return result

        with patch.object(type(self.env["ir.actions.report"]), "_print", watched):
            self.print()
        self.assertEqual(asked, [0, 0])

    def test_the_accountant_has_it_made_again(self):
        invoice = self.post()
        self.print(script=printer.PRINTS_NOTHING)
        with self.assertRaises(AccessError):
            invoice.with_user(self.technician).action_print_papers()
        with freeze_time(f"{DAY} 08:02:00"):
            invoice.with_user(self.accountant).action_print_papers()
            self.env.flush_all()
        self.assertEqual(invoice.service_papers, "due")
        self.print(f"{DAY} 08:02:00")
        self.assertFalse(invoice.service_papers)

    def test_a_statement_that_is_lost_is_missed(self):
        invoice = self.post()
        self.print()
        self.settlement.statement_id.with_context(**LEDGER.opened).unlink()
        self.assertEqual(invoice.service_papers, "failed")
        with freeze_time(f"{DAY} 09:00:00"):
            invoice.with_user(self.accountant).action_print_papers()
            self.env.flush_all()
        self.print(f"{DAY} 09:00:00")
        self.assertEqual(len(self.attached()), 2)

    def test_a_draft_is_not_printed(self):
        invoice = self.post()
        invoice.with_user(self.accountant).button_draft()
        self.print()
        self.assertFalse(self.attached())
        self.assertFalse(invoice.service_papers)

    def test_posted_again_it_is_printed_again(self):
        self.post()
        self.print()
        first = self.settlement.statement_id
        self.draft.with_user(self.accountant).button_draft()
        self.post()
        self.print()
        self.assertFalse(first.exists())
        self.assertEqual(len(self.attached()), 2)

    def test_what_is_billed_again_gets_a_copy_when_it_is_there(self):
        invoice = self.post()
        with freeze_time(f"{DAY} 10:00:00"):
            wizard = (
                self.env["account.move.reversal"]
                .with_user(self.accountant)
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create({"journal_id": invoice.journal_id.id, "reason": "Zły NIP"})
            )
            again = self.env["account.move"].browse(wizard.modify_moves()["res_id"])
            again.with_user(self.accountant).action_post()
            self.env.flush_all()
        self.assertEqual(again.service_papers, "due")
        self.print()
        self.assertFalse(again.service_papers)
        names = again.attachment_ids.mapped("name")
        self.assertIn(self.settlement.statement_id.name, names)


@tagged("post_install", "-at_install")
class TestSendingWaitsForPapers(PapersCommon):
    def test_the_e_mail_waits_for_the_statement(self):
        invoice = self.post()
        self._queue(invoice)
        self._run()
        self._run(f"{DAY} 09:10:00")
        self.assertEqual(invoice.l10n_pl_edi_status, "accepted")
        self.assertEqual(invoice.service_sending, "queued")
        self.assertFalse(self._mails(invoice))
        self.print(f"{DAY} 09:11:00")
        self._run(f"{DAY} 09:12:00")
        self.assertEqual(invoice.service_sending, "sent")
        names = self._mails(invoice).attachment_ids.mapped("name")
        self.assertIn(self.settlement.statement_id.name, names)
        self.assertIn(self.settlement.sla_report_id.name, names)

    def test_one_that_cannot_be_made_is_told(self):
        invoice = self.post()
        self.print(script=printer.PRINTS_NOTHING)
        self._queue(invoice)
        self._run()
        self._run(f"{DAY} 09:10:00")
        self.assertEqual(invoice.service_sending, "failed")
        self.assertIn("PDF", invoice.service_sending_error)
        self.assertEqual(len(self._activities(invoice)), 1)
        self.assertFalse(self._mails(invoice))
        self.print(f"{DAY} 09:20:00")
        with freeze_time(f"{DAY} 09:21:00"):
            invoice.with_user(self.accountant).action_retry_sending()
            self.env.flush_all()
        self._run(f"{DAY} 09:22:00")
        self.assertEqual(invoice.service_sending, "sent")

    def test_odoos_own_dialogue_waits_as_well(self):
        """Also for who has nothing to do with KSeF."""
        self.customer.service_ksef = "never"
        invoice = self.post()
        with freeze_time(f"{DAY} 09:00:00"):
            wizard = (
                self.env["account.move.send.wizard"]
                .with_user(self.accountant)
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create({})
            )
            self.assertIn("service_papers", wizard.alerts)
            wizard.sending_methods = ["email"]
            wizard.action_send_and_print()
            self.env.flush_all()
        self.assertFalse(self._mails(invoice))
        self.print(f"{DAY} 09:01:00")
        self._run(f"{DAY} 09:02:00")
        self.assertEqual(len(self._mails(invoice)), 1)
