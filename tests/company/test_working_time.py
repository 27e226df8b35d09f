import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.fields import Command
from odoo.tests import tagged

from ...tools.working_time import minute_of, moment_of
from ..common import ServiceCommon

DAY = 24 * 60
# Whose clocks change in spring, in autumn of the other half of the world, or never.
ZONES = [
    "Europe/Warsaw",
    "UTC",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kolkata",
    "Australia/Sydney",
    "Pacific/Kiritimati",
]
OFFICE = [(8, 16)]
LUNCH = [(8, 12), (12.5, 16.5)]
HOURS = [
    OFFICE,
    LUNCH,
    # 8:20 to 12:10 is no binary fraction of an hour.
    [(8 + 1 / 3, 12 + 1 / 6), (13, 17.75)],
    [(6, 14), (14, 22)],
    # A night shift, and around the clock.
    [(0, 6), (22, 24)],
    [(0, 24)],
]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 500


def clock(text):
    """A moment as Warsaw shows it first."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Warsaw"))


def at(text):
    return minute_of(clock(text))


def stored(moment):
    return moment.astimezone(UTC).replace(tzinfo=None)


class WorkingTimeCommon(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Installing enters public holidays, and Odoo counts those of any company.
        cls.env["resource.calendar.leaves"].search([]).unlink()
        cls.other_company = cls.env["res.company"].create({"name": "Inna sp. z o.o."})
        cls.person = cls.technician.employee_ids.resource_id

    def _hours(self, calendar, begin, end, company=None):
        """What we count, and what Odoo does, in hours."""
        time = calendar._working_time(company or self.company)
        odoo = calendar.get_work_hours_count(clock(begin), clock(end))
        return time.between(at(begin), at(end)) / 60, odoo

    def _planned(self, calendar, start, hours):
        """The moments that we and Odoo find, as the clock of Warsaw shows them."""
        time = calendar._working_time(self.company)
        odoo = calendar.plan_hours(hours, clock(start), compute_leaves=True)
        moments = [moment_of(time.add(at(start), hours * 60)), odoo]
        zone = ZoneInfo("Europe/Warsaw")
        return [str(m.astimezone(zone).replace(tzinfo=None)) for m in moments]

    @classmethod
    def _calendar(cls, week, company=None, **vals):
        """A calendar with lists of hours by weekday, 14 where two weeks alternate."""
        alternating = len(week) == 14
        lines = [
            {
                "name": "Praca",
                "dayofweek": str(day % 7),
                "hour_from": begin,
                "hour_to": end,
                "day_period": "full_day",
                "week_type": str(day // 7) if alternating else False,
            }
            for day, hours in enumerate(week)
            for begin, end in hours
        ]
        return cls.env["resource.calendar"].create(
            {
                "name": "Godziny",
                "company_id": (company or cls.company).id,
                "tz": "Europe/Warsaw",
                "two_weeks_calendar": alternating,
                "attendance_ids": [Command.create(line) for line in lines],
            }
            | vals
        )

    @classmethod
    def _day_off(cls, day, calendar=None, **vals):
        """A day off as Odoo's form enters it."""
        begin, end = clock(f"{day} 00:00:00"), clock(f"{day} 23:59:59")
        return cls._leave(begin, end, calendar, **vals)

    @classmethod
    def _leave(cls, begin, end, calendar=None, company=None, **vals):
        """Time off between two moments: of a calendar, or of the whole company."""
        # Whose it is, Odoo takes from the calendar or from the environment, from the
        # one in which it happens to be flushed.
        leaves = cls.env["resource.calendar.leaves"].with_company(
            company or cls.company
        )
        leave = leaves.create(
            {
                "name": "Wolne",
                "calendar_id": calendar.id if calendar else False,
                "date_from": stored(begin),
                "date_to": stored(end),
            }
            | vals
        )
        leave.flush_recordset()
        return leave.with_env(cls.env)


