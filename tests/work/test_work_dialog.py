from freezegun import freeze_time

from odoo.tests import Form, tagged

from ..common import MODULE
from ..coverage.common import CoverageCommon


@tagged("post_install", "-at_install")
class TestWorkDialog(CoverageCommon):
    """What a technician is offered and told before the work is saved."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2026-10-07 12:00:00"))

    def _dialog(self, ticket, user=None):
        entries = self.env["account.analytic.line"].with_user(user or self.technician)
        entries = entries.with_context(default_ticket_id=ticket.id, lang="en_US")
        return Form(entries, f"{MODULE}.work_entry_view_form")

    def test_work_without_a_rate_is_not_offered(self):
        dialog = self._dialog(self._ticket())
        self.assertEqual(dialog.possible_work_type_ids[:], self.remote | self.on_site)
        priced = self._dialog(self._ticket(customer=self.other))
        self.assertIn(self.travel, priced.possible_work_type_ids[:])

    def test_typing_is_never_interrupted(self):
        dialog = self._dialog(self._ticket())
        dialog.unit_amount = 0.5
        dialog.work_type_id = self.travel
        self.assertFalse(dialog.explanation)
        dialog.work_type_id = self.env["service.work.type"]
        dialog.work_type_id = self.remote
        self.assertTrue(dialog.explanation)

    def test_a_trip_under_warranty_is_logged_and_free(self):
        ticket = self._ticket(item_id=self._item(warranty_date="2027-01-01"))
        self.assertEqual(ticket.coverage_code, "warranty")
        dialog = self._dialog(ticket)
        self.assertIn(self.travel, dialog.possible_work_type_ids[:])
        dialog.unit_amount = 0.75
        dialog.name = "Dojazd"
        dialog.work_type_id = self.travel
        trip = dialog.save()
        self.assertRecordValues(
            trip,
            [
                {
                    "service_contract_id": self.contract.id,
                    "charge": "free",
                    "billed_minutes": 45,
                }
            ],
        )
        self.assertNotIn("package", trip.with_context(lang="en_US").explanation)
        with freeze_time("2026-11-04 12:00:00"):
            self._bill(self.contract, "2026-10-31")
        self.assertTrue(trip.settlement_id)
        self.assertRecordValues(
            trip, [{"free_minutes": 45, "overage_minutes": 0, "package_minutes": 0}]
        )
        self.assertLedgerIsSound()

    def test_a_rate_of_the_tier_that_makes_it_free_rounds_it(self):
        self.warranty.rate_ids = [(0, 0, self._rate(self.travel, self.hour))]
        ticket = self._ticket(item_id=self._item(warranty_date="2027-01-01"))
        trip = self._log(ticket, 45, "2026-10-06", work_type_id=self.travel.id)
        self.assertEqual((trip.billed_minutes, trip.charge), (60, "free"))

    def test_a_trip_that_is_charged_needs_a_rate(self):
        with self.assertRefused("has no rate for the work type"):
            self._log(self._ticket(), 45, "2026-10-06", work_type_id=self.travel.id)

    def test_what_is_unusual_is_said_before_saving(self):
        ticket = self._ticket()
        with freeze_time("2026-11-04 12:00:00"):
            self._bill(self.contract, "2026-10-31")
        with freeze_time("2026-11-05 12:00:00"):
            dialog = self._dialog(ticket)
            self.assertFalse(dialog.notice)
            dialog.date = "2026-10-06"
            self.assertIn("until 31.10.2026 is billed", dialog.notice)
            dialog.date = "2026-10-04"
            self.assertIn("reported on 05.10.2026", dialog.notice)
            dialog.date = "2026-11-06"
            self.assertIn("in advance", dialog.notice)
            dialog.date = "2026-11-05"
            dialog.unit_amount = 25
            self.assertIn("24 hours at most", dialog.notice)

    def test_a_ticket_that_is_closed_or_waits_is_said(self):
        ticket = self._ticket()
        waiting = self.env["helpdesk.ticket.stage"].create(
            {"name": "Czekamy", "waiting_for": "customer", "company_id": False}
        )
        ticket.stage_id = waiting
        self.assertIn("waits for the customer", self._dialog(ticket).notice)
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.assertIn("is closed", self._dialog(ticket).notice)

    def test_dates_are_written_as_people_write_them(self):
        polish = self._ticket().with_user(self.technician).with_context(lang="pl_PL")
        with self.assertRefused(r"07\.10\.2026"):
            self._log(polish, 30, "2026-10-08")

    def test_a_colleagues_work_is_readonly_on_screen(self):
        ticket = self._ticket()
        entry = self._log_on(ticket, 30, "2026-10-06")
        for user, readonly in (
            (self.technician, False),
            (self.colleague, True),
            (self.back_office, False),
        ):
            shown = entry.with_user(user)
            shown.invalidate_recordset(["readonly_timesheet"])
            self.assertEqual(shown.readonly_timesheet, readonly, user.name)
