from odoo.fields import Command
from odoo.tests import tagged

from .common import HELPDESK, MailCommon

AWAY = (
    # Gmail, Exchange, what forgets its headers, what a calendar answers
    ("Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes"),
    (
        "Subject: Automatic reply: Drukarka",
        "X-Auto-Response-Suppress: All",
        "Auto-Submitted: auto-generated",
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
    ),
    ("Subject: =?utf-8?q?Odpowied=C5=BA?= automatyczna: Drukarka",),
    ("Content-Type: text/calendar; method=REPLY",),
)


@tagged("post_install", "-at_install")
class TestAnswers(MailCommon):
    """An answer is what one of us wrote to the customer's people and one got."""

    def _asked(self):
        """A ticket whose clocks wait for the customer, and our question there."""
        ticket = self._report_by_mail()
        question = self._write(ticket, "2026-10-19 09:00")
        self._move(ticket, self.waiting, "2026-10-19 09:30")
        self.assertTimer(ticket, "resolution", state="paused")
        return ticket, question

    # Machines

    def test_who_is_away_does_not_answer(self):
        ticket, question = self._asked()
        for headers in AWAY:
            with self.subTest(headers=headers):
                same = self._reply(question, *headers, when="2026-10-19 10:00")
                self.assertEqual(same, ticket)
                self.assertTimer(ticket, "resolution", state="paused")
                self.assertEqual(ticket.stage_id, self.waiting)
                self.assertEqual(
                    ticket.message_ids[0].subtype_id, self.env.ref("mail.mt_note")
                )
                self.assertFalse(ticket.message_ids[0].notified_partner_ids)

    def test_a_technician_who_is_away_answers_nobody(self):
        ticket = self._report_by_mail()
        for headers in AWAY:
            self._reply(
                ticket.message_ids[-1],
                *headers,
                when="2026-10-19 10:00",
                sender="Technik <technik@serwis.example>",
            )
            self.assertTimer(ticket, "reaction", state="running")

    def test_a_machine_that_reports_gets_no_answer(self):
        with self._sent() as sent:
            ticket = self._report_by_mail("2026-10-19 08:00", "Precedence: bulk")
        self.assertTrue(ticket.by_machine)
        self.assertEqual(ticket.partner_id, self.jan)
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 12:00")
        self.assertFalse(self._to(sent, "jan@klient.example"))
        self.assertTrue(self._to(sent, "technik@serwis.example"))
        again = self._report_by_mail("2026-10-19 08:01", "Precedence: bulk")
        self.assertNotEqual(again, ticket)

    def test_who_is_away_makes_no_tickets(self):
        """25 of them, of a customer whose tier takes no e-mail: nobody is answered."""
        self.tier.channel_ids = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_channel_phone"
        )
        with self._sent() as sent:
            tickets = self.env["helpdesk.ticket"].union(
                *(
                    self._report_by_mail("2026-10-19 08:00", *AWAY[0])
                    for _n in range(25)
                )
            )
        self.assertEqual(len(tickets), 1)
        self.assertEqual(len(tickets.message_ids.filtered("email_from")), 25)
        self.assertFalse(self._to(sent, "jan@klient.example"))

    def test_who_is_away_answers_our_mail_without_naming_it(self):
        ticket = self._report_by_mail()
        subject = f"Subject: Automatyczna odpowiedź: {ticket.number}: mamy zgłoszenie"
        same = self._report_by_mail("2026-10-19 08:05", subject)
        self.assertEqual(same, ticket)
        stranger = self._report_by_mail(
            "2026-10-19 08:05", subject, sender="x@obca.example"
        )
        self.assertNotEqual(stranger, ticket)

    def test_our_own_list_is_no_machine(self):
        ticket, question = self._asked()
        self._reply(
            question,
            "Precedence: list",
            "List-Id: Pomoc <pomoc.serwis.example>",
            when="2026-10-19 10:00",
        )
        self.assertTimer(ticket, "resolution", state="running")

    def test_a_mailbox_of_odoo_answers_no_machine(self):
        mail = self._mail(
            "To: odpowiedzi@serwis.example", "Auto-Submitted: auto-replied"
        )
        with self._sent() as sent:
            self.env["mail.thread"].message_process(False, mail)
        self.assertFalse(sent)
        mail = self._mail("To: odpowiedzi@serwis.example")
        with self._sent() as sent:
            self.env["mail.thread"].message_process(False, mail)
        (bounce,) = sent
        self.assertEqual(bounce.headers["Auto-Submitted"], "auto-generated")

    # What an answer is

    def test_a_message_to_the_customers_people(self):
        ticket = self._report_by_mail()
        self.assertIn(self.jan, ticket.message_partner_ids)
        self._write(ticket, "2026-10-19 09:00")
        self.assertTimer(ticket, "reaction", state="met", stopped_at="2026-10-19 09:00")

    def test_a_colleague_of_who_reported_it_got_it(self):
        ticket = self._report_by_mail()
        ticket.message_unsubscribe(self.jan.ids)
        anna = self._person("Anna", "anna@klient.example")
        self._write(ticket, "2026-10-19 09:00", partner_ids=anna.ids)
        self.assertTimer(ticket, "reaction", state="met")

    def test_a_message_that_reaches_nobody(self):
        ticket = self._report_by_mail()
        ticket.message_unsubscribe(ticket.message_partner_ids.ids)
        self._write(ticket, "2026-10-19 09:00")
        self.assertTimer(ticket, "reaction", state="running")
        silent = self._person("Bez adresu", False)
        self._write(ticket, "2026-10-19 09:10", partner_ids=silent.ids)
        self.assertTimer(ticket, "reaction", state="running")

    def test_a_message_to_somebody_else_that_the_customer_sees(self):
        ticket = self._report_by_mail()
        supplier = self.env["res.partner"].create(
            {"name": "Hurtownia", "email": "znana@hurtownia.example"}
        )
        self._write(ticket, "2026-10-19 09:00", partner_ids=supplier.ids)
        self.assertTimer(ticket, "reaction", state="running")

    def test_a_message_that_leaves_later_is_no_answer_before(self):
        ticket = self._report_by_mail()
        self._write(ticket, "2026-10-19 09:00", scheduled_date="2030-01-01 08:00")
        self.assertTimer(ticket, "reaction", state="running")
        with self._at("2026-10-19 10:00"):
            self.env["mail.message.schedule"].search([])._send_notifications()
        self.assertTimer(ticket, "reaction", state="met", stopped_at="2026-10-19 10:00")

    def test_a_mail_to_a_supplier_with_us_in_copy(self):
        ticket = self._report_by_mail()
        ticket.message_unsubscribe(self.jan.ids)
        supplier = self.env["res.partner"].create(
            {"name": "Hurtownia", "email": "znana@hurtownia.example"}
        )
        for address in ("serwis@hurtownia.example", supplier.email):
            self._reply(
                ticket.message_ids[-1],
                f"To: {address}",
                f"Cc: {HELPDESK}",
                when="2026-10-19 09:00",
                sender="Technik <technik@serwis.example>",
            )
            aside = ticket.message_ids[0]
            self.assertTrue(aside.is_internal or aside.subtype_id.internal)
            self.assertNotIn(self.jan, aside.notified_partner_ids)
        self.assertTimer(ticket, "reaction", state="running")
        self._reply(
            ticket.message_ids[-1],
            "To: Jan <jan@klient.example>",
            f"Cc: {HELPDESK}",
            when="2026-10-19 09:30",
            sender="Technik <technik@serwis.example>",
        )
        self.assertTimer(ticket, "reaction", state="met", stopped_at="2026-10-19 09:30")

    def test_who_passes_a_mail_on_answers_nobody(self):
        mail = self._mail(
            "To: Jan <jan@klient.example>",
            f"Cc: {HELPDESK}",
            sender="Technik <technik@serwis.example>",
        )
        with self._at("2026-10-19 08:00"):
            ticket = self._receive(mail)
        with self._at("2026-10-19 08:10"):
            ticket.with_user(self.technician).partner_id = self.jan
        self.assertTimer(ticket, "reaction", state="running")

    def test_a_customers_person_who_serves_tickets_elsewhere(self):
        user = self._create_user("oboje", "group_technician")
        user.partner_id.write(
            {"email": "oboje@klient.example", "parent_id": self.customer.id}
        )
        ticket = self._report_by_mail(sender="oboje@klient.example")
        self._write(ticket, "2026-10-19 08:30", user, partner_ids=self.jan.ids)
        self.assertTimer(ticket, "reaction", state="running")

    def test_who_serves_no_tickets_answers_nobody(self):
        ticket = self._report_by_mail()
        employee = self._create_user("magazyn", "base.group_user")
        with self._at("2026-10-19 09:00"):
            ticket.message_post(
                body="Cześć",
                author_id=employee.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        self.assertTimer(ticket, "reaction", state="running")

    def test_the_address_of_somebody_unknown(self):
        ticket = self._report_by_mail(sender="Ewa <ewa@obca.example>")
        answer = self._write(
            ticket, "2026-10-19 09:00", outgoing_email_to="ewa@obca.example"
        )
        self._received(answer, "2026-10-19 09:00")
        ewa = self._person("Ewa", "ewa@obca.example")
        with self._at("2026-10-19 11:00"):
            ticket.with_user(self.technician).partner_id = ewa
        self.assertTimer(ticket, "reaction", state="met")

    def test_the_former_customer_got_it(self):
        ticket = self._report_by_mail()
        other = self.env["res.partner"].create(
            {"name": "Firma B", "is_company": True, "email": "b@klient-b.example"}
        )
        self._create_contract(other, code="VIP/2")
        with self._at("2026-10-19 08:30"):
            ticket.with_user(self.technician).partner_id = other
        self._write(ticket, "2026-10-19 09:00", partner_ids=self.jan.ids)
        self.assertTimer(ticket, "reaction", state="running")

    # What the customer's word does

    def test_the_customers_word_moves_the_ticket(self):
        ticket, question = self._asked()
        self._reply(question, when="2026-10-19 10:00")
        self.assertEqual(ticket.stage_id, self.company.service_replied_stage_id)
        self.assertTimer(ticket, "resolution", state="running")
        self.assertIn(
            ticket.sla_event_ids[-1].note, ("The customer wrote.", "Klient napisał.")
        )
        self._move(ticket, self.waiting, "2026-10-19 10:30")
        self.assertTimer(ticket, "resolution", state="paused")

    def test_it_moves_a_ticket_without_clocks(self):
        self.tier.target_ids.unlink()
        ticket = self._report_by_mail()
        question = self._write(ticket, "2026-10-19 09:00")
        self._move(ticket, self.waiting, "2026-10-19 09:30")
        self._reply(question, when="2026-10-19 10:00")
        self.assertEqual(ticket.stage_id, self.company.service_replied_stage_id)

    def test_a_company_without_that_stage_goes_on_working(self):
        self.company.service_replied_stage_id = False
        ticket, question = self._asked()
        self._reply(question, when="2026-10-19 10:00")
        working = self.env["helpdesk.ticket.stage"].search(
            [("closed", "=", False), ("unattended", "=", False)]
        )
        self.assertIn(ticket.stage_id, working.filtered(lambda s: not s.waiting_for))

    def test_a_stage_of_another_team_is_not_taken(self):
        self.company.service_replied_stage_id.team_ids = self.env[
            "helpdesk.ticket.team"
        ].create({"name": "Inny", "company_id": self.company.id})
        ticket, question = self._asked()
        self._reply(question, when="2026-10-19 10:00")
        self.assertEqual(ticket.stage_id, self.progress)

    def test_it_waits_on_for_a_supplier(self):
        ticket = self._report_by_mail()
        parts = self.waiting.copy({"name": "Części", "waiting_for": "supplier"})
        question = self._write(ticket, "2026-10-19 09:00")
        self._move(ticket, parts, "2026-10-19 09:30")
        self._reply(question, when="2026-10-19 10:00")
        self.assertEqual(ticket.stage_id, parts)
        self.assertTimer(ticket, "resolution", state="paused")

    def test_a_stranger_moves_nothing(self):
        ticket, question = self._asked()
        self._reply(question, when="2026-10-19 10:00", sender="x@obca.example")
        self.assertEqual(ticket.stage_id, self.waiting)
        self.assertTimer(ticket, "resolution", state="paused")

    def test_what_is_written_from_outside_reaches_somebody(self):
        """Nobody took the ticket, so nobody of us follows it."""

        def told():
            people = ticket.message_ids[0].notified_partner_ids
            return people.filtered(lambda one: not one.partner_share)

        ticket = self._report_by_mail()
        first = ticket.message_ids.filtered(lambda one: one.message_type == "email")
        for sender in ("jan@klient.example", "x@obca.example"):
            self._reply(first, when="2026-10-19 08:30", sender=sender)
            self.assertEqual(told(), (self.technician | self.colleague).partner_id)
        with self._at("2026-10-19 08:40"):
            ticket.with_user(self.technician).user_id = self.technician
        self._reply(first, when="2026-10-19 08:45")
        self.assertEqual(told(), self.technician.partner_id)
        self.team.user_ids = [Command.clear()]
        self.technician.active = False
        self._reply(first, when="2026-10-19 08:50")
        self.assertIn(self.back_office.partner_id, told())
