from odoo.exceptions import AccessError, RedirectWarning
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import MODULE
from .common import CoverageCommon


@tagged("post_install", "-at_install")
class TestRequests(CoverageCommon):
    """What one may not do oneself, one asks for; a refusal says how."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier.scope_ids = [
            Command.create({"category_id": cls.expert.id, "treatment": "quote"})
        ]
        cls.quoted = cls._ticket(category_id=cls.expert)

    def _refused(self, user):
        """What the refusal to log work without a quote says, and its button."""
        with self.assertRaises(RedirectWarning) as refused:
            self.quoted.with_user(user).action_log_work()
        message, action, button, context = refused.exception.args
        self.assertIn("requires a quote", message)
        run = self.env["ir.actions.server"].browse(action).with_user(user)
        return button, run.with_context(**context).run()

    def _ask(self, action, note="Wymiana dysku", user=None):
        requests = self.env["service.request"].with_user(user or self.technician)
        with Form(requests.with_context(**action["context"])) as request:
            request.note = note
        request.record.action_ask()

    def _asked(self, ticket, kind):
        return ticket.sudo().activity_search([f"{MODULE}.mail_activity_type_{kind}"])

    def test_a_technician_asks_for_the_quote(self):
        button, action = self._refused(self.technician)
        self.assertEqual(button, "Ask Back Office for a Quote")
        self._ask(action)
        asked = self._asked(self.quoted, "quote")
        self.assertEqual(asked.user_id, self.back_office)
        self.assertIn("Wymiana dysku", asked.note)
        self.assertIn(self.technician.name, asked.note)

    def test_back_office_makes_it_at_once(self):
        self._ask(self.quoted.with_user(self.technician).action_ask_for_quote())
        button, action = self._refused(self.back_office)
        self.assertEqual(button, "Create Quote")
        self.assertEqual(action["res_model"], "sale.order")
        self.assertFalse(self._asked(self.quoted, "quote"))

    def test_a_second_question_is_the_same_task(self):
        action = self.quoted.with_user(self.technician).action_ask_for_quote()
        self._ask(action, "Wymiana dysku")
        self._ask(action, "I kabla", self.colleague)
        (asked,) = self._asked(self.quoted, "quote")
        self.assertIn("Wymiana dysku", asked.note)
        self.assertIn("I kabla", asked.note)

    def test_a_technician_asks_for_a_verdict(self):
        ticket = self._ticket()
        self._ask(
            ticket.with_user(self.technician).action_ask_for_verdict(), "Wyłączony"
        )
        self.assertEqual(self._asked(ticket, "verdict").user_id, self.back_office)
        self._judge(ticket, "unjustified")
        self.assertFalse(self._asked(ticket, "verdict"))

    def test_a_technician_asks_for_hours(self):
        self._ask(self._ticket().with_user(self.technician).action_ask_for_hours())

    def test_what_is_asked_is_text(self):
        self._ask(
            self.quoted.with_user(self.technician).action_ask_for_quote(), "<b>x</b>"
        )
        self.assertNotIn("<b>", self._asked(self.quoted, "quote").note)

    def test_nobody_asks_on_tickets_of_another_team(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Inny", "company_id": self.company.id}
        )
        self.quoted.team_id = team
        action = self.quoted.action_ask_for_quote()
        with self.assertRaises(AccessError):
            self._ask(action)

    def test_the_buttons_are_for_who_cannot_do_it(self):
        for user, asks in ((self.technician, True), (self.back_office, False)):
            arch = (
                self.env["helpdesk.ticket"]
                .with_user(user)
                .get_view(view_type="form")["arch"]
            )
            for name in ("action_ask_for_quote", "action_ask_for_verdict"):
                self.assertEqual(name in arch, asks)
            for name in ("action_make_quote", "action_judge"):
                self.assertEqual(name in arch, not asks)
