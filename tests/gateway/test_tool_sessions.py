from freezegun import freeze_time

from odoo.exceptions import (
    AccessError,
    MissingError,
    RedirectWarning,
    UserError,
    ValidationError,
)
from odoo.tests import tagged

from .common import GatewayCommon

MONDAY = "2026-10-05 08:00:00"


@tagged("post_install", "-at_install")
class TestToolSessions(GatewayCommon):
    """Remote sessions, as tools run them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(MONDAY))
        cls.gateway = cls._as(cls.tool)
        cls.ticket = cls._create_ticket(day="2026-10-02")

    def prepare(self, gateway=None, **vals):
        values = {"ticket": self.ticket.number, "technician": self.technician.login}
        gateway = self.gateway if gateway is None else gateway
        return gateway.prepare_session(**values | {"person": "Anna Nowak"} | vals)

    def agreed(self, **vals):
        """A session to which everything was agreed."""
        answer = self.prepare(**vals)
        session = self.env["service.remote.session"].browse(answer["session"])
        self._agree(session, "2026-10-05 07:59:00")
        return session

    def test_a_session_is_planned(self):
        answer = self.prepare(
            tool="anydesk",
            connection_number="123 456 789",
            planned_start="2026-10-06T10:00:00+02:00",
        )
        session = self.env["service.remote.session"].browse(answer["session"])
        self.assertRecordValues(
            session,
            [
                {
                    "ticket_id": self.ticket.id,
                    "user_id": self.technician.id,
                    "person_id": self.person.id,
                    "connection_number": "123 456 789",
                    "state": "planned",
                    "create_uid": self.tool.user_id.id,
                }
            ],
        )
        self.assertEqual(session.tool_id.name, "AnyDesk")
        self.assertEqual(answer["planned_start"], "2026-10-06T08:00:00Z")
        self.assertIs(answer["ready"], False)
        self.assertIs(answer["invited"], False)
        # Two documents and three statements.
        self.assertEqual(len(answer["missing"]), 5, answer["missing"])

    def test_the_planned_session_is_completed(self):
        first = self.prepare(person=None, connection_number="111")
        self.assertEqual(first["missing"], ["the person at the computer"])
        again = self.prepare(technician=self.technician.login.upper())
        self.assertEqual(again["session"], first["session"])
        self.assertEqual(again["person"], "Anna Nowak")
        session = self.env["service.remote.session"].browse(first["session"])
        self.assertEqual(session.connection_number, "111")
        other = self.prepare(technician=self.colleague.login)
        self.assertNotEqual(other["session"], first["session"])

    def test_what_is_wrong_with_a_plan(self):
        share = self.tool.user_id.login
        stranger = self.env["res.partner"].create(
            {"name": "Jan Obcy", "parent_id": self.stranger.id}
        )
        cases = [
            ({"ticket": "HT-0"}, "no ticket", MissingError),
            ({"ticket": self.ticket.id}, "ticket", ValidationError),
            ({"technician": "nikt"}, "no technician", MissingError),
            ({"technician": "%"}, "no technician", MissingError),
            ({"technician": share}, "no technician", MissingError),
            ({"technician": self.accountant.login}, "no technician", MissingError),
            ({"person": stranger.name}, "no person", MissingError),
            ({"tool": "Any%"}, "no tool", MissingError),
            ({"planned_start": "2026-10-06T10:00:00"}, "time zone", ValidationError),
            ({"planned_start": "jutro"}, "time zone", ValidationError),
        ]
        for vals, sentence, error in cases:
            with self.subTest(vals=vals), self.assertRefused(sentence, error):
                self.prepare(**vals)

    def test_nothing_is_planned_that_nobody_could_carry_out(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Inny", "user_ids": self.colleague.ids}
        )
        self.ticket.team_id = team
        with self.assertRefused("is not on the team of", ValidationError):
            self.prepare()
        self.prepare(technician=self.colleague.login)
        self.ticket._close()
        with self.assertRefused("is closed", ValidationError):
            self.prepare(technician=self.colleague.login)

    def test_a_recording_is_told_by_true_or_false(self):
        session = self.agreed()
        self.gateway.start_session(session.id)
        for recorded in ("false", "true", 0, None):
            with (
                self.subTest(recorded=recorded),
                freeze_time("2026-10-05 08:10:00"),
                self.assertRefused("true or false", ValidationError),
            ):
                self.gateway.end_session(
                    session.id, "solved", "Zrobione", recorded=recorded
                )
        self.assertEqual(session.state, "running")

    def test_nobody_connects_without_consent(self):
        id_ = self.prepare()["session"]
        session = self.env["service.remote.session"].browse(id_)
        with self.assertRefused("(?s)Regulamin.*Cennik.*backup") as _:
            self.gateway.start_session(id_)
        self.assertEqual(session.state, "planned")
        # The model has a button for people, which no program can press.
        with self.assertRaises(RedirectWarning):
            session.sudo().action_start()

    def test_a_session_of_35_minutes_is_billed_as_60(self):
        session = self.agreed()
        self.assertIs(self.gateway.session(session.id)["ready"], True)
        started = self.gateway.start_session(session.id)
        self.assertEqual(started["state"], "running")
        self.assertEqual(started["started_at"], "2026-10-05T08:00:00Z")
        with freeze_time("2026-10-05 08:40:00"):
            ended = self.gateway.end_session(
                session.id, "solved", "Usunięto", ended_at="2026-10-05T10:35:00+02:00"
            )
        self.assertEqual(ended["state"], "ended")
        self.assertEqual(ended["ended_at"], "2026-10-05T08:35:00Z")
        self.assertEqual((ended["minutes"], ended["billed_minutes"]), (35, 60))
        self.assertRecordValues(
            session,
            [
                {
                    "ended_by_id": self.tool.user_id.id,
                    "recorded": False,
                    "note": "Usunięto",
                }
            ],
        )
        self.assertEqual(session.entry_id.employee_id, self.technician.employee_id)
        self.assertEqual(self.gateway.session(session.id), ended)

    def test_nothing_happens_twice(self):
        session = self.agreed()
        self.gateway.start_session(session.id)
        with freeze_time("2026-10-05 08:10:00"):
            with self.assertRefused("already been started", UserError):
                self.gateway.start_session(session.id)
            self.gateway.end_session(session.id, "solved", "Gotowe")
            entry = session.entry_id
        with freeze_time("2026-10-05 08:20:00"):
            for call in ("start", "end"):
                with self.assertRefused("already been started|not running", UserError):
                    if call == "start":
                        self.gateway.start_session(session.id)
                    else:
                        self.gateway.end_session(session.id, "solved", "Znowu")
        self.assertEqual(session.entry_id, entry)
        self.assertEqual((session.minutes, session.note), (10, "Gotowe"))

    def test_what_is_wrong_with_an_end(self):
        session = self.agreed()
        self.gateway.start_session(session.id)
        later = "2026-10-05T12:00:00Z"
        cases = [
            ({"outcome": "done"}, "solved, not_remote, continued"),
            ({"outcome": None}, "solved, not_remote, continued"),
            ({"note": " "}, "what was done"),
            ({"note": 7}, "note"),
            ({"ended_at": "2026-10-05T10:05:00"}, "time zone"),
            ({"ended_at": 1791187500}, "ended_at"),
            ({"ended_at": later}, "not in the future"),
            ({"ended_at": "2026-10-05T09:00:00+02:00"}, "after its start"),
            ({"recorded": True}, "did not consent"),
        ]
        with freeze_time("2026-10-05 08:10:00"):
            for vals, sentence in cases:
                values = {"outcome": "solved", "note": "Gotowe"} | vals
                with self.subTest(vals=vals), self.assertRefused(sentence, UserError):
                    self.gateway.end_session(session.id, **values)
        self.assertEqual(session.state, "running")
        with (
            freeze_time("2026-10-06 08:10:00"),
            self.assertRefused("really ended", UserError),
        ):
            self.gateway.end_session(session.id, "solved", "Gotowe")

    def test_a_tool_of_one_customer_sees_no_session_of_another(self):
        ticket = self._create_ticket(day="2026-10-02", partner_id=self.stranger.id)
        foreign = self.env["service.remote.session"].create(
            {"ticket_id": ticket.id, "user_id": self.technician.id}
        )
        narrow = self._as(self.narrow)
        with self.assertRefused("no ticket", MissingError):
            self.prepare(narrow, ticket=ticket.number, person=None)
        for id_ in (foreign.id, foreign.id + 10**6, 10**30, 0):
            for call in (
                lambda id_=id_: narrow.session(id_),
                lambda id_=id_: narrow.start_session(id_),
                lambda id_=id_: narrow.end_session(id_, "solved", "Gotowe"),
            ):
                with self.assertRefused(f"no session “{id_}”", MissingError):
                    call()
        mine = self.prepare(narrow)["session"]
        self.assertEqual(narrow.session(mine)["state"], "planned")
        for id_ in ("1", True, None, [mine]):
            with self.subTest(id_=id_), self.assertRefused("number", ValidationError):
                narrow.session(id_)

    def test_a_tool_of_another_company_sees_nothing(self):
        other = self._second_company()
        self.administrator.company_ids |= other
        tools = self.env["service.gateway.client"].with_user(self.administrator)
        tool, _key = tools._connect("Zabbix", other, self.env["res.partner"])
        theirs = self._as(tool.sudo())
        id_ = self.prepare()["session"]
        with self.assertRefused("no session", MissingError):
            theirs.session(id_)
        with self.assertRefused("no ticket", MissingError):
            self.prepare(theirs)

    def test_an_invitation_is_sent(self):
        if not hasattr(self.env["service.remote.session"], "action_invite"):
            self.skipTest("invitations are not there")
        id_ = self.prepare()["session"]
        self.assertIs(self.gateway.invite_session(id_)["invited"], True)

    def test_a_technician_of_the_company(self):
        other = self._second_company()
        foreign = self._create_user("obcy", "group_technician", company=other)
        with self.assertRefused("no technician", MissingError):
            self.prepare(technician=foreign.login)
        self.colleague.email = "kolega@serwis.example"
        answer = self.prepare(technician="Kolega@serwis.example")
        self.assertEqual(answer["technician"], self.colleague.login)
        with self.assertRaises(AccessError):
            self.env["service.gateway"].with_user(self.colleague).session(1)
