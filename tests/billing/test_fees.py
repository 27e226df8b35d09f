from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ...models.billing.account_move_line import BILLING
from ..common import ServiceCommon

YEARLY = {"recurring_rule_type": "yearly", "allowance_minutes": 0}
AHEAD = {"recurring_invoicing_type": "pre-paid"}


class FeeCommon(ServiceCommon):
    def contract(self, *fees, **vals):
        """A contract of a customer of its own; ``fees`` are values of its lines."""
        self.number = getattr(self, "number", 0) + 1
        customer = self.env["res.partner"].create(
            {
                "name": f"Klient {self.number}",
                "lang": "pl_PL",
                "country_id": self.env.ref("base.pl").id,
            }
        )
        lines = [self.line(**fee) for fee in fees or [{}]]
        vals = {"contract_line_ids": lines, "code": f"A/{self.number}"} | vals
        return self._create_contract(customer, **vals)

    def line(self, **vals):
        fee = {"product_id": self.fee.id, "name": "Abonament", "specific_price": 290.0}
        return Command.create(fee | vals)

    def bill(self, contract, until, today=None):
        """Bill as back office; all invoices of the contract in order of their days."""
        day = fields.Date.add(self._day(until), days=4)
        with freeze_time(f"{today or day} 08:00:00"):
            self._bill(contract, until)
        return self.invoices(contract)

    def invoices(self, contract):
        moves = self.env["account.move"].search(
            [("service_contract_id", "=", contract.id), ("state", "!=", "cancel")]
        )
        return moves.sorted(lambda m: (m.service_period_to, m.service_period_from))

    def assertBilled(self, contract, *expected):
        """Assert (first day, last day, net amount) of every line of its invoices."""
        lines = self.invoices(contract).invoice_line_ids
        found = [
            (str(line.service_period_from), str(line.service_period_to))
            + (line.price_subtotal,)
            for line in lines.sorted(lambda x: (x.service_period_to, x.sequence, x.id))
        ]
        self.assertEqual(found, list(expected))


