from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ServiceCommon


@tagged("post_install", "-at_install")
class TestBilling(ServiceCommon):
    """The month of a VIP customer, from logged time to the posted invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.first = cls._create_ticket("Serwer", "2026-10-04")
        cls.second = cls._create_ticket("Poczta", "2026-10-12")

    def log_october(self, order=(1, 2)):
        work = {1: (self.first, 50, "2026-10-04"), 2: (self.second, 80, "2026-10-12")}
        with freeze_time("2026-10-20 12:00:00"):
            return {number: self._log(*work[number]) for number in order}

    def assertMonthOfTwoTickets(self, entries):
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(self.contract, "2026-10-31")
        self.assertRecordValues(
            entries[1] + entries[2],
            [
                {"billed_minutes": 60, "package_minutes": 60, "overage_minutes": 0},
                {"billed_minutes": 120, "package_minutes": 60, "overage_minutes": 60},
            ],
        )
        self.assertRecordValues(
            invoice,
            [
                {
                    "state": "draft",
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "amount_untaxed": 410.0,
                    "amount_tax": 94.3,
                    "amount_total": 504.3,
                }
            ],
        )
        return invoice

    def test_month_of_two_tickets(self):
        invoice = self.assertMonthOfTwoTickets(self.log_october())
        self.assertRecordValues(
            self.contract.settlement_ids,
            [
                {
                    "date_from": self._day("2026-10-01"),
                    "date_to": self._day("2026-10-31"),
                    "granted_minutes": 120,
                    "used_minutes": 120,
                    "expired_minutes": 0,
                    "overage_minutes": 60,
                    "state": "billed",
                    "invoice_id": invoice.id,
                }
            ],
        )

    def test_a_site_without_a_country_makes_no_export(self):
        """A service is taxed where the buyer is, wherever the work was done."""
        self.env["res.partner"].create(
            {"name": "Magazyn", "parent_id": self.customer.id, "type": "delivery"}
        )
        self.log_october()
        invoice = self._bill(self.contract, "2026-10-31")
        self.assertEqual(invoice.fiscal_position_id.country_id.code, "PL")
        self.assertTrue(all(invoice.invoice_line_ids.mapped("tax_ids.amount")))
        self.assertGreater(invoice.amount_tax, 0)

    def test_order_of_typing_does_not_matter(self):
        self.assertMonthOfTwoTickets(self.log_october(order=(2, 1)))

    def test_lines_say_what_when_and_how_much(self):
        invoice = self.assertMonthOfTwoTickets(self.log_october())
        period = "01.10.2026 – 31.10.2026"
        hour = self.env.ref("uom.product_uom_hour")
        fee, overage = invoice.invoice_line_ids
        self.assertIn(period, fee.name)
        self.assertIn(period, overage.name)
        self.assertIn("Praca zdalna", overage.name)
        self.assertRecordValues(
            overage,
            [{"quantity": 1.0, "product_uom_id": hour.id, "price_unit": 120.0}],
        )
        self.assertTrue(all(line.quantity for line in invoice.invoice_line_ids))
        for line in invoice.invoice_line_ids:
            self.assertEqual(line.tax_ids.tax_scope, "service")
            self.assertEqual(line.tax_ids.amount, 23.0)

    def test_accountant_posts_with_the_statement_attached(self):
        invoice = self.assertMonthOfTwoTickets(self.log_october())
        with freeze_time("2026-11-05 08:00:00"):
            invoice.with_user(self.accountant).action_post()
            self._print_papers()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.invoice_date, self._day("2026-11-05"))
        self.assertEqual(invoice.taxable_supply_date, self._day("2026-10-31"))
        statement = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", invoice.id)]
        )
        self.assertEqual(len(statement), 1)
        self.assertIn("2026-10", statement.name)

    def test_unused_hours_expire_and_do_not_roll_over(self):
        with freeze_time("2026-10-20 12:00:00"):
            self._log(self.first, 50, "2026-10-04")
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(self.contract, "2026-10-31")
        self.assertEqual(invoice.amount_untaxed, 290.0)
        self.assertRecordValues(
            self.contract.move_ids.sorted("id"),
            [
                {"kind": "grant", "minutes": 120, "date": self._day("2026-10-01")},
                {"kind": "consume", "minutes": -60, "date": self._day("2026-10-04")},
                {"kind": "expire", "minutes": -60, "date": self._day("2026-10-31")},
            ],
        )
        self.assertBalance(self.contract, "2026-11-01", granted=120, available=120)

    def test_billing_twice_changes_nothing(self):
        self.assertMonthOfTwoTickets(self.log_october())
        moves = self.contract.move_ids
        with freeze_time("2026-11-05 08:00:00"):
            self.assertFalse(
                self.env["service.billing"]._bill(
                    self.contract, self._day("2026-11-04")
                )
            )
            with self.assertRefused("nothing to bill"):
                self._bill(self.contract, "2026-10-31")
        self.contract.invalidate_recordset()
        self.assertEqual(self.contract.move_ids, moves)

    def test_a_period_that_is_not_over_is_not_billed(self):
        self.log_october()
        with freeze_time("2026-10-31 20:00:00"):
            self.contract.recurring_create_invoice()
            self.assertFalse(self.contract.settlement_ids)
        with freeze_time("2026-11-01 08:00:00"):
            invoice = self.contract.recurring_create_invoice()
        self.assertEqual(invoice.amount_total, 504.3)

    def test_a_day_to_come_bills_only_what_is_over(self):
        self.log_october()
        with freeze_time("2026-11-04 08:00:00"):
            self._bill(self.contract, "2026-11-30")
        self.assertEqual(self.contract.settled_until, self._day("2026-10-31"))

    def test_several_months_at_once_give_an_invoice_each(self):
        self.log_october()
        with freeze_time("2026-12-04 08:00:00"):
            invoices = self._bill(self.contract, "2026-11-30").sorted(
                "service_period_to"
            )
        self.assertEqual(invoices.mapped("amount_untaxed"), [410.0, 290.0])
        self.assertEqual(
            invoices.mapped("service_period_to"),
            [self._day("2026-10-31"), self._day("2026-11-30")],
        )

    def test_cron_waits_for_late_entries_and_then_bills_once(self):
        self.log_october()
        cron = self.env.ref("helpdesk_service_contract.cron_service_billing")
        with self.enter_registry_test_mode(), freeze_time("2026-11-03 08:00:00"):
            cron.method_direct_trigger()
        self.assertFalse(self.contract.settlement_ids)
        with self.enter_registry_test_mode(), freeze_time("2026-11-04 08:00:00"):
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.assertEqual(self.contract.settlement_ids.invoice_id.amount_total, 504.3)

    def test_the_cron_of_contracts_leaves_service_contracts_alone(self):
        with freeze_time("2026-11-04 08:00:00"):
            self.env["contract.contract"].cron_recurring_create_invoice()
        self.assertFalse(self.contract._get_related_invoices())

    def test_one_failing_contract_does_not_stop_the_others(self):
        other = self._create_contract(
            self.env["res.partner"].create({"name": "Klient bez podatku"}),
            code="VIP/2",
        )
        other.contract_line_ids.product_id = self._create_product("Bez VAT", 1.0)
        other.contract_line_ids.product_id.taxes_id = False
        self.log_october()
        with freeze_time("2026-11-04 08:00:00"):
            invoices = self._bill(self.contract + other, "2026-10-31")
        self.assertEqual(invoices.amount_total, 504.3)
        self.assertIn("Bez VAT", other.invoice_generation_error)
        self.assertFalse(other.settled_until)

    def test_a_product_taxed_as_goods_is_refused(self):
        goods = self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "=", "sale"),
                ("tax_scope", "=", False),
                ("amount", "=", 23.0),
            ],
            limit=1,
        )
        self.hour.taxes_id = goods
        with self.assertRefused("taxed as goods"):
            self._create_tier("Inny")

    def test_deleting_the_draft_gives_the_period_back(self):
        self.assertMonthOfTwoTickets(self.log_october()).with_user(
            self.accountant
        ).unlink()
        self.assertEqual(self.contract.settlement_ids.state, "to_bill")
        with freeze_time("2026-11-06 08:00:00"):
            invoice = self._bill(self.contract, "2026-10-31")
        self.assertEqual(invoice.amount_total, 504.3)
        self.assertEqual(len(self.contract.settlement_ids), 1)

    def test_cancelling_the_draft_gives_the_period_back_once(self):
        cancelled = self.assertMonthOfTwoTickets(self.log_october()).with_user(
            self.accountant
        )
        cancelled.button_cancel()
        with freeze_time("2026-11-06 08:00:00"):
            invoice = self._bill(self.contract, "2026-10-31")
            self.assertEqual(invoice.amount_total, 504.3)
            with self.assertRefused("billed by another invoice"):
                cancelled.button_draft()

    def test_only_the_newest_period_can_be_given_back(self):
        self.log_october()
        with freeze_time("2026-12-04 08:00:00"):
            october, november = self._bill(self.contract, "2026-11-30").sorted(
                "service_period_to"
            )
            with self.assertRefused("later period"):
                october.with_user(self.accountant).unlink()
            november.with_user(self.accountant).unlink()
            october.with_user(self.accountant).unlink()
            self._bill(self.contract, "2026-11-30")
        self.assertEqual(
            self.contract.settlement_ids.invoice_id.mapped("amount_untaxed"),
            [290.0, 410.0],
        )

    def test_a_yearly_fee_is_billed_when_its_year_is_over(self):
        contract = self._create_contract(
            self.env["res.partner"].create({"name": "Raz w roku"}),
            recurring_rule_type="yearly",
            code="ROK/1",
        )
        with freeze_time("2027-10-04 08:00:00"):
            invoices = self._bill(contract, "2027-09-30")
        self.assertEqual(invoices.mapped("amount_untaxed"), [290.0])
        self.assertEqual(invoices.service_period_to, self._day("2027-09-30"))

    def bill_customer(self, name, until, today, **vals):
        contract = self._create_contract(
            self.env["res.partner"].create({"name": name}), code=name, **vals
        )
        with freeze_time(f"{today} 08:00:00"):
            invoices = self._bill(contract, until)
        return contract, invoices.sorted("service_period_to")

    def test_every_due_period_of_a_fee_is_billed(self):
        _contract, invoice = self.bill_customer(
            "Co tydzień", "2026-10-31", "2026-11-04", recurring_rule_type="weekly"
        )
        self.assertEqual(invoice.amount_untaxed, 4 * 290.0)
        _contract, invoices = self.bill_customer(
            "Od połowy",
            "2026-12-31",
            "2027-01-04",
            recurring_rule_type="monthly",
            start="2026-10-15",
            date_end="2026-12-31",
        )
        # The last of three months, of 15 December to 14 January, has 17 days of 31.
        self.assertEqual(sum(invoices.mapped("amount_untaxed")), 2 * 290.0 + 159.03)

    def test_a_fee_ends_with_its_contract_and_goes_on_with_it(self):
        contract, invoice = self.bill_customer(
            "Krótka", "2026-10-31", "2026-11-04", date_end="2026-10-20"
        )
        self.assertEqual(contract.contract_line_ids.date_end, contract.date_end)
        self.assertEqual(invoice.amount_untaxed, 187.1)
        contract.date_end = "2026-11-30"
        with freeze_time("2026-12-04 08:00:00"):
            self._bill(contract, "2026-11-30")
        self.assertEqual(
            sum(contract.settlement_ids.invoice_id.mapped("amount_untaxed")), 580.0
        )
        october = contract.package_ids.filtered(
            lambda package: package.date_from.month == 10
        )
        self.assertEqual(len(october), 1, "the hours of a month are granted once")

    def test_a_contract_that_is_ended_early_bills_its_last_fee(self):
        self.contract.date_end = "2026-10-20"
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(self.contract, "2026-10-31")
        self.assertEqual(invoice.amount_untaxed, 187.1)
        self.assertIn("01.10.2026 – 20.10.2026", invoice.invoice_line_ids.name)

    def test_a_new_line_does_not_reopen_an_ended_contract(self):
        contract = self._create_contract(
            self.env["res.partner"].create({"name": "Zakończona"}),
            date_end="2026-10-20",
        )
        self.env["contract.line"].create(
            {"contract_id": contract.id, "product_id": self.fee.id, "name": "Druga"}
        )
        self.assertEqual(contract.date_end, self._day("2026-10-20"))

    def test_archived_contracts_are_still_billed(self):
        self.log_october()
        self.contract.write({"active": False, "date_end": "2026-10-31"})
        with freeze_time("2026-11-04 08:00:00"):
            due = self._due_contracts("2026-10-31")
            self.assertIn(self.contract, due)
            self.assertEqual(
                self._bill(self.contract, "2026-10-31").amount_total, 504.3
            )
            due = self._due_contracts("2026-12-31")
            self.assertNotIn(self.contract, due)

    def test_an_archived_contract_comes_to_an_end(self):
        with self.assertRaisesRegex(ValidationError, "has no end"):
            self.contract.active = False

    def test_an_archived_contract_keeps_its_end(self):
        self.contract.write({"active": False, "date_end": "2026-10-31"})
        with self.assertRaisesRegex(ValidationError, "has no end"):
            self.contract.date_end = False

    def test_an_error_of_any_kind_stops_no_other_contract(self):
        other = self._create_contract(
            self.env["res.partner"].create({"name": "Bez dziennika"}), code="VIP/3"
        )
        other.contract_line_ids.product_id = False
        self.log_october()
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(other + self.contract, "2026-10-31")
        self.assertEqual(invoice.amount_total, 504.3)
        self.assertIn("has no product", other.invoice_generation_error)

    def test_a_fee_dropped_from_the_draft_is_due_again_with_it(self):
        invoice = self.assertMonthOfTwoTickets(self.log_october())
        invoice.invoice_line_ids.filtered("contract_line_id").unlink()
        invoice.with_user(self.accountant).unlink()
        with freeze_time("2026-11-06 08:00:00"):
            again = self._bill(self.contract, "2026-10-31")
        self.assertEqual(again.amount_total, 504.3)

    def test_drafts_of_several_months_are_given_back_together(self):
        self.log_october()
        with freeze_time("2026-12-04 08:00:00"):
            drafts = self._bill(self.contract, "2026-11-30")
            drafts.sorted("service_period_to").with_user(self.accountant).unlink()
            again = self._bill(self.contract, "2026-11-30")
        self.assertEqual(sum(again.mapped("amount_untaxed")), 700.0)

    def test_a_run_that_only_settles_is_no_error(self):
        contract, invoices = self.bill_customer(
            "Same godziny", "2026-10-31", "2026-11-04", contract_line_ids=False
        )
        self.assertFalse(invoices)
        self.assertEqual(contract.settled_until, self._day("2026-10-31"))

    def test_late_work_says_of_when_it_is(self):
        with freeze_time("2026-11-04 08:00:00"):
            self._bill(self.contract, "2026-10-31")
            self._log(self.first, 200, "2026-10-20")
        with freeze_time("2026-12-04 08:00:00"):
            invoice = self._bill(self.contract, "2026-11-30")
        overage = invoice.invoice_line_ids.filtered(
            lambda line: not line.contract_line_id
        )
        self.assertIn("01.10.2026 – 31.10.2026", overage.name)

    def test_work_no_package_may_pay_for_is_not_called_beyond_one(self):
        self.tier.rate_ids.uses_packages = False
        self.log_october()
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(self.contract, "2026-10-31")
        self.assertNotIn(
            "ponad pakiet", " ".join(invoice.invoice_line_ids.mapped("name"))
        )

    def test_units_of_five_minutes(self):
        self.tier.rate_ids.write({"first_minutes": 0, "step_minutes": 5})
        self.contract.allowance_minutes = 0
        with freeze_time("2026-10-20 12:00:00"):
            self._log(self.first, 55, "2026-10-04")
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(self.contract, "2026-10-31")
        self.assertEqual(invoice.amount_untaxed, 400.0)

    def test_an_exempt_service_is_a_service(self):
        exempt = self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "=", "sale"),
                ("tax_scope", "=", False),
                ("amount", "=", 0),
            ],
            limit=1,
        )
        self.hour.taxes_id = exempt
        self.hour._check_service_tax(self.company)

    def test_nothing_to_bill_makes_no_invoice(self):
        contract = self._create_contract(
            self.env["res.partner"].create({"name": "Bez abonamentu"}),
            contract_line_ids=False,
            code="PG/1",
        )
        with freeze_time("2026-11-04 08:00:00"):
            self.env["service.billing"]._bill(contract, self._day("2026-11-03"))
        self.assertEqual(contract.settlement_ids.state, "nothing")

    def test_contract_prices_win_over_the_product(self):
        self.env.user.group_ids |= self.env.ref("product.group_product_pricelist")
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Umowa",
                "currency_id": self.company.currency_id.id,
                "company_id": self.company.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.hour.id,
                            "compute_price": "fixed",
                            "fixed_price": 100.0,
                        }
                    )
                ],
            }
        )
        self.contract.pricelist_id = pricelist
        self.log_october()
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(self.contract, "2026-10-31")
        self.assertEqual(invoice.amount_untaxed, 390.0)

    def test_another_eu_customer_is_billed_for_a_service(self):
        self.customer.write(
            {"country_id": self.env.ref("base.de").id, "vat": "DE136695976"}
        )
        position = self.env["account.fiscal.position"].with_company(self.company)
        self.contract.fiscal_position_id = position._get_fiscal_position(self.customer)
        self.log_october()
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(self.contract, "2026-10-31")
        self.assertEqual(invoice.amount_tax, 0.0)
        self.assertEqual(
            set(invoice.invoice_line_ids.tax_ids.mapped("tax_scope")), {"service"}
        )

    def test_a_broken_invoice_leaves_no_trace_of_the_settlement(self):
        self.log_october()
        self.fee.taxes_id = False
        with freeze_time("2026-11-04 08:00:00"):
            invoices, failed = self.env["service.billing"]._run(
                self.contract, self._day("2026-10-31")
            )
        self.assertEqual((len(invoices), [*failed]), (0, [self.contract]))
        self.assertFalse(self.contract.move_ids)
        self.assertFalse(self.first.timesheet_ids.settlement_id)