@tagged("post_install", "-at_install")
class TestSameAsOdoo(WorkingTimeCommon):
    """What Odoo computes in seconds and fractions of hours, and we in minutes.

    Odoo's days end at 23:59:59.999999, and its time off mostly at 23:59:59: it loses a
    microsecond of each day and works for a second after a leave. Rounded to the minute
    its figures are ours, but for the end of working time, see ``_is_next_span``.
    """

    CALENDARS = 28
    CASES = 60

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(20261006)

    def test_random_calendars(self):
        self._time_off(6)
        counts, plans, late = 0, 0, 0
        for n in range(self.CALENDARS):
            calendar = self._random_calendar(n)
            time = calendar._working_time(self.company)
            for _case in range(self.CASES):
                start = self._random_start()
                self._compare_count(calendar, time, start)
                counts += 1
                late += self._compare_plan(calendar, time, start)
                plans += 1
        self.assertGreaterEqual(counts + plans, 3000)
        # Odoo's error is rare; were it not, these cases would compare little.
        self.assertLess(late, plans / 50)

    def _compare_count(self, calendar, time, start):
        end = start + self.random.randint(0, 25 * DAY)
        hours = calendar.get_work_hours_count(moment_of(start), moment_of(end))
        self.assertEqual(
            time.between(start, end),
            round(hours * 60),
            (calendar.tz, moment_of(start), moment_of(end)),
        )

    def _compare_plan(self, calendar, time, start):
        """Whether Odoo's moment is not ours, but the beginning of the next span."""
        hours = self.random.randint(1, 40)
        minutes = self.random.choice([self.random.randint(1, 600), hours * 60])
        end = time.add(start, minutes)
        odoo = calendar.plan_hours(minutes / 60, moment_of(start), compute_leaves=True)
        if round(odoo.timestamp() / 60) == end:
            return False
        self.assertTrue(
            self._is_next_span(time, end, odoo),
            (calendar.tz, moment_of(start), minutes, moment_of(end), odoo),
        )
        return True

    def _is_next_span(self, time, end, odoo):
        """Whether Odoo, a rounding error short, went on when working time was over.

        Then it is there at once, and ours is the last minute of the span before.
        """
        resumed = round(odoo.timestamp() / 60)
        return (
            abs(odoo - moment_of(resumed)) < timedelta(milliseconds=1)
            and time.is_open(end - 1)
            and not time.is_open(end)
            and time.between(end, resumed) == 0
            and time.is_open(resumed)
        )

    def _random_calendar(self, n):
        usual = self.random.choice(HOURS)
        days = 14 if n % 4 == 3 else 7
        week = [
            self.random.choice([usual, usual, usual, [], self.random.choice(HOURS)])
            for _day in range(days)
        ]
        # Every calendar is open at some time.
        week[n % days] = usual
        calendar = self._calendar(week, tz=ZONES[n % len(ZONES)])
        self._time_off(4, calendar)
        # What stops no clock: time that is not off, and that of a single person.
        self._time_off(1, calendar, time_type="other")
        self._time_off(1, calendar, resource_id=self.person.id)
        return calendar

    def _time_off(self, count, calendar=None, **vals):
        """Days on the clock of the calendar, or spans between any minutes."""
        zone = ZoneInfo(calendar.tz if calendar else "Europe/Warsaw")
        for _leave in range(count):
            day = BEGIN + timedelta(days=self.random.randrange(DAYS))
            begin = day.replace(tzinfo=zone)
            end = begin + timedelta(
                days=self.random.randint(0, 9), hours=23, minutes=59, seconds=59
            )
            if self.random.random() < 0.5:
                begin += timedelta(minutes=self.random.randrange(DAY))
                end = begin + timedelta(minutes=self.random.randint(1, 3 * DAY))
            self._leave(begin, end, calendar, **vals)

    def _random_start(self):
        """Any minute, or a full hour, where spans begin and end."""
        minute = minute_of(BEGIN) + self.random.randrange(DAYS * DAY)
        return minute - minute % 60 if self.random.random() < 0.3 else minute


