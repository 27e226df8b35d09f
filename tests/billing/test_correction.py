from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.billing.account_move_line import BILLING
from ..common import ServiceCommon


class CorrectionCommon(ServiceCommon):
    """Credit notes as the accountant makes them. Holds no test."""

    def post(self, moves, day="2026-11-05"):
        with freeze_time(f"{day} 08:00:00"):
            moves.with_user(self.accountant).action_post()

    def wizard(self, invoice, *, user=None, **vals):
        return (
            self.env["account.move.reversal"]
            .with_user(user or self.accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "journal_id": invoice.journal_id.id,
                    "reason": "Korekta",
                    "date": "2026-11-10",
                }
                | vals
            )
        )

    def draft_credit(self, invoice, *, again=False, **vals):
        vals = {"service_credited": "bill_again" if again else "waived"} | vals
        day = self.day_of_credit(invoice)
        with freeze_time(f"{day} 08:00:00"):
            wizard = self.wizard(invoice, **{"date": day} | vals)
            wizard.refund_moves()
        return wizard.new_move_ids

    def credit(self, invoice, *, again=False, quantities=None, prices=None):
        """Post a credit note; of what is not in ``quantities`` (by line) no more."""
        note = self.draft_credit(invoice, again=again)
        if quantities is not None:
            for line in note.invoice_line_ids:
                if line.service_origin_line_id in quantities:
                    line.quantity = quantities[line.service_origin_line_id]
                else:
                    line.unlink()
        for line in note.invoice_line_ids if prices else ():
            line.price_unit = prices[line.service_origin_line_id]
        self.post(note, self.day_of_credit(invoice))
        return note

    def day_of_credit(self, invoice):
        """The tenth of November, or the day of an invoice that is younger."""
        return max("2026-11-10", str(invoice.invoice_date))

    def modify(self, invoice):
        """“Reverse and create invoice”: the credit note and the new draft."""
        before = invoice.reversal_move_ids
        with freeze_time("2026-11-10 08:00:00"):
            wizard = self.wizard(invoice)
            wizard.modify_moves()
        return invoice.reversal_move_ids - before, wizard.new_move_ids

    def waiting(self, company=None):
        """Credit notes of a company that wait to be billed again."""
        domain = Domain("company_id", "=", (company or self.company).id)
        return self.env["service.billing"]._notes_to_bill_again(domain)

    def bill_again(self, company=None):
        with freeze_time("2026-12-04 08:00:00"):
            return self.env["service.billing"]._bill_again(self.waiting(company))

    def assertOnce(self, invoice):
        """Assert that no line is billed again for more than was given back of it."""
        self.env.flush_all()
        self.env.invalidate_all()
        for line in invoice.invoice_line_ids:
            followers = line.service_correction_line_ids
            credited = followers.filtered(
                lambda one: (
                    one.move_id.move_type == "out_refund"
                    and one.parent_state == "posted"
                )
            )
            again = followers.filtered(
                lambda one: (
                    one.move_id.move_type == "out_invoice"
                    and one.parent_state != "cancel"
                )
            )
            self.assertLessEqual(
                sum(again.mapped("price_subtotal")),
                sum(credited.mapped("price_subtotal")) + 0.001,
            )


