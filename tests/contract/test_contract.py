from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.billing.account_move_line import BILLING
from ..common import ServiceCommon


class Accepted(Exception):
    """Undoes what was not refused."""


@tagged("post_install", "-at_install")
class TestContract(ServiceCommon):
    def test_lines_made_in_code_follow_the_header(self):
        contract = self._create_contract()
        self.assertRecordValues(
            contract.contract_line_ids,
            [
                {
                    "recurring_rule_type": "monthlylastday",
                    "recurring_invoicing_type": "post-paid",
                    "date_start": self._day("2026-10-01"),
                    "recurring_next_date": self._day("2026-10-31"),
                }
            ],
        )

    def test_bad_contracts_get_a_sentence(self):
        cases = [
            ({"line_recurrence": True}, "one start date"),
            ({"date_start": False}, "one start date"),
            ({"date_end": "2026-09-30"}, "ends before it starts"),
        ]
        for vals, message in cases:
            with self.subTest(**vals), self.assertRefused(message):
                self._create_contract(contract_line_ids=False, **vals)

    def test_a_contract_with_a_fee_does_not_end_before_it_starts(self):
        """OCA contract would ask for the date of the next invoice of its line."""
        contracts = self.env["contract.contract"].with_user(self.back_office)
        polish = "kończy się, zanim się zacznie"
        for lang, sentence in (("pl_PL", polish), ("en_US", "ends before it starts")):
            env = contracts.with_context(lang=lang).env
            contract = self._create_contract().with_env(env)
            with self.subTest(lang):
                with self.assertRefused(sentence):
                    contract.date_end = "2026-09-30"
                with self.assertRefused(sentence):
                    contract.write(
                        {"date_start": "2027-02-01", "date_end": "2027-01-31"}
                    )
                vals = contract.sudo().copy_data()[0] | {
                    "service_tier_id": self.tier.id,
                    "date_end": "2026-09-30",
                    "contract_line_ids": [
                        Command.create({"product_id": self.fee.id, "name": "Opłata"})
                    ],
                }
                with self.assertRefused(sentence):
                    contracts.with_env(env).create(vals)
            contract.sudo().unlink()

    def test_hours_without_a_tier_are_nobodys(self):
        with self.assertRefused("no service tier"):
            self._create_contract(service_tier_id=False)
        contract = self._create_contract()
        with self.assertRefused("no service tier"):
            contract.service_tier_id = False
        contract.write({"service_tier_id": False, "allowance_minutes": 0})
        self.assertFalse(self._create_contract().copy().allowance_minutes)

    def test_a_number_is_given_once(self):
        contract = self._create_contract(code="VIP/7")
        other = self.env["res.partner"].create({"name": "Inny klient"})
        self.assertFalse(contract.copy().code)
        for code, given in (
            ("VIP/7", True),
            (" VIP/7 ", True),
            ("VIP/8", False),
            ("", False),
            ("", False),
            (False, False),
        ):
            with self.subTest(code), mute_logger("odoo.sql_db"):
                try:
                    with self.cr.savepoint():
                        self._create_contract(other, start="2026-01-01", code=code)
                        self.env.flush_all()
                        self.assertFalse(given)
                        raise Accepted
                except Accepted:
                    continue
                except UniqueViolation as error:
                    self.assertTrue(given)
                    message = contract._sql_error_to_message(error)
                    self.assertIn("has this number", message)
        elsewhere = self._create_service_company("Serwis Drugi sp. z o.o.")
        tier = self._create_tier(
            "VIP", elsewhere, self._create_product("Serwis", 120.0, company=elsewhere)
        )
        self._create_contract(
            other,
            code="VIP/7",
            company_id=elsewhere.id,
            service_tier_id=tier.id,
            contract_line_ids=False,
        )
        # A contract that is none of service has its numbers elsewhere.
        self._create_contract(
            other, code="VIP/7", service_tier_id=False, allowance_minutes=0
        )

    def test_a_fee_costs_what_the_product_does_unless_somebody_says_otherwise(self):
        for vals, price in [({}, 290.0), ({"specific_price": 250.0}, 250.0)]:
            with self.subTest(**vals), self.cr.savepoint() as savepoint:
                line = {"product_id": self.fee.id, "name": "Opłata"} | vals
                contract = self._create_contract(
                    contract_line_ids=[Command.create(line)]
                )
                self.assertEqual(contract.contract_line_ids.price_unit, price)
                savepoint.rollback()
        with Form(
            self.env["contract.contract"]
            .with_user(self.back_office)
            .with_context(default_recurring_invoicing_type="post-paid"),
            "contract.contract_contract_customer_form_view",
        ) as form:
            form.name = "Z formularza"
            form.partner_id = self.customer
            form.service_tier_id = self.tier
            with form.contract_line_fixed_ids.new() as line:
                line.product_id = self.fee
        self.assertEqual(form.record.contract_line_ids.price_unit, 290.0)

    def test_terms_that_hours_are_settled_by_stay(self):
        contract = self._create_contract()
        with freeze_time("2026-11-04 08:00:00"):
            self._bill(contract, "2026-10-31")
        stranger = self.env["res.partner"].create({"name": "Obcy"})
        for vals in (
            {"partner_id": stranger.id},
            {"date_start": "2026-09-01"},
            {"service_tier_id": False},
        ):
            with self.subTest(**vals), self.assertRefused("are settled until"):
                contract.write(vals)
        contract.write({"partner_id": contract.partner_id.id, "name": "Nowa nazwa"})

    def test_a_contract_that_joins_starts_after_what_is_invoiced(self):
        contract = self._create_contract(
            start="2026-01-01", service_tier_id=False, allowance_minutes=0
        )
        contract.contract_line_ids.with_context(**BILLING.opened).write(
            {
                "last_date_invoiced": "2026-09-30",
                "recurring_invoicing_type": "post-paid",
            }
        )
        contract.service_tier_id = self.tier
        self.assertEqual(contract.settled_until, self._day("2026-09-30"))

    def test_a_copy_serves_nobody_yet(self):
        self.assertFalse(self._create_contract().copy().service_tier_id)

    def test_two_customers_that_become_one_have_two_contracts(self):
        branch = self.env["res.partner"].create({"name": "Oddział"})
        contracts = self._create_contract() | self._create_contract(branch)
        branch.parent_id = self.customer
        day = self._day("2026-10-20")
        serving = contracts._serving(self.customer, self.company, day)
        self.assertEqual(serving, contracts)

    def test_days_are_those_of_the_company(self):
        moments = [
            ("2026-10-31 22:30:00", "2026-10-31"),
            ("2026-10-31 23:30:00", "2026-11-01"),
            ("2026-03-28 23:30:00", "2026-03-29"),
            ("2026-10-24 22:30:00", "2026-10-25"),
        ]
        for moment, day in moments:
            with self.subTest(moment=moment):
                moment = fields.Datetime.to_datetime(moment)
                self.assertEqual(self.company._service_day(moment), self._day(day))
        with freeze_time("2026-10-31 12:00:00"):
            auckland = self.env["service.billing"].with_context(tz="Pacific/Auckland")
            self.assertEqual(auckland._last_billable_day(), self._day("2026-10-30"))

    def test_the_form_names_other_contracts_of_those_days(self):
        first = self._create_contract(
            start="2026-03-01", date_end="2026-09-30", contract_line_ids=False
        )
        cases = [
            ("2026-09-30", False, True),
            ("2026-10-01", False, False),
            ("2026-01-01", "2026-02-28", False),
            ("2026-01-01", "2026-03-01", True),
            ("2026-01-01", False, True),
            ("2026-05-01", "2026-05-31", True),
        ]
        for start, end, beside in cases:
            with self.subTest(start=start, end=end), self.cr.savepoint() as savepoint:
                vals = {"date_end": end, "contract_line_ids": False}
                contract = self._create_contract(start=start, **vals)
                shown = contract.with_user(self.back_office).beside_ids
                self.assertEqual(shown, first if beside else first.browse())
                savepoint.rollback()

    def test_which_contract_serves_whom_and_when(self):
        contract = self._create_contract(
            start="2026-10-15", date_end="2026-11-20", contract_line_ids=False
        )
        contact = self.env["res.partner"].create(
            {"name": "Jan Kowalski", "parent_id": self.customer.id}
        )
        stranger = self.env["res.partner"].create({"name": "Obcy"})
        other_company = self._second_company()
        cases = [
            (self.customer, self.company, "2026-10-14", False),
            (self.customer, self.company, "2026-10-15", True),
            (self.customer, self.company, "2026-11-20", True),
            (self.customer, self.company, "2026-11-21", False),
            (contact, self.company, "2026-10-20", True),
            (stranger, self.company, "2026-10-20", False),
            (self.env["res.partner"], self.company, "2026-10-20", False),
            (self.customer, other_company, "2026-10-20", False),
        ]
        for partner, company, day, served in cases:
            with self.subTest(partner=partner.name, company=company.name, day=day):
                self.assertEqual(
                    contract._serving(partner, company, self._day(day)),
                    contract if served else contract.browse(),
                )

    def test_a_ticket_finds_its_contract(self):
        contract = self._create_contract()
        ticket = self._create_ticket(day="2026-10-01")
        self.assertEqual(ticket.service_contract_id, contract)
        self.assertEqual(ticket.service_tier_id, self.tier)

    def test_a_contract_without_a_tier_does_not_serve(self):
        plain = self._create_contract(service_tier_id=False, allowance_minutes=0)
        self.assertFalse(
            plain._serving(self.customer, self.company, self._day("2026-10-20"))
        )

    def test_unsettled_months_are_cut_to_the_contract(self):
        contract = self._create_contract(
            start="2026-10-15", date_end="2026-12-10", contract_line_ids=False
        )
        days = [
            (str(month.first), str(month.last))
            for month in contract._unsettled_months(self._day("2027-03-01"))
        ]
        self.assertEqual(
            days,
            [
                ("2026-10-15", "2026-10-31"),
                ("2026-11-01", "2026-11-30"),
                ("2026-12-01", "2026-12-10"),
            ],
        )

    def test_hours_on_the_list_take_the_same_queries_for_many(self):
        def contracts(number):
            partners = self.env["res.partner"].create(
                [{"name": f"Klient {number}.{i}"} for i in range(number)]
            )
            found = self.env["contract.contract"]
            for partner in partners:
                found |= self._create_contract(partner)
            with freeze_time("2026-10-10 12:00:00"):
                for contract in found:
                    ticket = self.env["helpdesk.ticket"].create(
                        {
                            "name": "Zgłoszenie",
                            "description": "Opis",
                            "partner_id": contract.partner_id.id,
                            "company_id": self.company.id,
                        }
                    )
                    self._log(ticket, 50, "2026-10-10")
            return found

        def queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with freeze_time("2026-10-20 12:00:00"):
                self.assertEqual(set(records.mapped("hours_pending")), {60})
            return self.cr.sql_log_count - before

        few, many = contracts(2), contracts(20)
        self.assertEqual(queries(few), queries(many))
        self.assertLessEqual(queries(many), 10)

    def test_back_office_makes_a_contract(self):
        contract = (
            self.env["contract.contract"]
            .with_user(self.back_office)
            .create(
                {
                    "name": "Umowa z biura",
                    "partner_id": self.customer.id,
                    "service_tier_id": self.tier.id,
                    "recurring_invoicing_type": "post-paid",
                    "recurring_rule_type": "monthlylastday",
                    "date_start": "2026-10-01",
                    "contract_line_ids": [
                        Command.create({"product_id": self.fee.id, "name": "Opłata"})
                    ],
                }
            )
        )
        self.assertEqual(contract.contract_line_ids.date_start, contract.date_start)
