from contextlib import contextmanager

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..common import erase_tickets
from .common import RemoteCommon


def utc(text):
    return fields.Datetime.to_datetime(text)


@tagged("post_install", "-at_install")
class TestSessionCalendar(RemoteCommon):
    """An agreed session is in the calendar of its technician, and nowhere twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket(partner_id=cls.person.id)
        cls.colleague.partner_id.email = "kolega@serwis.example"
        cls.technician.partner_id.email = "technik@serwis.example"
        cls.stranger = cls._create_user("obcy", "base.group_user")

    def _plan(self, start="2026-10-05 10:00:00", user=None, **vals):
        with freeze_time("2026-10-02 08:00:00"):
            return self._session(self.ticket, user, planned_start=start, **vals)

    def _move(self, record, start, stop, user=None):
        with freeze_time("2026-10-02 09:00:00"):
            record.with_user(user or self.technician).write(
                {"start": start, "stop": stop}
            )
            self.env.flush_all()

    def assertEvent(self, session, start, stop, technician=None):
        event = session.sudo().event_id
        self.assertRecordValues(
            event,
            [
                {
                    "start": utc(start),
                    "stop": utc(stop),
                    "user_id": (technician or self.technician).id,
                    "partner_ids": (technician or self.technician).partner_id.ids,
                    "res_model": "service.remote.session",
                    "res_id": session.id,
                }
            ],
        )
        of_session = self.env["calendar.event"].search(
            [("res_model", "=", "service.remote.session"), ("res_id", "=", session.id)]
        )
        self.assertEqual(of_session, event, "one event for one session")

    def test_an_agreed_session_is_in_the_calendar(self):
        session = self._plan()
        self.assertEvent(session, "2026-10-05 10:00:00", "2026-10-05 11:00:00")
        event = session.event_id
        self.assertIn(f"Klient Testowy S.A., {self.ticket.number}", event.name)
        self.assertIn(f"/odoo/helpdesk-tickets/{self.ticket.id}", event.description)
        self.assertTrue(event.alarm_ids)
        self.assertEqual(event.attendee_ids.state, "accepted")

    def test_the_technician_reads_their_calendar_in_their_own_language(self):
        for lang, planner_lang, words in (
            ("en_US", "pl_PL", "Remote help: "),
            ("pl_PL", "en_US", "Pomoc zdalna: "),
        ):
            with self.subTest(lang=lang):
                self.env["res.lang"]._activate_lang(lang)
                self.technician.lang, self.back_office.lang = lang, planner_lang
                session = self._plan(
                    user=self.back_office, user_id=self.technician.id
                ).with_context(lang=planner_lang)
                self.assertIn(words, session.sudo().event_id.name)
                session.planned_minutes = 30
                self.assertIn(words, session.sudo().event_id.name)
                session.action_cancel()

    def test_a_session_without_a_date_is_in_no_calendar(self):
        session = self._plan(False)
        self.assertFalse(session.event_id)
        session.planned_start = "2026-10-05 12:00:00"
        self.assertEvent(session, "2026-10-05 12:00:00", "2026-10-05 13:00:00")
        session.planned_start = False
        self.assertFalse(session.event_id)

    def test_it_follows_the_session(self):
        session = self._plan(planned_minutes=30)
        self.assertEvent(session, "2026-10-05 10:00:00", "2026-10-05 10:30:00")
        session.write({"planned_start": "2026-10-06 08:00:00", "planned_minutes": 90})
        self.assertEvent(session, "2026-10-06 08:00:00", "2026-10-06 09:30:00")
        session.with_user(self.back_office).user_id = self.colleague
        self.assertEvent(
            session, "2026-10-06 08:00:00", "2026-10-06 09:30:00", self.colleague
        )
        event = session.sudo().event_id
        session.with_user(self.colleague).action_cancel()
        self.assertFalse(event.exists())
        self.assertFalse(session.sudo().event_id)

    def test_a_session_that_took_place_shows_its_real_times(self):
        for planned in ("2026-10-05 10:00:00", False):
            with self.subTest(planned=planned):
                session = self._plan(planned)
                self._agree(session)
                with freeze_time("2026-10-05 10:07:00"):
                    session.action_start()
                self.assertEvent(session, "2026-10-05 10:07:00", "2026-10-05 11:07:00")
                with freeze_time("2026-10-05 10:31:00"):
                    session._end("solved", "Usunięto przyczynę.")
                self.assertEvent(session, "2026-10-05 10:07:00", "2026-10-05 10:31:00")
                with self.assertRefused("has already begun"):
                    self._move(
                        session.event_id, "2026-10-05 10:07:00", "2026-10-05 12:00:00"
                    )

    def test_a_deleted_session_leaves_the_calendar(self):
        event = (session := self._plan()).event_id
        session.unlink()
        self.assertFalse(event.exists())

    def test_the_calendar_tells_nobody(self):
        """Neither the technician by mail, nor the customer's person."""
        people = self.technician | self.colleague
        told = [
            ("res_partner_id", "in", (people.partner_id | self.person).ids),
            ("mail_message_id.model", "=", "calendar.event"),
        ]
        session = self._plan(user=self.back_office, user_id=self.technician.id)
        with freeze_time("2026-10-02 08:00:00"):
            session.planned_start = "2026-10-06 10:00:00"
            session.user_id = self.colleague
            self.env.flush_all()
            self.assertFalse(self.env["mail.notification"].search(told))
            # As a meeting of Odoo's would.
            session.sudo().event_id.copy().with_context(following=False).write(
                {"partner_ids": [Command.link(self.technician.partner_id.id)]}
            )
        self.assertTrue(self.env["mail.notification"].search(told))

    def test_many_at_once(self):
        days = range(5, 13)
        sessions = (
            self.env["service.remote.session"]
            .with_user(self.technician)
            .create(
                [
                    {
                        "ticket_id": self.ticket.id,
                        "planned_start": f"2026-10-{day:02} 10:00:00",
                    }
                    for day in days
                ]
            )
        )
        for session, day in zip(sessions, days, strict=True):
            self.assertEvent(
                session, f"2026-10-{day:02} 10:00:00", f"2026-10-{day:02} 11:00:00"
            )
        events = sessions.event_id
        sessions.action_cancel()
        self.assertFalse(events.exists())

    def test_the_session_follows_its_event(self):
        session = self._plan()
        self._move(session.event_id, "2026-10-07 06:30:00", "2026-10-07 07:15:00")
        self.assertRecordValues(
            session,
            [
                {
                    "planned_start": utc("2026-10-07 06:30:00"),
                    "planned_minutes": 45,
                    "planned_stop": utc("2026-10-07 07:15:00"),
                }
            ],
        )
        self.assertEvent(session, "2026-10-07 06:30:00", "2026-10-07 07:15:00")
        with freeze_time("2026-10-02 09:00:00"):
            session.event_id.with_user(self.technician).start = "2026-10-07 08:00:00"
        self.assertEvent(session, "2026-10-07 08:00:00", "2026-10-07 08:45:00")
        self.assertEqual(session.planned_start, utc("2026-10-07 08:00:00"))

    def test_who_moves_an_event(self):
        session = self._plan()
        to = ("2026-10-07 06:30:00", "2026-10-07 07:15:00")
        for user in (self.colleague, self.stranger, self.accountant):
            with self.subTest(user.name), self.assertRefused("of Technik", AccessError):
                self._move(session.event_id, *to, user=user)
        self._move(session.event_id, *to, user=self.back_office)
        self.assertEvent(session, *to)

    def test_an_event_does_not_move_over_another_session(self):
        self._plan("2026-10-05 12:00:00")
        event = self._plan().event_id
        with self.assertRefused("another session", ValidationError):
            self._move(event, "2026-10-05 11:30:00", "2026-10-05 12:30:00")
        self._move(event, "2026-10-05 11:00:00", "2026-10-05 12:00:00")

    def test_what_an_event_cannot_become(self):
        session = self._plan()
        event = session.event_id.with_user(self.technician)
        for vals in (
            {"allday": True},
            {"active": False},
            {"user_id": self.colleague.id},
            {"partner_ids": [Command.set(self.colleague.partner_id.ids)]},
            {"recurrency": True, "rrule_type": "weekly", "count": 3, "mon": True},
        ):
            with self.subTest(vals), self.assertRefused("can only be moved"):
                event.write(dict(vals))
        event.write({"location": "u klienta", "name": "Serwer"})

    def test_the_event_of_a_planned_session_is_not_deleted(self):
        session = self._plan()
        for user in (self.technician, self.back_office, self.env.user):
            with self.assertRefused("Cancel it on its ticket, and"):
                session.event_id.with_user(user).unlink()
        self._agree(session)
        self._run(session, "2026-10-05 10:00:00", "2026-10-05 10:30:00")
        session.event_id.with_user(self.technician).unlink()
        self.assertFalse(session.event_id)

    def test_the_word_of_a_caller_is_not_enough_to_part_them(self):
        session = self._plan()
        event = session.event_id.with_user(self.technician)
        with self.assertRefused("Cancel it on its ticket, and"):
            event.with_context(following=True).unlink()
        with self.assertRefused("can only be moved"):
            event.with_context(following="FOLLOWING").write({"allday": True})
        with self.assertRefused("follows from inviting", AccessError):
            session.write({"event_id": False})

    def test_sessions_of_a_technician_do_not_overlap(self):
        self._plan("2026-10-05 10:00:00")
        for start, minutes, refused in (
            ("2026-10-05 11:00:00", 30, False),
            ("2026-10-05 09:30:00", 30, False),
            ("2026-10-05 10:59:00", 30, True),
            ("2026-10-05 09:30:00", 31, True),
            ("2026-10-05 10:20:00", 10, True),
            ("2026-10-05 09:00:00", 240, True),
        ):
            with self.subTest(start, minutes=minutes):
                if refused:
                    with self.assertRefused("has another session", ValidationError):
                        self._plan(start, planned_minutes=minutes)
                else:
                    self._plan(start, planned_minutes=minutes).action_cancel()
        self._plan("2026-10-05 10:00:00", self.colleague)

    def test_what_is_cancelled_or_over_takes_no_time(self):
        self._plan().action_cancel()
        session = self._plan()
        self._agree(session)
        self._run(session, "2026-10-05 08:00:00", "2026-10-05 08:10:00")
        self._plan()

    def test_both_clock_changes(self):
        """The hour from 2:00 to 3:00 comes twice in October, and never in March."""
        for first, second, words in (
            ("2026-10-25 00:00:00", "2026-10-25 01:00:00", "2:00"),
            ("2027-03-28 00:00:00", "2027-03-28 01:00:00", "3:00"),
        ):
            with self.subTest(first):
                one, other = self._plan(first), self._plan(second)
                self.assertEvent(one, first, second)
                self.assertIn(words, other._local(other.planned_start))
                with self.assertRefused("has another session", ValidationError):
                    one.planned_minutes = 61
                one.action_cancel()
                self._move(other.event_id, first, second)
                self.assertEqual(other.planned_start, utc(first))
                self.assertEqual(other.planned_minutes, 60)

    def _meet(self, start, stop, user=None, **vals):
        user = user or self.technician
        with freeze_time("2026-10-01 08:00:00"):
            return (
                self.env["calendar.event"]
                .with_user(user)
                .create(
                    {
                        "name": "Narada",
                        "start": start,
                        "stop": stop,
                        "partner_ids": [Command.set(user.partner_id.ids)],
                    }
                    | vals
                )
            )

    def test_planning_over_a_meeting_warns(self):
        session = self._plan()
        self.assertFalse(session.planned_warning)
        for vals, warned in (
            ({}, "Narada"),
            ({"start": "2026-10-05 11:00:00", "stop": "2026-10-05 12:00:00"}, False),
            ({"start": "2026-10-05 09:00:00", "stop": "2026-10-05 10:00:00"}, False),
            ({"start": "2026-10-05 10:59:00", "stop": "2026-10-05 12:00:00"}, "Narada"),
            ({"show_as": "free"}, False),
            ({"user": self.colleague}, False),
            ({"allday": True, "name": "Urlop"}, "Urlop.* .all day"),
            (
                {
                    "allday": True,
                    "start": "2026-10-06 08:00:00",
                    "stop": "2026-10-06 18:00:00",
                },
                False,
            ),
        ):
            times = {"start": "2026-10-05 10:30:00", "stop": "2026-10-05 10:45:00"}
            with self.subTest(vals):
                meeting = self._meet(**times | vals)
                session.invalidate_recordset(["planned_warning"])
                warning = session.planned_warning
                if warned:
                    self.assertRegex(warning, f"Technik.*{warned}")
                else:
                    self.assertFalse(warning)
                meeting.with_context(no_mail_to_attendees=True).unlink()

    def test_a_day_off_lasts_from_midnight_to_midnight(self):
        self._meet("2026-10-05 08:00:00", "2026-10-05 18:00:00", allday=True)
        for start, warned in (
            ("2026-10-04 21:00:00", False),
            ("2026-10-04 21:01:00", True),
            ("2026-10-05 21:59:00", True),
            ("2026-10-05 22:00:00", False),
        ):
            with self.subTest(start):
                session = self._plan(start)
                self.assertEqual(bool(session.planned_warning), warned)
                session.action_cancel()

    def test_what_is_declined_takes_no_time_and_what_is_private_has_no_name(self):
        private = self._meet(
            "2026-10-05 10:00:00", "2026-10-05 11:00:00", privacy="private"
        )
        session = self._plan(user=self.back_office, user_id=self.technician.id)
        self.env.invalidate_all()
        self.assertNotIn("Narada", session.planned_warning)
        self.assertIn("Technik", session.planned_warning)
        private.attendee_ids.state = "declined"
        self.env.invalidate_all()
        self.assertFalse(session.planned_warning)

    def test_the_calendar_of_sessions_moves_them(self):
        session = self._plan()
        session.write(
            {
                "planned_start": "2026-10-06 10:00:00",
                "planned_stop": "2026-10-06 12:00:00",
            }
        )
        self.assertEqual(session.planned_minutes, 120)
        self.assertEvent(session, "2026-10-06 10:00:00", "2026-10-06 12:00:00")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRefused("planned_length", CheckViolation),
        ):
            session.write({"planned_stop": "2026-10-06 09:00:00"})