@tagged("post_install", "-at_install")
class TestWhereOdooIsWrong(WorkingTimeCommon):
    """What Odoo does not get right, or takes differently, and we do."""

    def test_an_open_day_has_24_hours(self):
        always = self._calendar([[(0, 24)]] * 7)
        # Odoo's 24:00 is a microsecond early, every day.
        ours, odoo = self._hours(always, "2026-01-01 00:00", "2036-01-01 00:00")
        self.assertEqual(ours, 3652 * 24)
        self.assertNotEqual(odoo, 3652 * 24)
        ours, odoo = self._planned(always, "2026-11-01 00:00", 10 * 24)
        self.assertEqual(ours, "2026-11-11 00:00:00")
        self.assertEqual(odoo, "2026-11-11 00:00:00.000010")

    def test_a_span_that_is_just_long_enough(self):
        night = self._calendar([[(0, 6), (22, 24)]] * 7)
        # One microsecond short at 6:00, Odoo waits for the evening.
        ours, odoo = self._planned(night, "2026-10-06 22:00", 8)
        self.assertEqual(ours, "2026-10-07 06:00:00")
        self.assertEqual(odoo, "2026-10-07 22:00:00.000001")

    def test_fractions_of_an_hour(self):
        # 20 minutes, and 20 more, are not quite 40 in fractions of an hour.
        short = self._calendar([[(8, 8 + 1 / 3)]] * 7)
        time = short._working_time(self.company)
        start = at("2026-10-06 08:00")
        for days in range(1, 40):
            self.assertEqual(
                time.add(start, 20 * days),
                start + (days - 1) * DAY + 20 + self._dst(days),
            )
        late = [
            days
            for days in range(1, 40)
            if self._planned(short, "2026-10-06 08:00", days / 3)[1][11:16] != "08:20"
        ]
        self.assertTrue(late)

    @staticmethod
    def _dst(days):
        """The clock is put back in the night to the 20th of these days."""
        return 60 if days >= 20 else 0

    def test_a_day_off_is_a_whole_one(self):
        always = self._calendar([[(0, 24)]] * 7)
        self._day_off("2026-11-11", always)
        # Odoo works from 23:59:59 on.
        ours, odoo = self._hours(always, "2026-11-11 00:00", "2026-11-12 00:00")
        self.assertEqual(ours, 0)
        self.assertGreater(odoo, 0)
        time = always._working_time(self.company)
        self.assertFalse(time.is_open(at("2026-11-11 23:59")))
        self.assertTrue(time.is_open(at("2026-11-12 00:00")))

    def test_an_hour_that_is_shown_twice(self):
        # Both count it twice where it lies within a span.
        night = self._calendar([[(0, 6)]] * 7)
        ours, odoo = self._hours(night, "2026-10-25 00:00", "2026-10-26 00:00")
        self.assertEqual([ours, odoo], [7, 7])
        # Of 2:30 we take the first, so that who begins then is there at once; Odoo
        # takes the second, an hour later.
        early = self._calendar([[(2.5, 6)]] * 7)
        ours, odoo = self._hours(early, "2026-10-25 00:00", "2026-10-26 00:00")
        self.assertEqual([ours, odoo], [4.5, 3.5])

    def test_an_hour_that_is_skipped(self):
        night = self._calendar([[(0, 6)]] * 7)
        ours, odoo = self._hours(night, "2026-03-29 00:00", "2026-03-30 00:00")
        self.assertEqual([ours, odoo], [5, 5])
        # What is planned for 2:30 begins at 3:30, after what is planned for 3:00.
        early = self._calendar([[(2.5, 2.75), (3, 3.25)]] * 7)
        ours, odoo = self._hours(early, "2026-03-29 00:00", "2026-03-30 00:00")
        self.assertEqual([ours, odoo], [0.5, 0.5])

    def test_time_off_of_another_company(self):
        office = self._calendar([OFFICE] * 7)
        self._day_off("2026-11-11", company=self.other_company)
        # Odoo does not ask whose it is, unless it is told to in a domain.
        ours, odoo = self._hours(office, "2026-11-11 00:00", "2026-11-12 00:00")
        self.assertEqual([ours, odoo], [8, 0])

    def test_hours_of_no_week(self):
        weeks = self._calendar([OFFICE] * 7)
        # Its form asks for the week of every line; a write need not tell.
        weeks.two_weeks_calendar = True
        # Odoo takes them for those of the first week, we for those of both.
        ours, odoo = self._hours(weeks, "2026-10-05 00:00", "2026-10-06 00:00")
        self.assertEqual([ours, odoo], [8, 0])
        ours, odoo = self._hours(weeks, "2026-10-12 00:00", "2026-10-13 00:00")
        self.assertEqual([ours, odoo], [8, 8])

    def test_flexible_hours(self):
        # Odoo puts an average day around noon; nobody can tell a customer when that is.
        flexible = self._calendar(
            [OFFICE] * 7,
            schedule_type="flexible",
            hours_per_day=8,
            full_time_required_hours=40,
        )
        ours, odoo = self._hours(flexible, "2026-11-11 00:00", "2026-11-12 00:00")
        self.assertEqual([ours, odoo], [0, 8])