@tagged("post_install", "-at_install")
class TestFees(FeeCommon):
    def test_periods_and_shares(self):
        month = {"recurring_rule_type": "monthly"}
        last_day = {"recurring_rule_type": "monthlylastday"}
        quarter = {"recurring_rule_type": "quarterly"}
        cases = [
            (
                last_day | {"start": "2026-10-15"},
                "2026-11-30",
                ("2026-10-15", "2026-10-31", 159.03),
                ("2026-11-01", "2026-11-30", 290.0),
            ),
            (
                last_day | {"start": "2026-10-15", "prorate_fees": False},
                "2026-10-31",
                ("2026-10-15", "2026-10-31", 290.0),
            ),
            (
                month | {"start": "2026-08-31", "date_end": "2026-12-15"},
                "2026-12-31",
                ("2026-08-31", "2026-09-30", 290.0),
                ("2026-10-01", "2026-10-30", 290.0),
                ("2026-10-31", "2026-11-30", 290.0),
                ("2026-12-01", "2026-12-15", 145.0),
            ),
            (
                quarter | {"start": "2026-10-01", "date_end": "2027-01-31"},
                "2027-01-31",
                ("2026-10-01", "2026-12-31", 290.0),
                ("2027-01-01", "2027-01-31", 96.67),
            ),
            (
                YEARLY | {"start": "2026-03-01", "date_end": "2026-11-30"},
                "2026-11-30",
                ("2026-03-01", "2026-11-30", 217.5),
            ),
        ]
        for vals, until, *expected in cases:
            with self.subTest(**vals):
                contract = self.contract(**vals)
                self.bill(contract, until)
                self.assertBilled(contract, *expected)

    def test_the_name_says_days_and_share(self):
        cases = [
            ("Abonament", "Abonament\n15.10.2026 – 31.10.2026 · 17/31"),
            ("Od #START# do #END#", "Od 15.10.2026 do 31.10.2026\n17/31"),
            ("Za #INVOICEMONTHNAME# #START#", "Za październik 15.10.2026\n17/31"),
        ]
        for name, expected in cases:
            with self.subTest(name=name):
                contract = self.contract({"name": name}, start="2026-10-15")
                invoice = self.bill(contract, "2026-10-31")
                self.assertEqual(invoice.invoice_line_ids.name, expected)

    def test_a_moved_next_invoice_only_postpones(self):
        cases = [
            ("line", "2026-10-15", ("2026-10-31",)),
            ("line", "2026-12-05", ()),
            ("header", "2026-12-05", ()),
            ("header", "2026-10-15", ("2026-10-31",)),
        ]
        for where, to, expected in cases:
            with self.subTest(where=where, to=to):
                contract = self.contract()
                moved = contract.contract_line_ids if where == "line" else contract
                moved.with_user(self.back_office).recurring_next_date = to
                self.bill(contract, "2026-10-31")
                lasts = self.invoices(contract).mapped("service_period_to")
                self.assertEqual(tuple(map(str, lasts)), expected)
                self.bill(contract, "2026-12-31")
                self.assertBilled(
                    contract,
                    ("2026-10-01", "2026-10-31", 290.0),
                    ("2026-11-01", "2026-11-30", 290.0),
                    ("2026-12-01", "2026-12-31", 290.0),
                )

    def test_a_postponed_fee_outlives_its_contract(self):
        contract = self.contract(date_end="2026-10-31")
        contract.contract_line_ids.recurring_next_date = "2027-01-10"
        self.assertFalse(self.bill(contract, "2026-12-31"))
        self.bill(contract, "2027-01-31")
        self.assertBilled(contract, ("2026-10-01", "2026-10-31", 290.0))

    def test_supervision_of_workstations_by_the_year(self):
        three = {"quantity": 3, "specific_price": 400.0}
        fourth = {"specific_price": 400.0, "date_start": "2026-07-01"}
        for ahead in ({}, AHEAD):
            with self.subTest(**ahead):
                contract = self.contract(three, start="2026-01-01", **YEARLY, **ahead)
                if ahead:
                    self.bill(contract, "2026-01-01")
                    self.assertBilled(contract, ("2026-01-01", "2026-12-31", 1200.0))
                contract.with_user(self.back_office).write(
                    {"contract_line_ids": [self.line(**fourth)]}
                )
                self.bill(contract, "2026-12-31", today="2027-01-04")
                expected = [
                    ("2026-01-01", "2026-12-31", 1200.0),
                    ("2026-07-01", "2026-12-31", 200.0),
                ]
                if ahead:
                    expected.append(("2027-01-01", "2027-12-31", 1200.0))
                    expected.append(("2027-01-01", "2027-12-31", 400.0))
                self.assertBilled(contract, *expected)
                self.assertEqual(len(self.invoices(contract)), 3 if ahead else 1)
                late = self.invoices(contract).invoice_line_ids.filtered(
                    lambda line: line.price_subtotal == 200.0
                )
                self.assertIn("01.07.2026 – 31.12.2026 · 6/12", late.name)
                self.assertEqual(late.quantity, 1.0)

    def test_back_office_adds_a_workstation_on_the_form(self):
        contract = self.contract(start="2026-01-01", **YEARLY)
        form_view = "contract.contract_contract_customer_form_view"
        with Form(contract.with_user(self.back_office), form_view) as form:
            with form.contract_line_fixed_ids.new() as line:
                line.product_id = self.fee
                line.date_start = "2026-07-01"
                line.date_end = "2026-09-30"
        added = contract.contract_line_ids.sorted("id")[-1]
        self.assertEqual(added.recurring_next_date, self._day("2026-10-01"))
        with Form(contract.with_user(self.back_office), form_view) as form:
            form.date_start = "2026-02-01"
        starts = contract.contract_line_ids.sorted("id").mapped("date_start")
        self.assertEqual(starts, [self._day("2026-02-01"), self._day("2026-07-01")])
        contract.with_user(self.back_office).date_start = "2026-03-01"
        starts = contract.contract_line_ids.sorted("id").mapped("date_start")
        self.assertEqual(starts, [self._day("2026-03-01"), self._day("2026-07-01")])

    def test_fees_are_within_their_contract(self):
        contract = self.contract(date_end="2026-12-31")
        line = contract.contract_line_ids
        for vals in ({"date_start": "2026-09-01"}, {"date_end": "2027-01-01"}):
            with self.subTest(**vals), self.assertRefused("not in force"):
                line.with_user(self.back_office).write(vals)

    def test_a_fee_may_end_before_its_contract(self):
        contract = self.contract()
        contract.contract_line_ids.with_user(self.back_office).date_end = "2026-10-10"
        self.assertFalse(contract.date_end)
        self.bill(contract, "2026-11-30")
        self.assertBilled(contract, ("2026-10-01", "2026-10-10", 93.55))

    def test_a_whole_fee_is_paid_once_for_a_period(self):
        contract = self.contract(prorate_fees=False, date_end="2026-10-20")
        self.bill(contract, "2026-10-31")
        contract.with_user(self.back_office).date_end = "2026-11-15"
        self.bill(contract, "2026-11-30")
        self.assertBilled(
            contract,
            ("2026-10-01", "2026-10-20", 290.0),
            ("2026-11-01", "2026-11-15", 290.0),
        )

    def test_a_cancelled_fee_is_not_billed(self):
        contract = self.contract({}, {"is_canceled": True})
        self.bill(contract, "2026-10-31")
        self.assertBilled(contract, ("2026-10-01", "2026-10-31", 290.0))

    def test_a_fee_that_never_begins_lets_its_contract_end(self):
        contract = self.contract({}, {"date_start": "2026-12-01"})
        contract.with_user(self.back_office).date_end = "2026-11-30"
        self.bill(contract, "2027-01-31")
        self.assertBilled(
            contract,
            ("2026-10-01", "2026-10-31", 290.0),
            ("2026-11-01", "2026-11-30", 290.0),
        )

    def test_free_fees_make_no_line_and_move_on(self):
        for vals in ({"specific_price": 0.0}, {"quantity": 0}):
            for ahead in ({}, AHEAD):
                with self.subTest(**vals, **ahead):
                    contract = self.contract(vals, **ahead)
                    self.assertFalse(self.bill(contract, "2026-10-31"))
                    billed = contract.contract_line_ids.last_date_invoiced
                    last = "2026-11-30" if ahead else "2026-10-31"
                    self.assertEqual(billed, self._day(last))

    def test_fees_whose_tax_is_not_that_of_a_service_are_refused(self):
        goods = self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "=", "sale"),
                ("tax_scope", "=", False),
                ("amount", "=", 23.0),
            ],
            limit=1,
        )
        cases = [(goods.browse(), "no sales tax"), (goods, "taxed as goods")]
        for tax, message in cases:
            with self.subTest(message=message):
                product = self._create_product("Usługa", 10.0)
                billed_later = self.contract({"product_id": product.id})
                product.taxes_id = tax
                with self.assertRefused(message, error=ValidationError):
                    self.contract({"product_id": product.id})
                with self.assertRefused("says what is wrong"):
                    self.bill(billed_later, "2026-10-31")
                self.assertFalse(self.invoices(billed_later))
                runs = self.env["service.billing.run"].with_user(self.back_office)
                with freeze_time("2026-11-04 08:00:00"):
                    run = runs.create({"last_day": "2026-10-31"})
                reasons = dict(zip(run.line_ids.contract_id, run.line_ids, strict=True))
                self.assertRegex(reasons[billed_later].reason, message)
                self.assertFalse(billed_later.contract_line_ids.last_date_invoiced)

    def test_what_is_due_takes_the_same_queries_for_many(self):
        def queries(contracts):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            due = self.env["service.billing"]._fees_due(
                contracts, self._day("2026-12-31")
            )
            self.assertEqual({len(fees) for fees in due.values()}, {6})
            return self.cr.sql_log_count - before

        def contracts(number):
            found = self.env["contract.contract"]
            for _number in range(number):
                found |= self.contract({}, {"automatic_price": True})
            return found

        few, many = contracts(2), contracts(12)
        queries(few)
        self.assertEqual(queries(few), queries(many))
        self.assertLessEqual(queries(many), 25)

    def test_what_is_due_is_only_looked_at(self):
        contract = self.contract()
        billing = self.env["service.billing"]
        first = billing._fees_due(contract, self._day("2026-11-30"))
        self.assertEqual(first, billing._fees_due(contract, self._day("2026-11-30")))
        self.assertFalse(contract.contract_line_ids.last_date_invoiced)


