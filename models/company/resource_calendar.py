from contextlib import contextmanager

from odoo import fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.moments import aware
from ...tools.working_time import Attendance, WorkingTime, minute_of

MINUTES = 60
# What a calendar is to a clock. Its name may change without any deadline moving.
HOURS_FIELDS = {
    "attendance_ids",
    "attendance_ids_1st_week",
    "attendance_ids_2nd_week",
    "flexible_hours",
    "open_on_holidays",
    "schedule_type",
    "two_weeks_calendar",
    "tz",
}


class Changed:
    """Calendars that are still being changed; no context that comes over RPC has one.

    ``calendars`` are none where nothing changed so far, and no record for all of them.
    """

    def __init__(self):
        self.calendars = None

    def add(self, calendars):
        if self.calendars is None:
            self.calendars = calendars
        else:
            some = self.calendars and calendars
            self.calendars = self.calendars | calendars if some else some


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["service.guarded", "resource.calendar"]

    open_on_holidays = fields.Boolean(
        string="Open on Public Holidays",
        help="Time off of the whole company does not stop the clocks of this calendar; "
        "only time off that is entered for this very calendar does.",
    )

    def write(self, vals):
        with self._changing() as calendars:
            result = super(ResourceCalendar, calendars).write(vals)
            if HOURS_FIELDS & set(vals):
                calendars._working_time_changed()
        return result

    def switch_calendar_type(self):
        with self._changing() as calendar:
            return super(ResourceCalendar, calendar).switch_calendar_type()

    def switch_based_on_duration(self):
        with self._changing() as calendar:
            return super(ResourceCalendar, calendar).switch_based_on_duration()

    def unlink(self):
        result = super().unlink()
        # Odoo leaves its time off behind, which then is that of all calendars.
        self.browse()._working_time_changed()
        return result

    def _working_time(self, company):
        """The working time of the calendar for a company, as ``tools`` take it."""
        return self._cached_working_time(company.id)

    @tools.ormcache("self.id", "company_id")
    def _cached_working_time(self, company_id):
        """Kept until a calendar changes: every ticket that comes in asks for it."""
        # sudo: clocks run alike for all, whoever may see the time off
        calendar = self.sudo()
        leaves = calendar.env["resource.calendar.leaves"].search(
            calendar._stopping_domain(company_id)
        )
        return WorkingTime(
            calendar.tz or "UTC",
            calendar._attendances(),
            [(_first_minute(leave), _last_minute(leave)) for leave in leaves],
        )

    def _check_has_hours(self, company):
        """Refuse a calendar whose clock would never run."""
        if not self._working_time(company).day_minutes:
            raise ValidationError(
                self.env._(
                    "The calendar “%s” has no fixed working hours, so its clock would "
                    "never run. Choose another one, or enter its hours.",
                    self.name,
                )
            )

    def _stopping_domain(self, company_id):
        """The time off that stops this calendar's clocks."""
        everybodys = Domain("calendar_id", "=", False)
        own = Domain("calendar_id", "=", self.id)
        return (
            (own if self.open_on_holidays else own | everybodys)
            & self.env["resource.calendar.leaves"]._stopping_domain()
            & Domain("company_id", "in", [False, company_id])
        )

    def _attendances(self):
        """The hours of the week; none where they are flexible, as nobody knows when."""
        if self.schedule_type == "flexible":
            return []
        # Hours are kept in fractions of an hour, of which only minutes are meant.
        return [
            Attendance(
                int(line.dayofweek),
                round(line.hour_from * MINUTES),
                round(line.hour_to * MINUTES),
                int(line.week_type)
                if self.two_weeks_calendar and line.week_type
                else None,
            )
            for line in self.attendance_ids
            if line._is_work_period()
        ]

    def _working_time_changed(self):
        """Forget what was prepared of these calendars, or of all (no record).

        While a change is still being made, what follows from it waits for its end.
        """
        self.env.registry.clear_cache()
        changed = self.env.context.get("working_time")
        if isinstance(changed, Changed):
            changed.add(self)
        else:
            self._follow_working_time()

    def _follow_working_time(self):
        """Hook: follow a change of these calendars, or of all (no record)."""

    @contextmanager
    def _changing(self):
        """Follow a change once, when it is complete: a breach on the way would stay."""
        changed = Changed()
        yield self.with_context(working_time=changed)
        if changed.calendars is not None:
            changed.calendars.with_env(self.env)._working_time_changed()


def _first_minute(leave):
    return minute_of(aware(leave.date_from))


def _last_minute(leave):
    """Time off ends at 23:59:59 by Odoo's habit, which means midnight."""
    last = aware(leave.date_to)
    return minute_of(last) + (1 if last.second or last.microsecond else 0)
