from ast import literal_eval
from unittest.mock import patch

from freezegun import freeze_time
from lxml import etree

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.account.models.account_move_send import AccountMoveSend
from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ...models.billing.account_move_line import BILLING
from ...models.sending.account_move_queue import SENDING
from ..common import MODULE, ServiceCommon
from ..doubles import ksef, mail_sink
from ..doubles.offices import offices

DAY = "2026-11-04"
KSEF_LOG = "odoo.addons.l10n_pl_edi.tools.ksef_api_service"


class SendingCommon(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ksef = cls.enterClassContext(ksef.running())
        cls.enterClassContext(ksef.leading(cls.ksef.url))
        cls.company.write(cls._address("PL5252344078"))
        cls.company.email = "faktury@serwis.example"
        ksef.enroll(cls.company)
        cls.customer.write(cls._address("PL7740001454"))
        cls.customer.email = "ksiegowosc@klient.example"
        cls.consumer = cls.env["res.partner"].create(
            {
                "name": "Jan Kowalski",
                "email": "jan@kowalski.example",
                "country_id": cls.env.ref("base.pl").id,
                "lang": "pl_PL",
            }
        )

    def setUp(self):
        super().setUp()
        ksef = self.ksef
        ksef.down = False
        ksef.answers_to_lose = ksef.asks_before_done = 0
        ksef.rejects_with = None
        ksef.by_number.clear()
        ksef.requests.clear()

    @classmethod
    def _address(cls, vat):
        return {
            "vat": vat,
            "street": "Prosta 1",
            "city": "Warszawa",
            "zip": "00-001",
            "country_id": cls.env.ref("base.pl").id,
        }

    def _invoice(self, partner=None, *, day=DAY, post=True, **vals):
        vals = {
            "move_type": "out_invoice",
            "partner_id": (partner or self.customer).id,
            "company_id": self.company.id,
            "invoice_date": day,
            "invoice_line_ids": [
                Command.create({"product_id": self.hour.id, "quantity": 2})
            ],
        } | vals
        moves = self.env["account.move"].with_context(**BILLING.opened)
        invoice = moves.create(vals).with_env(self.env).with_user(self.accountant)
        if post:
            with freeze_time(f"{day} 08:00:00"):
                invoice.action_post()
        return invoice

    def _queue(self, invoices, when=f"{DAY} 09:00:00"):
        with freeze_time(when):
            invoices.with_user(self.accountant).action_queue_sending()
            self.env.flush_all()

    def _run(self, when=f"{DAY} 09:05:00", **context):
        """Let the cron run once, as it does by itself."""
        with freeze_time(when), self.enter_registry_test_mode():
            with self.registry.cursor() as cr, mute_logger(KSEF_LOG):
                env = self.env(cr=cr, user=SUPERUSER_ID, context=context)
                env["account.move"]._cron_send()
        self.env.invalidate_all()

    def _times_sent(self):
        """How often an invoice was sent to KSeF."""
        return sum(
            request.startswith("POST") and request.endswith("/invoices")
            for request in self.ksef.requests
        )

    def _mails(self, invoice):
        """E-mails with the invoice, those to followers of the chatter left out."""
        return self.env["mail.mail"].search(
            [
                ("model", "=", "account.move"),
                ("res_id", "=", invoice.id),
                ("recipient_ids", "in", invoice.partner_id.ids),
            ]
        )

    def _activities(self, invoice):
        return invoice.sudo().activity_search([f"{MODULE}.activity_sending"])


@tagged("post_install", "-at_install")
class TestSending(SendingCommon):
    def test_the_customer_gets_it_when_ksef_has_accepted_it(self):
        self.ksef.asks_before_done = 1
        invoice = self._invoice()
        self._queue(invoice)
        self.assertEqual(invoice.service_sending, "queued")
        self._run()
        self.assertEqual(invoice.service_sending, "waiting")
        self.assertEqual(len(self.ksef.accepted(invoice.name)), 1)
        self._run(f"{DAY} 09:10:00")
        self.assertEqual(invoice.service_sending, "waiting")
        self.assertFalse(self._mails(invoice))
        self._run(f"{DAY} 09:15:00")
        self.assertEqual(invoice.service_sending, "sent")
        self.assertEqual(invoice.l10n_pl_edi_status, "accepted")
        self.assertIn(invoice.l10n_pl_edi_number, self.ksef.by_number)
        self.assertEqual(len(self._mails(invoice)), 1)
        self._run(f"{DAY} 09:20:00")
        self.assertEqual(len(self._mails(invoice)), 1)

    def test_what_waits_longest_is_sent_first(self):
        first, second, third = (self._invoice() for _ in range(3))
        self._queue(third)
        self._queue(first | second, f"{DAY} 09:01:00")
        self._run()
        numbers = [entry["facts"]["P_2"] for entry in self.ksef.by_number.values()]
        self.assertEqual(numbers, (third | first | second).mapped("name"))

    def test_when_send_is_offered(self):
        draft, posted, queued = (
            self._invoice(post=False),
            self._invoice(),
            self._invoice(),
        )
        self._queue(queued)
        bill = self._invoice(move_type="in_invoice", date=DAY)
        moves = draft | posted | queued | bill
        self.assertEqual(moves.filtered("service_sending_possible"), posted)
        self._run()
        self._run(f"{DAY} 09:10:00")
        self.assertEqual(queued.service_sending, "sent")
        self.assertFalse(queued.service_sending_possible)

    def test_odoo_does_not_commit_in_the_middle(self):
        # Outside tests `l10n_pl_edi` commits once an invoice is sent.
        self.enterContext(
            patch.object(AccountMoveSend, "_can_commit", lambda _self: True)
        )
        invoices = self._invoice() | self._invoice()
        self._queue(invoices)
        self._run()
        self.assertEqual(invoices.mapped("service_sending"), ["waiting"] * 2)
        self._run(f"{DAY} 09:10:00")
        self.assertEqual(invoices.mapped("service_sending"), ["sent"] * 2)

    def test_the_stand_ins_leave_no_certificate_behind(self):
        invoice = self._invoice()
        with self.enter_registry_test_mode(), freeze_time(f"{DAY} 09:00:00"):
            with self.registry.cursor() as cr:
                env = self.env(cr=cr, user=SUPERUSER_ID)
                company = self.company.with_env(env)
                sent = invoice.with_env(env)
                with offices(env, company) as (stand_in, _sink):
                    sent.with_user(self.accountant).action_queue_sending()
                    for _round in range(3):
                        env["account.move"]._cron_send()
                    self.assertEqual(sent.service_sending, "sent")
                    self.assertEqual(len(stand_in.accepted(sent.name)), 1)
                self.assertFalse(company.l10n_pl_edi_register)

    def test_real_mail_with_pdf_and_statement(self):
        reports = self.env["ir.actions.report"]
        if reports.get_wkhtmltopdf_state() != "ok":
            self.skipTest("no wkhtmltopdf here")
        contract = self._create_contract()
        self._log_on(self._create_ticket(), 90, "2026-10-06")
        with freeze_time(f"{DAY} 08:00:00"):
            invoice = self._bill(contract, "2026-10-31")
            invoice.with_user(self.accountant).action_post()
            self._print_papers()
        sink = self.enterContext(mail_sink.running())
        self.env["ir.mail_server"].create(
            {"name": "sink", "smtp_host": "127.0.0.1", "smtp_port": sink.port}
        )
        self.enterContext(
            patch.object(IrMail_Server, "_disable_send", lambda _self: False)
        )
        self._queue(invoice)
        self._run(force_report_rendering=True)
        self.assertFalse(sink.messages)
        self._run(f"{DAY} 09:10:00", force_report_rendering=True)
        (mail,) = sink.to(self.customer.email)
        files = mail_sink.attachments(mail)
        self.assertIn("Zestawienie godzin VIP-1 2026-10.pdf", files)
        self.assertEqual(len(files), 2, list(files))
        for content in files.values():
            self.assertTrue(content.startswith(b"%PDF"))
        self._run(f"{DAY} 09:15:00")
        self.assertEqual(invoice.service_sending, "sent")
        self.assertFalse(invoice.service_sending_message_id)

    def test_a_mail_server_that_refuses_is_seen_and_tried_again(self):
        sink = self.enterContext(mail_sink.running())
        sink.refused.add(self.consumer.email)
        self.env["ir.mail_server"].create(
            {"name": "sink", "smtp_host": "127.0.0.1", "smtp_port": sink.port}
        )
        self.enterContext(
            patch.object(IrMail_Server, "_disable_send", lambda _self: False)
        )
        invoice = self._invoice(self.consumer)
        self._queue(invoice)
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self._run()
            self._run(f"{DAY} 09:10:00")
        self.assertEqual(invoice.service_sending, "failed")
        self.assertRegex(invoice.service_sending_error, "Jan Kowalski.*nie zna adresu")
        self.assertNotIn("SMTP", invoice.service_sending_error)
        self.assertEqual(len(self._activities(invoice)), 1)
        sink.refused.clear()
        self._run(f"{DAY} 09:30:00")
        self.assertEqual(len(sink.to(self.consumer.email)), 1)
        self._run(f"{DAY} 09:35:00")
        self.assertEqual(invoice.service_sending, "sent")
        self.assertFalse(self._activities(invoice))

    def test_down_and_up_again_there_is_one_invoice(self):
        self.ksef.down = True
        invoice = self._invoice()
        other = self._invoice()
        self._queue(invoice | other)
        self._run()
        self.assertEqual((invoice | other).mapped("service_sending"), ["failed"] * 2)
        self.assertTrue(invoice.service_sending_error)
        self.assertEqual(
            invoice.service_sending_try_at,
            fields.Datetime.to_datetime(f"{DAY} 09:20:00"),
        )
        asked = len(self.ksef.requests)
        self.assertEqual(asked, 1, "KSeF was tried for each invoice")
        self.assertEqual(len(self._activities(invoice | other)), 1)
        self._run(f"{DAY} 09:15:00")
        self.assertEqual(len(self.ksef.requests), asked)
        self._run(f"{DAY} 09:20:00")
        self.assertEqual(
            invoice.service_sending_try_at,
            fields.Datetime.to_datetime(f"{DAY} 10:20:00"),
        )
        self.assertEqual(len(self._activities(invoice | other)), 1)
        self.ksef.down = False
        self._run(f"{DAY} 10:20:00")
        self._run(f"{DAY} 10:25:00")
        self.assertEqual((invoice | other).mapped("service_sending"), ["sent"] * 2)
        self.assertEqual(len(self.ksef.accepted()), 2)
        self.assertFalse(self._activities(invoice | other))
        self.assertFalse(invoice.service_sending_error)

    def test_an_answer_that_was_lost_is_found_again(self):
        self.ksef.answers_to_lose = 1
        invoice = self._invoice()
        self._queue(invoice)
        self._run()
        self.assertEqual(invoice.service_sending, "failed")
        self.assertEqual(len(self.ksef.accepted(invoice.name)), 1)
        self._run(f"{DAY} 09:20:00")
        self._run(f"{DAY} 09:25:00")
        self.assertEqual(invoice.service_sending, "sent")
        self.assertEqual(self._times_sent(), 1)
        self.assertEqual(invoice.l10n_pl_edi_status, "accepted")
        self.assertIn(invoice.l10n_pl_edi_number, self.ksef.by_number)
        self.assertEqual(len(self.ksef.accepted(invoice.name)), 1)
        self.assertEqual(len(self._mails(invoice)), 1)
        # The receipt is that of the first attempt.
        invoice.sudo().action_l10n_pl_edi_get_invoice_UPO()
        upo = invoice.sudo().l10n_pl_edi_upo_id.raw.decode()
        self.assertIn(invoice.l10n_pl_edi_number, upo)

    def test_killed_before_the_reference_was_written(self):
        invoice = self._invoice()
        self._queue(invoice)
        ksef = self.env["service.ksef"]
        with freeze_time(f"{DAY} 09:05:00"):
            ksef._reach(self.company)
            ksef._prepare(invoice)  # and the queue commits
            with self.assertRaises(SystemExit), self.cr.savepoint():
                ksef._send(invoice)
                raise SystemExit
        self.assertFalse(invoice.l10n_pl_edi_status)
        self._run(f"{DAY} 09:10:00")
        self._run(f"{DAY} 09:15:00")
        self.assertEqual(invoice.service_sending, "sent", invoice.service_sending_error)
        self.assertEqual(self._times_sent(), 1)
        self.assertEqual(len(self.ksef.accepted(invoice.name)), 1)

    def test_another_invoice_under_the_same_number_is_no_recovery(self):
        self.ksef.answers_to_lose = 1
        invoice = self._invoice()
        self._queue(invoice)
        self._run()
        invoice.button_draft()
        invoice.sudo().invoice_line_ids.quantity = 3
        with freeze_time(f"{DAY} 09:10:00"):
            invoice.action_post()
        self._queue(invoice, f"{DAY} 09:12:00")
        self._run(f"{DAY} 09:15:00")
        self._run(f"{DAY} 09:20:00")
        self.assertEqual(invoice.service_sending, "failed")
        (number,) = self.ksef.by_number
        self.assertIn(number, invoice.service_sending_error)
        self.assertFalse(self._mails(invoice))

    def test_what_ksef_rejects_is_not_mailed_nor_tried_again(self):
        self.ksef.rejects_with = (450, "Niepoprawna suma P_15.")
        invoice = self._invoice()
        self._queue(invoice)
        self._run()
        self._run(f"{DAY} 09:10:00")
        self.assertEqual(invoice.service_sending, "failed")
        self.assertIn("Niepoprawna suma P_15.", invoice.service_sending_error)
        activity = self._activities(invoice)
        self.assertEqual(activity.user_id, self.accountant)
        self.assertIn("Niepoprawna suma P_15.", activity.note)
        asked = len(self.ksef.requests)
        self._run("2026-11-20 09:10:00")
        self.assertEqual(len(self.ksef.requests), asked)
        self.assertFalse(self._mails(invoice))
        with self.assertRefused("rejected"):
            invoice.action_queue_sending()
        with self.assertRefused("rejected"):
            self._wizard(invoice).action_send_and_print()
        self.ksef.rejects_with = None
        with freeze_time(f"{DAY} 10:00:00"):
            invoice.action_retry_sending()
        self._run(f"{DAY} 10:05:00")
        self._run(f"{DAY} 10:10:00")
        self.assertEqual(invoice.service_sending, "sent")

    def test_who_goes_to_ksef(self):
        company = self.customer
        sole_trader = self.consumer.copy({"name": "JDG", "vat": "PL5260250274"})
        for partner, choice, due in (
            (company, "default", True),
            (company, "never", False),
            (self.consumer, "default", False),
            (self.consumer, "always", True),
            (sole_trader, "default", True),
        ):
            with self.subTest(partner=partner.name, choice=choice):
                partner.service_ksef = choice
                invoice = self._invoice(partner, post=False)
                self.assertEqual(self.env["service.ksef"]._is_due(invoice), due)

    def test_a_consumers_invoice_is_mailed_at_once(self):
        invoice = self._invoice(self.consumer)
        self._queue(invoice)
        self._run()
        self.assertEqual(invoice.service_sending, "sent")
        self.assertEqual(len(self._mails(invoice)), 1)
        self.assertFalse(self.ksef.entries and self.ksef.accepted(invoice.name))

    def test_no_address_is_said_and_mailed_when_there_is_one(self):
        self.customer.email = False
        invoice = self._invoice()
        self._queue(invoice)
        self._run()
        self._run(f"{DAY} 09:10:00")
        self.assertEqual(invoice.service_sending, "failed")
        self.assertIn("e-mail", invoice.service_sending_error)
        self.assertEqual(invoice.l10n_pl_edi_status, "accepted")
        self.customer.email = "nowy@klient.example"
        self._run(f"{DAY} 09:25:00")
        self.assertEqual(invoice.service_sending, "sent")
        self.assertEqual(len(self.ksef.accepted(invoice.name)), 1)

    def test_what_ksef_has_is_neither_changed_nor_cancelled(self):
        self.ksef.asks_before_done = 1
        invoice = self._invoice()
        self._queue(invoice)
        self._run()
        for when in ("sent", "accepted"):
            with self.subTest(when=when):
                self.assertEqual(invoice.l10n_pl_edi_status, when)
                for refuse in (invoice.button_draft, invoice.button_cancel):
                    with self.assertRefused("credit note"):
                        refuse()
            self._run(f"{DAY} 09:10:00")
            self._run(f"{DAY} 09:15:00")

    def test_a_draft_leaves_the_queue(self):
        invoice = self._invoice()
        self._queue(invoice)
        invoice.button_draft()
        self.assertFalse(invoice.service_sending)
        self._run()
        self.assertFalse(self.ksef.accepted(invoice.name))

    def test_dates(self):
        late = self._invoice(day="2026-11-03")
        with freeze_time(f"{DAY} 09:00:00"):
            self.assertIn("offline", late.service_sending_warning)
            self.assertFalse(self._invoice(post=False).service_sending_warning)
            future = self._invoice(day="2026-11-05", post=False)
            future.sudo()._post(soft=False)
            with self.assertRefused("day, or change its date to"):
                future.action_queue_sending()
        self._queue(late)
        self._run()
        self.assertEqual(late.service_sending, "waiting")
        self.assertIn("offline", "".join(late.sudo().message_ids.mapped("body")))

    def _wizard(self, invoice, user=None, **vals):
        return (
            self.env["account.move.send.wizard"]
            .with_user(user or self.accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"move_id": invoice.id} | vals)
        )

    def test_odoos_dialogue_queues_what_was_written_in_it(self):
        invoice = self._invoice()
        with freeze_time(f"{DAY} 09:00:00"):
            wizard = self._wizard(invoice)
            self.assertIn("service_ksef_first", wizard.alerts)
            wizard.subject = "Faktura za październik, dziękujemy"
            wizard.action_send_and_print()
        self.assertEqual(invoice.service_sending, "queued")
        self.assertFalse(self._mails(invoice))
        self._run()
        self._run(f"{DAY} 09:10:00")
        mail = self._mails(invoice)
        self.assertEqual(mail.subject, "Faktura za październik, dziękujemy")

    def test_odoos_dialogue_for_a_consumer_sends_once(self):
        invoice = self._invoice(self.consumer)
        self._queue(invoice)
        with freeze_time(f"{DAY} 09:01:00"):
            self._wizard(invoice).action_send_and_print()
        self.assertEqual(invoice.service_sending, "sent")
        self._run()
        self.assertEqual(len(self._mails(invoice)), 1)

    def test_odoos_dialogue_for_many(self):
        invoices = self._invoice() | self._invoice(self.consumer)
        with freeze_time(f"{DAY} 09:00:00"):
            self.env["account.move.send.batch.wizard"].with_user(
                self.accountant
            ).create({"move_ids": [Command.set(invoices.ids)]}).action_send_and_print()
            self.env.flush_all()
            with self.enter_registry_test_mode():
                self.env.ref("account.ir_cron_account_move_send").with_user(
                    SUPERUSER_ID
                ).method_direct_trigger()
        self.assertEqual(invoices[0].service_sending, "queued")
        self.assertFalse(self._mails(invoices[0]))
        self.assertEqual(len(self._mails(invoices[1])), 1)

    def test_who_may_send(self):
        invoice = self._invoice()
        clerk = self._create_user("fakturzystka", "account.group_account_invoice")
        portal = new_test_user(self.env, "klient.portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        invoice.sudo().message_subscribe(portal.partner_id.ids)
        for user in (self.technician, self.back_office, self.manager, portal):
            for action in ("action_queue_sending", "action_retry_sending"):
                with self.subTest(user=user.login, action=action):
                    with self.assertRefused("", AccessError):
                        getattr(invoice.with_user(user), action)()
        with self.assertRefused("Only accountants", AccessError):
            self._wizard(invoice, self.back_office).action_send_and_print()
        invoice.with_user(clerk).action_queue_sending()
        self.assertEqual(invoice.service_sending, "queued")

    def test_each_company_sends_its_own(self):
        other = self._second_company()
        other.write(self._address("PL5260250274"))
        ksef.enroll(other)
        product = self._create_product("Usługa", 100.0, company=other)
        clerk = self._create_user(
            "druga", "account.group_account_invoice", company=other
        )
        theirs = self._invoice(
            post=False,
            company_id=other.id,
            invoice_line_ids=[Command.create({"product_id": product.id})],
        )
        with freeze_time(f"{DAY} 08:00:00"):
            theirs.sudo().with_company(other).action_post()
        ours = self._invoice()
        with self.assertRefused("", AccessError):
            ours.with_user(clerk).with_context(
                allowed_company_ids=other.ids
            ).action_queue_sending()
        with freeze_time(f"{DAY} 09:00:00"):
            self.env["account.move"].with_user(clerk).with_context(
                allowed_company_ids=other.ids
            ).browse(theirs.id).action_queue_sending()
        self._queue(ours)
        self._run()
        self._run(f"{DAY} 09:10:00")
        for invoice, nip in ((ours, "5252344078"), (theirs.sudo(), "5260250274")):
            self.assertEqual(invoice.service_sending, "sent")
            self.assertTrue(invoice.l10n_pl_edi_number.startswith(nip))

    def test_a_session_that_ksef_forgot(self):
        self.company.sudo().l10n_pl_edi_session_id = "20260101-SO-0000000000"
        self.enterContext(patch.dict(self.ksef.sessions, clear=True))
        first, second = self._invoice(), self._invoice()
        self._queue(first)
        self._run()
        self.ksef.sessions.clear()
        self._queue(second)
        self._run(f"{DAY} 09:10:00")
        self.assertEqual(len(self.ksef.accepted()), 2)

    def test_what_was_sent_before_is_followed_and_not_mailed_again(self):
        self.ksef.asks_before_done = 1
        invoice = self._invoice()
        self._queue(invoice)
        self._run()
        invoice.sudo().with_context(**SENDING.opened).service_sending = False
        with freeze_time(f"{DAY} 09:10:00"):
            self.env["account.move"]._adopt_sent_to_ksef()
        self._run(f"{DAY} 09:15:00")
        self._run(f"{DAY} 09:20:00")
        self.assertEqual(invoice.l10n_pl_edi_status, "accepted")
        self.assertFalse(self._mails(invoice))

    def test_filters_of_the_list(self):
        new, failed, waiting, outside = (self._invoice() for _number in range(4))
        self.ksef.rejects_with = (450, "Błąd.")
        self._queue(failed)
        self._run()
        self._run(f"{DAY} 09:10:00")
        self.ksef.rejects_with = None
        self._queue(waiting)
        self._run(f"{DAY} 09:12:00")
        outside.sudo().is_move_sent = True
        moves = self.env["account.move"].with_user(self.accountant)
        arch = etree.fromstring(
            moves.get_view(
                self.env.ref("account.view_account_invoice_filter").id, "search"
            )["arch"]
        )
        for name, expected in (
            ("service_to_send", new),
            ("service_sending_failed", failed),
            ("service_sending_waiting", waiting),
        ):
            with self.subTest(filter=name):
                (node,) = arch.xpath(f"//filter[@name='{name}']")
                domain = Domain(literal_eval(node.get("domain")))
                found = moves.search(
                    domain & Domain("company_id", "=", self.company.id)
                )
                self.assertEqual(found, expected)

    def test_who_reads_the_form_reads_the_status(self):
        invoice = self._invoice()
        self._queue(invoice)
        for user, retries in ((self.accountant, True), (self.back_office, False)):
            with self.subTest(user=user.login):
                arch = (
                    self.env["account.move"]
                    .with_user(user)
                    .get_view(self.env.ref("account.view_move_form").id)["arch"]
                )
                self.assertIn('name="service_sending_error"', arch)
                self.assertEqual('name="action_retry_sending"' in arch, retries)
        self.assertEqual(Form(invoice).service_sending, "queued")

    def test_no_certificate_no_ksef(self):
        ksef.withdraw(self.company)
        invoice = self._invoice()
        self._queue(invoice)
        self._run()
        self.assertEqual(invoice.service_sending, "sent")
        self.assertFalse(invoice.l10n_pl_edi_status)


@tagged("post_install", "-at_install")
class TestAutomaticPosting(SendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(post_automatically=True, post_limit=500.0)

    def _drafts(self, *prices, **vals):
        return (
            self.env["account.move"]
            .union(
                *(
                    self._invoice(
                        post=False,
                        day=False,
                        service_contract_id=self.contract.id,
                        invoice_line_ids=[
                            Command.create(
                                {"product_id": self.fee.id, "price_unit": price}
                            )
                        ],
                        **vals,
                    )
                    for price in prices
                )
            )
            .sudo()
        )

    def test_within_the_limit_it_is_posted_and_queued(self):
        # 406.50 net is 500.00 gross.
        drafts = self._drafts(100.0, 406.50, 406.51)
        with freeze_time(f"{DAY} 08:00:00"):
            posted, problems = drafts._post_automatically()
        self.assertEqual(posted, drafts[:2])
        self.assertEqual(posted.mapped("service_sending"), ["queued"] * 2)
        self.assertEqual(list(problems), list(drafts[2]))
        self.assertEqual(drafts[2].state, "draft")
        body = drafts[2].message_ids[0].body
        self.assertIn("500", body)

    def test_only_contracts_that_want_it(self):
        drafts = self._drafts(100.0)
        self.contract.post_automatically = False
        posted, problems = drafts._post_automatically()
        self.assertFalse(posted)
        self.assertFalse(problems)
        self.assertEqual(drafts.state, "draft")

    def test_one_that_fails_stops_no_other(self):
        drafts = self._drafts(100.0, 100.0)
        drafts[0].partner_id = False
        with freeze_time(f"{DAY} 08:00:00"):
            posted, problems = drafts._post_automatically()
        self.assertEqual(posted, drafts[1])
        self.assertEqual(list(problems), list(drafts[0]))
        self.assertTrue(problems[drafts[0]])
        self.assertEqual(drafts[0].state, "draft")
        self.assertIn("Not posted automatically", drafts[0].message_ids[0].body)

    def test_the_limit_must_be_said(self):
        with self.assertRefused("the gross amount up to which"):
            self.contract.post_limit = 0

    def test_who_decides(self):
        contract = self._create_contract(self.consumer, code="VIP/2")
        decision = {"post_automatically": True, "post_limit": 100.0}
        with self.assertRefused("Only accountants and service managers", UserError):
            contract.with_user(self.back_office).write(decision)
        contract.with_user(self.manager).write(decision)
        self.assertTrue(contract.post_automatically)
        contract.with_user(self.back_office).post_automatically = False
        self.assertFalse(contract.post_automatically)
