from freezegun import freeze_time
from psycopg2.errors import CheckViolation, RestrictViolation, UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ServiceCommon


@tagged("post_install", "-at_install")
class TestLedger(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.ticket = cls._create_ticket(day="2026-10-01")
        cls.ledger = cls.env["service.hour.move"]

    def tearDown(self):
        """Whatever a test did, the totals of each package are those of its moves."""
        for package in self.contract.package_ids:
            totals = {"granted": 0, "used": 0, "expired": 0}
            for move in package.move_ids:
                kind = move.released_id.kind or move.kind
                name = {"consume": "used", "expire": "expired"}.get(kind, "granted")
                totals[name] += move.minutes if name == "granted" else -move.minutes
            self.assertEqual(
                totals, {name: package[f"{name}_minutes"] for name in totals}
            )
        super().tearDown()

    def settle(self, until, today):
        with freeze_time(f"{today} 08:00:00"):
            return self.env["service.settlement"]._settle(
                self.contract, self._day(until)
            )

    def log(self, minutes, day, today=None, ticket=None):
        with freeze_time(f"{today or day} 12:00:00"):
            return self._log(ticket or self.ticket, minutes, day)

    def moves(self):
        return [
            (move.kind, move.minutes, str(move.date))
            for move in self.contract.move_ids.sorted("id")
        ]

    def test_nobody_changes_or_deletes_a_move(self):
        self.log(50, "2026-10-04")
        self.settle("2026-10-31", "2026-11-04")
        for user in (self.env.user, self.manager, self.accountant):
            move = self.contract.move_ids[:1].with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    move.minutes = 999
                with self.assertRaises(AccessError):
                    move.unlink()
                with self.assertRaises(AccessError):
                    move.create(
                        {
                            "package_id": move.package_id.id,
                            "contract_id": self.contract.id,
                            "company_id": self.company.id,
                            "kind": "grant",
                            "minutes": 60,
                            "date": "2026-10-01",
                        }
                    )

    def test_the_key_to_the_ledger_cannot_be_forged(self):
        """What comes over RPC is a copy of something, never the object itself."""
        self.settle("2026-10-31", "2026-11-04")
        move = self.contract.move_ids[:1].with_context(hour_ledger=True)
        with self.assertRaises(AccessError):
            move.copy()
        forged = self.contract.package_ids.with_context(hour_ledger=True)
        with self.assertRaises(AccessError):
            forged.granted_minutes = 6000
        entry = self.log(50, "2026-11-04").with_context(hour_ledger="LEDGER")
        with self.assertRaises(AccessError):
            entry.package_minutes = 60

    def test_packages_change_through_the_ledger_alone(self):
        self.settle("2026-10-31", "2026-11-04")
        package = self.contract.package_ids
        with self.assertRaises(AccessError):
            package.write({"granted_minutes": 6000})
        with self.assertRaises(AccessError):
            package.unlink()
        with self.assertRaises(AccessError):
            package.copy()

    def test_the_database_refuses_to_give_an_hour_twice(self):
        self.settle("2026-10-31", "2026-11-04")
        cases = [
            "UPDATE service_hour_package SET used_minutes = 121 WHERE id = %s",
            "UPDATE service_hour_package SET used_minutes = -1 WHERE id = %s",
            "UPDATE service_hour_package SET granted_minutes = 0 WHERE id = %s",
        ]
        for query in cases:
            with self.subTest(query=query), mute_logger("odoo.sql_db"):
                with self.assertRaises(CheckViolation), self.cr.savepoint():
                    self.cr.execute(query, [self.contract.package_ids.id])

    def test_an_allowance_is_granted_once_for_a_month(self):
        self.settle("2026-10-31", "2026-11-04")
        with mute_logger("odoo.sql_db"):
            with self.assertRaises(UniqueViolation), self.cr.savepoint():
                self.cr.execute(
                    "INSERT INTO service_hour_package"
                    " (contract_id, company_id, commercial_partner_id, kind,"
                    " date_from, date_to, granted_minutes, used_minutes,"
                    " expired_minutes, carried_minutes, rollover_minutes)"
                    " SELECT contract_id, company_id, commercial_partner_id, kind,"
                    " date_from, date_to, 0, 0, 0, 0, 0"
                    " FROM service_hour_package WHERE id = %s",
                    [self.contract.package_ids.id],
                )

    def test_a_late_entry_uses_what_was_left_in_its_own_month(self):
        self.log(50, "2026-10-04")
        self.settle("2026-10-31", "2026-11-04")
        late = self.log(
            20, "2026-10-30", "2026-11-05", self._create_ticket("Spóźnione")
        )
        self.settle("2026-11-30", "2026-12-04")
        self.assertEqual(
            self.moves(),
            [
                ("grant", 120, "2026-10-01"),
                ("consume", -60, "2026-10-04"),
                ("expire", -60, "2026-10-31"),
                ("grant", 120, "2026-11-01"),
                ("release", 60, "2026-10-31"),
                ("consume", -60, "2026-10-30"),
                ("expire", -120, "2026-11-30"),
            ],
        )
        self.assertEqual((late.package_minutes, late.overage_minutes), (60, 0))
        release = self.contract.move_ids.filtered("released_id")
        self.assertEqual(release.released_id.kind, "expire")

    def test_a_late_entry_gives_back_only_what_it_takes(self):
        self.env.ref("uom.decimal_product_uom").digits = 6
        self.tier.rate_ids.write({"first_minutes": 0, "step_minutes": 20})
        self.settle("2026-10-31", "2026-11-04")
        self.log(20, "2026-10-30", "2026-11-05")
        self.log(20, "2026-10-29", "2026-12-05")
        self.settle("2026-11-30", "2026-12-04")
        self.settle("2026-12-31", "2027-01-04")
        october = self.contract.package_ids.sorted("date_from")[0]
        self.assertRecordValues(
            october,
            [
                {
                    "granted_minutes": 120,
                    "used_minutes": 40,
                    "expired_minutes": 80,
                    "remaining_minutes": 0,
                }
            ],
        )

    def test_late_work_on_an_ended_contract_is_settled_too(self):
        self.contract.date_end = "2026-10-31"
        self.settle("2026-10-31", "2026-11-04")
        late = self.log(50, "2026-10-30", "2026-11-05")
        settlement = self.settle("2026-11-30", "2026-12-04")
        self.assertTrue(settlement.late)
        self.assertEqual(late.settlement_id, settlement)
        self.assertFalse(self.settle("2026-12-31", "2027-01-04"))

    def test_settled_time_counts_in_the_rounding_of_its_ticket(self):
        """50 + 5 min are one started hour of one ticket, and 10 more begin the next."""
        first = self.log(50, "2026-10-04")
        self.settle("2026-10-31", "2026-11-04")
        second = self.log(10, "2026-11-05")
        third = self.log(5, "2026-10-01", "2026-11-06")
        self.settle("2026-11-30", "2026-12-04")
        self.assertEqual((first + second + third).mapped("billed_minutes"), [60, 60, 0])

    def test_a_changed_allowance_counts_for_months_not_settled(self):
        self.settle("2026-10-31", "2026-11-04")
        self.contract.allowance_minutes = 300
        self.assertBalance(self.contract, "2026-11-05", granted=300)
        self.settle("2026-11-30", "2026-12-04")
        self.assertEqual(
            self.contract.package_ids.sorted("date_from").mapped("granted_minutes"),
            [120, 300],
        )

    def test_settling_after_downtime_posts_each_month_once(self):
        self.log(50, "2026-10-04")
        self.log(80, "2026-12-04", ticket=self._create_ticket("Grudzień"))
        self.settle("2026-12-31", "2027-01-04")
        self.settle("2026-12-31", "2027-01-05")
        self.assertEqual(
            self.moves(),
            [
                ("grant", 120, "2026-10-01"),
                ("consume", -60, "2026-10-04"),
                ("expire", -60, "2026-10-31"),
                ("grant", 120, "2026-11-01"),
                ("expire", -120, "2026-11-30"),
                ("grant", 120, "2026-12-01"),
                ("consume", -120, "2026-12-04"),
            ],
        )

    def test_what_the_ledger_stands_on_cannot_be_deleted(self):
        self.log(50, "2026-10-04")
        self.settle("2026-10-31", "2026-11-04")
        for record in (self.contract, self.tier, self.remote):
            with self.subTest(model=record._name), mute_logger("odoo.sql_db"):
                with self.assertRaises(RestrictViolation), self.cr.savepoint():
                    record.unlink()
                    self.env.flush_all()
