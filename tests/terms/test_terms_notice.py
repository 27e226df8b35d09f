from contextlib import contextmanager, suppress
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, modules
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ..doubles import mail_sink
from .common import TermsCommon

DAY = "2026-05-20 10:00:00"


class NoticeCommon(TermsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.company.email = "biuro@serwis.example"
        cls.customer.email = "biuro@klient.example"

    def _customer(self, name, lang="pl_PL", **vals):
        vals = {
            "name": name,
            "is_company": True,
            "lang": lang,
            "email": f"{name.lower()}@klient.example",
        } | vals
        return self.env["res.partner"].create(vals)

    def _under_contract(self, name, lang="pl_PL", start="2026-01-01", **vals):
        """A customer with a contract in force."""
        customer = self._customer(name, lang)
        self._create_contract(customer, start=start, **vals)
        return customer

    def _publish_today(self, terms=None, day="2026-06-01", **vals):
        return self._publish(
            terms or self.regulations, day, published="2026-05-20", **vals
        )

    def _told(self, version):
        return version.notice_ids.commercial_partner_id

    def _run(self, when="2026-05-20 10:05:00"):
        """Let the cron run once, as it does by itself."""
        with self._job(when) as notices:
            notices._cron_send()

    @contextmanager
    def _job(self, when):
        with freeze_time(when), self.enter_registry_test_mode():
            with self.registry.cursor() as cr:
                env = self.env(cr=cr, user=SUPERUSER_ID, context={})
                yield env["service.terms.notice"]
        self.env.invalidate_all()

    def _sink(self):
        sink = self.enterContext(mail_sink.running())
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {"name": "sink", "smtp_host": "127.0.0.1", "smtp_port": sink.port}
        )
        self.enterContext(
            patch.object(IrMail_Server, "_disable_send", lambda _self: False)
        )
        return sink


@tagged("post_install", "-at_install")
class TestWhoIsTold(NoticeCommon):
    def test_customers_with_a_service_contract_in_force(self):
        told = [
            self._under_contract("Obecny"),
            # The first and the last day of a contract are under it.
            self._under_contract("Ostatni", date_end="2026-05-20"),
            self._under_contract("Przyszly", start="2026-06-01"),
        ]
        self._under_contract("Dawny", date_end="2026-05-19")
        self._under_contract("Pozny", start="2026-06-02")
        self._customer("Bez umowy")
        self._under_contract("Cennikowy", service_tier_id=self.retail.id)
        version = self._publish_today()
        self.assertEqual(self._told(version).mapped("name"), [c.name for c in told])

    def test_tiers_of_the_document_decide(self):
        basic = self._create_tier("Basic")
        mine = self._under_contract("Basic", service_tier_id=basic.id)
        self._under_contract("Vip")
        self.regulations.tier_ids = basic
        self.assertEqual(self._told(self._publish_today()), mine)

    def test_everybody_is_told_in_one_language(self):
        polish, english, german, none = (
            self._under_contract(name, lang)
            for name, lang in (
                ("Polski", "pl_PL"),
                ("English", "en_US"),
                ("Deutsch", False),
                ("Nikt", False),
            )
        )
        self.company.partner_id.lang = "pl_PL"
        self._sink()
        # There is no English version yet: Polish is what there is.
        first = self._publish_today()
        everybody = polish | english | german | none
        self.assertEqual(self._told(first), everybody)
        self._run()
        self.assertEqual({*first.notice_ids.mapped("state")}, {"sent"})
        # A translation of what they have been told is no news.
        translated = self._publish_today(lang="en_US")
        self.assertFalse(self._told(translated))
        # From now on, the English customer hears of English versions alone.
        second = self._publish_today(day="2026-07-01")
        self.assertEqual(self._told(second), everybody - english)
        english_second = self._publish_today(day="2026-07-01", lang="en_US")
        self.assertEqual(self._told(english_second), english)

    def test_what_has_not_left_yet_is_sent_in_their_own_language(self):
        polish = self._under_contract("Polski")
        english = self._under_contract("English", "en_US")
        first = self._publish_today()
        translated = self._publish_today(lang="en_US")
        self.assertEqual(self._told(first), polish)
        self.assertEqual(self._told(translated), english)

    def test_other_companies_are_left_alone(self):
        other = self._second_company()
        hour = self._create_product("Godzina", 100.0, company=other)
        tier = self._create_tier("Inny", company=other, product=hour)
        customer = self._customer("Cudzy")
        self.env["contract.contract"].with_company(other).create(
            {
                "name": "Cudza umowa",
                "partner_id": customer.id,
                "company_id": other.id,
                "service_tier_id": tier.id,
                "date_start": "2026-01-01",
            }
        )
        mine = self._under_contract("Moj")
        version = self._publish_today()
        self.assertEqual(self._told(version), mine)
        stranger = self._create_user("obcy", "group_back_office", company=other)
        with self.assertRaises(AccessError):
            version.notice_ids.with_user(stranger).read(["state"])

    def test_one_notice_for_a_customer_with_two_contracts(self):
        customer = self._under_contract("Dwie", date_end="2026-05-25")
        self._create_contract(customer, start="2026-05-26", code="VIP/2")
        self.assertEqual(len(self._publish_today().notice_ids), 1)

    def test_publishing_asks_the_database_as_often_for_many_as_for_few(self):
        counts = []
        for number in (2, 200):
            customers = self.env["res.partner"].create(
                [
                    {"name": f"Klient {number} {n}", "email": f"k{n}@klient.example"}
                    for n in range(number)
                ]
            )
            self.env["contract.contract"].create(
                [
                    {
                        "name": customer.name,
                        "partner_id": customer.id,
                        "company_id": self.company.id,
                        "service_tier_id": self.tier.id,
                        "date_start": "2026-01-01",
                    }
                    for customer in customers
                ]
            )
            with freeze_time(DAY):
                draft = self.env["service.terms.version"].create(
                    {
                        "terms_id": self.regulations.id,
                        "text": "<p>a</p>",
                        "lang": "pl_PL",
                        "in_force_from": "2026-06-01",
                    }
                )
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                draft.with_user(self.manager).action_publish()
                self.env.flush_all()
                counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(draft.notice_ids), 202)
        few, many = counts
        # The first one fills caches of the registry as well.
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 40)


