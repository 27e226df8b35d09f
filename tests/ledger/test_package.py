from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import MODULE, ServiceCommon


@tagged("post_install", "-at_install")
class TestPackage(ServiceCommon):
    """Packages that are sold: how long they last, who may use them, what is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(
            start="2026-01-01",
            allowance_minutes=0,
            contract_line_ids=[Command.clear()],
        )
        cls.tier.rate_ids.scope = "entry"
        cls.ticket = cls._create_ticket(day="2026-01-02")

    def moves(self, package):
        return [
            (move.kind, move.minutes, str(move.date))
            for move in package.move_ids.sorted("id")
        ]

    def test_20_hours_for_6_months(self):
        package = self._sell(self.contract, 1200, 6, "2026-01-15")
        self.assertEqual(
            (str(package.date_from), str(package.date_to)), ("2026-01-15", "2026-07-14")
        )
        invoice = package.invoice_line_ids.move_id
        self.assertEqual((invoice.state, invoice.amount_untaxed), ("draft", 2000.0))
        self._log_on(self.ticket, 720, "2026-02-10")
        self._log_on(self.ticket, 300, "2026-06-20")
        self.assertBalance(self.contract, "2026-06-25", granted=1200, available=180)
        late = self._log_on(self.ticket, 120, "2026-07-15")
        with freeze_time("2026-08-04 08:00:00"):
            invoice = self._bill(self.contract, "2026-07-31")
        self.assertEqual(
            self.moves(package),
            [
                ("grant", 1200, "2026-01-15"),
                ("consume", -720, "2026-02-10"),
                ("consume", -300, "2026-06-20"),
                ("expire", -180, "2026-07-14"),
            ],
        )
        self.assertEqual((late.package_minutes, late.overage_minutes), (0, 120))
        self.assertEqual(invoice.amount_untaxed, 240.0)
        self.assertLedgerIsSound()

    def test_months_that_lack_the_day_are_used_to_their_end(self):
        """Art. 112 of the civil code."""
        for first, months, last in (
            ("2026-01-28", 1, "2026-02-27"),
            ("2026-01-29", 1, "2026-02-28"),
            ("2026-01-31", 1, "2026-02-28"),
            ("2026-08-31", 6, "2027-02-28"),
            ("2026-08-30", 1, "2026-09-29"),
            ("2028-01-31", 1, "2028-02-29"),
        ):
            with self.subTest(first, months=months):
                wizard = self.env["service.package.sale"].new(
                    {"date_from": first, "months": months}
                )
                self.assertEqual(str(wizard.date_to), last)
                package = self._sell(self.contract, 60, months, first)
                self.assertEqual(str(package.date_to), last)

    def test_packages_are_sold_on_the_companys_day(self):
        sales = self.env["service.package.sale"].with_user(self.back_office)
        for zone, moment, day in (
            ("Asia/Tokyo", "2026-10-31 16:00:00", "2026-10-31"),
            ("America/New_York", "2026-11-01 01:00:00", "2026-11-01"),
        ):
            with self.subTest(zone), freeze_time(moment):
                sold_on = sales.with_context(
                    tz=zone, default_contract_id=self.contract.id
                ).default_get(["date_from"])
                self.assertEqual(str(sold_on["date_from"]), day)

    def test_the_package_that_ends_first_gives_first(self):
        first = self._sell(self.contract, 1200, 6, "2026-01-15")
        self._log_on(self.ticket, 720, "2026-02-10")
        second = self._sell(self.contract, 600, 1, "2026-06-01")
        self.assertEqual(str(second.date_to), "2026-06-30")
        self._log_on(self.ticket, 300, "2026-06-20")
        self._settle(self.contract, "2026-07-31")
        self.assertEqual(
            self.moves(second),
            [
                ("grant", 600, "2026-06-01"),
                ("consume", -300, "2026-06-20"),
                ("expire", -300, "2026-06-30"),
            ],
        )
        self.assertEqual(self.moves(first)[-1], ("expire", -480, "2026-07-14"))
        self.assertLedgerIsSound()

    def test_the_window_holds_its_first_and_last_day(self):
        package = self._sell(self.contract, 600, 1, "2026-02-10")
        expected = [
            ("2026-02-09", 0),
            ("2026-02-10", 60),
            ("2026-03-09", 60),
            ("2026-03-10", 0),
        ]
        entries = [
            (self._log_on(self.ticket, 60, day), minutes) for day, minutes in expected
        ]
        self._settle(self.contract, "2026-03-31")
        self.assertEqual(str(package.date_to), "2026-03-09")
        for entry, minutes in entries:
            with self.subTest(day=entry.date):
                self.assertEqual(entry.package_minutes, minutes)

    def test_a_package_with_the_days_of_an_allowance_comes_after_it(self):
        """By the plan and by the posting, though the allowance is posted later."""
        self.contract.allowance_minutes = 120
        package = self._sell(self.contract, 120, 1, "2026-02-01")
        self._log_on(self.ticket, 60, "2026-02-10")
        with freeze_time("2026-02-12 12:00:00"):
            self.assertEqual(package.pending_minutes, 0)
        self._settle(self.contract, "2026-02-28")
        self.assertEqual(package.used_minutes, 0)

    def test_late_work_gives_back_only_what_it_takes(self):
        """Also from a package that another contract of the customer closed."""
        self.contract.date_end = "2026-02-15"
        package = self._sell(self.contract, 600, 1, "2026-01-20", whole_customer=True)
        second = self._create_contract(
            start="2026-02-16",
            allowance_minutes=0,
            contract_line_ids=[Command.clear()],
        )
        self._settle(self.contract, "2026-02-28")
        self._settle(second, "2026-02-28")
        self.assertEqual(package.expired_minutes, 600)
        with freeze_time("2026-03-05 12:00:00"):
            late = self._log(self.ticket, 60, "2026-02-10")
        self._settle(self.contract, "2026-03-31")
        self.assertEqual(late.package_minutes, 60)
        self.assertEqual(
            self.moves(package)[-2:],
            [("release", 60, "2026-02-19"), ("consume", -60, "2026-02-10")],
        )
        self.assertLedgerIsSound()

    def test_what_a_manager_added_stays_when_the_sale_is_credited(self):
        package = self._sell(self.contract, 600, 6, "2026-01-15")
        self.post(package.invoice_line_ids.move_id)
        self._log_on(self.ticket, 300, "2026-01-20")
        self._settle(self.contract, "2026-01-31")
        package.with_user(self.manager)._adjust(60, "Za cierpliwość")
        self.credit(package, 1)
        self.assertEqual(
            (package.remaining_minutes, package.overused_minutes), (60, 300)
        )
        self.assertLedgerIsSound()

    def test_hours_of_any_number_of_minutes_are_billed(self):
        package = self._sell(self.contract, 601, 6, "2026-02-15")
        package.with_user(self.manager)._adjust(1, "Pomyłka")
        self.assertEqual(package.granted_minutes, 602)
        self.contract.allowance_minutes = 23
        self._log_on(self.ticket, 50, "2026-01-10")
        with freeze_time("2026-02-04 08:00:00"):
            invoice = self._bill(self.contract, "2026-01-31")
        self.assertEqual(invoice.amount_untaxed, 74.0)

    def test_a_remainder_of_any_number_of_minutes_is_billed(self):
        self.tier.rate_ids.package_factor = 150
        self.contract.allowance_minutes = 39
        self._log_on(self.ticket, 50, "2026-01-10")
        billing = self.env["service.billing"].with_company(self.company)
        with freeze_time("2026-02-04 08:00:00"):
            invoice = billing._bill(self.contract, self._day("2026-01-31"))
        # 26 of 60 minutes take all 39 of the package.
        self.assertEqual(invoice.amount_untaxed, 68.0)

    def test_what_cannot_be_sold(self):
        cases = [
            ({"months": 0}, "1 to 12 months"),
            ({"months": 13}, "1 to 12 months"),
            ({"minutes": 0}, "Enter the hours"),
            ({"minutes": -60}, "Enter the hours"),
            ({"hour_price": -1}, "negative"),
            ({"rollover_minutes": -3}, "negative"),
            ({"whole_customer": True, "bill_with": "contract"}, "separate invoice"),
        ]
        for vals, message in cases:
            terms = {"minutes": 600, "months": 6} | vals
            with self.subTest(vals), self.assertRefused(message):
                self._sell(self.contract, start="2026-01-15", **terms)
        for months in (1, 12):
            self.assertTrue(self._sell(self.contract, 60, months, "2026-01-15"))

    def test_who_may_sell(self):
        for user in (self.technician, self.accountant):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._sell(self.contract, 600, 6, "2026-01-15", user=user)

    def test_the_wizard_offers_what_is_usual(self):
        with freeze_time("2026-01-15 10:00:00"):
            sale = (
                self.env["service.package.sale"]
                .with_user(self.back_office)
                .create({"contract_id": self.contract.id, "minutes": 90})
            )
        self.assertEqual(sale.product_id, self.hour)
        self.assertEqual((sale.hour_price, sale.amount), (120.0, 180.0))
        self.assertEqual(str(sale.date_to), "2026-07-14")

    def test_when_a_package_becomes_usable(self):
        for usable, steps in {
            "at_once": ["sold"],
            "posted": ["sold", "posted"],
            "paid": ["sold", "posted", "paid"],
        }.items():
            package = self._sell(self.contract, 600, 6, "2026-01-15", usable=usable)
            invoice = package.invoice_line_ids.move_id
            for step in ("sold", "posted", "paid"):
                if step == "posted":
                    self.post(invoice)
                if step == "paid":
                    self.pay(invoice)
                granted = 600 if step in steps[-1:] or step not in steps else 0
                with self.subTest(usable=usable, step=step):
                    self.assertEqual(package.granted_minutes, granted)
            self.assertEqual(self.moves(package), [("grant", 600, "2026-01-15")])

    def test_hours_that_are_not_usable_yet_pay_for_nothing(self):
        package = self._sell(self.contract, 600, 6, "2026-01-15", usable="paid")
        with freeze_time("2026-01-20 12:00:00"):
            self.assertEqual(package.state, "waiting")
        self._log_on(self.ticket, 60, "2026-01-20")
        self.assertBalance(self.contract, "2026-01-20", granted=0, overage=60)
        self.post(package.invoice_line_ids.move_id)
        self.pay(package.invoice_line_ids.move_id)
        self.assertBalance(self.contract, "2026-01-20", granted=600, pending=60)

    def test_deleting_the_draft_takes_the_hours_back(self):
        package = self._sell(self.contract, 600, 6, "2026-01-15")
        package.invoice_line_ids.move_id.with_user(self.accountant).unlink()
        self.assertEqual((package.granted_minutes, package.state), (0, "cancelled"))
        self.assertLedgerIsSound()

    def test_cancelling_and_restoring_the_invoice(self):
        package = self._sell(self.contract, 600, 6, "2026-01-15")
        invoice = package.invoice_line_ids.move_id.with_user(self.accountant)
        invoice.button_cancel()
        self.assertEqual((package.granted_minutes, package.state), (0, "cancelled"))
        invoice.button_draft()
        self.assertEqual(package.granted_minutes, 600)
        self.assertLedgerIsSound()

    def test_a_partial_credit_reduces_the_hours_in_proportion(self):
        package = self._sell(self.contract, 1200, 6, "2026-01-15")
        self.post(package.invoice_line_ids.move_id)
        self.credit(package, 0.25)
        self.assertEqual(package.granted_minutes, 900)
        self.credit(package, 0.5)  # of the rest, which the draft holds
        self.assertEqual(package.granted_minutes, 450)
        self.assertEqual(package.overused_minutes, 0)
        self.assertLedgerIsSound()

    def test_hours_that_are_used_stay_granted_and_are_flagged(self):
        package = self._sell(self.contract, 1200, 6, "2026-01-15")
        self.post(package.invoice_line_ids.move_id)
        self._log_on(self.ticket, 720, "2026-02-10")
        self._settle(self.contract, "2026-02-28")
        self.credit(package, 1)
        self.assertEqual((package.granted_minutes, package.used_minutes), (720, 720))
        self.assertEqual(package.overused_minutes, 720)
        self.assertIn("12:00", self.contract.activity_ids.note)
        self.assertLedgerIsSound()

    def test_a_credit_after_the_end_gives_no_hour_back_twice(self):
        package = self._sell(self.contract, 600, 1, "2026-01-15")
        self.post(package.invoice_line_ids.move_id)
        self._log_on(self.ticket, 120, "2026-01-20")
        self._settle(self.contract, "2026-02-28")
        self.assertEqual(package.expired_minutes, 480)
        self.credit(package, 0.5)
        self.assertEqual(
            (
                package.granted_minutes,
                package.used_minutes,
                package.expired_minutes,
            ),
            (300, 120, 180),
        )
        self.assertLedgerIsSound()

    def test_an_invoice_that_is_issued_anew_sells_the_package_once(self):
        package = self._sell(self.contract, 600, 6, "2026-01-15")
        invoice = package.invoice_line_ids.move_id
        self.post(invoice)
        with freeze_time("2026-01-20 08:00:00"):
            wizard = (
                self.env["account.move.reversal"]
                .with_user(self.accountant)
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create({"journal_id": invoice.journal_id.id, "reason": "Zły adres"})
            )
            again = self.env["account.move"].browse(wizard.modify_moves()["res_id"])
            self.assertEqual(package.granted_minutes, 600)
            again.with_user(self.accountant).action_post()
        self.assertEqual(package.granted_minutes, 600)
        self.assertLedgerIsSound()

    def test_a_payment_that_bounces_takes_the_hours_back(self):
        package = self._sell(self.contract, 600, 6, "2026-01-15", usable="paid")
        invoice = package.invoice_line_ids.move_id
        self.post(invoice)
        self.pay(invoice)
        self.assertEqual(package.granted_minutes, 600)
        invoice.with_user(self.accountant).line_ids.remove_move_reconcile()
        self.assertEqual(package.granted_minutes, 0)

    def test_the_invoice_decides_what_is_sold(self):
        package = self._sell(self.contract, 600, 6, "2026-01-15")
        invoice = package.invoice_line_ids.move_id
        invoice.invoice_line_ids.quantity = 5
        self.post(invoice)
        self.assertEqual(package.granted_minutes, 300)
        other = self._sell(self.contract, 600, 6, "2026-01-15")
        draft = other.invoice_line_ids.move_id.with_user(self.accountant)
        draft.invoice_line_ids = [Command.clear()]
        self.assertEqual((other.granted_minutes, other.state), (0, "cancelled"))

    def test_a_present_is_given_back_by_its_quantity(self):
        package = self._sell(self.contract, 600, 6, "2026-01-15", hour_price=0.0)
        self.post(package.invoice_line_ids.move_id)
        self.credit(package, 0.5)
        self.assertEqual(package.granted_minutes, 300)

    def test_a_package_needs_an_invoice_it_can_stand_on(self):
        self.contract.date_end = "2026-02-28"
        self._settle(self.contract, "2026-02-28")
        with self.assertRefused("has no next invoice"):
            self._sell(self.contract, 600, 6, "2026-02-15", bill_with="contract")
        self.assertTrue(self._sell(self.contract, 600, 6, "2026-02-15"))

    def test_a_contract_that_ends_later_bills_a_package_with_its_next_month(self):
        self.contract.date_end = "2026-03-31"
        self._settle(self.contract, "2026-01-31")
        package = self._sell(self.contract, 600, 1, "2026-02-15", bill_with="contract")
        with freeze_time("2026-03-04 08:00:00"):
            invoice = self._bill(self.contract, "2026-02-28")
        self.assertEqual(package.invoice_line_ids, invoice.invoice_line_ids)
        self.assertEqual(invoice.amount_untaxed, 1000.0)

    def test_a_contract_does_not_end_before_what_is_settled(self):
        self._settle(self.contract, "2026-01-31")
        with self.assertRefused("cannot end before that day"):
            self.contract.with_user(self.back_office).date_end = "2026-01-15"
        self.contract.with_user(self.back_office).date_end = "2026-01-31"

    def test_what_a_technician_sees_of_a_package(self):
        package = self._sell(self.contract, 600, 6, "2026-01-15")
        mine = package.with_user(self.technician)
        self.assertEqual(mine.granted_minutes, 600)
        for name in ("product_id", "hour_price", "invoice_line_ids"):
            with self.subTest(name), self.assertRaises(AccessError):
                mine.read([name])
        with self.assertRaises(AccessError):
            mine.action_open_invoice()

    def test_hours_that_were_carried_over_are_credited_too(self):
        package = self._sell(self.contract, 600, 1, "2026-01-15", rollover_minutes=120)
        self.post(package.invoice_line_ids.move_id)
        self._settle(self.contract, "2026-02-28")
        self.credit(package, 1)
        successor = package.move_ids.successor_id
        self.assertEqual(
            (successor.remaining_minutes, package.overused_minutes), (0, 0)
        )
        package._sync_grant()
        self.assertEqual(len(successor.move_ids), 2)
        self.assertLedgerIsSound()

    def test_a_customer_that_joins_a_group_keeps_its_hours(self):
        self.contract.allowance_minutes = 120
        self._sell(self.contract, 600, 6, "2026-01-15", whole_customer=True)
        self._settle(self.contract, "2026-01-31")
        group = self.env["res.partner"].create(
            {"name": "Grupa", "is_company": True, "vat": self.customer.vat}
        )
        self.customer.write({"parent_id": group.id, "is_company": False})
        self.assertEqual(self.contract.commercial_partner_id, group)
        self.assertBalance(self.contract, "2026-02-10", granted=720, available=720)
        self.assertLedgerIsSound()
        self._log_on(self.ticket, 180, "2026-02-10")
        self._settle(self.contract, "2026-02-28")
        self.assertBalance(self.contract, "2026-02-28", used=180)
        self.assertLedgerIsSound()

    def test_a_copy_of_the_invoice_sells_nothing(self):
        package = self._sell(self.contract, 600, 6, "2026-01-15", usable="posted")
        invoice = package.invoice_line_ids.move_id
        self.post(invoice)
        self.post(invoice.copy())
        self.assertEqual(package.granted_minutes, 600)

    def test_a_package_on_the_contracts_next_invoice(self):
        package = self._sell(self.contract, 600, 6, "2026-01-15", bill_with="contract")
        self.assertFalse(package.invoice_line_ids)
        with freeze_time("2026-02-04 08:00:00"):
            invoice = self._bill(self.contract, "2026-01-31")
        self.assertEqual(invoice.amount_untaxed, 1000.0)
        invoice.with_user(self.accountant).unlink()
        self.assertEqual(package.granted_minutes, 600)
        with freeze_time("2026-02-04 09:00:00"):
            invoice = self._bill(self.contract, "2026-01-31")
        self.assertEqual(package.invoice_line_ids.move_id, invoice)
        with freeze_time("2026-03-04 08:00:00"):
            self.assertFalse(self._bill(self.contract, "2026-02-28"))

    def test_a_package_for_the_whole_customer_outlives_a_contract(self):
        self.contract.date_end = "2026-02-15"
        package = self._sell(self.contract, 600, 6, "2026-01-15", whole_customer=True)
        second = self._create_contract(
            start="2026-02-16",
            allowance_minutes=0,
            contract_line_ids=[Command.clear()],
        )
        self._log_on(self.ticket, 120, "2026-02-10")
        self._log_on(self.ticket, 120, "2026-02-20")
        for contract in (self.contract, second):
            self.assertBalance(contract, "2026-02-25", granted=600, pending=240)
        # Whichever is settled first, neither takes what the other needs.
        self._settle(second, "2026-02-28")
        self._settle(self.contract, "2026-02-28")
        self.assertEqual(package.used_minutes, 240)
        self.assertLedgerIsSound()

    def test_earlier_work_of_another_contract_keeps_its_hours(self):
        self.contract.date_end = "2026-02-15"
        self._sell(self.contract, 60, 6, "2026-01-15", whole_customer=True)
        second = self._create_contract(
            start="2026-02-16",
            allowance_minutes=0,
            contract_line_ids=[Command.clear()],
        )
        early = self._log_on(self.ticket, 60, "2026-02-10")
        late = self._log_on(self.ticket, 60, "2026-02-20")
        self._settle(second, "2026-02-28")
        self._settle(self.contract, "2026-02-28")
        self.assertEqual((early.package_minutes, late.package_minutes), (60, 0))
        self.assertLedgerIsSound()

    def test_open_work_of_an_archived_contract_keeps_its_hours(self):
        self._sell(self.contract, 60, 6, "2026-01-15", whole_customer=True)
        early = self._log_on(self.ticket, 60, "2026-02-10")
        following = self.two_contracts_after_each_other()
        self.contract.with_user(self.back_office).active = False
        late = self._log_on(self._create_ticket(day="2026-02-16"), 60, "2026-02-20")
        self.assertEqual(early.service_contract_id, self.contract)
        self.assertBalance(following, "2026-02-25", pending=60, available=0, overage=60)
        self._settle(following, "2026-02-28")
        self._settle(self.contract, "2026-02-28")
        self.assertEqual((early.package_minutes, late.package_minutes), (60, 0))
        self.assertLedgerIsSound()

    def test_packages_of_contracts_that_are_over_expire_too(self):
        package = self._sell(self.contract, 600, 6, "2026-01-15")
        self.contract.date_end = "2026-02-28"
        self._settle(self.contract, "2026-02-28")
        self.assertEqual(package.expired_minutes, 0)
        for day, expired in (
            ("2026-07-17", 0),
            ("2026-07-18", 600),
            ("2026-12-31", 600),
        ):
            # The cron leaves three days for late entries.
            with freeze_time(f"{day} 03:00:00"), self.enter_registry_test_mode():
                self.env.ref(f"{MODULE}.cron_service_billing").method_direct_trigger()
            self.assertEqual(package.expired_minutes, expired)
            if not expired:
                continue
            self.assertEqual(self.moves(package)[-1], ("expire", -600, "2026-07-14"))
        self.assertEqual(len(package.move_ids), 2)
        self.assertLedgerIsSound()

    def test_unused_hours_of_a_package_carry_over_up_to_the_cap(self):
        package = self._sell(self.contract, 600, 1, "2026-01-15", rollover_minutes=120)
        self._log_on(self.ticket, 60, "2026-01-20")
        self._log_on(self.ticket, 180, "2026-02-20")
        self._settle(self.contract, "2026-02-28")
        successor = package.move_ids.successor_id
        self.assertEqual(
            (successor.kind, str(successor.date_to)), ("rollover", "2026-03-14")
        )
        self.assertEqual((package.expired_minutes, package.carried_minutes), (540, 120))
        self.assertEqual(
            self.moves(successor),
            [("grant", 120, "2026-02-14"), ("consume", -120, "2026-02-20")],
        )
        self.assertLedgerIsSound()

    def test_late_work_takes_what_was_lost_not_what_was_carried_over(self):
        package = self._sell(self.contract, 600, 1, "2026-01-15", rollover_minutes=120)
        self._settle(self.contract, "2026-02-28")
        with freeze_time("2026-03-05 12:00:00"):
            late = self._log(self.ticket, 60, "2026-01-20")
        self._settle(self.contract, "2026-03-31")
        self.assertEqual(late.package_minutes, 60)
        release = package.move_ids.filtered(lambda move: move.kind == "release")
        self.assertEqual((release.minutes, release.released_id.minutes), (60, -480))
        self.assertEqual(package.carried_minutes, 120)
        self.assertLedgerIsSound()

    def two_contracts_after_each_other(self, **terms):
        """One until the middle of February, and one from there on."""
        self.contract.date_end = "2026-02-15"
        return self._create_contract(start="2026-02-16", allowance_minutes=0, **terms)

    def test_a_shared_package_carries_over_to_the_next_contract(self):
        package = self._sell(
            self.contract,
            600,
            1,
            "2026-01-15",
            rollover_minutes=120,
            whole_customer=True,
        )
        following = self.two_contracts_after_each_other()
        self.assertBalance(following, "2026-02-20", granted=120, available=120)
        ticket = self._create_ticket(day="2026-02-16")
        entry = self._log_on(ticket, 180, "2026-02-20")
        self.assertEqual(entry.service_contract_id, following)
        # The old contract is not settled yet.
        self._settle(following, "2026-02-28")
        self.assertEqual((entry.package_minutes, entry.overage_minutes), (120, 60))
        self._settle(self.contract, "2026-02-28")
        self.assertEqual(package.carried_minutes, 120)
        self.assertLedgerIsSound()

    def test_the_check_knows_the_allowance_of_an_earlier_contract(self):
        self.contract.allowance_minutes = 120
        self._sell(self.contract, 60, 6, "2026-01-15", whole_customer=True)
        before = self._log_on(self.ticket, 60, "2026-02-10")
        following = self.two_contracts_after_each_other()
        entry = self._log_on(self._create_ticket(day="2026-02-16"), 60, "2026-02-20")
        self._settle(following, "2026-02-28")
        self.assertEqual(entry.package_minutes, 60)
        self.assertLedgerIsSound()
        self._settle(self.contract, "2026-02-28")
        self.assertEqual(before.package_minutes, 60)
        self.assertLedgerIsSound()

    def post(self, invoices):
        with freeze_time("2026-01-16 08:00:00"):
            invoices.with_user(self.accountant).action_post()

    def pay(self, invoice):
        wizard = self.env["account.payment.register"].with_user(self.accountant)
        wizard.with_context(active_model="account.move", active_ids=invoice.ids).create(
            {}
        ).action_create_payments()

    def credit(self, package, part):
        """Post a credit note over a part of the package's invoice."""
        invoice = package._sale_lines().move_id
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "reason": "Korekta"})
        )
        wizard.refund_moves()
        refund = wizard.new_move_ids
        refund.invoice_line_ids.quantity *= part
        with freeze_time("2026-03-10 08:00:00"):
            refund.action_post()