@tagged("post_install", "-at_install")
class TestCorrection(CorrectionCommon):
    """A VIP month of 504.30 that is credited and billed again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(client_order_ref="ZAM/7")
        server = cls._create_ticket("Serwer", "2026-10-04")
        mail = cls._create_ticket("Poczta", "2026-10-12")
        with freeze_time("2026-10-20 12:00:00"):
            cls._log(server, 50, "2026-10-04")
            cls._log(mail, 80, "2026-10-12")
        with freeze_time("2026-11-04 08:00:00"):
            cls.invoice = cls._bill(cls.contract, "2026-10-31")
        with freeze_time("2026-11-05 08:00:00"):
            cls.invoice.with_user(cls.accountant).action_post()
        cls.fee_line, cls.overage = cls.invoice.invoice_line_ids
        cls.settlement = cls.contract.settlement_ids

    def test_a_month_credited_in_full_is_billed_again_once(self):
        note = self.credit(self.invoice, again=True)
        self.assertEqual(note.amount_total, 504.3)
        self.assertEqual(self.settlement.correction, "waiting")
        invoice = self.bill_again()
        self.assertRecordValues(
            invoice,
            [
                {
                    "state": "draft",
                    "move_type": "out_invoice",
                    "amount_total": 504.3,
                    "partner_id": self.customer.id,
                    "invoice_date": False,
                    "taxable_supply_date": self._day("2026-10-31"),
                    "service_contract_id": self.contract.id,
                    "service_order_ref": "ZAM/7",
                    "service_period_from": self._day("2026-10-01"),
                    "service_period_to": self._day("2026-10-31"),
                    "service_corrected_id": self.invoice.id,
                }
            ],
        )
        for name in (
            "name",
            "product_id",
            "tax_ids",
            "quantity",
            "price_unit",
            "product_uom_id",
            "contract_line_id",
            "service_period_from",
            "service_period_to",
        ):
            with self.subTest(name):
                self.assertEqual(
                    [line[name] for line in invoice.invoice_line_ids],
                    [line[name] for line in self.invoice.invoice_line_ids],
                )
        for subject in (self.contract, self.company):
            self.assertFalse(self.bill_again(subject))
        self.assertEqual(self.settlement.correction, "again")
        self.post(invoice, "2026-12-05")
        self.assertFalse(self.bill_again())
        self.assertOnce(self.invoice)
        self.assertLedgerIsSound()

    def test_the_next_run_bills_only_what_is_new(self):
        self.credit(self.invoice, again=True)
        self.bill_again()
        with freeze_time("2026-12-04 08:00:00"):
            invoice = self._bill(self.contract, "2026-11-30")
        self.assertEqual(invoice.amount_untaxed, 290.0)
        self.assertLedgerIsSound()

    def test_what_is_not_charged_stays_so(self):
        self.credit(self.invoice)
        self.assertEqual(self.settlement.correction, "full")
        self.assertFalse(self.bill_again())
        self.assertEqual(self.settlement.state, "billed")
        with freeze_time("2026-12-04 08:00:00"):
            self.assertFalse(
                self.env["service.billing"]._bill(
                    self.contract, self._day("2026-10-31")
                )
            )
        self.assertLedgerIsSound()

    def test_half_an_hour_is_credited_and_billed_again(self):
        note = self.credit(self.invoice, again=True, quantities={self.overage: 0.5})
        self.assertEqual(note.amount_untaxed, 60.0)
        again = self.bill_again()
        self.assertRecordValues(
            again.invoice_line_ids,
            [{"quantity": 0.5, "price_unit": 120.0, "price_subtotal": 60.0}],
        )
        self.assertEqual(again.invoice_line_ids.service_origin_line_id, self.overage)
        self.assertOnce(self.invoice)
        self.assertLedgerIsSound()

    def test_a_lower_price_is_billed_again_by_its_amount(self):
        prices = {self.fee_line: 40.0, self.overage: 20.0}
        note = self.credit(self.invoice, again=True, prices=prices)
        self.assertEqual(note.amount_untaxed, 60.0)
        self.assertEqual(self.bill_again().amount_untaxed, 60.0)
        self.assertOnce(self.invoice)

    def test_sequences_of_corrections(self):
        """What stands billed in the end, net, and what the settlement says of it.

        ``-q`` credits q hours for good, ``~q`` to be billed again, ``+`` runs the
        billing, ``x`` deletes the newest draft, ``c`` cancels it, ``m`` replaces the
        original, ``b`` and ``n`` change one's mind about the newest credit note.
        """
        cases = {
            "-1": (290, "part"),
            "-0.5 -0.5": (290, "part"),
            "~1 +": (410, "again"),
            "~0.5 ~0.25 +": (410, "again"),
            "-0.5 ~0.25 + +": (350, "part"),
            "~0.5 + -0.5": (350, "part"),
            "~1 + x": (290, "waiting"),
            "~1 + x +": (410, "again"),
            "~1 + c + +": (410, "again"),
            "~1 + x n +": (290, "part"),
            "-1 b + +": (410, "again"),
            "~1 n b + b +": (410, "again"),
            "m +": (410, "again"),
            "m x": (0, "waiting"),
            "m x n +": (0, "full"),
            "m c + +": (410, "again"),
            "-0.5 m + +": (350, "part"),
        }
        for steps, expected in cases.items():
            with self.subTest(steps), self.cr.savepoint() as savepoint:
                for step in steps.split():
                    self.take_step(step)
                    self.assertOnce(self.invoice)
                moves = self.invoice | self.invoice.service_correction_ids
                moves = moves.filtered(lambda move: move.state != "cancel")
                net = -sum(moves.mapped("amount_untaxed_signed"))
                self.assertEqual((-net, self.settlement.correction), expected)
                self.assertLedgerIsSound()
                savepoint.rollback()
                self.env.invalidate_all()

    def take_step(self, step):
        corrections = self.invoice.service_correction_ids.sorted("id")
        if step[0] in "-~":
            self.credit(
                self.invoice,
                again=step[0] == "~",
                quantities={self.overage: float(step[1:])},
            )
        elif step == "+":
            self.bill_again()
        elif step == "m":
            self.modify(self.invoice)
        elif step in "xc":
            draft = corrections.filtered(lambda move: move.state == "draft")[-1:]
            draft = draft.with_user(self.accountant)
            draft.unlink() if step == "x" else draft.button_cancel()
        else:
            notes = corrections.filtered(lambda move: move.move_type == "out_refund")
            note = notes[-1:].with_user(self.accountant)
            if step == "n":
                note.action_do_not_bill_again()
            elif note.service_can_bill_again:
                note.action_bill_again()

    def test_the_database_itself_bills_nothing_again_twice(self):
        note, new = self.modify(self.invoice)
        other = new.copy()
        self.assertFalse(other.invoice_line_ids.service_credit_line_id)
        line = other.invoice_line_ids[0].with_context(**BILLING.opened)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            line.service_credit_line_id = note.invoice_line_ids[0]
            self.env.flush_all()

    def test_what_is_billed_again_can_be_credited_again(self):
        self.credit(self.invoice, again=True)
        second = self.bill_again()
        self.post(second, "2026-12-05")
        note = self.credit(second, again=True)
        self.assertEqual(note.reversed_entry_id, second)
        self.assertEqual(note.service_corrected_id, self.invoice)
        self.assertEqual(self.settlement.correction, "waiting")
        third = self.bill_again()
        self.assertEqual(third.amount_total, 504.3)
        self.assertEqual(third._service_settlements(), self.settlement)
        self.assertEqual(self.settlement.correction, "again")
        self.assertFalse(self.bill_again())
        for invoice in self.invoice | second:
            self.assertOnce(invoice)

    def test_reverse_and_create_invoice(self):
        note, new = self.modify(self.invoice)
        self.assertEqual((note.state, new.state), ("posted", "draft"))
        self.assertEqual(new.amount_total, 504.3)
        self.assertEqual(
            new.invoice_line_ids.service_origin_line_id, self.invoice.invoice_line_ids
        )
        self.assertEqual(
            new.invoice_line_ids.service_credit_line_id, note.invoice_line_ids
        )
        for move in note | new:
            self.assertRecordValues(
                move,
                [
                    {
                        "service_contract_id": self.contract.id,
                        "service_order_ref": "ZAM/7",
                        "service_period_from": self._day("2026-10-01"),
                        "service_period_to": self._day("2026-10-31"),
                        "service_corrected_id": self.invoice.id,
                        "settlement_count": 1,
                    }
                ],
            )
        self.assertFalse(note.taxable_supply_date)
        self.assertEqual(new.taxable_supply_date, self._day("2026-10-31"))
        self.assertFalse(self.bill_again())
        with self.assertRefused("is billed again by"):
            note.with_user(self.back_office).action_bill_again()
        self.assertLedgerIsSound()

    def test_what_the_accountant_takes_off_a_new_draft_is_not_charged(self):
        note, new = self.modify(self.invoice)
        draft = new.with_user(self.accountant)
        draft.invoice_line_ids[1].unlink()
        draft.invoice_line_ids.quantity = 0.5
        self.assertFalse(self.bill_again())
        note.with_user(self.accountant).action_bill_again()
        self.assertEqual(self.bill_again().amount_untaxed, 120.0)

    def test_the_statement_goes_with_the_new_invoice(self):
        self._print_papers()
        _note, new = self.modify(self.invoice)
        for _time in range(2):
            self.post(new, "2026-11-11")
            statements = self.env["ir.attachment"].search(
                [("res_model", "=", "account.move"), ("res_id", "=", new.id)]
            )
            self.assertEqual(len(statements), 1)
            self.assertIn("Zestawienie godzin VIP-1 2026-10", statements.name)
            new.with_user(self.accountant).button_draft()
        self.assertEqual(self.settlement.statement_id.res_id, self.invoice.id)
        action = new.with_user(self.accountant).action_open_settlements()
        self.assertEqual(action["res_id"], self.settlement.id)

    def test_a_credit_note_that_is_taken_back(self):
        note = self.credit(self.invoice, again=True).with_user(self.accountant)
        note.button_draft()
        self.assertFalse(self.bill_again())
        self.assertFalse(self.settlement.correction)
        self.post(note, "2026-11-11")
        again = self.bill_again()
        self.assertEqual(again.amount_total, 504.3)
        for refused in (note.button_draft, note.button_cancel, note.unlink):
            with self.assertRefused("is billed again by"):
                refused()
        again.with_user(self.accountant).unlink()
        note.button_draft()
        note.button_cancel()
        self.assertFalse(self.bill_again())
        self.assertFalse(self.settlement.correction)

    def test_a_cancelled_draft_is_not_revived_beside_another(self):
        self.credit(self.invoice, again=True)
        cancelled = self.bill_again().with_user(self.accountant)
        cancelled.button_cancel()
        again = self.bill_again()
        with self.assertRefused("now bills the same items"):
            cancelled.button_draft()
        again.unlink()
        cancelled.button_draft()
        self.assertFalse(self.bill_again())
        self.assertEqual(self.settlement.correction, "again")

    def test_an_invoice_that_is_corrected_stays(self):
        self.credit(self.invoice, quantities={self.overage: 0.5})
        with self.assertRefused("To correct it again, create another"):
            self.invoice.with_user(self.accountant).button_draft()

    def test_an_invoice_given_back_is_not_credited_any_more(self):
        note = self.draft_credit(self.invoice)
        self.invoice.with_user(self.accountant).button_draft()
        with self.assertRefused("is no longer posted, so there"):
            self.post(note)

    def test_the_new_invoice_waits_for_its_credit_note(self):
        with freeze_time("2026-11-10 08:00:00"):
            wizard = self.wizard(self.invoice, date="2026-11-20")
            wizard.modify_moves()
            note = self.invoice.reversal_move_ids
            self.assertEqual(note.state, "draft")
            with self.assertRefused("Post the credit note"):
                wizard.new_move_ids.action_post()

    def test_a_reason_is_needed(self):
        for method in ("refund_moves", "modify_moves"):
            with self.subTest(method), self.assertRefused("Enter (why|the reason)"):
                getattr(self.wizard(self.invoice, reason=" "), method)()
        self.assertIn("Korekta", self.draft_credit(self.invoice).ref)

    def test_other_invoices_are_credited_as_ever(self):
        other = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [
                    Command.create({"name": "Komputer", "price_unit": 3000.0})
                ],
            }
        )
        self.post(other)
        wizard = self.wizard(other, reason=False)
        self.assertFalse(wizard.has_service)
        wizard.refund_moves()
        note = wizard.new_move_ids
        self.assertFalse(note.service_corrected_id)
        self.assertFalse(note.invoice_line_ids.service_origin_line_id)
        self.post(note)

    def test_a_credit_note_names_its_original(self):
        cases = {
            "rate": {"product_id": self.hour.id},
            "fee": {"product_id": self.fee.id},
        }
        for name, line in cases.items():
            note = self.env["account.move"].create(
                {
                    "move_type": "out_refund",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": [Command.create(line)],
                }
            )
            with (
                self.subTest(name),
                self.assertRefused("services must refer to the invoice"),
            ):
                self.post(note)
        goods = self._create_product("Mysz", 40.0)
        note.invoice_line_ids.product_id = goods
        self.post(note)
        with freeze_time("2026-12-04 08:00:00"):
            switched = self._bill(self.contract, "2026-11-30")
        switched.with_user(self.accountant).action_switch_move_type()
        with self.assertRefused("not refer to an original invoice"):
            self.post(switched)

    def test_a_credit_note_only_lowers(self):
        for values in ([1, -1], [-5, -1]):
            note = self.draft_credit(self.invoice)
            for line, quantity in zip(note.invoice_line_ids, values, strict=True):
                line.quantity = quantity
            with self.subTest(values), self.assertRefused("only lowers"):
                self.post(note)

    def test_a_credit_note_is_not_credited(self):
        note = self.credit(self.invoice)
        with self.assertRefused("note cannot be corrected by another"):
            self.draft_credit(note)

    def test_a_line_written_by_hand_is_billed_again_too(self):
        note = self.draft_credit(self.invoice, again=True)
        note.invoice_line_ids = [
            Command.clear(),
            Command.create(
                {
                    "name": "Rabat",
                    "product_id": self.hour.id,
                    "quantity": 1,
                    "price_unit": 30.0,
                }
            ),
        ]
        self.post(note)
        self.assertEqual(self.bill_again().amount_untaxed, 30.0)
        self.assertFalse(self.bill_again())

    def test_who_decides(self):
        note = self.credit(self.invoice)
        for user in (self.back_office, self.accountant):
            note.with_user(user).action_bill_again()
            self.assertTrue(note.service_bill_again)
            note.with_user(user).action_do_not_bill_again()
            self.assertFalse(note.service_bill_again)
        with self.assertRefused("is not waiting to be billed"):
            note.with_user(self.accountant).action_do_not_bill_again()
        portal = self._create_user("klient", "base.group_portal")
        other = self._second_company()
        stranger = self._create_user(
            "obca", "account.group_account_user", company=other
        )
        for user in (self.technician, portal, stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                note.with_user(user).action_bill_again()
        with self.assertRefused("Only posted credit notes"):
            self.invoice.with_user(self.accountant).action_bill_again()
        self.assertFalse(note.service_bill_again)

    def test_companies_do_not_mix(self):
        self.credit(self.invoice, again=True)
        other = self._second_company()
        self.assertFalse(self.waiting(other))
        self.assertFalse(self.bill_again(other))
        self.assertEqual(self.waiting().service_contract_id, self.contract)
        self.bill_again()
        self.assertFalse(self.waiting())

    def test_the_settlement_is_found_by_what_became_of_it(self):
        settlements = self.env["service.settlement"].with_user(self.technician)
        self.assertFalse(settlements.search([("correction", "!=", False)]))
        self.credit(self.invoice, quantities={self.overage: 0.5})
        found = settlements.search([("correction", "=", "part")])
        self.assertEqual(found, self.settlement)


@tagged("post_install", "-at_install")
class TestPackageCorrection(CorrectionCommon):
    """Hours of a sold package follow its credit notes, and what is billed again."""

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

    def sell(self, **vals):
        package = self._sell(self.contract, 600, 12, "2026-10-15", **vals)
        invoice = package.invoice_line_ids.move_id
        self.post(invoice, "2026-10-16")
        return package, invoice

    def credit_part(self, invoice, *, quantity=None, price=None, again=False):
        line = invoice.invoice_line_ids
        return self.credit(
            invoice,
            again=again,
            quantities={line: quantity or line.quantity},
            prices=price and {line: price},
        )

    def test_hours_follow_what_is_credited_and_billed_again(self):
        cases = {
            "quantity": ({"quantity": 4}, 360, 600),
            "price": ({"price": 25.0}, 450, 600),
            "both": ({"quantity": 5, "price": 50.0}, 450, 600),
            "all": ({}, 0, 600),
        }
        for name, (part, left, again) in cases.items():
            package, invoice = self.sell()
            with self.subTest(name):
                note = self.credit_part(invoice, again=True, **part)
                self.assertEqual(package.granted_minutes, left)
                new = self.bill_again()
                self.assertEqual(new.amount_untaxed, note.amount_untaxed)
                self.assertEqual(package.granted_minutes, again)
                self.post(new, "2026-12-05")
                self.assertEqual(package.granted_minutes, again)
                self.credit_part(new)
                self.assertEqual(package.granted_minutes, left)
                self.assertFalse(self.bill_again())
                self.assertLedgerIsSound()

    def test_credits_in_turn_and_more_than_the_rest(self):
        package, invoice = self.sell()
        for quantity, left in ((4, 360), (4, 120)):
            self.credit_part(invoice, quantity=quantity)
            self.assertEqual(package.granted_minutes, left)
        with self.assertRefused("only 2.00 .* left to be credited"):
            self.credit_part(invoice, quantity=4)
        self.credit_part(invoice, quantity=2)
        self.assertEqual(package.granted_minutes, 0)
        self.assertEqual(package.overused_minutes, 0)
        self.assertLedgerIsSound()

    def test_used_hours_are_flagged_until_they_are_billed_again(self):
        package, invoice = self.sell()
        self._log_on(self.ticket, 480, "2026-10-20")
        self._settle(self.contract, "2026-10-31")
        self.credit_part(invoice, again=True)
        self.assertEqual(
            (package.granted_minutes, package.overused_minutes), (480, 480)
        )
        self.assertIn("8:00", self.contract.activity_ids.note)
        self.assertEqual(self.bill_again().amount_untaxed, 1000.0)
        self.assertEqual((package.granted_minutes, package.overused_minutes), (600, 0))
        self.assertLedgerIsSound()

    def test_a_replaced_invoice_takes_no_hour_in_between(self):
        for usable in ("at_once", "posted"):
            package, invoice = self.sell(usable=usable)
            moves = package.move_ids
            _note, new = self.modify(invoice)
            self.assertEqual(package.granted_minutes, 600)
            self.post(new, "2026-11-11")
            self.assertEqual(package.move_ids, moves, usable)
        self.assertLedgerIsSound()

    def test_a_package_of_the_whole_customer_is_billed_again_for_the_company(self):
        package, invoice = self.sell(whole_customer=True)
        self.assertFalse(invoice.service_contract_id)
        self.credit_part(invoice, again=True)
        billing = self.env["service.billing"]
        self.assertFalse(billing._notes_of_contracts(self.contract))
        self.assertEqual(billing._notes_of_no_contract(self.company), self.waiting())
        again = self.bill_again()
        self.assertEqual(again.amount_untaxed, 1000.0)
        self.assertEqual(package.granted_minutes, 600)
        self.assertEqual(again.invoice_line_ids.service_package_id, package)
        again.with_user(self.accountant).unlink()
        self.assertEqual(package.granted_minutes, 0)
        self.assertEqual(self.bill_again().amount_untaxed, 1000.0)
        self.assertEqual(package.granted_minutes, 600)
        self.assertLedgerIsSound()
