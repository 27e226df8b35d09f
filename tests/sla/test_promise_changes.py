from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SlaCommon, utc, warsaw


class PromiseCommon(SlaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls._promise("reaction", 4, "hours", cls.office)
        cls._promise("resolution", 2, "days", cls.office)

    def _answer(self, ticket, **vals):
        return ticket.with_user(self.technician).message_post(
            **{
                "body": "Zajmujemy się tym.",
                "message_type": "comment",
                "partner_ids": self.customer.ids,
                "subtype_xmlid": "mail.mt_comment",
            }
            | vals
        )


@tagged("post_install", "-at_install")
class TestPromiseChanges(PromiseCommon):
    """Nobody gains time by moving what a promise hangs on."""

    # A promise that goes away and comes back

    def test_a_promise_taken_away_for_a_while_is_broken_as_if_it_had_stayed(self):
        ticket = self._report("2026-10-19 08:00")
        with self._at("2026-10-19 10:00"):
            ticket.service_contract_id = False
        self.assertTimer(ticket, "reaction", state="void")
        with self._at("2026-10-19 16:00"):
            ticket.service_contract_id = self.contract
        self.assertTimer(
            ticket,
            "reaction",
            state="running",
            elapsed_minutes=480,
            breached_at="2026-10-19 12:00",
        )

    def test_an_answer_meanwhile_counts(self):
        ticket = self._report("2026-10-19 08:00")
        with self._at("2026-10-19 10:00"):
            ticket.service_contract_id = False
            self._answer(ticket)
        with self._at("2026-10-19 16:00"):
            ticket.service_contract_id = self.contract
        self.assertTimer(ticket, "reaction", state="met", elapsed_minutes=120)

    # Archiving

    def test_who_may_archive_a_ticket_whose_clocks_run(self):
        for user, stage, allowed in (
            (self.technician, self.progress, False),
            (self.technician, self.waiting, False),
            (self.technician, self.closed, True),
            (self.back_office, self.progress, True),
            (self.manager, self.progress, True),
        ):
            with self.subTest(user.login, stage=stage.name):
                ticket = self._report("2026-10-19 08:00")
                self._move(ticket, stage, "2026-10-19 08:30")
                self.cr.flush()
                ticket = ticket.with_user(user).with_context(mail_notrack=False)
                ticket = ticket.with_context(tracking_disable=False)
                if allowed:
                    ticket.active = False
                    self.cr.flush()
                    ticket.invalidate_recordset()
                    changed = ticket.sudo().message_ids.tracking_value_ids
                    self.assertIn("active", changed.field_id.mapped("name"))
                else:
                    with self.assertRefused("have not stopped"):
                        ticket.active = False

    def test_a_ticket_that_nothing_was_promised_on_is_archived_by_anybody(self):
        ticket = self._report("2026-10-19 08:00", partner_id=False)
        ticket.active = False
        self.assertFalse(ticket.active)

    # When it was reported

    def test_a_report_is_not_in_the_future(self):
        ticket = self._report("2026-10-19 08:00")
        with self._at("2026-10-19 09:00"):
            ticket = ticket.with_user(self.manager)
            with self.assertRefused("in the future", ValidationError):
                ticket.reported_at = utc("2026-10-19 09:01")
            ticket.reported_at = utc("2026-10-19 09:00:59")
        with self.assertRefused("in the future", ValidationError):
            self._report("2026-10-19 08:00", reported_at=utc("2026-10-20 08:00"))

    def test_a_manager_alone_dates_a_report_later(self):
        ticket = self._report("2026-10-19 08:00")
        later = utc("2026-10-19 10:00")
        with self._at("2026-10-19 11:00"):
            for user in (self.technician, self.back_office):
                with self.assertRefused("set a later time"):
                    ticket.with_user(user).reported_at = later
            ticket.reported_at = utc("2026-10-19 07:30")
            ticket.with_user(self.manager).reported_at = later
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 14:00")

    def test_a_ticket_without_promises_is_dated_by_anybody(self):
        ticket = self._report("2026-10-19 08:00", partner_id=False)
        with self._at("2026-10-19 11:00"):
            ticket.reported_at = utc("2026-10-19 10:00")
        self.assertEqual(warsaw(ticket.reported_at), "2026-10-19 10:00")

    def test_a_breach_counts_before_it_is_noted(self):
        ticket = self._report("2026-10-19 08:00")
        self.assertFalse(self._timer(ticket).breached_at)
        call = {"ticket_id": ticket.id, "note": "Dzwoniłem"}
        wizard = self.env["service.sla.answer"].with_user(self.technician)
        with self._at("2026-10-19 12:01"):
            for moment in ("2026-10-19 11:00", "2026-10-19 12:00:30"):
                with self.assertRefused("Only a service manager"):
                    wizard.create(call | {"answered_at": utc(moment)}).action_answer()
            with self.assertRefused("has already been breached"):
                ticket.reported_at = utc("2026-10-19 07:00")
            late = call | {"answered_at": utc("2026-10-19 12:01")}
            wizard.create(late).action_answer()
        self.assertTimer(ticket, "reaction", state="missed")

    # Express

    def test_express_dated_back_is_not_overruled_by_what_it_replaces(self):
        self._promise("reaction", 3, "hours", self.office, priority="3")
        self._promise("reaction", 2, "hours", self.weekdays, express=True)
        ticket = self._report("2026-10-19 08:00")
        with self._at("2026-10-19 09:00"):
            ticket.priority = "3"
        express = {"express": True, "express_agreed_by": "Anna Nowak"}
        with self._at("2026-10-19 09:30"):
            ticket.write(express | {"express_agreed_on": utc("2026-10-19 08:30")})
        self.assertTimer(
            ticket,
            "reaction",
            deadline="2026-10-19 10:00",
            target_minutes=120,
            calendar_id=self.weekdays,
        )

    def test_express_counts_from_when_it_was_agreed_not_noted(self):
        self._promise("reaction", 6, "hours", self.always, express=True)
        # On a Sunday evening, before the office's clock begins to run.
        ticket = self._report("2026-10-18 20:00")
        express = {"express": True, "express_agreed_by": "Anna Nowak"}
        with self._at("2026-10-19 07:00"):
            ticket.write(express | {"express_agreed_on": utc("2026-10-19 05:00")})
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 11:00")

    # A late start

    def test_a_late_start_believes_no_moment_that_people_write(self):
        ticket = self._report("2026-10-19 08:00", partner_id=False)
        self._move(ticket, self.waiting, "2026-10-19 14:00")
        forged = utc("2026-10-19 08:01")
        for name in ("last_stage_update", "closed_date"):
            with self.assertRefused("was closed follow from its stages"):
                ticket[name] = forged
            with self.assertRefused("was closed follow from its stages"):
                self._report("2026-10-19 08:00", **{name: forged})
            context = {f"default_{name}": "2026-10-19 06:01:00"}
            with self.assertRefused("was closed follow from its stages"):
                ticket.with_context(**context).create({"name": "x", "description": "x"})
        ticket.with_user(self.manager).closed_date = forged
        with self._at("2026-10-19 15:00"):
            message = self._answer(ticket, date=forged)
            message.with_user(self.technician).date = forged
        self._received(message, "2026-10-19 15:00")
        with self._at("2026-10-19 15:30"):
            ticket.partner_id = self.customer
        self.assertTimer(
            ticket,
            "reaction",
            state="missed",
            breached_at="2026-10-19 12:00",
            stopped_at="2026-10-19 15:00",
        )
        self.assertTimer(ticket, "resolution", state="paused", elapsed_minutes=360)

    def test_a_technician_copies_a_ticket(self):
        with self._at("2026-10-19 08:00"):
            ticket = self._report("2026-10-19 08:00")
        with self._at("2026-10-20 09:00"):
            copy = ticket.copy()
        self.assertEqual(warsaw(copy.last_stage_update), "2026-10-20 09:00")

    # What is an answer

    def test_an_empty_or_internal_message_is_no_answer(self):
        ticket = self._report("2026-10-19 08:00")
        file = {"name": "instrukcja.txt", "raw": b"x", "res_model": "helpdesk.ticket"}
        attachment = self.env["ir.attachment"].create(file | {"res_id": ticket.id})
        for vals, counts in (
            ({"is_internal": True}, False),
            ({"body": ""}, False),
            ({"body": " \n "}, False),
            ({"body": "", "attachment_ids": attachment.ids}, True),
        ):
            with self.subTest(vals), self._at("2026-10-19 09:00"):
                self._answer(ticket, **vals)
                self.assertEqual(bool(self._timer(ticket).stopped_at), counts)

    # Dialogs

    def test_the_dialogs_tell_nothing_of_other_peoples_tickets(self):
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Serwis",
                "company_id": self.company.id,
                "user_ids": [Command.set(self.technician.ids)],
            }
        )
        ticket = self._report("2026-10-19 08:00", team_id=team.id)
        mine = self._report("2026-10-19 08:00", user_id=self.colleague.id)
        self._escalate("2026-10-19 12:01")
        timer, my_timer = self._timer(ticket), self._timer(mine)
        self.env["service.sla"]._justify(timer, "Poufne")
        other = self._second_company()
        stranger = self._create_user("obcy", "group_manager", company=other)
        for user in (self.colleague, stranger):
            wizards = self.env["service.sla.justification"].with_user(user)
            for vals in ({}, {"reason": "x"}):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    wizards.create({"timer_id": timer.id} | vals)
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                wizards.new({"timer_id": timer.id}).reason  # noqa: B018
            answers = self.env["service.sla.answer"].with_user(user)
            with self.assertRaises(AccessError), self.cr.savepoint():
                answers.create({"ticket_id": ticket.id, "note": "x"})
        deadlines = self.env["service.sla.deadline"].with_user(stranger)
        for vals in ({}, {"deadline": utc("2026-10-20 12:00")}):
            with self.assertRaises(AccessError), self.cr.savepoint():
                deadlines.create({"timer_id": timer.id} | vals)
        wizard = self.env["service.sla.justification"].with_user(self.colleague)
        wizard = wizard.create({"timer_id": my_timer.id, "reason": "Awaria"})
        with self.assertRaises(AccessError), self.cr.savepoint():
            wizard.timer_id = timer
        wizard.action_justify()
        self.assertEqual(my_timer.justification, "Awaria")

    def test_the_portal_is_not_told_what_is_to_be_justified(self):
        portal = self._create_user("klient", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        ticket = self._report("2026-10-19 08:00", partner_id=portal.partner_id.id)
        self._escalate("2026-10-19 12:01")
        self.assertTrue(ticket.to_justify)
        theirs = ticket.with_user(portal)
        self.assertTrue(theirs.read(["name"]))
        with self.assertRaises(AccessError):
            theirs.read(["to_justify"])


@tagged("post_install", "-at_install")
class TestSlaSetup(PromiseCommon):
    """What is set up otherwise later moves clocks, and never stops the work."""

    def test_a_target_that_is_switched_off_blocks_nobody(self):
        ticket = self._report("2026-10-19 08:00")
        target = self.tier.target_ids.filtered(lambda t: t.metric == "reaction")
        with self.assertRefused("Switch it off"):
            target.with_user(self.manager).unlink()
        target.with_user(self.manager).active = False
        self._move(ticket, self.waiting, "2026-10-19 10:00")
        self._move(ticket, self.progress, "2026-10-19 11:00")
        with self._at("2026-10-19 12:00"):
            self._answer(ticket)
            self.env.flush_all()
        self.assertTimer(
            ticket,
            "reaction",
            state="met",
            elapsed_minutes=180,
            target_id=self.env["service.tier.target"],
        )
        self._escalate("2026-10-21 12:01")
        self.assertTimer(ticket, "resolution", breached_at="2026-10-21 09:00")

    def test_a_calendar_by_which_a_clock_once_ran_stays(self):
        calendar = self.office.copy()
        urgent = self._promise("reaction", 2, "hours", calendar, priority="3")
        ticket = self._report("2026-10-19 08:00", priority="3")
        with self._at("2026-10-19 09:00"):
            ticket.priority = "1"
        urgent.unlink()
        calendar.name = "Dyżur"
        with self.assertRefused("“Dyżur”.*Archive it instead", UserError):
            calendar.unlink()
        calendar.active = False
        self._move(ticket, self.waiting, "2026-10-19 10:00")
        unused = self.office.copy()
        unused.unlink()
        self.assertFalse(unused.exists())

    def test_what_a_stage_means_moves_the_clocks_of_its_tickets(self):
        ticket, other = (
            self._report("2026-10-19 08:00"),
            self._report("2026-10-19 08:00"),
        )
        self._move(ticket, self.waiting, "2026-10-19 10:00")
        stage = self.waiting.with_user(self.manager)
        for vals, when, state in (
            ({"waiting_for": "supplier"}, "2026-10-19 10:30", "paused"),
            ({"waiting_for": False}, "2026-10-19 11:00", "running"),
            ({"waiting_for": False}, "2026-10-19 11:10", "running"),
            ({"closed": True}, "2026-10-19 11:30", "met"),
            ({"closed": False}, "2026-10-19 11:40", "running"),
            ({"closed": False, "waiting_for": "date"}, "2026-10-19 11:50", "paused"),
        ):
            with self.subTest(vals), self._at(when):
                stage.write(vals)
                self.assertTimer(ticket, "resolution", state=state)
        self.assertTimer(ticket, "resolution", elapsed_minutes=160)
        self.assertEqual(
            ticket.sla_event_ids.sorted("id").mapped("kind"),
            [
                "started",
                "paused",
                "paused",
                "resumed",
                "resolved",
                "reopened",
                "paused",
            ],
        )
        self.assertEqual(other.sla_event_ids.mapped("kind"), ["started"])

    def _two_lines(self):
        """A calendar of Mondays from 8 to 10 and on to 14, and a promise by it."""
        calendar = self._create_calendar("Poniedziałki", [0], 8, 10)
        line = calendar.attendance_ids
        line.copy({"hour_from": 10, "hour_to": 14})
        self.env.flush_all()
        self._promise("reaction", 6, "hours", calendar, priority="3")
        ticket = self._report("2026-10-19 06:00", priority="3")
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 14:00")
        return calendar, ticket

    def test_what_a_calendar_is_by_the_way_breaks_no_promise(self):
        calendar, ticket = self._two_lines()
        first, second = calendar.attendance_ids.sorted("hour_from")
        with self._at("2026-10-19 13:00"):
            calendar.attendance_ids = [
                Command.update(first.id, {"hour_from": 6}),
                Command.update(second.id, {"hour_from": 13, "hour_to": 17}),
            ]
        self.assertTimer(
            ticket, "reaction", breached_at=False, deadline="2026-10-19 15:00"
        )

    def test_a_calendar_is_emptied_by_the_way_alone(self):
        calendar, ticket = self._two_lines()
        lines = calendar.attendance_ids
        for empty in (
            lambda: lines.unlink(),
            lambda: calendar.write({"attendance_ids": [Command.clear()]}),
        ):
            with self.assertRefused("no fixed working hours", ValidationError):
                empty()
        vals = {"name": "x", "dayofweek": "0", "hour_from": 8, "hour_to": 16}
        calendar.attendance_ids = [Command.clear(), Command.create(vals)]
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 14:00")
        calendar.switch_calendar_type()
        calendar.switch_calendar_type()
        self.assertFalse(calendar.two_weeks_calendar)

    def test_the_service_hours_of_a_tier_are_not_emptied(self):
        calendar = self.office.copy()
        self.tier.calendar_id = calendar
        with self.assertRefused("no fixed working hours", ValidationError):
            calendar.attendance_ids.unlink()

    def test_no_context_of_a_caller_holds_deadlines_where_they_are(self):
        calendar, ticket = self._two_lines()
        last = calendar.attendance_ids.sorted("hour_from")[1]
        last.with_context(working_time=True).hour_to = 13
        self.assertTimer(ticket, "reaction", deadline="2026-10-26 09:00")
