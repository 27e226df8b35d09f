from typing import NamedTuple

from odoo import models
from odoo.fields import Command

WEEKDAYS = range(5)
EVERY_DAY = range(7)
SATURDAY = 5


class _Hours(NamedTuple):
    """The same hours on some days of the week."""

    days: range
    begin: int
    end: int
    open_on_holidays: bool = False
    saturday: tuple[int, int] | None = None

    def of_week(self):
        """Each day of the week with its hours."""
        week = [(day, self.begin, self.end) for day in self.days]
        return [*week, (SATURDAY, *self.saturday)] if self.saturday else week

    def values(self, company, name):
        return {
            "name": name,
            "company_id": company.id,
            "tz": company._service_tz(),
            "open_on_holidays": self.open_on_holidays,
            # Else Odoo copies what is closed for the company's default calendar.
            "global_leave_ids": [],
            "attendance_ids": [
                Command.create(
                    {
                        "name": name,
                        "dayofweek": str(day),
                        "hour_from": begin,
                        "hour_to": end,
                        "day_period": "full_day",
                    }
                )
                for day, begin, end in self.of_week()
            ],
        }

    def are_of(self, calendar):
        """Whether a calendar is open in these hours, and in no others."""
        found = sorted(
            (int(line.dayofweek), line.hour_from, line.hour_to)
            for line in calendar.attendance_ids
        )
        same = calendar.open_on_holidays == self.open_on_holidays
        return same and found == self.of_week()


OFFICE_HOURS = _Hours(WEEKDAYS, 8, 16)
WORKING_DAYS = _Hours(WEEKDAYS, 0, 24)
ALWAYS = _Hours(EVERY_DAY, 0, 24, open_on_holidays=True)
WITH_SATURDAY = _Hours(WEEKDAYS, 8, 16, saturday=(9, 13))
HOURS = {
    "office": OFFICE_HOURS,
    "working_days": WORKING_DAYS,
    "always": ALWAYS,
    "office_saturday": WITH_SATURDAY,
}


class ResCompany(models.Model):
    """Calendars that promises are commonly made by, ready to be chosen."""

    _inherit = "res.company"

    def _create_service_calendars(self):
        """Create the usual calendars of each company, which may change them freely.

        Those that an earlier installation left are taken again.
        """
        calendars = self.env["resource.calendar"]
        left = calendars.search([("company_id", "in", self.ids)])
        left = left.grouped(lambda calendar: (calendar.company_id, calendar.name))
        fresh = []
        for company in self:
            for hours, name in company._service_calendar_names():
                if hours is WITH_SATURDAY:
                    continue
                if same := left.get((company, name)):
                    if hours.open_on_holidays:
                        same.open_on_holidays = True
                else:
                    fresh.append(hours.values(company, name))
        calendars.create(fresh)

    def _usual_calendar(self, key):
        """The company's calendar of these usual hours; a new one where it has none.

        :param key: of ``HOURS``
        """
        self.ensure_one()
        hours = HOURS[key]
        calendars = self.env["resource.calendar"]
        for calendar in calendars.search([("company_id", "=", self.id)], order="id"):
            if hours.are_of(calendar):
                return calendar
        name = dict(self._service_calendar_names())[hours]
        return calendars.create(hours.values(self, name))

    def _service_calendar_names(self):
        """The usual hours, and what they are called in the company's language."""
        lang = self.env["res.lang"]._get_code(self.partner_id.lang)
        env = self.with_context(lang=lang or self.env.lang).env
        return [
            (OFFICE_HOURS, env._("Office hours, Monday to Friday 8:00–16:00")),
            (WORKING_DAYS, env._("Around the clock, Monday to Friday")),
            (ALWAYS, env._("Always open, 24/7")),
            (WITH_SATURDAY, env._("Office hours, and Saturday 9:00–13:00")),
        ]
