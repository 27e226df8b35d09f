from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import ServiceCommon


@tagged("post_install", "-at_install")
class TestPartPeriod(ServiceCommon):
    """Hours follow the fee in a period in which the contract starts or ends."""

    def contract(self, start, end=False, **vals):
        number = self.env["res.partner"].search_count([])
        customer = self.env["res.partner"].create({"name": f"Klient {number}"})
        return self._create_contract(customer, start=start, date_end=end, **vals)

    def granted(self, contract, until):
        """Hours of each allowance, as a plan has them and as they are granted."""
        day = self._day(until)
        facts = self.env["service.hour.ledger"]._facts(contract, day)[contract.id]
        planned = [package.granted for package in facts.packages]
        self._settle(contract, until)
        packages = contract.package_ids.sorted("date_from")
        self.assertEqual(packages.mapped("granted_minutes"), planned)
        self.assertLedgerIsSound()
        return planned

    def test_hours_of_a_part_period(self):
        quarter = {"allowance_months": "3", "allowance_minutes": 1800}
        year = {"allowance_months": "12", "allowance_minutes": 5760}
        from_start = {"allowance_anchor": "start"}
        for start, end, until, vals, hours in (
            # 15 of 31 days of two hours are 58 minutes.
            ("2026-08-17", False, "2026-09-30", {}, [60, 120]),
            ("2026-08-01", False, "2026-08-31", {}, [120]),
            ("2026-08-02", False, "2026-08-31", {}, [120]),
            ("2026-08-31", False, "2026-08-31", {}, [15]),
            ("2026-08-01", "2026-09-10", "2026-09-10", {}, [120, 45]),
            ("2026-08-10", "2026-08-20", "2026-08-20", {}, [45]),
            ("2026-08-17", False, "2026-08-31", {"whole_allowances": True}, [120]),
            ("2026-08-17", False, "2026-08-31", {"prorate_fees": False}, [120]),
            ("2026-08-17", False, "2026-08-31", {"allowance_minutes": 15}, [15]),
            # By the contract's own months there is no part at its start.
            ("2026-08-17", "2026-10-01", "2026-10-01", from_start, [120, 60]),
            # A quarter and a year: each month counts the same, a part by its days.
            ("2026-02-15", False, "2026-03-31", quarter, [900]),
            ("2026-07-01", False, "2026-07-31", year, [2880]),
            ("2026-01-01", "2026-09-30", "2026-09-30", year, [4320]),
        ):
            with self.subTest(start=start, end=end, **vals):
                contract = self.contract(start, end, **vals)
                self.assertEqual(self.granted(contract, until), hours)

    def test_the_form_says_it_before_anything_is_saved(self):
        contracts = self.env["contract.contract"].with_user(self.back_office)
        contracts = contracts.with_context(lang="en_US", service_contract=True)
        view = "contract.contract_contract_customer_form_view"
        with Form(contracts, view) as form:
            form.name = "VIP"
            form.partner_id = self.customer
            form.service_tier_id = self.tier
            form.recurring_rule_type = "monthlylastday"
            form.date_start = "2026-08-01"
            form.allowance_minutes = 120
            with form.contract_line_fixed_ids.new() as line:
                line.product_id = self.fee
            self.assertFalse(form.part_period_note)
            form.date_start = "2026-08-17"
            self.assertIn("1:00 h of 2:00 h", form.part_period_note)
            self.assertRegex(form.part_period_note, r"140.32.* of .*290.00.* net")
            form.whole_allowances = True
            self.assertNotIn("of 2:00 h", form.part_period_note)
            form.whole_allowances = False
            form.date_end = "2026-12-10"
            notes = form.part_period_note.split("\n")
            self.assertEqual(len(notes), 4)
            self.assertIn("0:45 h of 2:00 h", notes[2])
        self.assertTrue(form.record.part_period_note)
        form.record.invalidate_recordset()
        for user, sees in ((self.accountant, True), (self.technician, False)):
            record = form.record.with_user(user)
            field = record._fields["part_period_note"]
            self.assertEqual(record._has_field_access(field, "read"), sees)

    def test_the_fee_and_the_hours_are_billed_so(self):
        contract = self.contract("2026-08-17")
        ticket = self._create_ticket(
            day="2026-08-17", partner_id=contract.partner_id.id
        )
        entry = self._log_on(ticket, 70, "2026-08-20")
        with freeze_time("2026-09-04 08:00:00"):
            invoice = self._bill(contract, "2026-08-31")
        self.assertEqual((entry.package_minutes, entry.overage_minutes), (60, 60))
        self.assertEqual(
            [line.price_subtotal for line in invoice.invoice_line_ids], [140.32, 120.0]
        )

    def test_hours_follow_an_end_that_moves(self):
        """A year's hours, granted with the first of its months."""
        year = {
            "allowance_months": "12",
            "allowance_minutes": 1200,
            "contract_line_ids": [Command.clear()],
        }
        contract = self.contract("2026-01-01", **year)
        self._settle(contract, "2026-01-31")
        package = contract.package_ids
        office = contract.with_user(self.back_office)
        self.assertEqual(package.granted_minutes, 1200)
        office.date_end = "2026-06-30"
        self.assertEqual(package.granted_minutes, 600)
        cut = package.move_ids.filtered(lambda move: move.kind == "adjust")
        self.assertIn("The contract ends", cut.reason)
        office.date_end = "2026-09-30"
        self.assertEqual(package.granted_minutes, 900)
        office.date_end = False
        self.assertEqual(package.granted_minutes, 1200)
        self.assertLedgerIsSound()
        # What a manager added stays, and so does what is used.
        package.with_user(self.manager)._adjust(60, "Za awarię")
        ticket = self._create_ticket(
            day="2026-02-01", partner_id=contract.partner_id.id
        )
        self._log_on(ticket, 900, "2026-02-10")
        self._settle(contract, "2026-02-28")
        office.date_end = "2026-06-30"
        self.assertEqual(package.granted_minutes, 900)
        self.assertEqual(package.remaining_minutes, 0)
        office.date_end = "2026-12-31"
        self.assertEqual(package.granted_minutes, 1260)
        self.assertLedgerIsSound()
        self.assertEqual(
            package.move_ids.mapped("kind").count("grant"), 1, "granted once"
        )

    def test_months_from_a_day_that_not_all_of_them_have(self):
        for start, end, until, vals, hours in (
            # 31 January to 28 February is one month, with one fee.
            ("2026-01-31", "2026-02-28", "2026-02-28", {}, [120]),
            (
                "2028-02-29",
                "2029-02-28",
                "2029-02-28",
                {"allowance_months": "12"},
                [120],
            ),
        ):
            yearly = "allowance_months" in vals
            rule = {"recurring_rule_type": "yearly" if yearly else "monthly"}
            contract = self.contract(
                start, end, allowance_anchor="start", **rule, **vals
            )
            with self.subTest(start):
                day = self._day(end).replace(day=1)
                day = day.replace(month=day.month + 1, day=4)
                with freeze_time(f"{day} 08:00:00"):
                    self._bill(contract, until)
                invoices = self.env["account.move"].search(
                    [("service_contract_id", "=", contract.id)]
                )
                self.assertEqual(sum(invoices.mapped("amount_untaxed")), 290.0)
                self.assertEqual(contract.package_ids.mapped("granted_minutes"), hours)
                self.assertEqual(str(contract.package_ids.date_to), end)
