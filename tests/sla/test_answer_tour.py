from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import MODULE
from .common import SlaCommon


@tagged("post_install", "-at_install")
class TestAnswerTour(SlaCommon, HttpCase):
    """A technician's morning: what is late, answer it, and say why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        now = fields.Datetime.now()
        cls.technician.write({"password": "technik-haslo", "lang": "pl_PL"})
        cls._create_contract(start=(now - timedelta(days=40)).date())
        cls._promise("reaction", 1, "hours", cls.always)
        cls._promise("resolution", 5, "days", cls.always)
        tickets = cls.env["helpdesk.ticket"]
        for name, minutes in (("Drukarka", 50), ("Serwer", 90)):
            tickets |= tickets.create(
                {
                    "name": name,
                    "description": name,
                    "partner_id": cls.customer.id,
                    "company_id": cls.company.id,
                    "user_id": cls.technician.id,
                    "reported_at": now - timedelta(minutes=minutes),
                }
            )
        cls.printer, cls.server = tickets

    def test_what_is_late_is_answered_and_justified(self):
        self.start_tour(
            "/odoo/sla",
            "helpdesk_service_contract_answer",
            login=self.technician.login,
        )
        timer = self._timer(self.server)
        self.assertRecordValues(
            timer,
            [
                {
                    "state": "missed",
                    "justification": "Awaria łącza",
                    "justified_by_id": self.technician.id,
                }
            ],
        )
        self.assertGreaterEqual(timer.overrun_minutes, 30)
        self.assertTimer(self.printer, "reaction", state="running")

    def test_the_open_form_follows_a_message(self):
        with self.enter_registry_test_mode():
            self.env.ref(f"{MODULE}.cron_sla_escalation").method_direct_trigger()
        self.assertTrue(self.printer.activity_ids)
        self.start_tour(
            f"/odoo/helpdesk-tickets/{self.printer.id}",
            "helpdesk_service_contract_message",
            login=self.technician.login,
        )
        self.assertTimer(self.printer, "reaction", state="met")
