from odoo.tests import HttpCase, tagged

from .common import RemoteCommon


@tagged("post_install", "-at_install")
class TestSessionTour(RemoteCommon, HttpCase):
    """A technician helps a customer who is on the phone: from refusal to the bill."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician.write({"password": "technik-haslo", "lang": "pl_PL"})
        cls.ticket = cls.env["helpdesk.ticket"].create(
            {
                "name": "Drukarka nie drukuje",
                "description": "Nie drukuje",
                "partner_id": cls.person.id,
                "company_id": cls.company.id,
                "user_id": cls.technician.id,
            }
        )

    def test_a_whole_session(self):
        self.start_tour(
            f"/odoo/helpdesk-tickets/{self.ticket.id}",
            "helpdesk_service_contract_remote_session",
            login=self.technician.login,
        )
        session = self.ticket.remote_session_ids
        self.assertRecordValues(
            session,
            [{"state": "ended", "outcome": "solved", "user_id": self.technician.id}],
        )
        self.assertRecordValues(
            session.consent_id,
            [{"channel": "phone", "recorded_by_id": self.technician.id}],
        )
        self.assertRecordValues(
            self.ticket.timesheet_ids,
            [{"name": "Wymieniono sterownik", "billed_minutes": 30}],
        )
        self.assertTrue(self.ticket.closed)
