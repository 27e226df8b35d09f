from ast import literal_eval

from lxml import etree

from odoo.tests import tagged

from .common import SlaCommon, utc, warsaw


@tagged("post_install", "-at_install")
class TestEscalation(SlaCommon):
    """Somebody is told in time: once, the right one, and after downtime as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.target = cls._promise("reaction", 4, "hours", cls.office)
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Serwis",
                "company_id": cls.company.id,
                "user_id": cls.manager.id,
                "user_ids": [(6, 0, (cls.technician | cls.colleague).ids)],
            }
        )

    def _ticket(self, when="2026-10-19 08:00"):
        return self._report(when, team_id=self.team.id, user_id=self.technician.id)

    def _told(self, ticket):
        events = ticket.sla_event_ids.filtered(lambda e: e.kind == "escalated")
        return events.sorted("id").mapped("percent")

    def test_each_threshold_tells_once(self):
        ticket = self._ticket()
        self._escalate("2026-10-19 10:59")
        self.assertEqual(self._told(ticket), [])
        self._escalate("2026-10-19 11:00")
        self.assertEqual(self._told(ticket), [75])
        self.assertEqual(ticket.activity_ids.user_id, self.technician)
        self._escalate("2026-10-19 11:30")
        self.assertEqual(len(ticket.activity_ids), 1)
        self._escalate("2026-10-19 12:00")
        self.assertEqual(self._told(ticket), [75])
        self._escalate("2026-10-19 12:01")
        self.assertEqual(self._told(ticket), [75, 100])
        self.assertTimer(ticket, "reaction", breached_at="2026-10-19 12:00")
        self.assertEqual(len(ticket.activity_ids), 2)
        self._escalate("2026-10-19 15:00")
        self.assertEqual(len(ticket.activity_ids), 2)
        self.assertFalse(self._timer(ticket).next_check_at)

    def test_the_team_leader_gets_the_mail(self):
        ticket = self._ticket()
        before = self.env["mail.mail"].search([])
        self._escalate("2026-10-19 12:01")
        mail = self.env["mail.mail"].search([]) - before
        mail = mail.filtered(lambda m: self.manager.partner_id in m.recipient_ids)
        self.assertEqual(len(mail), 1)
        self.assertIn(ticket.number, mail.subject)

    def test_a_note_for_the_team_leader(self):
        self.target.threshold_ids.filtered(
            lambda t: t.percent == 100
        ).notify_leader = "note"
        ticket = self._ticket()
        self._escalate("2026-10-19 12:01")
        notes = ticket.message_ids.filtered(
            lambda m: self.manager.partner_id in m.partner_ids
        )
        self.assertEqual(len(notes), 1)
        self.assertTrue(notes.subtype_id.internal)

    def test_after_downtime_everything_counts_but_the_last_one_speaks(self):
        ticket = self._ticket()
        self._escalate("2026-10-20 09:00")
        self.assertEqual(self._told(ticket), [75, 100])
        self.assertEqual(len(ticket.activity_ids), 1)
        self.assertTimer(ticket, "reaction", breached_at="2026-10-19 12:00")

    def test_a_breach_is_noted_even_where_nobody_wants_to_be_told(self):
        self.target.threshold_ids.enabled = False
        ticket = self._ticket()
        self._escalate("2026-10-19 12:01")
        self.assertTimer(ticket, "reaction", breached_at="2026-10-19 12:00")
        self.assertEqual(ticket.sla_event_ids.mapped("kind"), ["started", "breached"])
        self.assertFalse(ticket.activity_ids)

    def test_what_is_paused_or_done_tells_nobody(self):
        paused, done = self._ticket(), self._ticket()
        self._move(paused, self.waiting, "2026-10-19 09:00")
        self._move(done, self.closed, "2026-10-19 09:00")
        self._escalate("2026-10-19 16:00")
        self.assertEqual(self._told(paused) + self._told(done), [])

    def test_an_archived_ticket_tells_nobody_until_it_is_back(self):
        ticket = self._ticket()
        with self._at("2026-10-19 09:00"):
            ticket.with_user(self.back_office).active = False
        self.assertFalse(self._timer(ticket).next_check_at)
        self._escalate("2026-10-19 12:01")
        self.assertFalse(ticket.activity_ids)
        self.assertEqual(self._told(ticket), [])
        with self._at("2026-10-19 12:30"):
            ticket.with_user(self.back_office).active = True
        self.assertTimer(ticket, "reaction", breached_at="2026-10-19 12:00")
        self._escalate("2026-10-19 12:31")
        self.assertEqual(self._told(ticket), [75, 100])
        self.assertEqual(len(ticket.activity_ids), 1)

    def test_a_check_that_is_due_on_an_archived_ticket_tells_nobody(self):
        """As where the ticket was archived by other means than our form."""
        ticket = self._ticket()
        self.cr.execute(
            "UPDATE helpdesk_ticket SET active = false WHERE id = %s", ticket.ids
        )
        ticket.invalidate_recordset()
        self._escalate("2026-10-19 12:01")
        self.assertEqual(self._told(ticket), [])
        self.assertFalse(self._timer(ticket).next_check_at)
        self.assertTimer(ticket, "reaction", breached_at="2026-10-19 12:00")

    def test_people_who_left_are_told_nothing(self):
        for left, expected in (
            (self.technician, self.manager),
            (self.manager, self.back_office),
        ):
            ticket = self._ticket()
            left.active = False
            mails = self.env["mail.mail"].search([])
            self._escalate("2026-10-19 12:01")
            self.assertEqual(ticket.activity_ids.user_id, expected)
            told = (self.env["mail.mail"].search([]) - mails).recipient_ids
            self.assertNotIn(left.partner_id, told)

    def test_an_answer_ends_the_reminder(self):
        ticket = self._ticket()
        self._escalate("2026-10-19 11:00")
        with self._at("2026-10-19 11:30"):
            ticket.message_post(
                body="Już jadę",
                author_id=self.technician.partner_id.id,
                message_type="comment",
                partner_ids=self.customer.ids,
                subtype_xmlid="mail.mt_comment",
            )
        self.assertFalse(ticket.activity_ids)

    def test_the_cron_wakes_for_the_next_moment_and_for_nothing_else(self):
        cron = self.env.ref("helpdesk_service_contract.cron_sla_escalation")
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
        self._ticket()

        def moments():
            triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
            return [warsaw(at) for at in triggers.sorted("id").mapped("call_at")]

        self.assertEqual(moments(), ["2026-10-19 11:00"])
        self._escalate("2026-10-19 11:00")
        self.assertEqual(moments()[-1], "2026-10-19 12:01")

    def test_one_ticket_that_cannot_be_told_of_stops_no_other(self):
        good, bad = self._ticket(), self._ticket("2026-10-19 08:01")
        bad.name = "Zły"
        template = self.env.ref(
            "helpdesk_service_contract.mail_template_sla_escalation"
        )
        for code, _name in self.env["res.lang"].get_installed():
            subject = "{{ 1 / int(object.ticket_id.name != 'Zły') }}"
            template.with_context(lang=code).subject = subject
        with self.assertLogs("odoo.addons.helpdesk_service_contract", "ERROR"):
            self._escalate("2026-10-19 12:02")
        self.assertEqual((self._told(bad), self._told(good)), ([], [75, 100]))
        self.assertTimer(bad, "reaction", breached_at="2026-10-19 12:01")
        self.assertIn("breached", bad.sla_event_ids.mapped("kind"))
        cron = self.env.ref("helpdesk_service_contract.cron_sla_escalation")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        later = triggers.filtered(lambda t: t.call_at >= utc("2026-10-19 12:02"))
        self.assertFalse(later, "the hourly run tries again, and none before")

    def test_whoever_is_asked_says_why(self):
        ticket = self._ticket()
        self._escalate("2026-10-19 12:01")
        timer = self._timer(ticket)
        self.assertTrue(ticket.to_justify)
        wizard = self.env["service.sla.justification"].with_user(self.technician)
        with self.assertRefused("Enter (why|the reason)"):
            wizard.create({"timer_id": timer.id, "reason": " "}).action_justify()
        wizard.create({"timer_id": timer.id, "reason": "Awaria łącza"}).action_justify()
        self.assertEqual(timer.justification, "Awaria łącza")
        self.assertEqual(timer.justified_by_id, self.technician)
        ticket.invalidate_recordset()
        self.assertFalse(ticket.to_justify)

    def _filters(self):
        """The domains of the filters that are on the screen."""
        view = self.env.ref("helpdesk_service_contract.helpdesk_ticket_view_search_sla")
        arch = etree.fromstring(view.arch)
        return {
            node.get("name"): literal_eval(node.get("domain"))
            for node in arch.iter("filter")
            if node.get("domain")
        }

    def test_filters_find_what_is_late_at_risk_or_due_today(self):
        """Deadlines are at noon on Monday, and on Tuesday at noon and at its end."""
        ticket = self._ticket()
        tuesday = self._ticket("2026-10-19 16:00")
        self.target.amount = 8
        later = self._ticket("2026-10-19 16:00")
        tickets = self.env["helpdesk.ticket"].with_user(self.technician)
        filters, ours = self._filters(), ticket | tuesday | later
        for name, moment, expected in (
            ("sla_risk", "2026-10-19 10:59", 0),
            ("sla_risk", "2026-10-19 11:00", ticket),
            ("sla_risk", "2026-10-19 12:00", ticket),
            ("sla_risk", "2026-10-19 12:01", 0),
            ("sla_late", "2026-10-19 12:00", 0),
            ("sla_late", "2026-10-19 12:01", ticket),
            ("sla_breached", "2026-10-19 12:00", 0),
            ("sla_breached", "2026-10-19 12:01", ticket),
            ("sla_today", "2026-10-19 09:00", ticket),
            ("sla_today", "2026-10-20 09:00", tuesday | later),
            ("sla_today", "2026-10-18 23:59", 0),
            ("sla_paused", "2026-10-19 09:00", 0),
        ):
            with self.subTest(name, moment=moment), self._at(moment):
                found = tickets.search([*filters[name], ("id", "in", ours.ids)])
                self.assertEqual(found, expected or tickets)
