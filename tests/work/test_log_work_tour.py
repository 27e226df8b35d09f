from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import ServiceCommon


@tagged("post_install", "-at_install")
class TestLogWorkTour(ServiceCommon, HttpCase):
    """A technician's minute: open the ticket, log time, see what is left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.context_today(cls.env.user)
        cls.technician.write({"password": "technik-haslo", "lang": "pl_PL"})
        cls.contract = cls._create_contract(start=today.replace(day=1))
        cls.ticket = cls.env["helpdesk.ticket"].create(
            {
                "name": "Drukarka nie drukuje",
                "description": "Nie drukuje",
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "user_id": cls.technician.id,
            }
        )

    def test_logging_work_changes_the_hours_left(self):
        self.start_tour(
            f"/odoo/helpdesk-tickets/{self.ticket.id}",
            "helpdesk_service_contract_log_work",
            login=self.technician.login,
        )
        self.assertRecordValues(
            self.ticket.timesheet_ids,
            [
                {
                    "worked_minutes": 65,
                    "billed_minutes": 120,
                    "employee_id": self.technician.employee_id.id,
                }
            ],
        )
