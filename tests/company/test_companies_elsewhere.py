from datetime import UTC, datetime

from odoo.fields import Command
from odoo.tests import tagged

from ...tools.working_time import minute_of
from ..sla.common import SlaCommon

FIRST, LAST = datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 11, 14, tzinfo=UTC)


@tagged("post_install", "-at_install")
class TestCompaniesElsewhere(SlaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Who creates the companies sits in no zone at all.
        cls.env = cls.env(context={**cls.env.context, "tz": "UTC"})

    def _company(self, country, **vals):
        country = country and self.env.ref(f"base.{country}").id
        return self.env["res.company"].create(
            {"name": f"Serwis {country}", "country_id": country} | vals
        )

    def _zones(self, company):
        calendars = self.env["resource.calendar"].search(
            [("company_id", "=", company.id)]
        )
        return {*(calendars - company.resource_calendar_id).mapped("tz")}

    def test_the_clock_of_the_country(self):
        for country, zone in (
            ("pl", "Europe/Warsaw"),
            ("de", "Europe/Berlin"),
            ("fr", "Europe/Paris"),
            ("us", "America/New_York"),
            (False, "UTC"),
        ):
            with self.subTest(country=country):
                company = self._company(country)
                self.assertEqual(company.service_tz, zone)
                self.assertEqual(self._zones(company), {zone})

    def test_a_country_with_several_zones(self):
        company = self._company("es")
        self.assertEqual(company.service_tz, "Europe/Madrid")
        company.resource_calendar_id.tz = "Atlantic/Canary"
        self.assertEqual(company._service_tz(), "Atlantic/Canary")
        # A calendar of somewhere else says nothing.
        company.resource_calendar_id.tz = "Asia/Tokyo"
        self.assertEqual(company._service_tz(), "Europe/Madrid")
        company.partner_id.tz = "Africa/Ceuta"
        self.assertEqual(company._service_tz(), "Africa/Ceuta")

    def test_a_company_that_moves(self):
        company = self._company("pl")
        self.assertEqual(str(company._service_zone()), "Europe/Warsaw")
        company.country_id = self.env.ref("base.us")
        self.assertEqual(str(company._service_zone()), "America/New_York")

    def test_holidays_of_the_country_or_none(self):
        self.assertEqual(
            self._company("us").service_holiday_country_id, self.env.ref("base.us")
        )
        nowhere = self._company(False)
        self.assertFalse(nowhere.service_holiday_country_id)
        nowhere._load_holidays_safely([2026])
        self.assertFalse(nowhere.service_holidays_loaded)

    def _work_hours(self):
        return self.company.resource_calendar_id.get_work_hours_count(FIRST, LAST)

    def test_plans_of_employees_stay_as_they_are(self):
        self.env["resource.calendar.leaves"].search([]).unlink()
        before = self._work_hours()
        working = self.office._working_time(self.company)
        self.company._load_public_holidays([2026])
        self.assertEqual(self._work_hours(), before)
        stopped = self.office._working_time(self.company)
        noon = minute_of(datetime(2026, 11, 11, 11, tzinfo=UTC))
        self.assertTrue(working.is_open(noon))
        self.assertFalse(stopped.is_open(noon))

    def test_a_company_may_give_its_people_the_days_off(self):
        self.env["resource.calendar.leaves"].search([]).unlink()
        self.company.resource_calendar_id.attendance_ids = [Command.clear()] + [
            Command.create(
                {"name": "Dzień", "dayofweek": str(day), "hour_from": 8, "hour_to": 16}
            )
            for day in range(5)
        ]
        self.assertEqual(self._work_hours(), 40)
        self.company.service_holidays_for_staff = True
        self.company._load_public_holidays([2026])
        self.assertEqual(self._work_hours(), 32)
        self.company.service_holidays_for_staff = False
        self.assertEqual(self._work_hours(), 40)
        self.company.service_holidays_for_staff = True
        self.assertEqual(self._work_hours(), 32)