@tagged("post_install", "-at_install")
class TestAllowance(ServiceCommon):
    """Hours that come with the fee, period by period."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier.rate_ids.scope = "entry"

    def windows(self, contract):
        return [
            (str(p.date_from), str(p.date_to), p.granted_minutes)
            for p in contract.package_ids.sorted("date_from")
        ]

    def test_eight_hours_each_month_of_a_year(self):
        contract = self._create_contract(start="2026-01-01", allowance_minutes=480)
        self._settle(contract, "2026-12-31")
        self.assertEqual(len(contract.package_ids), 12)
        for package in contract.package_ids:
            self.assertEqual(package.granted_minutes, 480)
            self.assertEqual(package.expired_minutes, 480)
            self.assertEqual(package.date_from.month, package.date_to.month)

    def test_a_monthly_fee_with_ten_hours_and_work_beyond_them(self):
        self.tier.rate_ids.scope = "ticket"
        self.hour.list_price = 90.0
        contract = self._create_contract(
            allowance_minutes=600,
            contract_line_ids=[
                Command.create(
                    {
                        "product_id": self.fee.id,
                        "name": "Ryczałt",
                        "specific_price": 900.0,
                    }
                )
            ],
        )
        for minutes, day in ((320, "2026-10-13"), (310, "2026-10-21")):
            ticket = self._create_ticket(day=day)
            entry = self._log_on(ticket, minutes, day)
            self.assertEqual(entry.billed_minutes, 360)
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(contract, "2026-10-31")
        self.assertEqual(
            (invoice.amount_untaxed, invoice.amount_total), (1080.0, 1328.4)
        )
        self.assertEqual(contract.settlement_ids.overage_minutes, 120)

    def test_periods(self):
        cases = [
            (
                "1",
                "calendar",
                [
                    ("2026-01-20", "2026-01-31", 30),
                    ("2026-02-01", "2026-02-28", 60),
                    ("2026-03-01", "2026-03-31", 60),
                    ("2026-04-01", "2026-04-30", 60),
                ],
            ),
            (
                "1",
                "start",
                [
                    ("2026-01-20", "2026-02-19", 60),
                    ("2026-02-20", "2026-03-19", 60),
                    ("2026-03-20", "2026-04-19", 60),
                    ("2026-04-20", "2026-05-19", 60),
                ],
            ),
            (
                "3",
                "calendar",
                [
                    ("2026-01-20", "2026-03-31", 60),
                    ("2026-04-01", "2026-06-30", 60),
                ],
            ),
            (
                "3",
                "start",
                [
                    ("2026-01-20", "2026-04-19", 60),
                    ("2026-04-20", "2026-07-19", 60),
                ],
            ),
            ("12", "calendar", [("2026-01-20", "2026-12-31", 60)]),
            ("12", "start", [("2026-01-20", "2027-01-19", 60)]),
        ]
        for months, anchor, windows in cases:
            with self.subTest(months=months, anchor=anchor):
                with self.cr.savepoint() as savepoint:
                    contract = self._create_contract(
                        start="2026-01-20",
                        allowance_minutes=60,
                        allowance_months=months,
                        allowance_anchor=anchor,
                    )
                    # Month by month or all at once, the same is granted.
                    for until in ("2026-01-31", "2026-02-28", "2026-04-30"):
                        self._settle(contract, until)
                    self.assertEqual(self.windows(contract), windows)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_hours_of_a_quarter_last_the_quarter(self):
        contract = self._create_contract(
            start="2026-01-01", allowance_minutes=120, allowance_months="3"
        )
        ticket = self._create_ticket(day="2026-01-02")
        self._log_on(ticket, 60, "2026-01-10")
        self._settle(contract, "2026-01-31")
        self.assertBalance(
            contract, "2026-02-10", granted=120, used=60, pending=0, available=60
        )
        self._log_on(ticket, 60, "2026-03-31")
        self._settle(contract, "2026-03-31")
        (package,) = contract.package_ids
        self.assertEqual((package.used_minutes, package.expired_minutes), (120, 0))
        self.assertLedgerIsSound()

    def test_a_change_of_the_period_grants_nothing_twice(self):
        contract = self._create_contract(start="2026-01-01", allowance_minutes=60)
        self._settle(contract, "2026-01-31")
        contract.allowance_months = "3"
        self._settle(contract, "2026-03-31")
        contract.allowance_months = "1"
        self._settle(contract, "2026-04-30")
        self.assertEqual(
            self.windows(contract),
            [
                ("2026-01-01", "2026-01-31", 60),
                ("2026-02-01", "2026-03-31", 60),
                ("2026-04-01", "2026-04-30", 60),
            ],
        )

    def test_an_allowance_that_was_not_agreed_is_not_granted_later(self):
        contract = self._create_contract(start="2026-01-01", allowance_minutes=60)
        self._settle(contract, "2026-01-31")
        contract.allowance_minutes = 0
        self._settle(contract, "2026-02-28")
        contract.allowance_minutes = 60
        self._settle(contract, "2026-03-31")
        self.assertEqual(
            [window[0] for window in self.windows(contract)],
            ["2026-01-01", "2026-03-01"],
        )

    def test_unused_hours_of_a_month_carry_over_once_up_to_the_cap(self):
        contract = self._create_contract(
            start="2026-01-01", allowance_minutes=120, rollover_minutes=60
        )
        ticket = self._create_ticket(day="2026-01-02")
        self._settle(contract, "2026-01-31")
        self.assertBalance(contract, "2026-02-10", granted=180, available=180)
        self._log_on(ticket, 150, "2026-02-10")
        self._settle(contract, "2026-02-28")
        # 180 were billed: 60 carried ones first, which began earlier and end the same
        # day, then the 120 of the month, and nothing is left to carry on.
        self.assertBalance(contract, "2026-03-10", granted=120, available=120)
        self._settle(contract, "2026-03-31")
        self.assertBalance(contract, "2026-04-10", granted=180, available=180)
        self.assertLedgerIsSound()

    def test_a_contract_that_goes_on_has_its_hours_again(self):
        contract = self._create_contract(start="2026-01-01", allowance_minutes=120)
        contract.date_end = "2026-01-15"
        self._settle(contract, "2026-01-31")
        package = contract.package_ids
        self.assertEqual(package.expired_minutes, 60)
        contract.with_user(self.back_office).date_end = False
        self.assertBalance(contract, "2026-01-20", granted=120, available=120)
        self.assertLedgerIsSound()
        self._log_on(self._create_ticket(day="2026-01-02"), 60, "2026-01-20")
        self._settle(contract, "2026-01-31")
        self.assertEqual((package.used_minutes, package.expired_minutes), (60, 60))
        self.assertEqual(len(contract.package_ids), 1)
        self.assertLedgerIsSound()

    def test_a_contract_that_goes_on_keeps_what_its_end_carried_over(self):
        contract = self._create_contract(
            start="2026-01-01", rollover_minutes=60, date_end="2026-02-10"
        )
        ticket = self._create_ticket(day="2026-01-02")
        self._settle(contract, "2026-02-28")
        allowance = contract.package_ids.filtered(
            lambda package: package.kind == "allowance" and package.date_from.month == 2
        )
        for end, expected in (
            ("2026-02-20", [("adjust", 45)]),
            (False, [("release", 45), ("adjust", 30)]),
        ):
            before = allowance.move_ids
            contract.with_user(self.back_office).date_end = end
            self.assertEqual(allowance.expired_minutes, allowance.carried_minutes)
            made = (allowance.move_ids - before).sorted("id")
            self.assertEqual([(move.kind, move.minutes) for move in made], expected)
            self.assertTrue(all(made.mapped("reason")))
            self.assertLedgerIsSound()
            if end:
                self._settle(contract, "2026-02-28")
                self.assertEqual(allowance.expired_minutes, 90)
                self.assertLedgerIsSound()
        entry = self._log_on(ticket, 240, "2026-02-25")
        self._settle(contract, "2026-03-31")
        # What January and February carried over, and the rest of February.
        self.assertEqual((entry.package_minutes, entry.overage_minutes), (180, 60))
        self.assertLedgerIsSound()

    def test_hours_to_carry_over_are_planned_before_their_month_is_settled(self):
        contract = self._create_contract(
            start="2026-01-01", allowance_minutes=120, rollover_minutes=60
        )
        ticket = self._create_ticket(day="2026-01-02")
        self._log_on(ticket, 60, "2026-01-20")
        self.assertBalance(contract, "2026-02-02", granted=180, available=180)
        entry = self._log_on(ticket, 240, "2026-02-02")
        planned = {"granted": 180, "pending": 180, "available": 0, "overage": 60}
        self.assertBalance(contract, "2026-02-02", **planned)
        self.assertBalance(contract, "2026-04-01", granted=180, overage=60)
        self._settle(contract, "2026-01-31")
        self.assertBalance(contract, "2026-02-02", **planned)
        self._settle(contract, "2026-02-28")
        self.assertEqual((entry.package_minutes, entry.overage_minutes), (180, 60))
        self.assertLedgerIsSound()

    def test_a_late_entry_finds_what_its_month_carried_over(self):
        contract = self._create_contract(
            start="2026-01-01", allowance_minutes=120, rollover_minutes=120
        )
        ticket = self._create_ticket(day="2026-01-02")
        self._settle(contract, "2026-01-31")
        with freeze_time("2026-02-05 12:00:00"):
            late = self._log(ticket, 60, "2026-01-30")
        self._settle(contract, "2026-02-28")
        self.assertEqual((late.package_minutes, late.overage_minutes), (60, 0))
        self.assertEqual(late.move_ids.package_id.kind, "rollover")
        self.assertLedgerIsSound()


@tagged("post_install", "-at_install")
class TestAdjustment(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.package = cls._sell(cls.contract, 600, 6, "2026-10-01")

    def adjust(self, minutes, reason="Uzgodnione z klientem", user=None):
        wizard = self.env["service.hour.adjustment"].with_user(user or self.manager)
        wizard.create(
            {"package_id": self.package.id, "minutes": minutes, "reason": reason}
        ).action_adjust()

    def test_a_manager_adjusts_with_a_reason(self):
        self.adjust(60)
        self.adjust(-90, "Pomyłka przy sprzedaży")
        self.assertEqual(self.package.granted_minutes, 570)
        move = self.package.move_ids.sorted("id")[-1]
        self.assertEqual(
            (move.kind, move.minutes, move.reason, move.create_uid),
            ("adjust", -90, "Pomyłka przy sprzedaży", self.manager),
        )
        self.assertLedgerIsSound()

    def test_what_is_refused(self):
        with self.assertRefused("Enter (why|the reason)"):
            self.adjust(60, "   ")
        with self.assertRefused("Enter the hours"):
            self.adjust(0)
        with self.assertRefused("Only 10:00 are left"):
            self.adjust(-603)
        self.adjust(-600)
        self.assertEqual(self.package.remaining_minutes, 0)

    def test_nobody_else_adjusts(self):
        for user in (self.technician, self.back_office, self.accountant):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.adjust(60, user=user)
                with self.assertRaises(AccessError):
                    self.package.with_user(user)._adjust(60, "Proszę")


@tagged("post_install", "-at_install")
class TestCharge(ServiceCommon):
    """What is not charged: back office decides, and says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.ticket = cls._create_ticket(day="2026-10-01")

    def change(self, entries, charge, reason="Gwarancja", user=None):
        wizard = self.env["service.charge.change"].with_user(user or self.back_office)
        wizard.create(
            {
                "entry_ids": [Command.set(entries.ids)],
                "charge": charge,
                "reason": reason,
            }
        ).action_apply()

    def bill(self):
        with freeze_time("2026-11-04 08:00:00"):
            return self._bill(self.contract, "2026-10-31")

    def test_free_work_takes_no_money_and_no_hours(self):
        entry = self._log_on(self.ticket, 180, "2026-10-04")
        self.change(entry, "free")
        self.assertBalance(self.contract, "2026-10-05", pending=0, available=120)
        self.assertIn(
            "3:00 free of charge: Gwarancja",
            entry.with_context(lang="en_US").explanation,
        )
        invoice = self.bill()
        self.assertEqual(invoice.amount_untaxed, 290.0)
        self.assertEqual(
            (entry.package_minutes, entry.overage_minutes, entry.free_minutes),
            (0, 0, 180),
        )
        self.assertLedgerIsSound()

    def test_four_unjustified_reports_are_free_and_the_fifth_is_charged(self):
        self.contract.allowance_minutes = 0
        entries = self.env["account.analytic.line"]
        for day in range(1, 6):
            ticket = self._create_ticket(f"Bezzasadne {day}", "2026-10-01")
            entries |= self._log_on(ticket, 20, f"2026-10-0{day}")
        self.change(entries[:4], "free", "Zgłoszenie bezzasadne, w limicie")
        invoice = self.bill()
        self.assertEqual(invoice.amount_untaxed, 290.0 + 120.0)
        self.assertEqual(entries.mapped("free_minutes"), [60, 60, 60, 60, 0])
        self.assertEqual(entries[4].overage_minutes, 60)

    def test_free_work_uses_up_no_unit_that_is_charged(self):
        free = self._log_on(self.ticket, 50, "2026-10-04")
        charged = self._log_on(self.ticket, 10, "2026-10-05")
        self.assertEqual(charged.billed_minutes, 0)
        self.change(free, "free")
        self.assertEqual((free.billed_minutes, charged.billed_minutes), (60, 60))

    def test_waived_hours_still_use_the_package(self):
        entry = self._log_on(self.ticket, 180, "2026-10-04")
        self.change(entry, "packages", "Druga wizyta do tej samej usterki")
        invoice = self.bill()
        self.assertEqual(invoice.amount_untaxed, 290.0)
        self.assertEqual(
            (entry.package_minutes, entry.overage_minutes, entry.free_minutes),
            (120, 0, 60),
        )
        self.assertLedgerIsSound()

    def test_a_decision_can_be_taken_back_until_the_work_is_settled(self):
        entry = self._log_on(self.ticket, 180, "2026-10-04")
        self.change(entry, "free")
        self.change(entry, "full", reason=False)
        self.assertBalance(self.contract, "2026-10-05", pending=120, overage=60)
        self.bill()
        with self.assertRefused("is settled"):
            self.change(entry, "free")

    def test_a_reason_is_needed(self):
        entry = self._log_on(self.ticket, 180, "2026-10-04")
        for charge in ("free", "packages"):
            with (
                self.subTest(charge),
                self.assertRefused("Enter (why|the reason)", UserError),
            ):
                self.change(entry, charge, reason="  ")

    def test_the_entries_chosen_in_a_list_are_those_that_change(self):
        entries = self._log_on(self.ticket, 180, "2026-10-04")
        other = self._log_on(self.ticket, 60, "2026-10-05")
        wizards = self.env["service.charge.change"].with_user(self.back_office)
        chosen = {"active_model": entries._name, "active_ids": entries.ids}
        with Form(wizards.with_context(**chosen)) as form:
            self.assertEqual(form.entry_ids.ids, entries.ids)
            form.charge = "free"
            form.reason = "Gwarancja"
        form.record.action_apply()
        self.assertEqual((entries.charge, other.charge), ("free", "full"))
        elsewhere = {"active_model": "helpdesk.ticket", "active_ids": entries.ids}
        self.assertFalse(Form(wizards.with_context(**elsewhere)).entry_ids)

    def test_technicians_do_not_decide(self):
        entry = self._log_on(self.ticket, 180, "2026-10-04")
        with self.assertRaises(AccessError):
            self.change(entry, "free", user=self.technician)
        with self.assertRaises(AccessError):
            entry.with_user(self.technician).charge = "free"
        with self.assertRaises(AccessError):
            self._log_on(self.ticket, 5, "2026-10-04", charge="free")
        with self.assertRaises(AccessError):
            entries = self.env["account.analytic.line"].with_context(
                default_charge="free", default_charge_reason="Bo tak"
            )
            entries.with_user(self.technician).create(
                {"ticket_id": self.ticket.id, "unit_amount": 1, "name": "Praca"}
            )

    def test_overage_that_is_not_agreed_is_not_billed(self):
        self.contract.overage_policy = "ask"
        entry = self._log_on(self.ticket, 180, "2026-10-04")
        self.assertIn("1:00", self.contract.activity_ids.note)
        with freeze_time("2026-11-04 08:00:00"):
            billing = self.env["service.billing"].with_company(self.company)
            invoices, failed = billing._run(self.contract, self._day("2026-10-31"))
        self.assertEqual((len(invoices), [*failed]), (0, [self.contract]))
        self.assertFalse(entry.settlement_id)
        self.assertFalse(self.contract.settlement_ids)
        self.change(entry, "packages", "Uzgodnione")
        self.assertEqual(self.bill().amount_untaxed, 290.0)

    def test_work_that_no_package_may_pay_for_needs_no_package(self):
        self.contract.overage_policy = "ask"
        self.tier.rate_ids.uses_packages = False
        self._log_on(self.ticket, 60, "2026-10-04")
        self.assertFalse(self.contract.activity_ids)
        self.assertEqual(self.bill().amount_untaxed, 290.0 + 120.0)

    def test_waived_work_is_not_surcharged(self):
        self.tier.express_percent = 100
        self.ticket.write(
            {
                "express": True,
                "express_agreed_by": "Anna",
                "express_agreed_on": "2026-10-01 08:00:00",
            }
        )
        entry = self._log_on(self.ticket, 60, "2026-10-04")
        self.change(entry, "packages", "Uzgodnione")
        self.assertEqual(self.bill().amount_untaxed, 290.0)

    def test_settled_work_keeps_the_rate_it_was_rated_by(self):
        self._log_on(self.ticket, 180, "2026-10-04")
        invoice = self.bill()
        self.assertEqual(invoice.amount_untaxed, 290.0 + 120.0)
        invoice.with_user(self.accountant).unlink()
        dear = self._create_product("Drogi serwis", 500.0)
        self.contract.service_tier_id = self._create_tier("Drogi", product=dear)
        self.assertEqual(self.bill().amount_untaxed, 290.0 + 120.0)

    def test_a_package_for_the_days_of_the_work_settles_it_too(self):
        self.contract.overage_policy = "ask"
        entry = self._log_on(self.ticket, 180, "2026-10-04")
        self._sell(self.contract, 600, 1, "2026-10-01")
        self.bill()
        self.assertEqual((entry.package_minutes, entry.overage_minutes), (180, 0))

    def test_back_office_is_asked_once_a_month(self):
        self.contract.overage_policy = "ask"
        self._log_on(self.ticket, 60, "2026-10-04")
        self.assertFalse(self.contract.activity_ids)
        for day in ("2026-10-05", "2026-10-06"):
            self._log_on(self.ticket, 90, day)
        self.assertEqual(len(self.contract.activity_ids), 1)
