from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ...hooks import count_from_today, keep_tickets, keep_work
from ..common import ServiceCommon

NOW = "2026-10-15 10:00:00"


@tagged("post_install", "-at_install")
class TestExistingData(ServiceCommon):
    """A database with tickets and time of years, into which the add-on is installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        cls.progress = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
        cls.tier.target_ids = [
            Command.create(
                {
                    "metric": "reaction",
                    "amount": 4,
                    "unit": "hours",
                    "calendar_id": cls.company.resource_calendar_id.id,
                }
            )
        ]
        cls.old_project = cls.env["project.project"].create(
            {"name": "Dawny", "company_id": cls.company.id, "allow_timesheets": True}
        )
        cls.closed = cls._old_ticket("2024-03-05 09:30:15", cls.done)
        cls.open = cls._old_ticket("2026-10-01 08:00:00", cls.progress)
        cls.old_entries = cls._old_line(0.75, ticket_id=cls.closed.id)
        cls.old_entries |= cls._old_line(0.75, ticket_id=cls.open.id)
        cls._install()

    @classmethod
    def _old_ticket(cls, created, stage, **columns):
        """A ticket as OCA's helpdesk keeps it, with nothing of ours."""
        columns = {
            "number": f"OLD/{created}",
            "name": "Dawne zgłoszenie",
            "description": "opis",
            "partner_id": cls.customer.id,
            "commercial_partner_id": cls.customer.id,
            "company_id": cls.company.id,
            "stage_id": stage.id,
            "create_date": created,
            "reported_at": NOW,
            "active": True,
        } | columns
        return cls._inserted("helpdesk.ticket", columns)

    @classmethod
    def _old_line(cls, hours, **columns):
        columns = {
            "name": "Dawna praca",
            "date": "2026-09-30",
            "unit_amount": hours,
            "amount": 0,
            "company_id": cls.company.id,
            "currency_id": cls.company.currency_id.id,
            "project_id": cls.old_project.id,
            "account_id": cls.old_project.account_id.id,
        } | columns
        return cls._inserted("account.analytic.line", columns)

    @classmethod
    def _inserted(cls, model, columns):
        cls.env.flush_all()
        table = cls.env[model]._table
        # An add-on beside us may require more.
        required = {
            name
            for name, field in cls.env[model]._fields.items()
            if field.required and field.column_type
        }
        columns = cls.env[model].default_get([*required - {*columns}]) | columns
        cls.env.cr.execute(
            f"INSERT INTO {table} ({', '.join(columns)})"
            f" VALUES ({', '.join(['%s'] * len(columns))}) RETURNING id",
            [*columns.values()],
        )
        return cls.env[model].browse(cls.env.cr.fetchone())

    @classmethod
    def _install(cls):
        cls.env.flush_all()
        count_from_today(cls.env.cr)
        keep_tickets(cls.env.cr)
        keep_work(cls.env.cr)
        cls.env.invalidate_all()
        # The database's own clock is no part of the story.
        cls.company.service_counts_from = "2026-10-15"

    @freeze_time(NOW)
    def _contract(self, **vals):
        return self._create_contract(start="2026-01-01", **vals)

    def _timers(self, ticket):
        return self.env["service.sla.timer"].search([("ticket_id", "=", ticket.id)])

    def test_tickets_were_reported_when_they_were_made(self):
        self.assertEqual(str(self.closed.reported_at), "2024-03-05 09:30:15")
        self.assertEqual(str(self.open.reported_at), "2026-10-01 08:00:00")

    def test_closed_tickets_stay_as_they_are(self):
        contract = self._contract()
        self.closed.with_user(self.back_office).partner_id = self.env[
            "res.partner"
        ].create({"name": "Ktoś od klienta", "parent_id": self.customer.id})
        self.assertFalse(self.closed.service_contract_id)
        self.assertFalse(self.closed.coverage_decision_ids)
        self.assertFalse(self._timers(self.closed))
        self.assertFalse(contract.work_entry_ids)

    @freeze_time(NOW)
    def test_an_open_ticket_rests_until_somebody_works_on_it(self):
        contract = self._contract()
        self.assertFalse(self.open.service_contract_id)
        entry = self._log(self.open, 30, "2026-10-15")
        self.assertEqual(self.open.service_contract_id, contract)
        self.assertEqual(self.open.coverage_code, "contract")
        self.assertEqual(entry.service_contract_id, contract)
        contract.invalidate_recordset(["work_entry_ids"])
        self.assertEqual(contract.work_entry_ids, entry)
        self.assertFalse(self._timers(self.open))

    @freeze_time(NOW)
    def test_an_open_ticket_gets_a_contract_that_is_younger(self):
        contract = self._create_contract(start="2026-10-11")
        entry = self._log(self.open, 30, "2026-10-15")
        self.assertEqual(self.open.service_contract_id, contract)
        self.assertEqual(entry.service_contract_id, contract)

    @freeze_time(NOW)
    def test_a_closed_ticket_that_is_opened_again(self):
        contract = self._contract()
        self.closed.with_user(self.back_office).stage_id = self.progress
        self.assertEqual(self.closed.service_contract_id, contract)
        self.assertFalse(self._timers(self.closed))
        new = self._create_ticket(day="2026-10-15")
        self.assertTrue(self._timers(new))

    @freeze_time(NOW)
    def test_work_on_a_closed_ticket_is_billed(self):
        contract = self._contract()
        entry = self._log(self.closed, 30, "2026-10-15")
        self.assertEqual(entry.service_contract_id, contract)

    def test_old_time_counts_and_is_never_billed(self):
        contract = self._contract()
        self.open.with_user(self.back_office).stage_id = self.done
        self.assertEqual(self.open.total_hours, 0.75)
        self.assertEqual(self.old_entries.mapped("worked_minutes"), [45, 45])
        self.assertEqual(self.old_entries.mapped("customer_id"), self.customer)
        self.assertEqual(set(self.old_entries.mapped("charge")), {"free"})
        self.assertFalse(self.old_entries.service_contract_id)
        self.assertFalse(any(self.old_entries.mapped("billed_minutes")))
        self._settle(contract, "2026-10-31")
        self.assertFalse(self.old_entries.settlement_id)
        billing = self.env["service.billing"].with_user(self.back_office)
        said = billing._left_open(self.company, self._day("2026-10-31"))
        self.assertNotIn(self.open.number, " ".join(said))
        self.assertLedgerIsSound()

    def test_old_time_is_in_nobodys_way(self):
        odd = self._old_line(0, ticket_id=self.closed.id)
        odd |= self._old_line(30, ticket_id=self.closed.id)
        self._install()
        other = self._create_customer()
        self.closed.with_user(self.back_office).partner_id = other
        self.assertEqual(odd.mapped("customer_id"), other)
        odd[0].unit_amount = 0.25
        self.assertEqual(odd.mapped("worked_minutes"), [15, 1800])
        self.closed.unlink()
        self.assertTrue(odd.exists())
        self.assertFalse(odd.ticket_id)

    def test_time_on_the_task_of_a_ticket(self):
        own, shared = self.env["project.task"].create(
            [
                {"name": name, "project_id": self.old_project.id}
                for name in ("Zadanie", "Wspólne")
            ]
        )
        ticket = self._old_ticket("2026-01-02 08:00:00", self.done, task_id=own.id)
        for day in ("2026-01-03", "2026-01-04"):
            self._old_ticket(f"{day} 08:00:00", self.done, task_id=shared.id)
        entry = self._old_line(1.5, task_id=own.id)
        others = self._old_line(2, task_id=shared.id)
        self._install()
        self.assertEqual(entry.ticket_id, ticket)
        self.assertTrue(entry.is_history)
        self.assertFalse(others.ticket_id)
        self.assertFalse(others.is_history)

    @freeze_time(NOW)
    def test_days_before_are_billed_elsewhere(self):
        contract = self._contract()
        ticket = self._create_ticket(day="2026-10-15", reported_at="2026-10-14")
        early = self._log(ticket, 30, "2026-10-14")
        entry = self._log(ticket, 30, "2026-10-15")
        self.assertEqual((early.charge, early.billed_minutes), ("free", 0))
        self.assertFalse(early.service_contract_id)
        self.assertEqual(entry.service_contract_id, contract)

    def test_a_contract_counts_from_the_day_of_the_installation(self):
        contract = self._contract()
        self.assertEqual(contract.counts_from, self._day("2026-10-15"))
        invoice = self._bill_in_november(contract)
        # 17 of 31 days: the fee of 290.00, and of two hours 1:15.
        self.assertEqual(invoice.amount_untaxed, 159.03)
        self.assertEqual(contract.settlement_ids.granted_minutes, 75)
        self.assertEqual(
            contract.settlement_ids.mapped("date_from"), [self._day("2026-10-15")]
        )

    def test_a_contract_may_count_from_its_start(self):
        contract = self._contract(counts_from=False)
        self.assertFalse(contract.counts_from)
        invoices = self._bill_in_november(contract)
        self.assertEqual(sum(invoices.mapped("amount_untaxed")), 10 * 290)

    def test_a_contract_may_count_from_later_on(self):
        contract = self._contract(counts_from="2026-12-01")
        with freeze_time("2026-11-05 12:00:00"):
            self.assertNotIn(contract, self._due_contracts("2026-10-31"))
            entry = self._log(self._create_ticket(day="2026-11-05"), 30, "2026-11-05")
        self.assertEqual((entry.charge, entry.billed_minutes), ("free", 0))

    def _bill_in_november(self, contract):
        with freeze_time("2026-11-05 12:00:00"):
            return self._bill(contract, "2026-10-31")

    def test_nobody_makes_history(self):
        entry = self._log(self._create_ticket(), 30, "2026-10-01")
        for record in (entry, entry.ticket_id):
            for user in (self.manager, self.env.ref("base.user_admin")):
                with self.assertRaises(AccessError):
                    record.with_user(user).sudo().is_history = True

    def test_a_company_without_tickets_counts_from_its_start(self):
        company = self.env["res.company"].create({"name": "Nowa"})
        self.company.service_counts_from = False
        self.env.flush_all()
        count_from_today(self.env.cr)
        self.env.invalidate_all()
        self.assertFalse(company.service_counts_from)
        self.assertTrue(self.company.service_counts_from)