@tagged("post_install", "-at_install")
class TestFeesAhead(FeeCommon):
    def test_november_ahead_and_october_hours_are_two_invoices(self):
        contract = self.contract(**AHEAD)
        ticket = self._create_ticket(partner_id=contract.partner_id.id)
        self._log_on(ticket, 180, "2026-10-12")
        invoices = self.bill(contract, "2026-10-31")
        self.assertBilled(
            contract,
            ("2026-10-01", "2026-10-31", 290.0),
            ("2026-10-01", "2026-10-31", 120.0),
            ("2026-11-01", "2026-11-30", 290.0),
        )
        self.assertEqual(len(invoices), 3)
        november = invoices[-1]
        self.assertRecordValues(
            november,
            [
                {
                    "service_contract_id": contract.id,
                    "service_period_from": self._day("2026-11-01"),
                    "service_period_to": self._day("2026-11-30"),
                    # VAT is due when it is paid, as a rule on the day of issue.
                    "taxable_supply_date": False,
                    "invoice_date": False,
                    "settlement_ids": [],
                }
            ],
        )
        with freeze_time("2026-11-04 09:00:00"):
            november.with_user(self.accountant).action_post()
        self.assertEqual(november.invoice_date, self._day("2026-11-04"))
        with self.assertRefused("nothing to bill"):
            self.bill(contract, "2026-10-31", "2026-11-05")

    def test_one_fee_ahead_and_one_after_its_month(self):
        contract = self.contract({"specific_price": 50.0} | AHEAD, {})
        self.bill(contract, "2026-10-31")
        self.assertEqual(
            self.invoices(contract).mapped("amount_untaxed"), [50.0, 290.0, 50.0]
        )

    def test_a_contract_that_joins_settles_hours_that_are_over(self):
        contract = self.contract(
            start="2026-01-01", service_tier_id=False, allowance_minutes=0
        )
        billed = contract.contract_line_ids.with_context(**BILLING.opened)
        billed.write(AHEAD | {"last_date_invoiced": "2026-12-31"})
        with freeze_time("2026-10-12 08:00:00"):
            contract.service_tier_id = self.tier
        self.assertEqual(contract.settled_until, self._day("2026-09-30"))

    def test_a_contract_with_nothing_but_a_fee_ahead_is_found(self):
        contract = self.contract(start="2026-11-01", **AHEAD)
        for day, found in [("2026-10-30", False), ("2026-10-31", True)]:
            with self.subTest(day=day):
                due = self._due_contracts(day)
                self.assertEqual(contract in due, found)

    def test_a_draft_that_is_dropped_gives_its_period_back(self):
        for drop in ("unlink", "button_cancel"):
            with self.subTest(drop=drop):
                contract = self.contract(**AHEAD)
                october, november = self.bill(contract, "2026-10-31")
                with self.assertRefused("later period"):
                    getattr(october.with_user(self.accountant), drop)()
                getattr(november.with_user(self.accountant), drop)()
                line = contract.contract_line_ids
                self.assertEqual(line.last_date_invoiced, self._day("2026-10-31"))
                self.assertEqual(contract.recurring_next_date, self._day("2026-11-01"))
                self.bill(contract, "2026-10-31")
                self.assertBilled(
                    contract,
                    ("2026-10-01", "2026-10-31", 290.0),
                    ("2026-11-01", "2026-11-30", 290.0),
                )

    def test_an_early_end_names_what_to_credit(self):
        cases = [("2026-06-30", "600,00"), ("2026-07-15", "551,61"), (False, None)]
        for end, amount in cases:
            with self.subTest(end=end):
                contract = self.contract(
                    {"quantity": 3, "specific_price": 400.0},
                    start="2026-01-01",
                    **YEARLY,
                    **AHEAD,
                )
                self.bill(contract, "2026-01-01")
                office = contract.with_user(self.back_office)
                office.with_context(lang="pl_PL").date_end = end
                if not amount:
                    self.assertFalse(contract.activity_ids)
                    continue
                self.assertIn(amount, contract.activity_ids.note)
                messages = contract.message_ids
                office.date_end = False
                self.assertIn("31", (contract.message_ids - messages)[:1].body)
                self.bill(contract, "2026-12-30", today="2027-01-04")
                self.assertBilled(contract, ("2026-01-01", "2026-12-31", 1200.0))


