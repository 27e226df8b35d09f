from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ServiceCommon


def moment(*numbers):
    """A moment in UTC, as Odoo keeps it."""
    return datetime(*numbers, tzinfo=UTC).replace(tzinfo=None)


def utc(text):
    """When the clock in Warsaw shows ``text``, as Odoo keeps it."""
    shown = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Warsaw"))
    return shown.astimezone(UTC).replace(tzinfo=None)


@tagged("post_install", "-at_install")
class TestRating(ServiceCommon):
    """What work costs, from the price list to the draft invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hour.list_price = 180.0
        cls.rate = cls.tier.rate_ids
        cls.rate.write({"first_minutes": 30, "step_minutes": 30, "scope": "block"})
        cls.contract = cls._create_contract(
            allowance_minutes=0, contract_line_ids=[Command.clear()]
        )
        cls.ticket = cls._create_ticket(day="2026-10-01")

    def assertBilled(self, net, lines=None):
        """Assert the net amount of October, and (hours, price) of its lines."""
        invoice = self._bill_october()
        self.assertEqual(invoice.amount_untaxed, net)
        if lines is not None:
            self.assertEqual(
                [(line.quantity, line.price_unit) for line in invoice.invoice_line_ids],
                lines,
            )
        return invoice

    def _bill_october(self):
        with freeze_time("2026-11-04 08:00:00"):
            return self._bill(self.contract, "2026-10-31")

    def explanation(self, entry):
        entry.invalidate_recordset()
        return entry.with_context(lang="en_US").explanation

    def test_a_session_of_35_minutes_in_started_half_hours(self):
        entry = self._log_on(self.ticket, 35, "2026-10-04")
        self.assertEqual(entry.worked_minutes, 35)
        self.assertEqual(entry.billed_minutes, 60)
        self.assertEqual(
            self.explanation(entry),
            "0:35 → 1:00: per half hour or part thereof; 1:00 charged",
        )
        invoice = self.assertBilled(180.0, [(1.0, 180.0)])
        self.assertEqual((invoice.amount_tax, invoice.amount_total), (41.4, 221.4))

    def test_a_second_session_of_10_minutes(self):
        cases = [
            ("block", 30, 270.0),
            ("entry", 30, 270.0),
            ("ticket_day", 0, 180.0),
            ("ticket", 0, 180.0),
        ]
        for scope, billed, net in cases:
            with self.subTest(scope=scope), self.cr.savepoint() as savepoint:
                self.rate.scope = scope
                self._log_on(self.ticket, 35, "2026-10-04")
                second = self._log_on(self.ticket, 10, "2026-10-04")
                self.assertEqual(second.billed_minutes, billed)
                self.assertBilled(net)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_work_that_continues_a_session_is_rounded_with_it(self):
        first = self._log_on(self.ticket, 35, "2026-10-04")
        second = self._log_on(self.ticket, 10, "2026-10-05", block_entry_id=first.id)
        self.assertEqual(second.billed_minutes, 0)
        self.assertIn("the earlier 0:35 in this session", self.explanation(second))
        third = self._log_on(self.ticket, 16, "2026-10-05", block_entry_id=first.id)
        self.assertEqual(third.billed_minutes, 30)
        self.assertBilled(270.0)

    def test_a_session_goes_on_without_its_first_entry(self):
        first = self._log_on(self.ticket, 35, "2026-10-04")
        second, third = (
            self._log_on(
                self.ticket,
                minutes,
                "2026-10-05",
                user=self.back_office,
                block_entry_id=first.id,
            )
            for minutes in (10, 16)
        )
        first.with_user(self.technician).unlink()
        self.assertEqual(third.block_entry_id, second)
        self.assertEqual((second.billed_minutes, third.billed_minutes), (30, 0))
        (second + third).with_user(self.back_office).unlink()
        self.assertFalse(self.ticket.timesheet_ids)

    def test_settled_work_of_a_session_counts_in_its_rounding(self):
        first = self._log_on(self.ticket, 35, "2026-10-30")
        self._settle(self.contract, "2026-10-31")
        second = self._log_on(self.ticket, 10, "2026-11-05", block_entry_id=first.id)
        self.assertEqual(second.billed_minutes, 0)
        self._settle(self.contract, "2026-11-30")
        self.assertEqual(second.billed_minutes, 0)
        self.assertLedgerIsSound()

    def test_a_session_is_of_one_ticket_and_one_kind_of_work(self):
        first = self._log_on(self.ticket, 35, "2026-10-04")
        other = self._create_ticket("Inne", "2026-10-01")
        with self.assertRefused("same ticket", ValidationError):
            self._log_on(other, 10, "2026-10-04", block_entry_id=first.id)
        second = self._log_on(self.ticket, 10, "2026-10-04", block_entry_id=first.id)
        with self.assertRefused("first entry of the session", ValidationError):
            self._log_on(self.ticket, 5, "2026-10-04", block_entry_id=second.id)
        with self.assertRefused("same ticket", ValidationError):
            first.ticket_id = other
        third = self._log_on(self.ticket, 5, "2026-10-04")
        with self.assertRefused("first entry of the session", ValidationError):
            first.block_entry_id = third

    def test_market_shapes(self):
        half_hours, hours = (30, 30), (60, 60)
        hour_then_halves, flat_quarter = (60, 30), (15, 15)
        cases = [
            (half_hours, [(30, 30), (31, 60), (90, 90)]),
            (hours, [(1, 60), (60, 60), (61, 120)]),
            (hour_then_halves, [(5, 60), (60, 60), (61, 90), (91, 120)]),
            (flat_quarter, [(3, 15), (15, 15), (16, 30), (46, 60)]),
        ]
        for (first, step), times in cases:
            self.rate.write({"first_minutes": first, "step_minutes": step})
            for worked, billed in times:
                with self.subTest(first=first, step=step, worked=worked):
                    entry = self._log_on(self.ticket, worked, "2026-10-04")
                    self.assertEqual(entry.billed_minutes, billed)

    def test_a_flat_fee_up_to_15_minutes_and_then_every_started_15(self):
        flat = self._create_product("Szybka pomoc", 49.0, unit="product_uom_unit")
        self.rate.write(
            {"first_minutes": 15, "step_minutes": 15, "flat_product_id": flat.id}
        )
        entry = self._log_on(self.ticket, 12, "2026-10-04")
        self.assertIn(
            "a flat fee up to 15 min, then per quarter of an hour or part thereof",
            self.explanation(entry),
        )
        self._log_on(self.ticket, 16, "2026-10-05")
        self.assertBilled(2 * 49.0 + 45.0, [(2.0, 49.0), (0.25, 180.0)])

    def test_the_flat_fee_is_due_once_where_time_is_added_up(self):
        flat = self._create_product("Szybka pomoc", 49.0, unit="product_uom_unit")
        self.rate.write(
            {
                "first_minutes": 15,
                "step_minutes": 15,
                "flat_product_id": flat.id,
                "scope": "ticket",
            }
        )
        self._log_on(self.ticket, 12, "2026-10-04")
        self._log_on(self.ticket, 10, "2026-10-05")
        self.assertBilled(49.0 + 45.0, [(1.0, 49.0), (0.25, 180.0)])

    def test_a_package_pays_the_time_of_a_flat_fee(self):
        flat = self._create_product("Szybka pomoc", 49.0, unit="product_uom_unit")
        self.rate.write(
            {"first_minutes": 15, "step_minutes": 15, "flat_product_id": flat.id}
        )
        self.contract.allowance_minutes = 15
        self._log_on(self.ticket, 12, "2026-10-04")
        self._log_on(self.ticket, 12, "2026-10-05")
        self.assertBilled(49.0, [(1.0, 49.0)])

    def test_travel_costs_a_flat_fee_however_long(self):
        flat = self._create_product("Dojazd", 80.0, unit="product_uom_unit")
        self.tier.rate_ids = [
            Command.create(
                {
                    "work_type_id": self.travel.id,
                    "product_id": self.hour.id,
                    "flat_product_id": flat.id,
                    "first_minutes": 60,
                    "step_minutes": 0,
                    "scope": "entry",
                    "uses_packages": False,
                }
            )
        ]
        self.contract.allowance_minutes = 600
        for minutes in (20, 200):
            entry = self._log_on(
                self.ticket, minutes, "2026-10-04", work_type_id=self.travel.id
            )
            self.assertEqual(entry.billed_minutes, 60)
        self.assertBilled(160.0, [(2.0, 80.0)])

    def test_units_of_another_tier_do_not_pay_for_the_work_of_this_one(self):
        self.rate.scope = "ticket"
        self._log_on(self.ticket, 5, "2026-10-04")
        self.assertBilled(90.0, [(0.5, 180.0)])
        same = self._log_on(self.ticket, 20, "2026-11-02")
        self.assertEqual(same.billed_minutes, 0)
        self.contract.service_tier_id = self._create_tier("Co do minuty")
        self.contract.service_tier_id.rate_ids.write(
            {"first_minutes": 3, "step_minutes": 3, "scope": "ticket"}
        )
        other = self._log_on(self.ticket, 30, "2026-11-03")
        self.assertEqual((same.billed_minutes, other.billed_minutes), (21, 30))
        self._settle(self.contract, "2026-11-30")
        self.assertEqual((same.billed_minutes, other.billed_minutes), (21, 30))
        self.assertLedgerIsSound()

    def test_only_a_flat_fee_may_have_no_further_unit(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            with self.cr.savepoint():
                self.rate.step_minutes = 0
                self.env.flush_all()

    def test_the_contracts_price_wins_over_the_price_list(self):
        entry = self._log_on(self.ticket, 35, "2026-10-04")
        note = entry.with_user(self.back_office).with_context(lang="en_US").price_note
        self.assertIn("product price", note)
        customers = self._pricelist("Klienta", 170.0)
        self.customer.with_company(self.company).property_product_pricelist = customers
        entry.invalidate_recordset()
        note = entry.with_user(self.back_office).with_context(lang="en_US").price_note
        self.assertIn("customer pricelist", note)
        self.contract.pricelist_id = self._pricelist("Umowy", 150.0)
        entry.invalidate_recordset()
        note = entry.with_user(self.back_office).with_context(lang="en_US").price_note
        self.assertRegex(note, "150[.,]00")
        self.assertIn("contract pricelist", note)
        self.assertBilled(150.0)

    def test_a_pricelist_without_a_rule_for_the_work_decides_nothing(self):
        customers = self._pricelist("Klienta", 170.0)
        self.customer.with_company(self.company).property_product_pricelist = customers
        self.contract.pricelist_id = self._pricelist("Umowy", 1.0, product=self.fee)
        self._log_on(self.ticket, 35, "2026-10-04")
        self.assertBilled(170.0)

    def test_the_price_is_that_of_the_day_of_work(self):
        pricelist = self._pricelist("Umowy", 150.0, date_end="2026-10-14 22:00:00")
        pricelist.item_ids = [
            Command.create(
                {
                    "applied_on": "0_product_variant",
                    "product_id": self.hour.id,
                    "compute_price": "fixed",
                    "fixed_price": 160.0,
                    "date_start": "2026-10-14 22:00:00",
                }
            )
        ]
        self.contract.pricelist_id = pricelist
        self._log_on(self.ticket, 30, "2026-10-14")
        self._log_on(self.ticket, 30, "2026-10-15")
        self.assertBilled(155.0, [(0.5, 150.0), (0.5, 160.0)])

    def _pricelist(self, name, price, product=None, **rule):
        return self.env["product.pricelist"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": (product or self.hour).id,
                            "compute_price": "fixed",
                            "fixed_price": price,
                        }
                        | rule
                    )
                ],
            }
        )

    def test_technicians_see_why_but_no_price(self):
        entry = self._log_on(self.ticket, 35, "2026-10-04")
        mine = entry.with_user(self.technician)
        self.assertTrue(mine.explanation)
        self.assertNotIn("price_note", mine.fields_get())
        self.assertNotIn("180", mine.explanation)


AGREED = {"express": True, "express_agreed_on": "2026-10-01 08:00:00"}


@tagged("post_install", "-at_install")
class TestSurcharge(ServiceCommon):
    """Express and out-of-hours work, as money or as faster burning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office = cls.env["resource.calendar"].create(
            {
                "name": "Biuro 8–16",
                "tz": "Europe/Warsaw",
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 8,
                            "hour_to": 16,
                        }
                    )
                    for day in range(5)
                ],
            }
        )
        cls.env["resource.calendar.leaves"].create(
            {
                "name": "Święto Niepodległości",
                "calendar_id": cls.office.id,
                "company_id": cls.company.id,
                "date_from": "2026-11-10 23:00:00",
                "date_to": "2026-11-11 22:59:59",
            }
        )
        cls.tier.write({"express_percent": 100})
        cls.contract = cls._create_contract(
            allowance_minutes=0, contract_line_ids=[Command.clear()]
        )
        cls.ticket = cls._create_ticket(day="2026-10-01")

    def surcharge_after_hours(self, mode="money"):
        self.tier.write(
            {
                "after_hours_percent": 50,
                "calendar_id": self.office.id,
                "surcharge_mode": mode,
            }
        )

    def bill(self, until="2026-10-31"):
        day = self._day(until).replace(day=4)
        month = day.month % 12 + 1
        day = day.replace(month=month, year=day.year + (month == 1))
        with freeze_time(f"{day} 08:00:00"):
            return self._bill(self.contract, until)

    def test_express_work_of_65_minutes(self):
        self.ticket.write(AGREED | {"express_agreed_by": "Anna, telefonicznie"})
        entry = self._log_on(self.ticket, 65, "2026-10-05")
        self.assertEqual(entry.billed_minutes, 120)
        self.assertIn(
            "2:00 express +100%", entry.with_context(lang="en_US").explanation
        )
        invoice = self.bill()
        self.assertEqual(invoice.amount_untaxed, 480.0)
        self.assertEqual(invoice.amount_total, 590.4)
        self.assertEqual(
            [(line.quantity, line.price_unit) for line in invoice.invoice_line_ids],
            [(2.0, 120.0), (2.0, 120.0)],
        )
        self.assertIn("+100%", invoice.invoice_line_ids[1].name)

    def test_nobody_pays_a_surcharge_that_nobody_agreed_to(self):
        with self.assertRefused("who accepted", ValidationError):
            self.ticket.express = True
        with self.assertRefused("who accepted", ValidationError):
            self.ticket.write({"express": True, "express_agreed_by": "  "})

    def test_surcharges_are_due_on_package_hours_too(self):
        self.contract.allowance_minutes = 120
        self.ticket.write(AGREED | {"express_agreed_by": "Anna"})
        entry = self._log_on(self.ticket, 65, "2026-10-05")
        invoice = self.bill()
        self.assertEqual((entry.package_minutes, entry.overage_minutes), (120, 0))
        self.assertEqual(invoice.amount_untaxed, 240.0)

    def test_surcharges_may_take_more_hours_instead(self):
        self.tier.surcharge_mode = "burn"
        self.contract.allowance_minutes = 180
        self.ticket.write(AGREED | {"express_agreed_by": "Anna"})
        entry = self._log_on(self.ticket, 65, "2026-10-05")
        self.assertIn(
            "1:30 from package 01.10.2026 – 31.10.2026, using 3:00 of it",
            entry.with_context(lang="en_US").explanation,
        )
        invoice = self.bill()
        self.assertEqual((entry.package_minutes, entry.overage_minutes), (90, 30))
        self.assertEqual(self.contract.package_ids.used_minutes, 180)
        # Half an hour beyond the package is 60, and as much again for express.
        self.assertEqual(invoice.amount_untaxed, 120.0)
        self.assertLedgerIsSound()

    def test_work_across_the_end_of_service_hours_is_split(self):
        self.surcharge_after_hours()
        # 15:30 to 17:30 in Warsaw, on a Monday in summer time.
        entry = self._log_on(
            self.ticket, 120, "2026-10-05", started_at=moment(2026, 10, 5, 13, 30)
        )
        self.assertIn(
            "1:30 out of hours +50%", entry.with_context(lang="en_US").explanation
        )
        invoice = self.bill()
        # Half of the first hour, and all of the second one.
        self.assertEqual(
            [(line.quantity, line.price_unit) for line in invoice.invoice_line_ids],
            [(2.0, 120.0), (1.5, 60.0)],
        )

    def test_a_started_unit_on_both_sides_is_shared(self):
        self.surcharge_after_hours()
        self.env.ref("uom.decimal_product_uom").digits = 6
        self.hour.list_price = 100.0
        rate = self.tier.rate_ids
        hours = {"first_minutes": 60, "step_minutes": 60}
        halves = {"first_minutes": 30, "step_minutes": 30}
        first = {"first_minutes": 60, "step_minutes": 30}
        cases = [
            # The clock in Warsaw, minutes of work, the rate, what it costs.
            ("2026-10-05 15:50", 60, hours, 141.67),
            ("2026-10-05 07:59", 59, hours, 100.83),
            ("2026-10-05 15:59", 59, hours, 149.17),
            ("2026-10-05 15:00", 120, hours, 250.0),
            ("2026-10-05 15:00", 60, hours, 100.0),
            ("2026-10-05 16:00", 60, hours, 150.0),
            ("2026-10-05 15:00", 61, hours, 250.0),
            ("2026-10-05 15:50", 30, halves, 66.67),
            ("2026-10-05 15:50", 90, first, 216.67),
        ]
        for start, minutes, units, net in cases:
            rate.write(units)
            ticket = self._create_ticket(start, "2026-10-01")
            started = utc(start)
            entry = self._log_on(ticket, minutes, start[:10], started_at=started)
            with self.subTest(start, minutes=minutes):
                self.assertEqual(sum(entry.rating["billed"]), entry.billed_minutes)
                self.assertAlmostEqual(self.price(entry), net, places=2)

    def price(self, entry):
        """What an entry costs by its own plan, as the preview of a run says."""
        until = self._day("2026-12-31")
        plans = self.env["service.hour.ledger"]._plans(self.contract, until)
        pricing = self.env["service.price"]
        # No technician sees prices.
        charged = pricing._charged(plans[self.contract.id], entry.with_env(self.env))
        return sum(
            round(item.quantity * item.unit_price, 2) for _entry, item in charged
        )

    def test_shared_units_of_a_ticket_day_and_of_a_block(self):
        self.surcharge_after_hours()
        for scope in ("ticket", "ticket_day", "block", "entry"):
            self.tier.rate_ids.scope = scope
            ticket = self._create_ticket(scope, "2026-10-01")
            # 50 minutes that are billed as an hour, then 15:55 to 16:35.
            first = self._log_on(
                ticket, 50, "2026-10-05", started_at=utc("2026-10-05 14:00")
            )
            block = {"block_entry_id": first.id} if scope == "block" else {}
            second = self._log_on(
                ticket, 40, "2026-10-05", started_at=utc("2026-10-05 15:55"), **block
            )
            with self.subTest(scope):
                # Its first ten minutes are in the hour that is billed already.
                alone = scope == "entry"
                self.assertEqual(second.rating["billed"], [8, 52] if alone else [0, 60])

    def test_units_are_shared_by_minutes_that_pass_when_the_clock_changes(self):
        self.surcharge_after_hours()
        self.office.attendance_ids = [
            Command.create(
                {"name": "Noc", "dayofweek": "6", "hour_from": 0, "hour_to": 3}
            )
        ]
        for day, start, minutes, billed in (
            # 2:30 comes twice: of two hours and a half until 3:30, two are within.
            ("2026-10-25", "2026-10-25 00:00:00", 150, [120, 60]),
            # 2:00 to 3:00 never comes: from 1:50 to 3:50 by the clock is an hour.
            ("2027-03-28", "2027-03-28 00:50:00", 60, [10, 50]),
        ):
            ticket = self._create_ticket(day, "2026-10-01")
            entry = self._log_on(ticket, minutes, day, started_at=start)
            with self.subTest(day):
                self.assertEqual(entry.rating["billed"], billed)

    def test_shared_units_burn_packages_as_they_are_worked(self):
        self.surcharge_after_hours("burn")
        self.ticket.write(AGREED | {"express_agreed_by": "Anna"})
        self.env.ref("uom.decimal_product_uom").digits = 6
        self.contract.allowance_minutes = 240
        self.tier.rate_ids.package_factor = 200
        entry = self._log_on(
            self.ticket, 60, "2026-10-05", started_at=utc("2026-10-05 15:50")
        )
        # 10 min at 200% + 100%, 50 min at 200% + 100% + 50%.
        self.assertEqual([part[3] for part in entry.rating["parts"]], [400, 500])
        self.assertBalance(self.contract, "2026-10-06", pending=240, overage=10)
        self.bill()
        self.assertEqual((entry.package_minutes, entry.overage_minutes), (50, 10))
        self.assertLedgerIsSound()

    def test_a_flat_fee_is_surcharged_for_the_part_out_of_hours(self):
        self.surcharge_after_hours()
        fee = self._create_product("Dojazd", 80.0)
        self.tier.rate_ids.write({"flat_product_id": fee.id, "step_minutes": 0})
        entry = self._log_on(
            self.ticket, 60, "2026-10-05", started_at=utc("2026-10-05 15:50")
        )
        self.assertAlmostEqual(self.price(entry), 80 + 80 * 0.5 * 50 / 60, places=2)
        invoice = self.bill()
        self.assertEqual(
            [(line.quantity, line.price_subtotal) for line in invoice.invoice_line_ids],
            [(1.0, 80.0), (1.0, 33.33)],
        )

    def test_when_work_is_out_of_hours(self):
        self.surcharge_after_hours()
        cases = [
            ("Monday 9:00", "2026-10-05", moment(2026, 10, 5, 7), 0),
            ("Monday 7:00 to 8:00", "2026-10-05", moment(2026, 10, 5, 5), 60),
            ("Monday 16:00", "2026-10-05", moment(2026, 10, 5, 14), 60),
            ("Monday, nobody knows when", "2026-10-05", False, 0),
            ("Saturday 9:00", "2026-10-10", moment(2026, 10, 10, 7), 60),
            ("Saturday, nobody knows when", "2026-10-10", False, 60),
            ("holiday 9:00", "2026-11-11", moment(2026, 11, 11, 8), 60),
            ("holiday, nobody knows when", "2026-11-11", False, 60),
            ("the day after 9:00", "2026-11-12", moment(2026, 11, 12, 8), 0),
            ("winter time, 8:00", "2026-10-26", moment(2026, 10, 26, 7), 0),
            ("winter time, 7:59", "2026-10-26", moment(2026, 10, 26, 6, 59), 1),
        ]
        for label, day, start, surcharged in cases:
            with self.subTest(label):
                ticket = self._create_ticket(label, "2026-10-01")
                entry = self._log_on(ticket, 60, day, started_at=start)
                parts = entry.rating["parts"]
                percents = [
                    billed
                    for (_m, _e, after_hours, _f), billed in zip(
                        parts, entry.rating["billed"], strict=True
                    )
                    if after_hours
                ]
                self.assertEqual(sum(percents), surcharged)

    def test_service_hours_of_a_tier_that_surcharges_are_required(self):
        with self.assertRefused("Choose the calendar", ValidationError):
            self.tier.write({"after_hours_percent": 50, "calendar_id": False})

    def test_a_changed_surcharge_rates_open_work_again(self):
        self.ticket.write(AGREED | {"express_agreed_by": "Anna"})
        entry = self._log_on(self.ticket, 65, "2026-10-05")
        self.assertEqual([part[1] for part in entry.rating["parts"]], [100])
        self.tier.express_percent = 50
        self.env.flush_all()
        entry.invalidate_recordset()
        self.assertEqual([part[1] for part in entry.rating["parts"]], [50])
        self.ticket.write({"express": False})
        self.assertEqual([part[1] for part in entry.rating["parts"]], [0])

    def test_the_start_says_the_day(self):
        entry = self._log_on(
            self.ticket,
            30,
            "2026-10-05",
            started_at=moment(2026, 10, 4, 22, 30),
        )
        self.assertEqual(str(entry.date), "2026-10-05")
        with self.assertRefused("past midnight", ValidationError):
            entry.date = "2026-10-04"

    def test_the_start_decides_within_a_day(self):
        self.contract.allowance_minutes = 60
        later = self._log_on(
            self._create_ticket("Po południu"),
            50,
            "2026-10-05",
            started_at=moment(2026, 10, 5, 12),
        )
        earlier = self._log_on(
            self._create_ticket("Rano"),
            50,
            "2026-10-05",
            started_at=moment(2026, 10, 5, 7),
        )
        self._settle(self.contract, "2026-10-31")
        self.assertEqual((earlier.package_minutes, later.package_minutes), (60, 0))
