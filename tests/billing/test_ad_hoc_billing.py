from freezegun import freeze_time

from odoo.tests import tagged

from ..common import ServiceCommon

DONE = "helpdesk_mgmt.helpdesk_ticket_stage_done"
IN_PROGRESS = "helpdesk_mgmt.helpdesk_ticket_stage_in_progress"


@tagged("post_install", "-at_install")
class TestAdHocBilling(ServiceCommon):
    """Work by the price list is billed by ticket, when the ticket is done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier.kind = "ad_hoc"

    def job(self, name, day, *minutes):
        ticket = self._create_ticket(name, day)
        for worked in minutes:
            self._log_on(ticket, worked, day)
        return ticket

    def close(self, ticket, day):
        with freeze_time(f"{day} 16:00:00"):
            ticket.stage_id = self.env.ref(DONE)

    def bill(self, until):
        """The new invoices of everything done until a day, seen the day after."""
        account = self.env["contract.contract"].search(
            [("service_tier_id", "=", self.tier.id)]
        )
        before = account.settlement_ids.invoice_id
        with freeze_time(f"{until} 22:00:00"):
            run = (
                self.env["service.billing.run"]
                .with_user(self.back_office)
                .create({"last_day": until})
            )
            if run.ready_count:
                run.action_bill()
        self.assertLedgerIsSound()
        return (account.settlement_ids.invoice_id - before).sorted("id")

    def test_a_job_is_billed_when_it_is_done_and_not_before(self):
        ticket = self.job("Router", "2026-10-06", 35)
        self.assertFalse(self.bill("2026-10-06"))
        self.close(ticket, "2026-10-06")
        invoice = self.bill("2026-10-06")
        self.assertEqual(invoice.amount_total, 147.6)
        self.assertEqual(
            (invoice.service_period_from, invoice.service_period_to),
            (self._day("2026-10-06"), self._day("2026-10-06")),
        )
        self.assertEqual(invoice.taxable_supply_date, self._day("2026-10-06"))
        self.assertIn(ticket.number, invoice.invoice_line_ids.name)
        self.assertEqual(invoice.settlement_ids.ticket_id, ticket)
        self.assertFalse(self.bill("2026-10-31"))

    def test_every_job_has_its_own_invoice(self):
        jobs = [self.job(name, "2026-10-06", 60) for name in ("Router", "Drukarka")]
        for ticket in jobs:
            self.close(ticket, "2026-10-07")
        invoices = self.bill("2026-10-07")
        self.assertEqual(invoices.mapped("amount_untaxed"), [120.0, 120.0])
        self.assertEqual({*invoices.settlement_ids.ticket_id}, {jobs[0], jobs[1]})

    def test_a_preview_says_that_a_job_is_not_done(self):
        ticket = self.job("Router", "2026-10-06", 35)
        with freeze_time("2026-11-04 08:00:00"):
            run = (
                self.env["service.billing.run"]
                .with_user(self.back_office)
                .create({"last_day": "2026-10-31"})
            )
        self.assertEqual(run.line_ids.state, "held")
        self.assertIn(ticket.number, run.line_ids.note)
        with self.assertRefused("nothing to bill"):
            run.action_bill()

    def test_what_is_logged_after_the_invoice_is_billed_once_more(self):
        ticket = self.job("Router", "2026-10-06", 35)
        self.close(ticket, "2026-10-06")
        self.bill("2026-10-06")
        # Within the hour that was begun and paid for.
        self._log_on(ticket, 20, "2026-10-06")
        self.assertFalse(self.bill("2026-10-08"))
        self._log_on(ticket, 20, "2026-10-06")
        self.assertEqual(self.bill("2026-10-09").amount_untaxed, 120.0)

    def test_jobs_may_be_billed_together_once_a_month(self):
        jobs = [self.job(name, "2026-10-06", 60) for name in ("Router", "Drukarka")]
        account = jobs[0].ad_hoc_contract_id
        account.with_user(self.back_office).job_billing = "month"
        self.assertFalse(self.bill("2026-10-20"))
        invoice = self.bill("2026-11-02")
        self.assertEqual(invoice.amount_untaxed, 240.0)
        self.assertEqual(invoice.service_period_to, self._day("2026-10-31"))

    def test_deleting_the_draft_gives_the_job_back(self):
        ticket = self.job("Router", "2026-10-06", 35)
        self.close(ticket, "2026-10-06")
        self.bill("2026-10-06").with_user(self.accountant).unlink()
        self.assertEqual(self.bill("2026-10-09").amount_untaxed, 120.0)

    def test_a_customer_with_billed_jobs_keeps_the_account(self):
        ticket = self.job("Router", "2026-10-06", 35)
        self.close(ticket, "2026-10-06")
        self.bill("2026-10-06")
        other = self.env["res.partner"].create({"name": "Inny"})
        account = ticket.ad_hoc_contract_id
        with self.assertRefused("settled"):
            account.with_user(self.back_office).partner_id = other
