from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import ServiceCommon


@tagged("post_install", "-at_install")
class TestProof(ServiceCommon):
    """The proof of the ledger finds what somebody changed behind its back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(rollover_minutes=30)
        cls.ticket = cls._create_ticket(day="2026-10-01")
        cls._sell(cls.contract, 600, 3, "2026-10-15")
        cls.entries = cls.env["account.analytic.line"]
        for minutes, day in [
            (50, "2026-10-04"),
            (80, "2026-10-12"),
            (170, "2026-10-20"),
            (30, "2026-11-02"),
        ]:
            cls.entries |= cls._log_on(cls.ticket, minutes, day)
        cls._settle(cls.contract, "2026-10-31")
        cls._settle(cls.contract, "2026-11-30")
        cls.env.flush_all()

    def check(self, user=None):
        self.env.invalidate_all()
        ledger = self.env["service.hour.ledger"].with_user(user or self.manager)
        return ledger.rebuild_check()

    def test_an_untouched_ledger_has_no_difference(self):
        report = self.check()
        self.assertEqual(report["differences"], [])
        self.assertEqual(report["packages"], len(self.contract.package_ids))
        self.assertEqual(report["entries"], 4)
        self.assertEqual(report["moves"], len(self.contract.move_ids))

    def test_whatever_is_changed_is_found(self):
        package = self.contract.package_ids.filtered(lambda p: p.kind == "prepaid")
        tamper = {
            "less used": (
                "UPDATE service_hour_package SET used_minutes = 0 WHERE id = %s",
                package.id,
            ),
            "more granted": (
                "UPDATE service_hour_package SET granted_minutes = granted_minutes + 60"
                " WHERE id = %s",
                package.id,
            ),
            "a grant gone": (
                "DELETE FROM service_hour_move WHERE package_id = %s"
                " AND kind = 'grant'",
                package.id,
            ),
            "an expiry gone": (
                "DELETE FROM service_hour_move WHERE kind = 'expire'"
                " AND successor_id IS NULL AND contract_id = %s",
                self.contract.id,
            ),
            "an entry moved to another day": (
                "UPDATE account_analytic_line SET date = '2026-10-14' WHERE id = %s",
                self.entries[2].id,
            ),
            "an entry billed less": (
                "UPDATE account_analytic_line SET billed_minutes = 0 WHERE id = %s",
                self.entries[0].id,
            ),
            "an entry with other time": (
                "UPDATE account_analytic_line SET worked_minutes = 300 WHERE id = %s",
                self.entries[1].id,
            ),
            "overage made free": (
                "UPDATE account_analytic_line"
                " SET package_minutes = package_minutes - 60,"
                " free_minutes = free_minutes + 60 WHERE id = %s",
                self.entries[1].id,
            ),
            "an hour taken from the wrong package": (
                "UPDATE service_hour_move SET entry_id = (SELECT id FROM"
                " account_analytic_line WHERE ticket_id ="
                " (SELECT ticket_id FROM account_analytic_line WHERE id = %s)"
                " ORDER BY id DESC LIMIT 1) WHERE kind = 'consume'",
                self.entries[0].id,
            ),
        }
        for label, (query, id_) in tamper.items():
            with self.subTest(label), self.cr.savepoint() as savepoint:
                self.cr.execute(query, [id_])
                self.assertTrue(self.cr.rowcount)
                self.assertTrue(self.check()["differences"])
                savepoint.rollback()
        self.assertEqual(self.check()["differences"], [])

    def test_a_changed_rate_or_contract_changes_nothing_that_is_settled(self):
        self.tier.rate_ids.write({"first_minutes": 30, "step_minutes": 30})
        self.tier.rate_ids.scope = "entry"
        self.contract.write({"allowance_minutes": 600, "allowance_months": "3"})
        self.assertEqual(self.check()["differences"], [])

    def test_only_managers_check(self):
        for user in (self.technician, self.back_office, self.accountant):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.check(user)

    def test_a_manager_checks_the_own_company_only(self):
        other = self._second_company()
        manager = self._create_user("kierownik2", "group_manager", company=other)
        ledger = self.env["service.hour.ledger"].with_user(manager)
        report = ledger.with_context(allowed_company_ids=other.ids).rebuild_check()
        self.assertEqual(report["packages"], 0)

    def test_the_screen_says_what_came_out(self):
        ledger = self.env["service.hour.ledger"].with_user(self.manager)
        action = ledger.with_context(lang="en_US").action_rebuild_check()
        self.assertEqual(action["params"]["type"], "success")
        self.assertIn("no difference", action["params"]["message"])
        self.cr.execute(
            "UPDATE service_hour_package SET granted_minutes = granted_minutes + 1"
        )
        self.env.invalidate_all()
        action = ledger.action_rebuild_check()
        self.assertEqual(action["params"]["type"], "danger")


@tagged("post_install", "-at_install")
class TestProofOverRpc(ServiceCommon, HttpCase):
    """A monitoring tool asks every night, with the key of a manager."""

    def ask(self, user):
        keys = self.env["res.users.apikeys"].with_user(user)
        expires = fields.Datetime.now() + timedelta(days=1)
        key = keys._generate("rpc", "monitoring", expires)
        return self.url_open(
            "/json/2/service.hour.ledger/rebuild_check",
            json={"context": {"lang": "en_US"}},
            headers={"Authorization": f"Bearer {key}"},
        )

    def test_a_manager_asks_with_a_key(self):
        contract = self._create_contract()
        self._settle(contract, "2026-10-31")
        answer = self.ask(self.manager)
        self.assertEqual(answer.status_code, 200)
        report = answer.json()
        self.assertEqual(report["differences"], [])
        self.assertEqual(report["packages"], 1)

    def test_others_are_refused(self):
        answer = self.ask(self.technician)
        self.assertEqual(answer.status_code, 403)


@tagged("post_install", "-at_install")
class TestNotice(ServiceCommon):
    """Back office hears in time that hours run out, and hears it once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(
            user_id=cls.back_office.id, low_balance_percent=25, expiry_notice_days=10
        )
        cls.ticket = cls._create_ticket(day="2026-10-01")
        cls.tier.rate_ids.write({"first_minutes": 3, "step_minutes": 3})

    def notify(self, day):
        notices = self.env["service.hour.notice"]
        before = notices.search([])
        with freeze_time(f"{day} 06:00:00"):
            notices._cron_notify()
        return [
            (notice.kind, notice.available_minutes)
            for notice in notices.search([]) - before
        ]

    def test_few_hours_left(self):
        self._log_on(self.ticket, 87, "2026-10-05")
        self.assertEqual(self.notify("2026-10-06"), [])
        self._log_on(self.ticket, 3, "2026-10-06")
        self.assertEqual(self.notify("2026-10-07"), [("low", 30)])
        activity = self.contract.activity_ids
        self.assertEqual(activity.user_id, self.back_office)
        self.assertIn("0:30", activity.note)
        self._log_on(self.ticket, 21, "2026-10-07")
        self.assertEqual(self.notify("2026-10-08"), [])

    def test_each_period_is_another_package(self):
        self._log_on(self.ticket, 99, "2026-10-05")
        self.assertEqual(self.notify("2026-10-06"), [("low", 21)])
        # Once it is settled, the package of October has a row of its own.
        self._settle(self.contract, "2026-10-31")
        self.assertEqual(self.notify("2026-10-07"), [])
        self._log_on(self.ticket, 99, "2026-11-05")
        self.assertEqual(self.notify("2026-11-06"), [("low", 21)])

    def test_hours_end_soon(self):
        self.contract.allowance_minutes = 0
        self._sell(self.contract, 600, 1, "2026-10-01")
        self.assertEqual(self.notify("2026-10-20"), [])
        self.assertEqual(self.notify("2026-10-21"), [("expiry", 600)])
        self.assertEqual(self.notify("2026-10-22"), [])

    def test_an_empty_package_ends_without_a_word(self):
        self.contract.write({"allowance_minutes": 0, "low_balance_percent": 0})
        self._sell(self.contract, 60, 1, "2026-10-01")
        self._log_on(self.ticket, 60, "2026-10-05")
        self.assertEqual(self.notify("2026-10-25"), [])

    def test_notices_can_be_switched_off(self):
        self.contract.write({"low_balance_percent": 0, "expiry_notice_days": 0})
        self._sell(self.contract, 60, 1, "2026-10-01")
        self._log_on(self.ticket, 171, "2026-10-05")
        self.assertEqual(self.notify("2026-10-25"), [])

    def test_the_customer_is_told_if_the_contract_says_so(self):
        self.customer.email = "klient@klient.example"
        self._log_on(self.ticket, 99, "2026-10-05")
        of_customer = [("recipient_ids", "=", self.customer.id)]
        self.notify("2026-10-06")
        self.assertFalse(self.env["mail.mail"].search(of_customer))
        self.contract.notify_customer = True
        self._log_on(self.ticket, 99, "2026-11-05")
        self.notify("2026-11-06")
        mail = self.env["mail.mail"].search(of_customer)
        self.assertIn("0:21", mail.body_html)

    def test_a_shared_package_is_noticed_once(self):
        self.contract.write({"allowance_minutes": 0, "date_end": "2026-10-15"})
        self._sell(self.contract, 600, 1, "2026-10-01", whole_customer=True)
        self._create_contract(
            start="2026-10-16",
            allowance_minutes=0,
            contract_line_ids=[Command.clear()],
            low_balance_percent=25,
            expiry_notice_days=0,
        )
        self._log_on(self.ticket, 501, "2026-10-05")
        self.assertEqual(self.notify("2026-10-06"), [("low", 99)])
        self.assertEqual(self.notify("2026-10-17"), [])
