from typing import NamedTuple

from odoo import models
from odoo.fields import Command

WEEKDAYS = range(5)
EVERY_DAY = range(7)


class _Hours(NamedTuple):
    """The same hours on some days of the week."""

    days: range
    begin: int
    end: int
    open_on_holidays: bool = False

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
                        "hour_from": self.begin,
                        "hour_to": self.end,
                        "day_period": "full_day",
                    }
                )
                for day in self.days
            ],
        }


OFFICE_HOURS = _Hours(WEEKDAYS, 8, 16)
WORKING_DAYS = _Hours(WEEKDAYS, 0, 24)
ALWAYS = _Hours(EVERY_DAY, 0, 24, open_on_holidays=True)


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
                if same := left.get((company, name)):
                    if hours.open_on_holidays:
                        same.open_on_holidays = True
                else:
                    fresh.append(hours.values(company, name))
        calendars.create(fresh)

    def _service_calendar_names(self):
        """The usual hours, and what they are called in the company's language."""
        lang = self.env["res.lang"]._get_code(self.partner_id.lang)
        env = self.with_context(lang=lang or self.env.lang).env
        return [
            (OFFICE_HOURS, env._("Office hours, Monday to Friday 8:00–16:00")),
            (WORKING_DAYS, env._("Around the clock, Monday to Friday")),
            (ALWAYS, env._("Always open, 24/7")),
        ]