@tagged("post_install", "-at_install")
class TestPreparedOnce(WorkingTimeCommon):
    """Working time is kept until the hours change, and not a moment longer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office = cls._calendar([OFFICE] * 5 + [[], []])
        cls.tuesday = cls.office.attendance_ids[1]

    def setUp(self):
        super().setUp()
        self.assertHours(8)

    def assertHours(self, hours, day="2026-10-06", calendar=None, company=None):
        """Assert the working hours of a day, a Tuesday."""
        time = (calendar or self.office)._working_time(company or self.company)
        begin = at(f"{day} 00:00")
        self.assertEqual(time.between(begin, begin + DAY) / 60, hours)

    def test_it_is_kept(self):
        kept = self.office._working_time(self.company)
        self.assertIs(self.office._working_time(self.company), kept)
        self.assertIs(
            self.office.with_user(self.technician)._working_time(self.company), kept
        )
        self.assertIsNot(self.office._working_time(self.other_company), kept)

    def test_hours_change(self):
        self.tuesday.hour_to = 12
        self.assertHours(4)
        self.tuesday.dayofweek = "6"
        self.assertHours(0)
        self.tuesday.copy({"dayofweek": "1", "hour_from": 8, "hour_to": 9})
        self.assertHours(1)
        self.office.attendance_ids.filtered(lambda line: line.dayofweek == "1").unlink()
        self.assertHours(0)
        line = {"name": "Praca", "dayofweek": "1", "hour_from": 8, "hour_to": 10}
        self.office.attendance_ids = [Command.create(line)]
        self.assertHours(2)
        self.office.attendance_ids = [Command.clear()]
        self.assertHours(0)

    def test_a_line_moves_to_another_calendar(self):
        other = self._calendar([[]] * 7)
        self.assertHours(0, calendar=other)
        self.tuesday.calendar_id = other
        self.assertHours(0)
        self.assertHours(8, calendar=other)

    def test_a_break_is_no_work(self):
        self.tuesday.day_period = "lunch"
        self.assertHours(0)

    def test_hours_become_flexible(self):
        self.office.flexible_hours = True
        self.assertHours(0)
        self.office.schedule_type = "fully_fixed"
        self.assertHours(8)

    def test_weeks_begin_to_alternate(self):
        weeks = self._calendar([OFFICE] * 7 + [LUNCH] * 7)
        # 5 October 2026 begins a week 1 of Odoo's.
        self.assertHours(8, calendar=weeks)
        first = weeks.attendance_ids.filtered(lambda line: line.week_type == "0")
        first.hour_to = 10
        self.assertHours(8, calendar=weeks)
        self.assertHours(2, "2026-10-13", calendar=weeks)
        first.unlink()
        self.assertHours(0, "2026-10-13", calendar=weeks)
        weeks.two_weeks_calendar = False
        self.assertHours(8, "2026-10-13", calendar=weeks)

    def test_another_time_zone(self):
        # Tuesday is what it is in Warsaw; there it is 12 hours later in New Zealand.
        self.office.tz = "Pacific/Auckland"
        time = self.office._working_time(self.company)
        self.assertTrue(time.is_open(at("2026-10-05 21:00")))
        self.assertFalse(time.is_open(at("2026-10-06 15:00")))

    def test_time_off_of_the_company(self):
        leave = self._day_off("2026-10-06")
        self.assertHours(0)
        leave.date_to = stored(clock("2026-10-06 10:00"))
        self.assertHours(6)
        leave.time_type = "other"
        self.assertHours(8)
        leave.time_type = "leave"
        leave.unlink()
        self.assertHours(8)

    def test_time_off_of_the_calendar(self):
        leave = self._day_off("2026-10-06", self.office)
        self.assertHours(0)
        other = self._calendar([OFFICE] * 7)
        self.assertHours(8, calendar=other)
        leave.calendar_id = other
        self.assertHours(8)
        self.assertHours(0, calendar=other)
        leave.calendar_id = False
        self.assertHours(0)
        leave.unlink()
        self.assertHours(8)
        self.assertHours(8, calendar=other)

    def test_time_off_of_a_person(self):
        kept = self.office._working_time(self.company)
        leave = self._day_off("2026-10-06", self.office, resource_id=self.person.id)
        leave.date_to = stored(clock("2026-10-07 23:59:59"))
        self.assertIs(self.office._working_time(self.company), kept)
        second = self._day_off("2026-10-06", resource_id=self.person.id)
        second.unlink()
        self.assertIs(self.office._working_time(self.company), kept)
        # It becomes everybody's, and that person's again.
        leave.resource_id = False
        self.assertHours(0)
        leave.resource_id = self.person
        self.assertHours(8)

    def test_time_off_of_another_company(self):
        shared = self._calendar([OFFICE] * 7, company_id=False)
        leave = self._day_off("2026-10-06", company=self.other_company)
        self.assertEqual(leave.company_id, self.other_company)
        self.assertHours(8)
        self.assertHours(8, calendar=shared)
        self.assertHours(0, calendar=shared, company=self.other_company)
        self._day_off("2026-10-13")
        self.assertHours(0, "2026-10-13", calendar=shared)
        self.assertHours(8, "2026-10-13", calendar=shared, company=self.other_company)

    def test_open_on_holidays(self):
        self._day_off("2026-10-06")
        self._day_off("2026-10-13", self.office)
        self.assertHours(0)
        self.office.open_on_holidays = True
        self.assertHours(8)
        self.assertHours(0, "2026-10-13")
        self.office.open_on_holidays = False
        self.assertHours(0)

    def test_a_calendar_is_deleted(self):
        gone = self._calendar([OFFICE] * 7)
        leave = self._day_off("2026-10-06", gone)
        self.assertHours(8)
        gone.unlink()
        # Odoo leaves its time off behind, which is the company's from then on.
        self.assertFalse(leave.calendar_id)
        self.assertHours(0)
        leave.unlink()
        self.assertHours(8)
