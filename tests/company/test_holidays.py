import logging
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ...hooks import post_init_hook
from ...models.company import res_company_holidays
from ...tools.moments import aware
from ...tools.working_time import minute_of, moment_of
from ..common import ServiceCommon
from ..sla.common import utc, warsaw

DAY = 24 * 60
POLAND_2026 = [
    ("2026-01-01", "Nowy Rok"),
    ("2026-01-06", "Święto Trzech Króli"),
    ("2026-04-05", "Niedziela Wielkanocna"),
    ("2026-04-06", "Poniedziałek Wielkanocny"),
    ("2026-05-01", "Święto Państwowe"),
    ("2026-05-03", "Święto Narodowe Trzeciego Maja"),
    ("2026-05-24", "Zielone Świątki"),
    ("2026-06-04", "Dzień Bożego Ciała"),
    ("2026-08-15", "Wniebowzięcie Najświętszej Marii Panny"),
    ("2026-11-01", "Uroczystość Wszystkich Świętych"),
    ("2026-11-11", "Narodowe Święto Niepodległości"),
    ("2026-12-24", "Wigilia Bożego Narodzenia"),
    ("2026-12-25", "Boże Narodzenie (pierwszy dzień)"),
    ("2026-12-26", "Boże Narodzenie (drugi dzień)"),
]


