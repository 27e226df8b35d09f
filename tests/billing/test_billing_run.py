from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.helpdesk_service_contract.models.billing import service_billing_run

from ..common import ServiceCommon


@tagged("post_install", "-at_install")
class TestBillingRun(ServiceCommon):
    """Back office looks at a month before it is billed, and bills it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.ticket = cls._create_ticket("Serwer", "2026-10-04")

    def customers(self, number):
        """More customers with the same contract, none of which logged any work."""
        contracts = self.env["contract.contract"]
        for n in range(number):
            customer = self.env["res.partner"].create({"name": f"Klient {n}"})
            contracts |= self._create_contract(customer, code=f"VIP/{n + 2}")
        return contracts

    def preview(self, until="2026-10-31", user=None):
        runs = self.env["service.billing.run"].with_user(user or self.back_office)
        return runs.create({"last_day": until, "company_id": self.company.id})

    def spoil(self, contract):
        """Let the fee be of a product nobody may sell as a service here."""
        untaxed = self._create_product("Bez VAT", 1.0)
        contract.contract_line_ids.product_id = untaxed
        untaxed.taxes_id = False

    def test_the_preview_says_who_pays_how_much(self):
        self._log_on(self.ticket, 170, "2026-10-04")
        with freeze_time("2026-11-04 08:00:00"):
            run = self.preview()
            self.assertRecordValues(
                run.line_ids,
                [
                    {
                        "contract_id": self.contract.id,
                        "state": "ready",
                        "period_count": 1,
                        "fees": 290.0,
                        "work": 120.0,
                        "packages": 0.0,
                        "total": 410.0,
                        "note": False,
                    }
                ],
            )
            run.action_bill()
        self.assertRecordValues(
            run.line_ids, [{"state": "billed", "total": 410.0, "invoiced": 410.0}]
        )
        self.assertEqual(run.sudo().invoice_ids.amount_total, 504.3)
        self.assertEqual((run.state, run.progress), ("done", 100))

    def test_the_preview_changes_nothing(self):
        self._log_on(self.ticket, 170, "2026-10-04")
        with freeze_time("2026-11-04 08:00:00"):
            self.preview().action_refresh()
        self.assertFalse(self.contract.settlement_ids)
        self.assertFalse(self.contract.contract_line_ids.last_date_invoiced)

    def test_another_day_shows_other_periods(self):
        with freeze_time("2026-12-04 08:00:00"):
            run = self.preview()
            run.last_day = "2026-11-30"
        self.assertEqual((run.line_ids.period_count, run.line_ids.fees), (2, 580.0))

    def test_a_month_that_was_given_back_stands_beside_the_new_one(self):
        self._log_on(self.ticket, 170, "2026-10-04")
        with freeze_time("2026-11-04 08:00:00"):
            draft = self._bill(self.contract, "2026-10-31")
        draft.with_user(self.accountant).unlink()
        with freeze_time("2026-12-04 08:00:00"):
            run = self.preview("2026-11-30")
            self.assertRecordValues(
                run.line_ids, [{"period_count": 2, "fees": 580.0, "work": 120.0}]
            )
            run.action_bill()
        self.assertEqual(run.line_ids.invoiced, 700.0)
        self.assertEqual(run.invoice_count, 2)

    def test_who_sees_a_run_sees_its_drafts(self):
        (other,) = self.customers(1)
        with freeze_time("2026-11-04 08:00:00"):
            run = self.preview()
            run.action_bill()
        drafts = (self.contract | other).settlement_ids.invoice_id
        with freeze_time("2026-12-04 08:00:00"):
            self.preview("2026-11-30").action_bill()
        auditor = self._create_user("audytor", "account.group_account_readonly")
        for user in (self.back_office, self.manager, self.accountant, auditor):
            with self.subTest(user.login):
                action = run.with_user(user).action_open_invoices()
                shown = self.env[action["res_model"]].with_user(user)
                shown = shown.search(action["domain"])
                self.assertEqual(shown, drafts)
                self.assertEqual(sum(shown.mapped("amount_untaxed")), 580.0)

    def test_what_is_switched_off_waits_for_another_run(self):
        (other,) = self.customers(1)
        with freeze_time("2026-11-04 08:00:00"):
            run = self.preview()
            run.line_ids.filtered(
                lambda line: line.contract_id == other
            ).selected = False
            run.action_bill()
            self.assertFalse(other.settlement_ids)
            self.assertTrue(self.contract.settlement_ids)
            again = self.preview()
        self.assertEqual(again.line_ids.contract_id, other)

    def test_what_is_switched_off_stays_so(self):
        (other,) = self.customers(1)
        with freeze_time("2026-11-04 08:00:00"):
            run = self.preview()
            line = run.line_ids.filtered(lambda line: line.contract_id == other)
            run.write({"line_ids": [Command.update(line.id, {"selected": False})]})
            run.action_refresh()
            run.action_bill()
        self.assertFalse(other.settlement_ids)
        # Nor does the night take it, until the next month.
        cron = self.env.ref("helpdesk_service_contract.cron_service_billing")
        with self.enter_registry_test_mode():
            with freeze_time("2026-11-05 08:00:00"):
                cron.method_direct_trigger()
            other.invalidate_recordset()
            self.assertFalse(other.settlement_ids)
            with freeze_time("2026-12-04 08:00:00"):
                cron.method_direct_trigger()
        other.invalidate_recordset()
        self.assertEqual(len(other.settlement_ids), 2)

    def test_a_contract_that_was_mended_is_no_failure_any_more(self):
        self.spoil(self.contract)
        cron = self.env.ref("helpdesk_service_contract.cron_service_billing")
        with self.enter_registry_test_mode(), freeze_time("2026-11-04 08:00:00"):
            cron.method_direct_trigger()
            self.contract.invalidate_recordset()
            self.assertIn("Bez VAT", self.contract.invoice_generation_error)
            product = self.contract.contract_line_ids.product_id
            product.taxes_id = self.fee.taxes_id
            cron.method_direct_trigger()
        self.contract.invalidate_recordset()
        self.assertTrue(self.contract.settlement_ids.invoice_id)
        self.assertFalse(self.contract.invoice_generation_error)

    def test_a_failure_of_the_preview_is_told_at_night(self):
        package = self._sell(self.contract, 60, 1, "2026-10-05", bill_with="contract")
        package.sudo().product_id.taxes_id = False
        cron = self.env.ref("helpdesk_service_contract.cron_service_billing")
        with self.enter_registry_test_mode(), freeze_time("2026-11-04 08:00:00"):
            cron.method_direct_trigger()
        self.contract.invalidate_recordset()
        self.assertIn("no sales tax", self.contract.invoice_generation_error)

    def test_a_package_is_previewed_with_the_period_that_takes_it(self):
        self._sell(self.contract, 60, 1, "2026-10-05", bill_with="contract")
        with freeze_time("2026-10-20 08:00:00"):
            self.assertFalse(self.preview("2026-10-19").line_ids)
        with freeze_time("2026-11-04 08:00:00"):
            run = self.preview()
            self.assertEqual((run.line_ids.packages, run.line_ids.total), (100, 390))
            run.action_bill()
        self.assertEqual(run.line_ids.invoiced, 390.0)

    def test_people_only_choose_the_day_and_what_waits(self):
        other = self._second_company()
        with freeze_time("2026-11-04 08:00:00"):
            run = self.preview()
        line = {"contract_id": self.contract.id}
        forged = [
            (run, {"state": "running"}),
            (run, {"company_id": other.id, "jobs_until": "2026-11-30"}),
            (run, {"line_ids": [Command.create(line)]}),
            (run.line_ids, {"contract_id": self.contract.id}),
            (run.line_ids, {"state": "billed"}),
            (run.line_ids, {"invoiced": 1.0}),
        ]
        for records, vals in forged:
            with self.subTest(vals), self.assertRaises(AccessError):
                records.write(vals)
        with self.assertRaises(AccessError):
            run.line_ids.create(line | {"run_id": run.id})
        with self.assertRaises(AccessError):
            run.line_ids.unlink()
        forced = run.with_context(default_state="running").create({})
        self.assertEqual(forced.state, "preview")
        run.action_bill()
        with self.assertRaises(AccessError):
            run.last_day = "2026-09-30"
        with self.assertRefused("stays on record"):
            run.unlink()

    def test_work_that_waits_is_listed_with_the_reason(self):
        self._create_tier("Cennik").kind = "ad_hoc"
        complaint = self._create_ticket(
            "Znowu nie drukuje", "2026-10-12", complaint_of_id=self.ticket.id
        )
        self._log_on(complaint, 45, "2026-10-12")
        with freeze_time("2026-11-04 08:00:00"):
            run = self.preview()
        held = run.line_ids.filtered(lambda line: line.state == "held")
        self.assertIn("0:45", held.note)
        self.assertIn(complaint.number, held.note)

    def test_a_contract_that_fails_is_named_and_stops_no_other(self):
        others = self.customers(4)
        self.spoil(others[2])
        with freeze_time("2026-11-04 08:00:00"):
            run = self.preview()
            run.action_bill()
        lines = run.line_ids.grouped("state")
        self.assertEqual({*lines}, {"billed", "failed"})
        self.assertEqual(lines["failed"].contract_id, others[2])
        self.assertIn("Bez VAT", lines["failed"].reason)
        self.assertEqual(
            lines["billed"].contract_id, self.contract + others - others[2]
        )
        self.assertEqual(run.invoice_count, 4)
        self.assertFalse(others[2].settlement_ids)
        self.assertEqual(run.line_ids.sorted()[0], lines["failed"])

    def test_an_error_that_names_nobody_is_found_in_halves(self):
        others = self.customers(5)
        culprit = others[3]
        moves = type(self.env["account.move"])
        create = moves.create

        def refuse(self, vals_list):
            if any(vals.get("ref") == culprit.code for vals in vals_list):
                raise ValueError("Kaputt")
            return create(self, vals_list)

        # A stand-in for another add-on that refuses one of the invoices.
        with (
            freeze_time("2026-11-04 08:00:00"),
            patch.object(moves, "create", refuse),
        ):
            run = self.preview()
            run.action_bill()
        failed = run.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual((failed.contract_id, failed.reason), (culprit, "Kaputt"))
        self.assertEqual(run.invoice_count, 5)

    def test_a_long_run_goes_on_in_the_background(self):
        contracts = self.contract + self.customers(4)
        cron = self.env.ref("helpdesk_service_contract.cron_service_billing_run")
        with (
            patch.object(service_billing_run, "STEP", 2),
            freeze_time("2026-11-04 08:00:00"),
        ):
            run = self.preview()
            run.action_bill()
            self.assertEqual((run.state, run.progress), ("running", 0))
            self.assertEqual(run._step(), 2)
            run.invalidate_recordset()
            self.assertEqual(run.progress, 40)
            # Somebody comes back to it, as if the server had been killed here.
            again = self.env["service.billing.run"].with_user(self.back_office)
            self.assertEqual(again.action_new_run()["res_id"], run.id)
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.progress), ("done", 100))
        self.assertEqual(run.invoice_count, 5)
        invoiced = run.sudo().invoice_ids.service_contract_id
        self.assertEqual(invoiced, contracts)

    def test_a_run_can_be_stopped(self):
        self.customers(3)
        with (
            patch.object(service_billing_run, "STEP", 2),
            freeze_time("2026-11-04 08:00:00"),
        ):
            run = self.preview()
            run._start()
            run._step()
            run.action_stop()
            run.invalidate_recordset()
            self.assertEqual((run.state, run.invoice_count), ("done", 2))
            self.assertEqual(len(self.preview().line_ids), 2)

    def test_a_run_is_started_once(self):
        with freeze_time("2026-11-04 08:00:00"):
            run = self.preview()
            run.action_bill()
            with self.assertRefused("This run has already been started"):
                run.action_bill()
            with self.assertRefused("nothing to bill"):
                self.preview().action_bill()

    def test_previews_that_nobody_started_are_tidied_up(self):
        runs = self.env["service.billing.run"].with_user(self.back_office)
        with freeze_time("2026-11-04 08:00:00"):
            first = runs.action_new_run()["res_id"]
            second = runs.action_new_run()["res_id"]
        self.assertFalse(runs.browse(first).exists())
        self.assertTrue(runs.browse(second).exists())

    def test_the_nightly_run_can_be_looked_at(self):
        (other,) = self.customers(1)
        self.spoil(other)
        cron = self.env.ref("helpdesk_service_contract.cron_service_billing")
        with self.enter_registry_test_mode(), freeze_time("2026-11-04 08:00:00"):
            cron.method_direct_trigger()
        run = self.env["service.billing.run"].search([("automatic", "=", True)])
        self.assertRecordValues(
            run, [{"state": "done", "billed_count": 1, "failed_count": 1}]
        )

    def test_other_companies_are_not_billed_and_not_seen(self):
        with freeze_time("2026-11-04 08:00:00"):
            run = self.preview()
        stranger = self._create_user(
            "obce",
            "group_back_office",
            company=self._second_company(),
        )
        with self.assertRaises(AccessError):
            run.with_user(stranger).read(["line_ids"])
        with self.assertRaises(AccessError):
            run.with_user(stranger).action_bill()
        with self.assertRaises(AccessError):
            run.line_ids.with_user(stranger).read(["total"])
        with self.assertRaises(AccessError):
            run.with_user(self.technician).action_bill()
        with self.assertRaises(AccessError):
            run.with_user(self.accountant).action_bill()
