from markupsafe import Markup
from psycopg2.errors import CheckViolation, RestrictViolation, UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SlaCommon, utc, warsaw


@tagged("post_install", "-at_install")
class TestClocks(SlaCommon):
    """Clocks start, stop and follow, as the people do it who work on tickets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls._promise("reaction", 4, "hours", cls.office)
        cls._promise("resolution", 2, "days", cls.office)

    def test_a_ticket_gets_its_clocks(self):
        ticket = self._report("2026-10-16 15:00")
        self.assertTimer(
            ticket, "reaction", deadline="2026-10-19 11:00", state="running"
        )
        self.assertTimer(
            ticket, "resolution", deadline="2026-10-20 15:00", target_minutes=960
        )
        self.assertEqual(warsaw(ticket.service_deadline), "2026-10-19 11:00")
        self.assertEqual(warsaw(ticket.service_risk_at), "2026-10-19 10:00")
        self.assertEqual(ticket.sla_event_ids.mapped("kind"), ["started"])

    def test_a_ticket_of_nobody_gets_its_clocks_when_the_customer_is_known(self):
        ticket = self._report("2026-10-16 15:00", partner_id=False)
        self.assertFalse(ticket.sla_timer_ids)
        with self._at("2026-10-16 15:20"):
            ticket.partner_id = self.customer
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 11:00")

    def test_an_answer_before_the_customer_was_known_counts(self):
        ticket = self._report("2026-10-16 15:00", partner_id=False)
        with self._at("2026-10-16 15:10"):
            answer = self._answer(ticket, partner_ids=self.customer.ids)
            self._received(answer, "2026-10-16 15:10")
        with self._at("2026-10-19 15:10"):
            ticket.partner_id = self.customer
        self.assertTimer(ticket, "reaction", state="met", stopped_at="2026-10-16 15:10")

    def test_no_promise_no_clock(self):
        self.tier.target_ids.unlink()
        ticket = self._report("2026-10-16 15:00")
        self.assertFalse(ticket.sla_timer_ids)
        self.assertFalse(ticket.service_clock)

    def test_several_tickets_at_once_have_each_their_own(self):
        tickets = self._report("2026-10-16 15:00") | self._report("2026-10-16 15:30")
        self.assertEqual(
            tickets.mapped(lambda t: warsaw(t.service_deadline)),
            ["2026-10-19 11:00", "2026-10-19 11:30"],
        )

    # Reaction

    def _answer(self, ticket, user=None, **vals):
        return ticket.with_user(user or self.technician).message_post(
            **{
                "body": "Zajmujemy się tym.",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
            }
            | vals
        )

    def test_the_first_message_to_the_customer_is_the_reaction(self):
        ticket = self._report("2026-10-16 15:00")
        with self._at("2026-10-19 10:59"):
            self._answer(ticket, partner_ids=self.customer.ids)
        with self._at("2026-10-19 13:00"):
            self._answer(ticket)
        self.assertTimer(
            ticket,
            "reaction",
            state="met",
            stopped_at="2026-10-19 10:59",
            elapsed_minutes=239,
        )
        self.assertEqual(ticket.sla_event_ids.mapped("kind").count("responded"), 1)
        self.assertTimer(ticket, "resolution", state="running")
        self.assertEqual(warsaw(ticket.service_deadline), "2026-10-20 15:00")

    def test_what_is_no_answer(self):
        ticket = self._report("2026-10-16 15:00")
        supplier = self.env["res.partner"].create({"name": "Hurtownia"})
        portal = self._create_user("klient", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        with self._at("2026-10-16 15:30"):
            self._answer(ticket, subtype_xmlid="mail.mt_note")
            self._answer(ticket, message_type="notification")
            self._answer(ticket, message_type="auto_comment")
            self._answer(ticket, partner_ids=supplier.ids)
            ticket.message_post(
                body="Kiedy ktoś się odezwie?",
                author_id=portal.partner_id.id,
                message_type="email",
                subtype_xmlid="mail.mt_comment",
            )
            ticket.stage_id = self.progress
        self.assertTimer(ticket, "reaction", state="running", stopped_at=False)

    def test_an_answer_by_phone(self):
        ticket = self._report("2026-10-16 15:00")
        with self._at("2026-10-16 15:40"):
            self.assertTrue(ticket.awaits_answer)
            wizard = self.env["service.sla.answer"].with_user(self.technician)
            call = {"ticket_id": ticket.id, "note": "Dzwoniłem", "answered_at": False}
            for moment, message in (
                ("2026-10-16 14:59", "earlier than the report"),
                ("2026-10-16 15:41", "in the future"),
            ):
                call["answered_at"] = utc(moment)
                with self.assertRefused(message):
                    wizard.create(call).action_answer()
            call["answered_at"] = utc("2026-10-16 15:30")
            with self.assertRefused("Enter what the customer was told,"):
                wizard.create(call | {"note": " "}).action_answer()
            wizard.create(call).action_answer()
        self.assertTimer(ticket, "reaction", state="met", stopped_at="2026-10-16 15:30")
        self.assertFalse(ticket.awaits_answer)

    def test_a_technician_cannot_talk_a_breach_away(self):
        ticket = self._report("2026-10-16 15:00")
        self._escalate("2026-10-19 11:01")
        call = {
            "ticket_id": ticket.id,
            "note": "Dzwoniłem",
            "answered_at": utc("2026-10-19 10:30"),
        }
        with self._at("2026-10-19 12:00"):
            wizard = self.env["service.sla.answer"]
            with self.assertRefused("Only a service manager"):
                wizard.with_user(self.technician).create(call).action_answer()
            wizard.with_user(self.manager).create(call).action_answer()
        self.assertTimer(ticket, "reaction", state="met", breached_at=False)

    # Pauses, the end, and after it

    def test_a_stage_that_waits_pauses_both_clocks(self):
        """C14: from 10:00 to 14:00 by the office clock are four hours."""
        ticket = self._report("2026-10-19 08:00")
        self._move(ticket, self.waiting, "2026-10-19 10:00")
        self.assertTimer(ticket, "reaction", state="paused", elapsed_minutes=120)
        self.assertFalse(ticket.service_deadline)
        self._move(ticket, self.progress, "2026-10-19 14:00")
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 16:00")
        self.assertTimer(ticket, "resolution", deadline="2026-10-21 12:00")
        self.assertEqual(
            ticket.sla_event_ids.mapped("waiting_for"),
            [False, "customer", False],
        )

    def test_a_pause_over_the_weekend_moves_nothing(self):
        ticket = self._report("2026-10-16 15:00")
        self._move(ticket, self.waiting, "2026-10-16 17:00")
        self._move(ticket, self.progress, "2026-10-19 07:00")
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 11:00")

    def test_the_customer_writes_and_nobody_waits_any_more(self):
        ticket = self._report("2026-10-19 08:00")
        self._move(ticket, self.waiting, "2026-10-19 10:00")
        with self._at("2026-10-19 12:00"):
            ticket.message_post(
                body="Już odpowiadam",
                author_id=self.customer.id,
                message_type="email",
                subtype_xmlid="mail.mt_comment",
            )
        self.assertTimer(
            ticket, "reaction", state="running", deadline="2026-10-19 14:00"
        )
        self._move(ticket, self.progress, "2026-10-19 13:00")
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 14:00")

    def test_a_pause_past_the_deadline_then_closed_is_met(self):
        ticket = self._report("2026-10-19 08:00")
        self._move(ticket, self.waiting, "2026-10-19 10:00")
        self._escalate("2026-10-26 08:00")
        self._move(ticket, self.closed, "2026-10-26 09:00")
        self.assertTimer(ticket, "resolution", state="met", breached_at=False)
        self.assertFalse(ticket.service_breach_at)

    def test_reopened_goes_on_with_what_was_left(self):
        ticket = self._report("2026-10-19 08:00")
        self._move(ticket, self.closed, "2026-10-19 15:00")
        self.assertTimer(ticket, "resolution", state="met", elapsed_minutes=420)
        self._move(ticket, self.progress, "2026-10-23 08:00")
        self.assertTimer(
            ticket, "resolution", state="running", deadline="2026-10-26 09:00"
        )
        self._move(ticket, self.closed, "2026-10-26 09:01")
        self.assertTimer(ticket, "resolution", state="missed", overrun_minutes=1)

    def test_reopened_into_a_stage_that_waits(self):
        ticket = self._report("2026-10-19 08:00")
        self._move(ticket, self.closed, "2026-10-19 15:00")
        self._move(ticket, self.waiting, "2026-10-19 15:30")
        self.assertTimer(ticket, "resolution", state="paused", elapsed_minutes=420)

    # Other targets

    def test_priority_express_and_tier_retarget(self):
        self._promise("reaction", 1, "hours", self.always, priority="3")
        self._promise("reaction", 3, "hours", self.office, express=True)
        ticket = self._report("2026-10-16 15:00")
        with self._at("2026-10-16 15:30"):
            ticket.write({"express": True, "express_agreed_by": "Anna Nowak"})
        self.assertTimer(
            ticket, "reaction", deadline="2026-10-19 10:00", elapsed_minutes=30
        )
        with self._at("2026-10-16 15:40"):
            ticket.express = False
            ticket.priority = "3"
        self.assertTimer(ticket, "reaction", deadline="2026-10-16 16:00")

    def test_another_tier_brings_its_own_promise(self):
        calm = self._create_tier("Gwarancja")
        calm.kind = "warranty"
        self._promise("reaction", 3, "hours", self.weekdays, calm)
        ticket = self._report("2026-10-16 15:00")
        with self._at("2026-10-16 16:00"):
            self.env["service.coverage"].with_user(self.manager)._override(
                ticket, "warranty", "Naprawa w ramach rękojmi"
            )
        self.assertTimer(ticket, "reaction", tier_id=calm, deadline="2026-10-16 18:00")
        self.assertTimer(ticket, "resolution", state="void")

    def test_terms_are_frozen_when_they_start(self):
        ticket = self._report("2026-10-16 15:00")
        self.tier.target_ids.amount = 1
        with self._at("2026-10-16 15:30"):
            ticket.name = "Serwer i drukarka"
            ticket.priority = ticket.priority
            ticket.category_id = self.env["helpdesk.ticket.category"].create(
                {"name": "Serwery", "company_id": self.company.id}
            )
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 11:00")
        later = self._report("2026-10-16 15:00")
        self.assertTimer(later, "reaction", deadline="2026-10-16 16:00")

    def test_the_time_of_the_report_decides(self):
        """D7: a failure outside service hours has a clock that never stands still."""
        self.tier.calendar_id = self.office
        self._promise("reaction", 4, "hours", self.always, reported="outside")
        ticket = self._report("2026-10-17 03:00")
        self.assertTimer(ticket, "reaction", deadline="2026-10-17 07:00")
        ticket = self._report("2026-10-16 15:00")
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 11:00")

    def test_a_corrected_time_of_the_report_starts_the_clocks_anew(self):
        ticket = self._report("2026-10-19 15:00")
        with self._at("2026-10-19 15:10"):
            ticket.reported_at = utc("2026-10-19 08:30")
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 12:30")

    def test_whoever_broke_a_promise_does_not_date_the_report_otherwise(self):
        ticket = self._report("2026-10-19 08:00")
        self._escalate("2026-10-19 12:01")
        with self._at("2026-10-19 13:00"):
            with self.assertRefused("only a service manager"):
                ticket.reported_at = utc("2026-10-19 12:30")
            ticket.with_user(self.manager).reported_at = utc("2026-10-19 12:30")
        self.assertTimer(ticket, "reaction", state="running", breached_at=False)

    def test_a_manager_agrees_on_another_deadline(self):
        ticket = self._report("2026-10-16 15:00")
        with self._at("2026-10-19 09:00"):
            timer = self._timer(ticket)
            vals = {"timer_id": timer.id, "reason": "Umówione z Anną Nowak"}
            wizard = self.env["service.sla.deadline"].with_user(self.manager)
            for moment, message in (
                ("2026-10-19 09:00", "in the future"),
                ("2026-10-24 12:00", "outside the hours.*pt. 23.10, 16:00|Fri 23.10"),
            ):
                with self.assertRefused(message):
                    wizard.create(vals | {"deadline": utc(moment)}).action_set()
            vals["deadline"] = utc("2026-10-21 12:00")
            with self.assertRefused("Enter (why|the reason)"):
                wizard.create(vals | {"reason": ""}).action_set()
            with self.assertRaises(AccessError):
                wizard.with_user(self.technician).create(vals)
            wizard.create(vals).action_set()
        self.assertTimer(ticket, "reaction", deadline="2026-10-21 12:00")
        self.assertEqual(ticket.sla_event_ids[-1].note, "Umówione z Anną Nowak")
        self.assertTimer(ticket, "resolution", deadline="2026-10-20 15:00")

    def test_holidays_that_are_entered_later_move_open_deadlines(self):
        open_one = self._report("2026-10-16 15:00")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Awaria prądu",
                "company_id": self.company.id,
                "calendar_id": self.office.id,
                "date_from": utc("2026-10-19 00:00:00"),
                "date_to": utc("2026-10-19 23:59:59"),
            }
        )
        self.assertTimer(open_one, "reaction", deadline="2026-10-20 11:00")

    # By e-mail

    def test_a_ticket_from_an_email_counts_from_its_arrival(self):
        mail = (
            "Received: from mx.example.com by mail.example.org; "
            "Fri, 16 Oct 2026 15:00:30 +0200\n"
            "Received: from laptop by mx.example.com; Fri, 16 Oct 2026 03:00:00 +0200\n"
            "Date: Thu, 01 Oct 2026 10:00:00 +0200\n"
            "From: klient@example.com\nTo: pomoc@example.org\n"
            "Subject: Serwer\nMessage-Id: <sla-1@example.com>\n\nNie działa.\n"
        )
        with self._at("2026-10-18 12:00"):
            id_ = self.env["mail.thread"].message_process(
                "helpdesk.ticket",
                mail,
                custom_values={
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                },
            )
        ticket = self.env["helpdesk.ticket"].browse(id_)
        self.assertEqual(warsaw(ticket.reported_at), "2026-10-16 15:00")
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 11:00")

    def test_a_mail_that_does_not_say_when_it_arrived_came_now(self):
        mail = (
            "Received: nobody knows\nFrom: klient@example.com\n"
            "To: pomoc@example.org\nSubject: Serwer\n"
            "Message-Id: <sla-2@example.com>\n\nNie działa.\n"
        )
        with self._at("2026-10-16 15:00"):
            id_ = self.env["mail.thread"].message_process(
                "helpdesk.ticket", mail, custom_values={"company_id": self.company.id}
            )
        ticket = self.env["helpdesk.ticket"].browse(id_)
        self.assertEqual(warsaw(ticket.reported_at), "2026-10-16 15:00")

    # What is written by hand

    def test_the_log_and_the_timers_are_nobodys_to_write(self):
        ticket = self._report("2026-10-16 15:00")
        event, timer = ticket.sla_event_ids[:1], self._timer(ticket)
        for user in (self.technician, self.back_office, self.manager, self.accountant):
            with self.assertRaises(AccessError):
                event.with_user(user).write({"note": "x"})
            with self.assertRaises(AccessError):
                timer.with_user(user).write({"breached_at": False})
            with self.assertRaises(AccessError):
                timer.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.env["service.sla.event"].with_user(user).create(
                    {"ticket_id": ticket.id, "kind": "responded", "at": "2026-10-16"}
                )
        with self.assertRaises(AccessError):
            event.sudo().write({"note": "x"})
        with self.assertRaises(AccessError):
            event.sudo().unlink()

    def test_deadlines_are_not_typed(self):
        ticket = self._report("2026-10-16 15:00")
        with self.assertRefused("manager can set a new one"):
            ticket.service_deadline = utc("2027-01-01 12:00")
        with self.assertRefused("manager can set a new one"):
            self._report("2026-10-16 15:00", service_breach_at=False)
        forged = {"default_service_deadline": "2027-01-01 12:00:00"}
        with self.assertRefused("manager can set a new one"):
            ticket.with_context(**forged).create({"name": "x", "description": "x"})

    def test_people_of_another_team_or_company_stay_outside(self):
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Serwis",
                "company_id": self.company.id,
                "user_ids": [Command.set(self.technician.ids)],
            }
        )
        ticket = self._report("2026-10-16 15:00", team_id=team.id)
        self._escalate("2026-10-19 11:01")
        timer = self._timer(ticket)
        other = self._second_company()
        stranger = self._create_user("obcy", "group_manager", company=other)
        portal = self._create_user("klient", "base.group_portal")
        for user in (self.colleague, stranger, portal):
            for record in (timer, ticket.sla_event_ids):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["ticket_id"])
            with self.assertRaises(AccessError):
                self.env["service.sla.justification"].with_user(user).create(
                    {"timer_id": timer.id, "reason": "x"}
                ).action_justify()
            with self.assertRaises(AccessError):
                self.env["service.sla.answer"].with_user(user).create(
                    {"ticket_id": ticket.id, "note": "x"}
                ).action_answer()
        for user in (self.technician, self.back_office, self.accountant):
            self.assertTrue(timer.with_user(user).read(["deadline"]))

    def test_the_context_of_a_caller_does_not_hold_the_clocks(self):
        ticket = self._report("2026-10-19 08:00")
        with self._at("2026-10-19 10:00"):
            ticket.with_context(clocks=True).stage_id = self.waiting
        self.assertTimer(ticket, "reaction", state="paused")

    def test_the_customer_sees_where_the_promises_stand(self):
        ticket = self._report("2026-10-19 08:00")
        self._move(ticket, self.waiting, "2026-10-19 10:00")
        words = [promise["words"] for promise in ticket._promises_for_customer()]
        self.assertEqual(len(words), 2)
        self._move(ticket, self.closed, "2026-10-19 10:30")
        done, _resolved = ticket._promises_for_customer()
        self.assertIn("19.10, 10:30", done["words"])

    def test_the_customer_reads_what_a_paused_promise_waits_for(self):
        ticket = self._report("2026-10-19 08:00").with_context(lang="en_US")
        for waiting_for, words in (
            ("customer", "waiting for the customer"),
            ("supplier", "waiting for a supplier"),
            ("date", "waiting for the appointment"),
        ):
            with self.subTest(waiting_for):
                self.waiting.waiting_for = waiting_for
                self._move(ticket, self.waiting, "2026-10-19 10:00")
                for promise in ticket._promises_for_customer():
                    self.assertIn(words, promise["words"])

    def test_bad_targets_are_refused_with_a_sentence(self):
        empty = self._create_calendar("Pusty", [], 8, 16)
        with self.assertRefused("no fixed working hours", ValidationError):
            self._promise("reaction", 3, "hours", empty, priority="2")
        with self.assertRefused("no fixed working hours", ValidationError):
            self.tier.calendar_id = empty
        with self.assertRefused("has none", ValidationError):
            self._promise("reaction", 3, "hours", self.office, reported="outside")
        with mute_logger("odoo.sql_db"):
            with self.assertRefused("one_promise", UniqueViolation):
                self._promise("reaction", 3, "hours", self.office)
            with self.assertRefused("amount_positive", CheckViolation):
                self._promise("reaction", 0, "hours", self.office, priority="2")
        with self.assertRefused("wait for nothing", ValidationError):
            self.closed.waiting_for = "customer"

    def test_a_tier_needs_service_hours_only_for_what_speaks_of_them(self):
        tier = self._create_tier("Zwykły").with_user(self.manager)
        self._promise("reaction", 4, "hours", self.office, tier=tier)
        tier.calendar_id = self.office
        outside = self._promise(
            "reaction", 8, "hours", self.always, tier=tier, reported="outside"
        )
        with self.assertRefused("has none", ValidationError):
            tier.calendar_id = False
        outside.unlink()
        tier.calendar_id = False
        self.assertFalse(tier.calendar_id)

    def test_a_day_is_a_working_day_of_its_calendar(self):
        for calendar, minutes in ((self.office, 480), (self.weekdays, 1440)):
            target = self._promise("reaction", 1, "days", calendar, priority="2")
            self.assertEqual(target._minutes(), minutes)
            target.unlink()

    def test_the_live_clock_has_what_it_needs(self):
        ticket = self._report("2026-10-16 15:00")
        with self._at("2026-10-16 15:30"):
            ticket.invalidate_recordset()
            value = ticket.service_clock
        reaction, resolution = value["clocks"]
        self.assertEqual(
            (reaction["metric"], reaction["state"], reaction["elapsed"]),
            ("reaction", "running", 30),
        )
        self.assertEqual(reaction["deadline"] - value["now"], 4050)
        self.assertEqual(reaction["spans"][0], [value["now"], value["now"] + 30])
        self.assertEqual(resolution["target"], 960)

    def test_names_with_markup_stay_text(self):
        ticket = self._report("2026-10-16 15:00", name="<b>Serwer</b>")
        self._escalate("2026-10-19 10:00")
        self.assertNotIn(
            "<b>Serwer", Markup("").join(ticket.activity_ids.mapped("note"))
        )

    def test_clocks_keep_a_ticket_from_being_deleted(self):
        ticket = self._report("2026-10-16 15:00")
        timers = ticket.sudo().sla_timer_ids
        with self.assertRefused("Archive the ticket"):
            ticket.sudo().unlink()
        self.assertEqual(timers.exists(), timers)

    def test_a_calendar_that_promises_count_in_cannot_be_deleted(self):
        with mute_logger("odoo.sql_db"):
            with self.assertRefused("service_tier_target", RestrictViolation):
                self.office.unlink()