@tagged("post_install", "-at_install")
class TestNotices(NoticeCommon):
    def test_the_mail_says_what_counts_from_when(self):
        sink = self._sink()
        customer = self._under_contract("Polski")
        english = self._under_contract("English", "en_US")
        version = self._publish_today()
        self.assertEqual(version.told, "notified 0 of 2")
        self._run()
        self.assertEqual(version.told, "notified 2 of 2")
        self.assertRecordValues(
            version.notice_ids,
            [
                {"commercial_partner_id": customer.id, "state": "sent"},
                {"commercial_partner_id": english.id, "state": "sent"},
            ],
        )
        (message,) = sink.to(english.email)
        self.assertIn("06/01/2026", message["subject"])
        (file,) = message.iter_attachments()
        self.assertIn("Regulamin pomocy zdalnej", file.get_filename())
        self.assertEqual(len(sink.to(customer.email)), 1)
        # Nobody gets it twice.
        self._run("2026-05-20 11:00:00")
        self.assertEqual(len(sink.messages), 2)

    def test_a_failing_address_fails_alone_and_is_tried_again(self):
        sink = self._sink()
        good, bad, silent = (
            self._under_contract(name) for name in ("Dobry", "Zly", "Cichy")
        )
        silent.email = False
        sink.refused.add(bad.email)
        version = self._publish_today()
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self._run()
        states = {
            notice.commercial_partner_id: notice.state for notice in version.notice_ids
        }
        self.assertEqual(states, {good: "sent", bad: "failed", silent: "no_address"})
        self.assertEqual(version.told, "notified 1 of 3")
        failed = version.notice_ids.filtered("reason")
        self.assertEqual(failed.commercial_partner_id, bad | silent)
        with self.assertRefused("Only back office", AccessError):
            failed.with_user(self.accountant).action_retry()
        bad.email = "nowy@klient.example"
        silent.email = "cichy@klient.example"
        with freeze_time(DAY):
            version.notice_ids.with_user(self.back_office).action_retry()
        self._run("2026-05-20 12:00:00")
        self.assertEqual(version.told, "notified 3 of 3")
        self.assertEqual(len(sink.to(good.email)), 1)
        self.assertEqual(len(sink.to(silent.email)), 1)

    def test_the_contact_of_the_contract_is_written_to(self):
        customer = self._customer("Spolka")
        contact = self.env["res.partner"].create(
            {"name": "Kontakt", "parent_id": customer.id, "email": "k@klient.example"}
        )
        self._create_contract(customer, start="2026-01-01", partner_id=contact.id)
        notice = self._publish_today().notice_ids
        self.assertEqual(notice.email, contact.email)
        self.assertEqual(notice.commercial_partner_id, customer)
        contact.email = False
        self.assertEqual(notice.email, customer.email)

    def test_what_was_overtaken_is_not_sent_any_more(self):
        self._sink()
        self._under_contract("Polski")
        first = self._publish_today()
        second = self._publish_today()
        self._run()
        self.assertEqual(first.notice_ids.state, "obsolete")
        self.assertEqual(second.notice_ids.state, "sent")
        self.assertFalse(first.told)

    def test_what_is_archived_is_not_sent_any_more(self):
        sink = self._sink()
        self._under_contract("Polski")
        version = self._publish_today()
        self.regulations.with_user(self.manager).action_archive()
        self.assertEqual(version.notice_ids.state, "obsolete")
        # Nor what is published or tried again while it is archived.
        later = self._publish_today(day="2026-07-01")
        self._run()
        self.assertEqual(later.notice_ids.state, "obsolete")
        self.assertFalse(sink.messages)

    def test_an_email_that_was_made_does_not_leave_either(self):
        self._under_contract("Polski")
        notice = self._publish_today().notice_ids.sudo()
        notice._prepare_mails({})
        self.assertEqual(notice.mail_id.state, "outgoing")
        self.regulations.with_user(self.manager).action_archive()
        self.assertEqual((notice.state, notice.mail_id.state), ("obsolete", "cancel"))

    def test_what_was_sent_stays_sent(self):
        self._sink()
        self._under_contract("Polski")
        version = self._publish_today()
        self._run()
        self.regulations.with_user(self.manager).action_archive()
        self.assertEqual(version.notice_ids.state, "sent")

    def test_a_run_that_is_killed_sends_nothing_twice(self):
        sink = self._sink()
        customers = [self._under_contract(name) for name in ("Jeden", "Dwa", "Trzy")]
        version = self._publish_today()
        send, left = IrMail_Server.send_email, []

        def killed(server, message, *args, **kwargs):
            if len(left) == 2:
                raise SystemExit
            left.append(message)
            return send(server, message, *args, **kwargs)

        with (
            self._job("2026-05-20 10:05:00") as notices,
            patch.object(IrMail_Server, "send_email", killed),
        ):
            # As outside tests, where what has left is committed.
            with (
                patch.object(modules.module, "current_test", False),
                suppress(SystemExit),
            ):
                notices._cron_send()
            notices.env.cr.rollback()
        self.assertEqual(len(sink.messages), 2)
        self._run("2026-05-20 11:00:00")
        for customer in customers:
            self.assertEqual(len(sink.to(customer.email)), 1)
        self.assertEqual({*version.notice_ids.mapped("state")}, {"sent"})

    def test_nobody_writes_notices(self):
        self._under_contract("Polski")
        notice = self._publish_today().notice_ids
        for user in (self.back_office, self.manager, self.accountant):
            mine = notice.with_user(user)
            self.assertEqual(mine.state, "waiting")
            for attempt in (
                lambda mine=mine: mine.write({"state": "sent"}),
                mine.unlink,
                lambda mine=mine: mine.copy(),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attempt()
        with self.assertRaises(AccessError):
            notice.with_user(self.technician).read(["state"])

    def test_the_file_of_the_mail_is_nobodys_to_change(self):
        self._under_contract("Polski")
        version = self._publish_today()
        self._run()
        file = version.notice_ids.sudo().mail_id.attachment_ids
        self.assertEqual(len(file), 1)
        with self.assertRaises(AccessError):
            file.with_user(self.manager).write({"raw": b"%PDF-1.4 forged"})

    def test_the_form_shows_who_was_told(self):
        self._under_contract("Polski")
        version = self._publish_today()
        form = Form(version.with_user(self.back_office))
        self.assertEqual(len(form.notice_ids), 1)
        Form(version.with_user(self.technician))