@tagged("post_install", "-at_install")
class TestPlanningRace(BaseCase):
    """Two connections plan or start for one technician, neither seeing the other.

    What they see of each other must be committed, so the test tidies up by itself.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.startPatcher(freeze_time("2026-11-04 08:00:00"))
        with self.connection() as env:
            customer = env["res.partner"].create({"name": "Współbieżny"})
            ticket = env["helpdesk.ticket"].create(
                {
                    "name": "Współbieżne",
                    "description": "Współbieżne",
                    "partner_id": customer.id,
                }
            )
            self.ticket_id, self.customer_id = ticket.id, customer.id
        self.addCleanup(self._delete_everything)

    @contextmanager
    def connection(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _delete_everything(self):
        with self.connection() as env:
            sessions = env["service.remote.session"].search(
                [("ticket_id", "=", self.ticket_id)]
            )
            env.cr.execute(
                "DELETE FROM calendar_event WHERE res_model = %s AND res_id = ANY(%s)",
                [sessions._name, sessions.ids],
            )
            env.cr.execute(
                "DELETE FROM service_remote_session WHERE id = ANY(%s)", [sessions.ids]
            )
            env.invalidate_all()
            erase_tickets(env, env["helpdesk.ticket"].browse(self.ticket_id))
            env["res.partner"].browse(self.customer_id).unlink()

    def plan(self, env, start=False):
        return env["service.remote.session"].create(
            {
                "ticket_id": self.ticket_id,
                "planned_start": start,
                "work_type_id": env["service.work.type"]
                .search([("remote", "=", True)], limit=1)
                .id,
            }
        )

    def assertLateIsRefused(self, message, first, late):
        """Both look, then the first one commits, and then the late one writes."""
        with self.connection() as too_late:
            too_late.cr.execute("SELECT 1")
            with self.connection() as env:
                first(env)
            with (
                self.assertRaisesRegex(UserError, message),
                mute_logger("odoo.sql_db"),
            ):
                retrying(lambda: late(too_late), too_late)
            too_late.cr.rollback()

    def test_two_plans_at_once(self):
        self.assertLateIsRefused(
            "The technician has another session at this time",
            lambda env: self.plan(env, "2026-11-05 10:00:00"),
            lambda env: self.plan(env, "2026-11-05 10:59:00"),
        )
        with self.connection() as env:
            self.plan(env, "2026-11-05 11:00:00")

    def test_two_starts_at_once(self):
        with self.connection() as env:
            one, other = self.plan(env).id, self.plan(env).id

        def start(id_):
            def run(env):
                session = env["service.remote.session"].browse(id_)
                session._check_free()
                session._move_on(state="running", started_at=fields.Datetime.now())
                env.flush_all()

            return run

        self.assertLateIsRefused(
            "already has a running session", start(one), start(other)
        )
