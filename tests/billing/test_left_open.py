from freezegun import freeze_time

from odoo.tests import tagged

from ..coverage.common import CoverageCommon


@tagged("post_install", "-at_install")
class TestLeftOpen(CoverageCommon):
    """Nobody is told that all is billed while something is not."""

    def _run(self, day, until):
        """What back office sees of a run on a day: number of contracts, and notes."""
        with freeze_time(f"{day} 12:00:00"):
            runs = self.env["service.billing.run"].with_user(self.back_office)
            run = runs.with_context(lang="en_US").create(
                {"last_day": until, "company_id": self.company.id}
            )
            return run, len(run.line_ids), run.left_open

    def _bill_until(self, day, until):
        with freeze_time(f"{day} 12:00:00"):
            invoices = self._bill(self.contract, until)
            invoices.action_post()
        return invoices

    def test_all_is_billed(self):
        self._bill_until("2026-11-02", "2026-10-31")
        _run, lines, notes = self._run("2026-11-02", "2026-10-31")
        self.assertEqual((lines, notes), (0, False))

    def test_a_month_that_is_not_over_is_named(self):
        self._bill_until("2026-11-02", "2026-10-31")
        for until in ("2026-11-30", "2026-12-31"):
            _run, lines, notes = self._run("2026-11-30", until)
            self.assertEqual(lines, 0)
            self.assertIn("until 30.11.2026 is not over", notes)
            self.assertIn("1 contracts can be billed for it from 01.12.2026", notes)

    def test_drafts_are_not_posted(self):
        with freeze_time("2026-11-02 12:00:00"):
            self._bill(self.contract, "2026-10-31")
        _run, lines, notes = self._run("2026-11-02", "2026-10-31")
        self.assertEqual(lines, 0)
        self.assertRegex(notes, r"wait to be posted: \d+")

    def test_an_accepted_quote_is_not_billed_by_a_run(self):
        ticket = self._ticket(customer=self.other, quote_first=True)
        ticket.with_user(self.back_office).action_make_quote()
        quote = ticket.sudo().quote_ids
        self._bill_until("2026-11-02", "2026-10-31")
        self.assertFalse(self._run("2026-11-02", "2026-10-31")[2])
        quote.action_confirm()
        _run, lines, notes = self._run("2026-11-02", "2026-10-31")
        self.assertEqual(lines, 0)
        self.assertIn(f"quotes are not invoiced yet: {quote.name}", notes)

    def test_work_on_hold_keeps_its_contract_in_the_list(self):
        first = self._ticket(customer=self.other)
        complaint = self._ticket(customer=self.other, complaint_of_id=first)
        self._log_on(complaint, 60, "2026-10-06")
        self._bill_until("2026-11-02", "2026-10-31")
        run, lines, _notes = self._run("2026-11-02", "2026-10-31")
        self.assertEqual(lines, 1)
        self.assertEqual(run.line_ids.state, "held")

    def test_work_without_a_price_is_named(self):
        self.ad_hoc.active = False
        ticket = self._ticket(customer=self.other)
        self._log_on(ticket, 60, "2026-10-06")
        self._bill_until("2026-11-02", "2026-10-31")
        _run, lines, notes = self._run("2026-11-02", "2026-10-31")
        self.assertEqual(lines, 0)
        self.assertIn(ticket.number, notes)

    def test_a_product_without_tax_is_known_before_the_run(self):
        untaxed = self._create_product("Bez VAT", 1.0)
        self.contract.contract_line_ids.product_id = untaxed
        untaxed.taxes_id = False
        run, _lines, _notes = self._run("2026-11-02", "2026-10-31")
        self.assertEqual(run.line_ids.state, "failed")
        self.assertIn("no sales tax", run.line_ids.reason)
        self.assertEqual(run.ready_count, 0)

    def test_a_run_that_is_over_promises_nothing(self):
        other = self._create_contract(self.other, start="2026-10-01", code="VIP/2")
        run, _lines, _notes = self._run("2026-11-02", "2026-10-31")
        line = run.line_ids.filtered(lambda one: one.contract_id == other)
        digits = "".join(filter(str.isdigit, run.amounts))
        self.assertEqual(digits, "319000", "ten months of one, October of the other")
        line.selected = False
        self.assertIn("290", run.amounts)
        with freeze_time("2026-11-02 12:00:00"):
            run.action_bill()
        self.assertEqual(line.state, "left_out")
        self.assertIn("290", run.amounts)

    def test_each_currency_has_a_sum_of_its_own(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": euro.id, "company_id": self.company.id}
        )
        self._create_contract(
            self.other, start="2026-10-01", code="VIP/2", pricelist_id=pricelist.id
        )
        run, _lines, _notes = self._run("2026-11-02", "2026-10-31")
        self.assertEqual(len(run.amounts.split("; ")), 2)

    def test_drafts_of_a_run_are_shown_with_their_customers(self):
        run, _lines, _notes = self._run("2026-11-02", "2026-10-31")
        with freeze_time("2026-11-02 12:00:00"):
            run.action_bill()
        for user, model in (
            (self.accountant, "account.move"),
            (self.back_office, "account.move"),
        ):
            action = run.with_user(user).sudo(False).action_open_invoices()
            self.assertEqual(action["res_model"], model)
            views = dict((kind, id_) for id_, kind in action["views"])
            arch = self.env[model].get_view(views["list"], "list")["arch"]
            self.assertRegex(arch, 'name="(commercial_)?partner_id"')

    def test_roles_may_export_their_lists(self):
        for user in (self.back_office, self.manager, self.accountant):
            self.assertTrue(user.has_group("base.group_allow_export"), user.name)
        self.assertFalse(self.technician.has_group("base.group_allow_export"))

    def test_open_work_has_an_amount(self):
        ticket = self._ticket()
        entry = self._log_on(ticket, 180, "2026-10-06").with_user(self.back_office)
        self.assertEqual(entry.net_amount, 120.0)

    def test_nothing_is_waived_that_packages_pay(self):
        ticket = self._ticket()
        entry = self._log_on(ticket, 60, "2026-10-06")
        wizard = self.env["service.charge.change"].with_user(self.back_office)
        vals = {"entry_ids": entry.ids, "charge": "packages", "reason": "Rabat"}
        with self.assertRefused("nothing to waive"):
            wizard.create(vals).action_apply()
        self._log_on(ticket, 120, "2026-10-06")
        beyond = self._log_on(ticket, 60, "2026-10-07")
        wizard.create(vals | {"entry_ids": beyond.ids}).action_apply()
        self.assertEqual(beyond.waiver, "packages")
