from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

from ..common import MODULE
from .common import MailCommon, read

AUTOMATIC = {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply",
}


@tagged("post_install", "-at_install")
class TestNotices(MailCommon):
    """Who is told what, and when, from the report to the end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # As in a company at work, and other than in most tests.
        cls.env = cls.env(
            context={
                name: value
                for name, value in cls.env.context.items()
                if name not in DISABLED_MAIL_CONTEXT
            }
        )
        cls.env["res.lang"]._activate_lang("pl_PL")
        for name in ("customer", "jan", "technician", "company", "team", "back_office"):
            setattr(cls, name, getattr(cls, name).with_env(cls.env))

    def _tickets(self, user):
        return self.env["helpdesk.ticket"].with_user(user)

    def _report_by_phone(self, when="2026-10-19 08:00", user=None, **vals):
        vals = {
            "name": "Drukarka nie drukuje",
            "description": "Świeci na czerwono",
            "partner_id": self.jan.id,
            "company_id": self.company.id,
        } | vals
        with self._at(when):
            return self._tickets(user or self.technician).create(vals)

    # A report came in

    def test_a_report_by_phone(self):
        with self._sent() as sent:
            ticket = self._report_by_phone(user_id=False)
        self.assertEqual(ticket.team_id, self.team)
        self.assertIn(self.jan, ticket.message_partner_ids)
        (told,) = self._to(sent, "kolega@serwis.example")
        self.assertIn(ticket.number, told.subject)
        self.assertIn("poniedziałek, 19 października, 12:00", told.body)
        self.assertFalse(self._to(sent, "technik@serwis.example"))
        (receipt,) = self._to(sent, "jan@klient.example")
        self.assertIn(ticket.number, receipt.subject)
        self.assertIn("Drukarka nie drukuje", receipt.body)
        self.assertIn("poniedziałek, 19 października, 12:00", receipt.body)
        self.assertIn("zostało 2:00", receipt.body)
        self.assertIn(f"res_id={ticket.id}", receipt.body)
        self.assertNotIn("Odoo", receipt.body)
        self.assertIn("biuro@serwis.example", receipt.mail.email_from)
        for mail in sent:
            self.assertEqual(
                AUTOMATIC.items() & mail.headers.items(), AUTOMATIC.items()
            )

    def test_the_receipt_says_what_it_costs_and_the_ticket_does_not(self):
        """Each policy with and without hours; the price is for the customer alone."""
        for policy, minutes, words, priced in (
            ("ask", 0, "Your contract does not cover this. We ask you", False),
            ("bill", 0, "It is charged:", True),
            ("ask", 120, "2:00 are left.", False),
            ("bill", 120, "2:00 are left.", False),
        ):
            with self.subTest(policy=policy, minutes=minutes):
                self.contract.write(
                    {"overage_policy": policy, "allowance_minutes": minutes}
                )
                self.jan.lang = "en_US"
                with self._sent() as sent:
                    ticket = self._report_by_phone()
                (receipt,) = self._to(sent, "jan@klient.example")
                self.assertIn(words, receipt.body)
                self.assertEqual("120,00" in receipt.body, priced)
                for message in ticket.message_ids:
                    self.assertNotIn("120", message.body)

    def test_who_takes_it_at_once_needs_no_telling(self):
        with self._sent() as sent:
            self._report_by_phone(user_id=self.technician.id)
        self.assertEqual([mail.to for mail in sent if "klient" not in mail.to], [])

    def test_a_report_by_mail(self):
        with self._sent() as sent:
            ticket = self._report_by_mail()
        (receipt,) = self._to(sent, "jan@klient.example")
        self.assertIn(ticket.number, receipt.subject)
        report = ticket.message_ids.filtered(lambda one: one.message_type == "email")
        self.assertIn(report.message_id, receipt.mail.references)
        for name in ("technik", "kolega"):
            self.assertEqual(len(self._to(sent, f"{name}@serwis.example")), 1)

    def test_a_report_by_a_tool_and_on_the_portal(self):
        """Both are made as the superuser, for a person of the customer."""
        user = self._create_user("portal", "base.group_portal")
        user.partner_id.write({"parent_id": self.customer.id, "email": "p@x.example"})
        with self._sent() as sent, self._at("2026-10-19 08:00"):
            ticket = (
                self._tickets(user)
                .sudo()
                .create(
                    {
                        "name": "Brak sieci",
                        "description": "x",
                        "partner_id": user.partner_id.id,
                        "company_id": self.company.id,
                        "user_id": False,
                    }
                )
            )
        self.assertEqual(ticket.team_id, self.team)
        self.assertEqual(len(self._to(sent, "p@x.example")), 1)
        self.assertEqual(len(self._to(sent, "technik@serwis.example")), 1)

    def test_one_answer_a_day_to_the_mails_of_an_address(self):
        with self._sent() as sent:
            self._report_by_mail("2026-10-19 08:00")
            self._report_by_mail("2026-10-19 09:00", sender="JAN@klient.example")
            self._report_by_mail("2026-10-19 23:59")
        self.assertEqual(len(self._to(sent, "jan@klient.example")), 1)
        with self._sent() as sent:
            self._report_by_mail("2026-10-20 00:01")
            self._report_by_phone("2026-10-20 08:00")
        self.assertEqual(len(self._to(sent, "jan@klient.example")), 2)

    def test_somebody_unknown_gets_a_receipt_without_a_promise(self):
        with self._sent() as sent:
            ticket = self._report_by_mail(sender="Ewa <ewa@obca.example>")
        (receipt,) = self._to(sent, "ewa@obca.example")
        self.assertIn(ticket.number, receipt.subject)
        self.assertNotIn("godziny", receipt.body)
        self.assertFalse(
            self.env["res.partner"].search([("email", "ilike", "ewa@obca")])
        )

    def test_who_forwards_a_mail_gets_no_receipt(self):
        with self._sent() as sent:
            self._report_by_mail(sender="Technik <technik@serwis.example>")
        self.assertFalse(
            [m for m in sent if "mamy" in m.subject or "have" in m.subject]
        )

    def test_what_is_imported_or_closed_tells_nobody(self):
        with self._sent() as sent:
            self._report_by_phone(stage_id=self.closed.id)
            with self._at("2026-10-19 08:00"):
                self._tickets(self.manager).with_context(import_file=True).create(
                    {"name": "x", "description": "x", "partner_id": self.jan.id}
                )
        self.assertFalse(self._to(sent, "jan@klient.example"))

    def test_an_archived_template_is_not_sent(self):
        self.env.ref(f"{MODULE}.mail_template_received").active = False
        with self._sent() as sent:
            self._report_by_phone()
        self.assertFalse(self._to(sent, "jan@klient.example"))

    def test_the_wrong_channel_is_told_with_the_receipt(self):
        phone = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
        self.tier.channel_ids = phone
        with self._sent() as sent:
            self._report_by_mail()
        (receipt,) = self._to(sent, "jan@klient.example")
        self.assertIn(phone.with_context(lang="pl_PL").name, receipt.body)

    # Teams

    def test_a_new_technician_joins_the_team(self):
        new = self._create_user("nowy", "group_technician")
        self.assertIn(new, self.team.user_ids)
        office = self._create_user("biuro2", "group_back_office")
        self.assertNotIn(office, self.team.user_ids)
        employee = self._create_user("kadry", "base.group_user")
        self.assertNotIn(employee, self.team.user_ids)
        employee.group_ids = [
            Command.link(self.env.ref(f"{MODULE}.group_technician").id)
        ]
        self.assertIn(employee, self.team.user_ids)

    def test_who_has_a_team_stays_there(self):
        own = self.env["helpdesk.ticket.team"].create(
            {"name": "Sieci", "company_id": self.company.id}
        )
        user = self._create_user("sieciowiec", "base.group_user")
        own.user_ids = [Command.link(user.id)]
        user.group_ids = [Command.link(self.env.ref(f"{MODULE}.group_technician").id)]
        self.assertNotIn(user, self.team.user_ids)
        ticket = self._report_by_phone(user=user, user_id=False)
        self.assertEqual(ticket.team_id, own)

    def test_a_ticket_taken_off_its_team_stays_so(self):
        ticket = self._report_by_phone()
        ticket.team_id = False
        ticket.user_id = False
        self.assertFalse(ticket.team_id)
        self.assertFalse(self._report_by_phone(team_id=False).team_id)

    def test_back_office_is_told_where_the_team_is_empty(self):
        self.back_office.partner_id.email = "biuro@serwis.example"
        self.team.user_ids = [Command.clear()]
        with self._sent() as sent:
            self._report_by_mail()
        self.assertTrue(self._to(sent, "biuro@serwis.example"))

    # The way to the end

    def test_the_stage_that_waits_asks_the_customer(self):
        awaiting = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_awaiting")
        ticket = self._report_by_phone()
        self._write(ticket, "2026-10-19 09:00", body="Czy świeci dioda?")
        self._write(
            ticket, "2026-10-19 09:05", body="Tajne", subtype_xmlid="mail.mt_note"
        )
        with self._sent() as sent:
            self._move(ticket, awaiting, "2026-10-19 09:10")
        (mail,) = self._to(sent, "jan@klient.example")
        self.assertIn("Czy świeci dioda?", mail.body)
        self.assertNotIn("Tajne", mail.body)
        self.assertEqual(mail.headers["Auto-Submitted"], "auto-generated")
        self.assertFalse(self._to(sent, "technik@serwis.example"))

    def _close(self, ticket, when="2026-10-19 15:00"):
        with self._sent() as sent, self._at(when):
            ticket.with_user(self.technician).stage_id = self.closed
            self._commit()
        return self._to(sent, "jan@klient.example")

    def test_the_end_says_what_was_done_and_what_it_costs(self):
        ticket = self._report_by_phone()
        self._log_on(ticket, 90, "2026-10-19", name="Wymiana tonera")
        self._log_on(ticket, 60, "2026-10-19", name="Test wydruku")
        (mail,) = self._close(ticket)
        for words in (
            "Wymiana tonera",
            "Test wydruku",
            "1:30",
            "2:30",
            "3:00",
            "120,00",
            "2:00",
            "2 listopada 2026",
            f"res_id={ticket.id}",
        ):
            self.assertIn(words, mail.body)
        self.assertNotIn(self.technician.name, mail.body)
        self.assertNotIn("Odoo", mail.body)
        kept = ticket.message_ids.filtered(
            lambda one: one.message_type == "auto_comment"
        )
        self.assertNotIn("120,00", "".join(kept.mapped("body")))

    def test_the_end_of_what_was_free(self):
        calm = self._create_tier("Gwarancja")
        calm.kind = "warranty"
        ticket = self._report_by_phone()
        self.env["service.coverage"].with_user(self.manager)._override(
            ticket, "warranty", "Rękojmia"
        )
        self._log_on(ticket, 60, "2026-10-19")
        (mail,) = self._close(ticket)
        self.assertIn("gwarancj", mail.body.lower())
        self.assertIn("1:00", mail.body)
        self.assertNotIn("zł", mail.body)

    def test_the_end_of_what_was_waived(self):
        """The next hour would be charged; what was done is not."""
        self.contract.write({"allowance_minutes": 0, "overage_policy": "bill"})
        ticket = self._report_by_phone()
        entry = self._log_on(ticket, 60, "2026-10-19")
        entry.with_user(self.back_office).write(
            {"waiver": "free", "charge_reason": "Gest"}
        )
        (mail,) = self._close(ticket)
        self.assertIn("Bezpłatne: 1:00", mail.body)
        self.assertNotIn("zł", mail.body)

    def test_the_end_of_what_is_not_decided(self):
        earlier = self._report_by_phone()
        ticket = self._report_by_phone(complaint_of_id=earlier.id)
        self._log_on(ticket, 60, "2026-10-19")
        (mail,) = self._close(ticket)
        self.assertIn("Jeszcze nierozstrzygnięte: 1:00", mail.body)
        self.assertNotIn("zł", mail.body)

    def test_the_end_without_work(self):
        (mail,) = self._close(self._report_by_phone())
        self.assertIn("2 listopada 2026", mail.body)

    def test_no_text_of_the_base_is_sent(self):
        templates = self.env["mail.template"].with_context(active_test=False)
        foreign = templates.search([("model", "=", "helpdesk.ticket")]).filtered(
            lambda one: one.get_external_id()[one.id].startswith("helpdesk_mgmt.")
        )
        self.assertEqual(len(foreign), 3)
        self.assertFalse(foreign.filtered("active"))
        stages = self.env["helpdesk.ticket.stage"].with_context(active_test=False)
        self.assertFalse(stages.search([("mail_template_id", "in", foreign.ids)]))
        ours = stages.search([("mail_template_id", "!=", False)])
        self.assertEqual(
            ours.filtered("closed").mail_template_id,
            self.env.ref(f"{MODULE}.mail_template_closed"),
        )

    def test_what_a_person_writes_is_not_called_automatic(self):
        ticket = self._report_by_phone()
        with self._sent() as sent:
            self._write(ticket, "2026-10-19 09:00")
        (mail,) = self._to(sent, "jan@klient.example")
        self.assertNotIn("Auto-Submitted", mail.headers)

    def test_a_program_that_answers_ours_is_told_apart(self):
        """What we send of ourselves, should it ever come back, is a machine's."""
        mail = self._mail(*(f"{name}: {value}" for name, value in AUTOMATIC.items()))
        self.assertNotEqual(self.env["mail.thread"]._mail_writer(read(mail)), "person")
