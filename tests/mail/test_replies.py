from odoo.tests import tagged

from .common import MailCommon


@tagged("post_install", "-at_install")
class TestReplies(MailCommon):
    """A reply to a closed ticket reaches somebody, and the clock follows."""

    def _closed(self, when="2026-10-19 15:00", **vals):
        ticket = self._report_by_mail()
        answer = self._write(ticket, "2026-10-19 09:00")
        if vals:
            ticket.write(vals)
        self._move(ticket, self.closed, when)
        return ticket, answer

    def test_it_opens_the_ticket_again(self):
        ticket, answer = self._closed()
        self.assertTimer(ticket, "resolution", state="met", elapsed_minutes=420)
        same = self._reply(answer, when="2026-10-23 08:00")
        self.assertEqual(same, ticket)
        self.assertEqual(ticket.stage_id, self.company.service_replied_stage_id)
        self.assertFalse(ticket.closed_date)
        self.assertTimer(
            ticket, "resolution", state="running", deadline="2026-10-26 09:00"
        )
        self.assertEqual(ticket.sla_event_ids[-1].kind, "reopened")

    def test_the_technician_is_asked_to_take_it_up(self):
        ticket, answer = self._closed(user_id=self.technician.id)
        self._reply(answer, when="2026-10-23 08:00")
        self.assertEqual(ticket.activity_ids.user_id, self.technician)

    def test_the_team_is_asked_where_the_technician_left(self):
        ticket, answer = self._closed(user_id=self.technician.id)
        self.technician.active = False
        self.team.user_id = self.colleague
        self._reply(answer, when="2026-10-23 08:00")
        self.assertEqual(ticket.activity_ids.user_id, self.colleague)
        self.assertIn(
            self.colleague.partner_id, ticket.message_ids.notified_partner_ids
        )

    def test_back_office_is_asked_where_there_is_no_team(self):
        ticket, answer = self._closed(team_id=False)
        self._reply(answer, when="2026-10-23 08:00")
        self.assertEqual(ticket.activity_ids.user_id, self.back_office)

    def test_days_are_the_companys(self):
        """Closed at 00:30 on the 20th in Warsaw: 14 days end on 3 November there."""
        ticket, answer = self._closed("2026-10-20 00:30")
        self._reply(answer, when="2026-11-03 23:50")
        self.assertFalse(ticket.stage_id.closed)

    def test_later_it_makes_a_new_ticket(self):
        ticket, answer = self._closed()
        with self._sent() as sent:
            self._reply(
                answer,
                "Subject: Odp: Re: Drukarka znowu",
                when="2026-11-03 08:00",
                body="Znowu nie drukuje.",
            )
        self.assertEqual(ticket.stage_id, self.closed)
        new = ticket.follow_up_ids
        self.assertEqual(new.name, "Drukarka znowu")
        self.assertIn("Znowu nie drukuje.", new.description)
        self.assertEqual((new.partner_id, new.team_id), (self.jan, self.team))
        self.assertFalse(new.user_id)
        self.assertTimer(new, "reaction", deadline="2026-11-03 12:00")
        self.assertIn(new.number, ticket.message_ids[0].body)
        (word,) = new.message_ids.filtered(lambda one: one.message_type == "email")
        self.assertEqual(word.author_id, self.jan)
        self.assertEqual(len(self._to(sent, "technik@serwis.example")), 1)
        (receipt,) = self._to(sent, "jan@klient.example")
        self.assertIn(new.number, receipt.subject)

    def test_what_comes_after_goes_to_the_same_one(self):
        ticket, answer = self._closed()
        self._reply(answer, when="2026-11-03 08:00")
        new = ticket.follow_up_ids
        self.assertEqual(self._reply(answer, when="2026-11-03 09:00"), new)
        self.assertEqual(ticket.follow_up_ids, new)

    def test_never_again_by_the_company(self):
        self.company.service_reopen_days = 0
        ticket, answer = self._closed()
        self._reply(answer, when="2026-10-20 08:00")
        self.assertTrue(ticket.follow_up_ids)

    def test_on_the_portal_as_well(self):
        user = self._create_user("portal", "base.group_portal")
        user.partner_id.write({"parent_id": self.customer.id, "email": "p@x.example"})
        ticket, _answer = self._closed()
        self._write(ticket, "2026-10-23 08:00", user, "Znowu!")
        self.assertEqual(ticket.stage_id, self.company.service_replied_stage_id)
        self._move(ticket, self.closed, "2026-10-23 09:00")
        self._write(ticket, "2026-11-07 08:00", user, "I znowu!")
        new = ticket.follow_up_ids
        self.assertEqual(new.partner_id, user.partner_id)
        self.assertIn("I znowu!", new.description)
        self.assertEqual(
            new.channel_id, self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_web")
        )
        self.assertTrue(new.with_user(user).has_access("read"))

    def test_what_we_write_late_stays_there(self):
        ticket, _answer = self._closed()
        self._write(ticket, "2026-12-01 08:00")
        self.assertFalse(ticket.follow_up_ids)
        self.assertEqual(ticket.stage_id, self.closed)

    def test_machines_open_nothing(self):
        ticket, answer = self._closed()
        for when in ("2026-10-20 08:00", "2026-12-01 08:00"):
            same = self._reply(answer, "Auto-Submitted: auto-replied", when=when)
            self.assertEqual(same, ticket)
        self.assertEqual(ticket.stage_id, self.closed)
        self.assertFalse(ticket.follow_up_ids)

    def test_a_strangers_reply_opens_nothing_but_is_told(self):
        ticket, answer = self._closed()
        self._reply(answer, when="2026-10-23 08:00", sender="x@obca.example")
        self.assertEqual(ticket.stage_id, self.closed)
        self.assertTrue(ticket.message_ids[0].notified_partner_ids)