class HolidayCommon(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "pl_PL"
        cls.germany = cls.env.ref("base.de")

    def days_off(self, company=None, year=None):
        """The days a company has off, with their names."""
        leaves = self.env["resource.calendar.leaves"].search(
            [
                ("company_id", "=", (company or self.company).id),
                ("calendar_id", "=", False),
                ("resource_id", "=", False),
            ],
            order="date_from",
        )
        found = [(warsaw(leave.date_from), leave.name) for leave in leaves]
        self.assertTrue(all(moment.endswith(" 00:00") for moment, _name in found))
        days = [(moment[:10], name) for moment, name in found]
        return [day for day in days if day[0].startswith(str(year or ""))]

    def _polish_company(self):
        poland = self.env.ref("base.pl")
        return self.env["res.company"].create(
            {"name": "Inna sp. z o.o.", "country_id": poland.id}
        )

    def dialog(self, user=None, **vals):
        return (
            self.env["service.holiday.load"]
            .with_user(user or self.manager)
            .create({"first_year": 2026, "last_year": 2026} | vals)
        )

    def run_cron(self, day):
        cron = self.env.ref("helpdesk_service_contract.cron_public_holidays")
        with freeze_time(f"{day} 05:00:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def calendar(self, hours, *, always=False):
        """One of the calendars that the company got when it was created."""
        return (
            self.env["resource.calendar"]
            .search([("company_id", "=", self.company.id)], order="id")
            .filtered(
                lambda calendar: (
                    calendar.hours_per_week == hours
                    and calendar.open_on_holidays == always
                    and calendar != self.company.resource_calendar_id
                )
            )
        )


@tagged("post_install", "-at_install")
class TestHolidays(HolidayCommon):
    def test_poland_in_2026(self):
        added = self.company._load_public_holidays([2026])
        self.assertEqual(len(added), 14)
        self.assertEqual(self.days_off(), POLAND_2026)
        leave = added.sorted("date_from")[10]
        self.assertEqual(leave.date_from, utc("2026-11-11 00:00:00"))
        self.assertEqual(leave.date_to, utc("2026-11-11 23:59:59"))
        self.assertEqual(leave.time_type, "other")

    def test_christmas_eve_since_2025(self):
        self.company._load_public_holidays([2024, 2025])
        days = [day for day, _name in self.days_off()]
        self.assertNotIn("2024-12-24", days)
        self.assertIn("2025-12-24", days)
        self.assertEqual(len(days), 13 + 14)

    def test_the_day_the_clock_changes_is_whole(self):
        # Easter Sunday of 2024, which has 23 hours in Poland.
        self.company._load_public_holidays([2024])
        easter = self.env["resource.calendar.leaves"].search(
            [("company_id", "=", self.company.id), ("name", "ilike", "Niedziela")]
        )
        self.assertEqual(easter.date_from, utc("2024-03-31 00:00:00"))
        self.assertEqual(easter.date_to, utc("2024-03-31 23:59:59"))

    def test_loading_again_adds_nothing(self):
        self.company._load_public_holidays([2026])
        self.assertFalse(self.company._load_public_holidays([2026]))
        self.assertEqual(self.days_off(), POLAND_2026)

    def test_days_that_are_off_already_stay(self):
        def off(name, begin, end):
            return {
                "name": name,
                "company_id": self.company.id,
                "calendar_id": False,
                "date_from": utc(begin),
                "date_to": utc(end),
            }

        self.env["resource.calendar.leaves"].create(
            [
                # Entered on a clock in London, and as the hours of the office.
                off("Independence", "2026-11-11 01:00:00", "2026-11-12 00:59:59"),
                off("Trzech Króli", "2026-01-06 08:00:00", "2026-01-06 17:00:00"),
                off("Święta", "2026-12-24 00:00:00", "2026-12-27 00:00:00"),
                # So much of a holiday is not enough.
                off("Inwentaryzacja", "2026-06-04 12:00:00", "2026-06-04 16:00:00"),
            ]
        )
        self.env.flush_all()
        added = self.company._load_public_holidays([2026])
        self.assertEqual(len(added), 14 - 5)
        self.assertIn("Dzień Bożego Ciała", added.mapped("name"))

    def test_time_off_of_a_calendar_or_a_person_is_not_that_of_the_company(self):
        day = {
            "company_id": self.company.id,
            "date_from": utc("2026-11-11 00:00:00"),
            "date_to": utc("2026-11-11 23:59:59"),
        }
        person = self.env["hr.employee"].search([("user_id", "=", self.technician.id)])
        self.env["resource.calendar.leaves"].create(
            [
                day | {"calendar_id": self.company.resource_calendar_id.id},
                day | {"resource_id": person.resource_id.id},
            ]
        )
        self.env.flush_all()
        self.assertEqual(len(self.company._load_public_holidays([2026])), 14)

    def test_days_are_of_the_company_whichever_is_the_current_one(self):
        other = self._polish_company()
        added = other._load_public_holidays([2026])
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(added.company_id, other)
        self.assertEqual(self.days_off(), [])
        self.assertFalse(other._load_public_holidays([2026]))

    def test_other_companies_are_untouched(self):
        other = self._polish_company()
        self.company._load_public_holidays([2026])
        self.assertEqual(self.days_off(other), [])
        self.assertFalse(other.service_holidays_loaded)

    def test_another_country_with_a_region(self):
        self.company._load_public_holidays([2026], self.germany, " BY ")
        days = dict(self.days_off())
        # Names are in the company's language where there are such.
        self.assertEqual(days["2026-06-04"], "Fronleichnam")
        self.assertEqual(len(days), 12)

    def test_what_nobody_knows_is_refused(self):
        nowhere = self.env["res.country"].create({"name": "Nigdzie", "code": "QQ"})
        with self.assertRefused("holidays of Nigdzie are not known"):
            self.company._load_public_holidays([2026], nowhere)
        with self.assertRefused("“XX” of Germany is not known. Choose one of: BB, BE"):
            self.company._load_public_holidays([2026], self.germany, "XX")
        with self.assertRefused("Remove the region “BY”"):
            self.company._load_public_holidays([2026], self.env.ref("base.pl"), "BY")
        with self.assertRefused("Choose the country"):
            self.company._load_public_holidays([2026], self.env["res.country"])
        with (
            patch.object(res_company_holidays, "holidays", None),
            self.assertRefused("The Python library"),
        ):
            self.company._load_public_holidays([2026])
        self.assertEqual(self.days_off(), [])

    def test_a_company_is_of_its_country(self):
        companies = self.env["res.company"].create(
            [{"name": "Nie wiadomo"}, {"name": "GmbH", "country_id": self.germany.id}]
        )
        self.assertFalse(companies[0].service_holiday_country_id)
        self.assertEqual(companies[1].service_holiday_country_id, self.germany)
        companies[1].service_holiday_subdivision = "BY"
        self.assertEqual(len(companies[1]._load_public_holidays([2026])), 12)
        companies[1].service_holiday_country_id = self.env.ref("base.pl")
        self.assertFalse(companies[1].service_holiday_subdivision)

    def test_clocks_stand_still_on_the_days(self):
        self.company._load_public_holidays([2026])
        office, weekdays = self.calendar(40), self.calendar(120)
        cases = [
            (weekdays, "2026-11-06 15:00:00", DAY, "2026-11-09 15:00"),
            (weekdays, "2026-11-06 15:00:00", 5 * DAY, "2026-11-16 15:00"),
            (office, "2026-12-23 15:00:00", 240, "2026-12-28 11:00"),
            (self.calendar(168, always=True), "2026-12-24 20:00:00", 60, None),
        ]
        for calendar, start, minutes, expected in cases:
            with self.subTest(start=start, minutes=minutes):
                hours = calendar._working_time(self.company)
                end = hours.add(minute_of(aware(utc(start))), minutes)
                self.assertEqual(
                    warsaw(moment_of(end).replace(tzinfo=None)),
                    expected or "2026-12-24 21:00",
                )

    def test_a_surcharge_is_due_on_the_days(self):
        contract = self._create_contract(
            allowance_minutes=0, contract_line_ids=[Command.clear()]
        )
        ticket = self._create_ticket(service_contract_id=contract.id)
        self.tier.write(
            {"after_hours_percent": 50, "calendar_id": self.calendar(120).id}
        )
        self.company._load_public_holidays([2026])
        # Nobody noted when: Wednesday is a holiday, Friday's hours end at midnight.
        for day, minutes in (("11", 60), ("13", 0), ("14", 60), ("15", 60), ("16", 0)):
            with self.subTest(day=day):
                entry = self._log_on(ticket, 60, f"2026-11-{day}")
                said = "out of hours" in entry.with_context(lang="en_US").explanation
                self.assertEqual(said, bool(minutes))


@tagged("post_install", "-at_install")
class TestHolidayCron(HolidayCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search(
            [("id", "!=", cls.company.id)]
        ).service_holidays_by_itself = False

    def test_the_next_year_is_loaded_from_october_on(self):
        self.run_cron("2026-09-30")
        self.assertEqual(self.days_off(), POLAND_2026)
        self.run_cron("2026-10-01")
        self.assertEqual(len(self.days_off(year=2027)), 14)
        self.assertEqual(len(self.days_off()), 28)

    def test_a_deleted_day_comes_back_by_the_button_alone(self):
        self.run_cron("2026-09-01")
        self.env["resource.calendar.leaves"].search(
            [("company_id", "=", self.company.id), ("name", "ilike", "Wigilia")]
        ).unlink()
        self.run_cron("2026-10-01")
        self.assertNotIn(POLAND_2026[11], self.days_off())
        self.dialog().action_load()
        self.assertEqual(self.days_off(year=2026), POLAND_2026)

    def test_a_day_that_was_loaded_by_the_button_does_not_come_back_either(self):
        self.dialog().action_load()
        self.env["resource.calendar.leaves"].search(
            [("company_id", "=", self.company.id)]
        ).unlink()
        self.run_cron("2026-09-01")
        self.assertEqual(self.days_off(), [])

    def test_a_holiday_that_a_new_law_adds_is_loaded(self):
        self.run_cron("2026-09-01")
        known = self.company.service_holidays_loaded
        self.env["resource.calendar.leaves"].search(
            [("company_id", "=", self.company.id), ("name", "ilike", "Wigilia")]
        ).unlink()
        # As if the library had not known the day then.
        self.company.service_holidays_loaded = [
            day for day in known if day != "2026-12-24"
        ]
        self.run_cron("2026-09-15")
        self.assertEqual(self.days_off(), POLAND_2026)

    def test_a_company_may_do_without(self):
        self.company.service_holidays_by_itself = False
        self.run_cron("2026-11-01")
        self.assertEqual(self.days_off(), [])

    def test_a_company_that_fails_stops_no_other(self):
        nowhere = self.env["res.country"].create({"name": "Nigdzie", "code": "QQ"})
        broken, lost = self.env["res.company"].create(
            [
                {"name": "Aaa, zepsuta", "country_id": self.env.ref("base.pl").id},
                {"name": "Bbb, nieznana", "service_holiday_country_id": nowhere.id},
            ]
        )
        original = type(broken)._days_off

        def days_off(company, days):
            if company == broken:
                company.env.cr.execute("SELECT 1 / 0")
            return original(company, days)

        logger = res_company_holidays.__name__
        with (
            patch.object(type(broken), "_days_off", days_off),
            self.assertLogs(logger, logging.WARNING) as log,
            self.assertLogs("odoo.sql_db", logging.ERROR),
        ):
            self.run_cron("2026-09-01")
        self.assertEqual(
            sorted(record.levelname for record in log.records), ["ERROR", "WARNING"]
        )
        self.assertIn("holidays of Nigdzie are not known", log.output[-1])
        self.assertEqual(self.days_off(broken) + self.days_off(lost), [])
        self.assertEqual(self.days_off(), POLAND_2026)

    def test_a_new_company_need_not_wait_for_a_month(self):
        cron = self.env.ref("helpdesk_service_contract.cron_public_holidays")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self.env["res.company"].create({"name": "Nowa sp. z o.o."})
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before + 1)

    def test_installing_serves_the_companies_that_are_there(self):
        lost = self.env["res.company"].create({"name": "Nieznana"})
        lost.service_holiday_country_id = self.env["res.country"].create(
            {"name": "Nigdzie", "code": "QQ"}
        )
        with (
            freeze_time("2026-03-01 08:00:00"),
            self.assertLogs(res_company_holidays.__name__, logging.WARNING),
        ):
            post_init_hook(self.env)
        self.assertEqual(self.days_off(year=2026), POLAND_2026)
        self.assertEqual(len(self.days_off(year=2027)), 14)


@tagged("post_install", "-at_install")
class TestHolidayDialog(HolidayCommon):
    def test_a_manager_loads_what_the_preview_shows(self):
        self.company._load_public_holidays([2026])
        self.env["resource.calendar.leaves"].search(
            [("company_id", "=", self.company.id), ("name", "ilike", "Wigilia")]
        ).unlink()
        with freeze_time("2026-03-01 08:00:00"):
            form = Form(self.env["service.holiday.load"].with_user(self.manager))
        self.assertEqual((form.first_year, form.last_year), (2026, 2027))
        self.assertEqual(form.country_id.code, "PL")
        self.assertEqual(form.new_count, 1 + 14)
        form.last_year = 2026
        self.assertEqual(form.new_count, 1)
        dialog = form.save()
        self.assertEqual(
            [(str(day.day), day.name, day.state) for day in dialog.day_ids],
            [
                (day, name, "new" if day == "2026-12-24" else "there")
                for day, name in POLAND_2026
            ],
        )
        action = dialog.action_load()
        self.assertEqual(action["params"]["message"], "Public holidays added: 1")
        shown = action["params"]["next"]
        leaves = self.env[shown["res_model"]].with_user(self.manager)
        self.assertEqual(leaves.search_count(shown["domain"]), 14)
        self.assertEqual(
            self.dialog().action_load()["params"]["message"],
            "All these days are already entered.",
        )

    def test_the_dialog_says_what_is_wrong(self):
        form = Form(self.env["service.holiday.load"].with_user(self.manager))
        form.first_year, form.last_year = 2027, 2026
        self.assertIn("between 2000 and 2100", form.problem)
        form.first_year, form.last_year = 2026, 9999
        self.assertIn("at most 10 years", form.problem)
        form.last_year = 2026
        self.assertFalse(form.problem)
        form.subdivision = "BY"
        self.assertIn("Remove the region", form.problem)
        form.country_id = self.germany
        self.assertFalse(form.problem)
        self.assertFalse(form.subdivision)
        self.assertFalse(self.days_off())
        with self.assertRefused("between 2000 and 2100"):
            self.dialog(last_year=2025).action_load()

    def test_only_managers_may(self):
        for user in (self.technician, self.back_office, self.accountant):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.dialog(user)

    def test_holidays_of_other_companies_are_not_for_loading(self):
        other = self._polish_company()
        other._load_public_holidays([2026])
        with self.assertRefused("", AccessError):
            self.dialog(company_id=other.id).action_load()
        with self.assertRefused("one of your own companies", AccessError):
            self.dialog(
                company_id=other.id, country_id=self.germany.id, subdivision=False
            ).action_load()
        form = Form(self.env["service.holiday.load"].with_user(self.manager))
        self.assertEqual(form.new_count, len(form.day_ids))

    def test_the_button_on_the_company(self):
        action = self.company.with_user(self.manager).action_load_public_holidays()
        self.assertEqual(action["res_model"], "service.holiday.load")
        self.assertEqual(action["context"], {"default_company_id": self.company.id})


@tagged("post_install", "-at_install")
class TestReadyCalendars(HolidayCommon):
    def test_a_new_company_has_them(self):
        office, weekdays = self.calendar(40), self.calendar(120)
        always = self.calendar(168, always=True)
        for calendar, days, hours in (
            (office, range(5), (8, 16)),
            (weekdays, range(5), (0, 24)),
            (always, range(7), (0, 24)),
        ):
            self.assertEqual(len(calendar), 1)
            self.assertEqual(calendar.tz, "Europe/Warsaw")
            self.assertEqual(
                [
                    (int(line.dayofweek), (line.hour_from, line.hour_to))
                    for line in calendar.attendance_ids
                ],
                [(day, hours) for day in days],
            )
        self.assertEqual(len({office.name, weekdays.name, always.name}), 3)

    def test_they_run_by_the_clock_of_the_company(self):
        partner = self.env["res.partner"].create(
            {"name": "Wyspa", "tz": "Atlantic/Madeira", "lang": False}
        )
        company = self.env["res.company"].create(
            {"name": "Wyspa", "partner_id": partner.id}
        )
        calendars = self.env["resource.calendar"].search(
            [("company_id", "=", company.id)]
        )
        ready = calendars - company.resource_calendar_id
        self.assertEqual(ready.mapped("tz"), ["Atlantic/Madeira"] * 3)

    def test_companies_are_created_in_a_batch(self):
        companies = self.env["res.company"].create(
            [{"name": f"Oddział {n}"} for n in range(4)]
        )
        self.env.flush_all()

        def cost(some):
            self.env["resource.calendar"].search(
                [
                    ("company_id", "in", some.ids),
                    ("id", "not in", some.resource_calendar_id.ids),
                ]
            ).unlink()
            before = self.cr.sql_log_count
            some._create_service_calendars()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        cost(companies[0])
        self.assertLessEqual(cost(companies[1:]), cost(companies[0]) + 9)