@tagged("post_install", "-at_install")
class TestFeesAbroad(FeeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.euro.id,
                "company_id": cls.company.id,
                "name": "2026-01-01",
                "inverse_company_rate": 4.0,
            }
        )
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Euro",
                "currency_id": cls.euro.id,
                "company_id": cls.company.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": product.id,
                            "compute_price": "fixed",
                            "fixed_price": price,
                        }
                    )
                    for product, price in ((cls.fee, 70.0), (cls.hour, 30.0))
                ],
            }
        )

    def month_in_euro(self, contract):
        """Fee, a package of ten hours at 25 euro each, and one hour beyond it."""
        package = self._sell(
            contract, 60, 1, "2026-10-01", hour_price=25.0, bill_with="contract"
        )
        self.assertEqual(package.contract_id, contract)
        ticket = self._create_ticket(partner_id=contract.partner_id.id)
        self._log_on(ticket, 240, "2026-10-12")
        return self.bill(contract, "2026-10-31")

    def test_a_contract_in_euro(self):
        germany = {"country_id": self.env.ref("base.de").id, "vat": "DE136695976"}
        for customer, taxed in (({}, 0.23), (germany, 0.0)):
            for priced in ({"automatic_price": True}, {"specific_price": 70.0}):
                with self.subTest(**customer, **priced):
                    contract = self.contract(priced, pricelist_id=self.pricelist.id)
                    contract.partner_id.write(customer)
                    position = self.env["account.fiscal.position"]
                    contract.fiscal_position_id = position._get_fiscal_position(
                        contract.partner_id
                    )
                    invoice = self.month_in_euro(contract)
                    self.assertEqual(invoice.currency_id, self.euro)
                    self.assertEqual(invoice.amount_untaxed, 70.0 + 25.0 + 30.0)
                    self.assertAlmostEqual(invoice.amount_tax, 125.0 * taxed)
                    self.assertEqual(
                        sum(invoice.line_ids.filtered("credit").mapped("credit")),
                        4.0 * invoice.amount_total,
                    )
                    taxes = invoice.invoice_line_ids.tax_ids
                    self.assertEqual(set(taxes.mapped("tax_scope")), {"service"})

    def test_prices_in_another_currency_are_converted(self):
        contract = self.contract({"automatic_price": True})
        contract.currency_id = self.euro
        invoice = self.bill(contract, "2026-10-31")
        self.assertEqual(invoice.currency_id, self.euro)
        self.assertEqual(invoice.amount_untaxed, 72.5)

    def test_hours_are_converted_at_the_rate_of_the_day_of_work(self):
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.euro.id,
                "company_id": self.company.id,
                "name": "2026-10-15",
                "inverse_company_rate": 5.0,
            }
        )
        contract = self.contract({"specific_price": 70.0}, allowance_minutes=0)
        contract.currency_id = self.euro
        for day in ("2026-10-14", "2026-10-15"):
            ticket = self._create_ticket(partner_id=contract.partner_id.id)
            self._log_on(ticket, 60, day)
        with freeze_time("2026-11-04 08:00:00"):
            run = self.env["service.billing.run"].with_user(self.back_office).create({})
            line = run.line_ids.filtered(lambda one: one.contract_id == contract)
        self.assertEqual(line.work, 120.0 / 4.0 + 120.0 / 5.0)
        invoice = self.bill(contract, "2026-10-31")
        hours = invoice.invoice_line_ids.filtered(
            lambda line: line.product_id == self.hour
        )
        self.assertEqual(hours.mapped("price_unit"), [30.0, 24.0])

    def test_two_companies_do_not_mix(self):
        other = self._second_company()
        hour = self._create_product("Serwis", 100.0, company=other)
        fee = self._create_product("Abonament", 500.0, company=other)
        tier = self._create_tier("VIP", company=other, product=hour)
        ours = self._create_contract(code="1/2026", **AHEAD)
        theirs = self._create_contract(
            code="1/2026",
            company_id=other.id,
            service_tier_id=tier.id,
            contract_line_ids=[Command.create({"product_id": fee.id, "name": "A"})],
            **AHEAD,
        )
        colleague = self._create_user("biuro", "group_back_office", company=other)
        runs = self.env["service.billing.run"].with_user(colleague)
        runs = runs.with_context(allowed_company_ids=other.ids)
        with freeze_time("2026-11-04 08:00:00"):
            run = runs.create({"last_day": "2026-10-31"})
            self.assertEqual(run.line_ids.contract_id, theirs)
            run.action_bill()
        self.assertFalse(self.invoices(ours))
        self.assertEqual(self.invoices(theirs).company_id, other)
        self.assertEqual(self.invoices(theirs).mapped("amount_untaxed"), [500.0] * 2)
        self.bill(ours, "2026-10-31")
        self.assertEqual(self.invoices(ours).company_id, self.company)
        self.assertEqual(self.invoices(ours).mapped("amount_untaxed"), [290.0] * 2)
        self.assertEqual(len(self.invoices(theirs)), 2)
