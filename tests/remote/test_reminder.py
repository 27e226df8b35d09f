from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import MODULE
from .common import RemoteCommon

ACTIVITY = f"{MODULE}.mail_activity_type_session"


@tagged("post_install", "-at_install")
class TestReminder(RemoteCommon):
    """A session that was forgotten is remembered by people, and ended by them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician.notification_type = "inbox"
        cls.manager.notification_type = "inbox"
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Serwis",
                "company_id": cls.company.id,
                "user_id": cls.manager.id,
                "user_ids": [(6, 0, (cls.technician | cls.colleague).ids)],
            }
        )

    def _start(self, moment, user=None, **vals):
        ticket = self._create_ticket(partner_id=self.person.id, team_id=self.team.id)
        session = self._session(ticket, user, **vals)
        self._agree(session, moment)
        with freeze_time(moment):
            session.action_start()
            self.env.flush_all()
        return session

    def _remind(self, moment):
        """Let the cron run as it does by itself."""
        self.env.flush_all()
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(f"{MODULE}.cron_remote_remind").method_direct_trigger()
        self.env.invalidate_all()

    def _activities(self, session):
        return session.sudo().ticket_id.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(ACTIVITY)
        )

    def _inbox(self, user, kind="inbox"):
        return self.env["mail.notification"].search_count(
            [
                ("res_partner_id", "=", user.partner_id.id),
                ("mail_message_id.message_type", "=", "user_notification"),
                ("mail_message_id.model", "=", "helpdesk.ticket"),
                ("notification_type", "=", kind),
            ]
        )

    def test_once_after_the_hours_of_the_company_and_then_daily(self):
        session = self._start("2026-10-05 08:00:00")
        self.assertEqual(str(session.overdue_at), "2026-10-05 11:00:00")
        for moment, reminders in (
            ("2026-10-05 10:59:00", 0),
            ("2026-10-05 11:00:00", 0),
            ("2026-10-05 11:00:01", 1),
            ("2026-10-05 11:15:00", 1),
            ("2026-10-06 11:00:00", 1),
            ("2026-10-06 11:00:01", 2),
            ("2026-10-06 11:15:00", 2),
            ("2026-10-07 11:15:00", 3),
        ):
            with self.subTest(moment):
                self._remind(moment)
                self.assertEqual(session.reminders, reminders)
                self.assertEqual(self._inbox(self.technician), reminders)
        mine = self._activities(session).filtered(
            lambda a: a.user_id == self.technician
        )
        self.assertEqual(len(mine), 1)
        self.assertIn(session.ticket_id.number, mine.summary)
        self.assertEqual(session.state, "running")
        self.assertFalse(session.ticket_id.timesheet_ids)

    def test_the_second_time_others_hear_of_it(self):
        """Who answers for the contract, else for the team, else nobody else."""
        contract = self._create_contract()
        contract.user_id = self.back_office
        self.back_office.notification_type = "inbox"
        for contracted, leader, told in (
            (contract, self.manager, self.back_office),
            (False, self.manager, self.manager),
            (False, False, self.env["res.users"]),
            (False, self.technician, self.env["res.users"]),
        ):
            with self.subTest(told.name):
                self.team.user_id = leader
                session = self._start("2026-10-05 08:00:00")
                session.sudo().ticket_id.service_contract_id = contracted
                self._remind("2026-10-05 12:00:00")
                self.assertEqual(self._activities(session).user_id, self.technician)
                self._remind("2026-10-06 12:00:00")
                self.assertEqual(
                    self._activities(session).user_id, self.technician | told
                )
                if told:
                    self.assertEqual(self._inbox(told), 1)
                with freeze_time("2026-10-06 12:30:00"):
                    session._end("solved", "Gotowe.", _at("2026-10-05 09:00:00"))
                self.assertFalse(self._activities(session))

    def test_whoever_prefers_mail_gets_mail(self):
        self.technician.notification_type = "email"
        self.technician.partner_id.email = "technik@serwis.example"
        self._start("2026-10-05 08:00:00")
        self._remind("2026-10-05 12:00:00")
        self.assertEqual(self._inbox(self.technician, "email"), 1)
        self.assertEqual(self._inbox(self.technician), 0)

    def test_whoever_left_is_told_nothing(self):
        session = self._start("2026-10-05 08:00:00")
        self.technician.active = False
        self._remind("2026-10-05 12:00:00")
        self.assertEqual(self._activities(session).user_id, self.manager)
        self.assertFalse(self._inbox(self.technician))

    def test_a_night(self):
        """Forgotten at 16:50: nothing is billed until somebody says so."""
        session = self._start("2026-10-05 14:00:00")
        self._remind("2026-10-05 20:00:00")
        self._remind("2026-10-06 06:00:00")
        self.assertEqual((session.state, session.reminders), ("running", 1))
        self.assertFalse(session.ticket_id.timesheet_ids)
        with freeze_time("2026-10-06 06:30:00"):
            with self.assertRefused("Enter when it really ended"):
                session._end("solved", "Usunięto przyczynę.")
            session._end("solved", "Usunięto przyczynę.", _at("2026-10-05 14:50:00"))
        self.assertRecordValues(
            session.entry_id,
            [
                {
                    "worked_minutes": 50,
                    "billed_minutes": 60,
                    "date": self._day("2026-10-05"),
                }
            ],
        )
        self.assertFalse(self._activities(session))
        self._remind("2026-10-08 06:00:00")
        self.assertFalse(self._activities(session))
        self.assertEqual(session.reminders, 1)

    def test_the_night_of_the_clock_change(self):
        """Three hours are three hours, though the clock shows two or four."""
        session = self._start("2026-10-24 22:30:00")
        self._remind("2026-10-25 01:30:00")
        self.assertFalse(session.reminders)
        self._remind("2026-10-25 01:30:01")
        self.assertEqual(session.reminders, 1)

    def test_companies_have_hours_of_their_own(self):
        other = self._second_company()
        other.remote_session_hours = 8
        session = self._start("2026-10-05 08:00:00")
        helper = self._create_user("drugi", "group_technician", company=other)
        ticket = self._create_ticket(partner_id=self.person.id, company_id=other.id)
        long = self._session(ticket, self.env.user, user_id=helper.id)
        long._move_on(state="running", started_at="2026-10-05 08:00:00")
        for moment, expected in (
            ("2026-10-05 12:00:00", (1, 0)),
            ("2026-10-05 16:00:00", (1, 0)),
            ("2026-10-05 16:00:01", (1, 1)),
        ):
            with self.subTest(moment):
                self._remind(moment)
                self.assertEqual((session.reminders, long.reminders), expected)

    def test_only_the_technician_who_is_done_is_done(self):
        session = self._start("2026-10-05 08:00:00")
        other = self._session(session.ticket_id, self.colleague)
        self._agree(other, "2026-10-05 08:30:00")
        with freeze_time("2026-10-05 08:30:00"):
            other.action_start()
        self._remind("2026-10-05 12:00:00")
        self._remind("2026-10-06 12:00:00")
        with freeze_time("2026-10-06 12:30:00"):
            session._end("solved", "Gotowe.", _at("2026-10-05 09:00:00"))
        self.assertEqual(
            self._activities(session).user_id, self.colleague | self.manager
        )
        with freeze_time("2026-10-06 12:30:00"):
            other._end("solved", "Gotowe.", _at("2026-10-05 09:00:00"))
        self.assertFalse(self._activities(session))

    def test_one_that_fails_stops_no_other(self):
        bad = self._start("2026-10-05 08:00:00")
        good = self._start("2026-10-05 08:00:00", self.colleague)
        self.cr.execute(
            "ALTER TABLE mail_activity"
            " ADD CONSTRAINT test_remote CHECK (user_id <> %s)",
            [self.technician.id],
        )
        with (
            self.assertLogs("odoo.addons.helpdesk_service_contract", "ERROR"),
            mute_logger("odoo.sql_db"),
        ):
            self._remind("2026-10-05 12:00:00")
        self.assertEqual((bad.reminders, good.reminders), (0, 1))
        self.assertFalse(self._activities(bad))
        self.cr.execute("ALTER TABLE mail_activity DROP CONSTRAINT test_remote")
        self._remind("2026-10-05 12:15:00")
        self.assertEqual((bad.reminders, good.reminders), (1, 1))

    def test_nobody_writes_down_reminders_by_hand(self):
        session = self._start("2026-10-05 08:00:00")
        for vals in ({"reminded_at": "2026-10-05 12:00:00"}, {"reminders": 9}):
            with self.assertRefused("This follows from inviting"):
                session.write(vals)

    def test_the_ticket_knows_its_sessions(self):
        session = self._start("2026-10-05 08:00:00")
        ticket = session.ticket_id
        self._session(ticket).action_cancel()
        other = self._session(ticket, self.colleague)
        self._agree(other, "2026-10-05 08:30:00")
        with freeze_time("2026-10-05 08:30:00"):
            other.action_start()
        empty = self._create_ticket(team_id=self.team.id)
        for user, running in (
            (self.technician, session),
            (self.colleague, other),
            (self.back_office, session),
        ):
            with self.subTest(user.name):
                tickets = (ticket | empty).with_user(user)
                tickets.invalidate_recordset()
                self.assertEqual(tickets[0].running_session_id, running)
                self.assertFalse(tickets[1].running_session_id)
                self.assertEqual(tickets.mapped("session_count"), [2, 0])
        with freeze_time("2026-10-05 09:00:00"):
            session._end("solved", "Gotowe.")
        self.assertEqual(ticket.running_session_id, other)
        self.assertEqual(ticket.session_count, 2)

    def test_the_server_says_what_time_it_is(self):
        session = self._start("2026-10-05 08:00:00")
        with freeze_time("2026-10-05 08:07:30"):
            session.invalidate_recordset()
            self.assertEqual(session.clock_now, _at("2026-10-05 08:07:30"))


def _at(text):
    return fields.Datetime.to_datetime(text)
