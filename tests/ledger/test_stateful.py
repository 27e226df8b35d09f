"""The real ledger of hours, driven in random order and held against a small one.

Left out, for a model as simple as this one could not predict it: hours that carry
over, sessions, surcharges, flat fees, packages billed on the contract's own invoice,
and packages sold for exactly the days of an allowance. What hours cost is not predicted
either, only that no hour is billed twice.
"""

import os
from datetime import date, timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo.fields import Command
from odoo.tests import tagged

from ..common import MODULE, ServiceCommon
from . import model

# HSC_EXAMPLES=500 hunts longer than the suite, with other examples each time, and then
# takes some minutes more to find the shortest way to a failure.
HUNT = int(os.environ.get("HSC_EXAMPLES", "0"))
PHASES = (Phase.generate, Phase.shrink) if HUNT else (Phase.generate,)
EXAMPLES = HUNT or 14
STEPS = 20
QUARTER = 15
FIRST_DAY = date(2026, 1, 1)
CHANGE_OF_CONTRACT = date(2026, 3, 16)
LATER_CONTRACT = date(2026, 2, 1)
TODAY = date(2026, 2, 10)
# The hour of every day (UTC) at which things happen.
NOW = 10
LAST_DAY = date(2099, 12, 31)

WORK = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["remote", "on_site"]),
        "ticket": st.integers(0, 1),
        "days_ago": st.integers(0, 60),
        "hour": st.sampled_from([None, 7, 12, 17]),
        "minutes": st.integers(1, 200),
    }
)
SALE = st.fixed_dictionaries(
    {
        "whose": st.integers(0, 4),
        "minutes": st.sampled_from([60, 120, 180, 240]),
        "months": st.integers(1, 3),
        "days_from_now": st.integers(-45, 10),
        "policy": st.sampled_from(["at_once", "posted", "paid"]),
    }
)


class LedgerMachine(RuleBasedStateMachine):
    """Whatever people do, in whatever order, both ledgers stay the same."""

    def __init__(self, test):
        super().__init__()
        self.test = test
        self.env = test.env
        self.savepoint = test.cr.savepoint()
        self.clock = freeze_time(f"{TODAY} {NOW}:00:00")
        self.frozen = self.clock.start()
        self.today = TODAY
        self.packages = {}
        self.entries = {}
        self.sales = {}
        self.moves_before = []
        self.settled_before = {}

    def teardown(self):
        self.clock.stop()
        self.savepoint.rollback()
        self.savepoint.close(rollback=True)
        self.env.invalidate_all()

    @initialize(
        number=st.integers(1, 4),
        days=st.sampled_from([20, 50, 80]),
        works=st.lists(WORK, min_size=3, max_size=5),
        terms=st.lists(SALE, min_size=1, max_size=3),
    )
    def begin(self, number, days, works, terms):
        """A customer with one to four contracts, of which each ticket has one."""
        self.customer, records, self.tickets = self.test.households[number]
        self.ledger = model.Ledger(
            [model.Contract(*self.test.terms[record.name]) for record in records]
        )
        self.contracts = dict(zip(self.ledger.contracts, records, strict=True))
        at_first = [c for c in self.ledger.contracts if c.first == FIRST_DAY]
        for ticket, contract in enumerate([at_first[0], at_first[-1]]):
            self.ledger.chosen[ticket] = [contract]
        self.wait(days)
        self.log(works)
        for sale in terms:
            self.sell(sale)

    # Time, work and months

    @rule(
        days=st.sampled_from([0, 1, 6, 20, 31]),
        works=st.lists(WORK, max_size=3),
        whose=st.sampled_from([set(), {0}, {1, 3}, {0, 1, 2, 3}, {0, 1, 2, 3}]),
        days_ago=st.sampled_from([0, 0, 0, 12, 35]),
    )
    def time_passes(self, days, works, whose, days_ago):
        """Some days later work is logged, and months are billed until a day."""
        self.wait(days)
        self.log(works)
        if whose:
            self.bill(whose, self.today - timedelta(days=days_ago))

    def wait(self, days):
        self.today += timedelta(days=days)
        self.frozen.move_to(f"{self.today} {NOW}:00:00")
        self.env.invalidate_all()

    def log(self, works):
        for work in works:
            entry = self.modelled(work)
            self.ledger.entries.append(entry)
            self.entries[entry] = self.test._log(
                self.tickets[work["ticket"]],
                work["minutes"],
                entry.day,
                **self.vals(work, entry.day),
            )

    def modelled(self, work):
        day = max(FIRST_DAY, self.today - timedelta(days=work["days_ago"]))
        return model.Entry(
            serial=self.ledger.number(),
            ticket=work["ticket"],
            contract=self.ledger.contract_on(work["ticket"], day),
            rate=self.test.rates[work["kind"]],
            day=day,
            start=(self.hour(work, day) or 0) * 60,
            minutes=work["minutes"],
        )

    def hour(self, work, day):
        """When the work began, if anybody noted it; none that is still to come."""
        hour = work["hour"]
        return None if day == self.today and hour and hour >= NOW else hour

    def vals(self, work, day):
        hour = self.hour(work, day)
        return {
            "work_type_id": self.test.work_types[work["kind"]].id,
            "started_at": hour and f"{day} {hour:02}:00:00",
        }

    @precondition(lambda self: self.entries)
    @rule(
        data=st.data(),
        event=st.sampled_from(["edit", "delete", "full", "packages", "free"]),
        work=WORK,
    )
    def change_an_entry(self, data, event, work):
        entry = data.draw(st.sampled_from(list(self.entries)), "entry")
        record = self.entries[entry].with_user(self.test.technician)
        if entry.settled:
            self.is_locked(record, work["minutes"])
        elif event == "edit":
            self.edit(entry, record, work)
        elif event == "delete":
            self.ledger.entries.remove(entry)
            del self.entries[entry]
            record.unlink()
        else:
            before, entry.charge = entry.charge, event
            if not self.change_charge(record, event):
                entry.charge = before

    def edit(self, entry, record, work):
        new = self.modelled(work)
        for name in ("ticket", "contract", "rate", "day", "start", "minutes"):
            setattr(entry, name, getattr(new, name))
        record.write(
            {
                "ticket_id": self.tickets[work["ticket"]].id,
                "date": entry.day,
                "unit_amount": entry.minutes / 60,
                **self.vals(work, entry.day),
            }
        )

    def change_charge(self, entry, charge):
        """Whether the charge was changed; not where packages pay for all of it."""
        dialog = self.env["service.charge.change"].with_user(self.test.back_office)
        dialog = dialog.create(
            {
                "entry_ids": [Command.set(entry.ids)],
                "charge": charge,
                "reason": "Uzgodnione",
            }
        )
        if charge != "packages" or entry.cost_level != "nothing":
            dialog.action_apply()
            return True
        with self.test.assertRefused("nothing to waive"):
            dialog.action_apply()
        return False

    def is_locked(self, record, minutes):
        with self.test.assertRefused("is settled"):
            record.unit_amount = minutes / 60
        with self.test.assertRefused("is settled"):
            record.unlink()
        with self.test.assertRefused("is settled"):
            self.change_charge(record, "free")

    @rule(ticket=st.integers(0, 1), number=st.integers(0, 3))
    def move_a_ticket(self, ticket, number):
        """A technician moves a ticket to another contract of its customer."""
        contract = self.ledger.contracts[number % len(self.contracts)]
        choice = self.env["service.contract.choice"].with_user(self.test.technician)
        choice = choice.create(
            {
                "ticket_id": self.tickets[ticket].id,
                "contract_id": self.contracts[contract].id,
            }
        )
        if not any(contract.serves(day) for day in (FIRST_DAY, self.today)):
            with self.test.assertRefused("was not in force"):
                choice.action_choose()
        elif self.ledger.is_held(ticket, contract):
            with self.test.assertRefused("is settled under"):
                choice.action_choose()
        else:
            self.ledger.move(ticket, contract)
            choice.action_choose()

    @rule(number=st.integers(0, 3), minutes=st.sampled_from([0, 60, 120, 300]))
    def change_the_allowance(self, number, minutes):
        contract = self.ledger.contracts[number % len(self.contracts)]
        contract.allowance = minutes
        record = self.contracts[contract].with_user(self.test.back_office)
        record.allowance_minutes = minutes

    def bill(self, whose, until):
        last_day = min(until, self.today - model.ONE_DAY)
        numbers = sorted({number % len(self.contracts) for number in whose})
        contracts = [self.ledger.contracts[number] for number in numbers]
        records = self.env["contract.contract"].union(
            *(self.contracts[contract] for contract in contracts)
        )
        waiting = records.settlement_ids.filtered(lambda s: s.state == "to_bill")
        settled = [self.ledger.settle(contract, last_day) for contract in contracts]
        if any(settled) or waiting:
            self.test._bill(records, until)
            # A run also takes what is left where no settlement comes any more.
            self.ledger.close_ended(last_day)
        else:
            with self.test.assertRefused("nothing to bill"):
                self.test._bill(records, until)
        for record in records:
            self.test.assertFalse(record.invoice_generation_error)
        self.find_the_allowances()

    def find_the_allowances(self):
        for package in self.ledger.packages:
            if package not in self.packages:
                self.packages[package] = self.env["service.hour.package"].search(
                    [
                        ("contract_id", "=", self.contracts[package.contract].id),
                        ("date_from", "=", package.first),
                        ("kind", "=", "allowance"),
                    ]
                )

    @rule()
    def close_what_has_ended(self):
        yesterday = self.today - model.ONE_DAY
        self.ledger.close_ended(yesterday)
        self.env["service.hour.package"]._close_ended(self.test.company, yesterday)

    # Packages and their invoices

    @rule(terms=SALE)
    def sell(self, terms):
        first = self.today + timedelta(days=terms["days_from_now"])
        served = [*self.ledger.contracts, None]
        contract = served[terms["whose"] % len(served)]
        sale = self.env["service.package.sale"].with_user(self.test.back_office)
        action = sale.create(
            {
                "contract_id": self.contracts[contract or served[0]].id,
                "whole_customer": contract is None,
                "minutes": terms["minutes"],
                "months": terms["months"],
                "date_from": first,
                "hour_price": 100.0,
                "usable": terms["policy"],
            }
        ).action_sell()
        record = self.env["service.hour.package"].browse(action["res_id"])
        last = model.last_of_months(first, terms["months"])
        package = model.Package(self.ledger.number(), contract, first, last, last)
        self.ledger.packages.append(package)
        self.packages[package] = record
        self.sales[package] = model.Sale(terms["policy"], terms["minutes"])
        package.sync(self.sales[package].due)

    @precondition(lambda self: self.sales)
    @rule(data=st.data())
    def change_the_invoice_of_a_package(self, data):
        package = data.draw(st.sampled_from(list(self.sales)), "package")
        sale = self.sales[package]
        if not sale.events():
            return
        event = data.draw(st.sampled_from(sale.events()), "event")
        lines = self.packages[package].sudo().invoice_line_ids
        invoice = lines.move_id.filtered(lambda move: move.move_type == "out_invoice")
        invoice = invoice.with_user(self.test.accountant)
        minutes = 0
        if event == "credit":
            left = (sale.minutes - sale.credited) // QUARTER
            minutes = QUARTER * data.draw(st.integers(1, left), "quarters of an hour")
            self.credit_note(invoice, minutes)
        elif event == "pay":
            self.pay(invoice)
        else:
            getattr(invoice, event)()
        sale.happens(event, minutes)
        package.sync(sale.due)

    def pay(self, invoice):
        wizard = self.env["account.payment.register"].with_user(self.test.accountant)
        wizard = wizard.with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({}).action_create_payments()

    def credit_note(self, invoice, minutes):
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.test.accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "reason": "Korekta"})
        )
        wizard.refund_moves()
        refund = wizard.new_move_ids
        if minutes:
            refund.invoice_line_ids.quantity = minutes / 60
        refund.action_post()

    @precondition(lambda self: self.packages)
    @rule(
        data=st.data(),
        minutes=st.integers(-120, 120).filter(bool),
    )
    def adjust(self, data, minutes):
        package = data.draw(st.sampled_from(list(self.packages)), "package")
        wizard = self.env["service.hour.adjustment"].with_user(self.test.manager)
        wizard = wizard.create(
            {
                "package_id": self.packages[package].id,
                "minutes": minutes,
                "reason": "Uzgodnione",
            }
        )
        if package.left + minutes < 0:
            with self.test.assertRefused("no more can be deducted"):
                wizard.action_adjust()
        else:
            package.granted += minutes
            wizard.action_adjust()

    # Invoices of months: whatever becomes of them, the hours stay as they are.

    def month_invoices(self):
        return self.all_contracts().settlement_ids.invoice_id

    def all_contracts(self):
        return self.env["contract.contract"].union(*self.contracts.values())

    @precondition(lambda self: self.month_invoices())
    @rule(data=st.data(), event=st.sampled_from(["post", "cancel", "delete", "credit"]))
    def invoice_of_a_month(self, data, event):
        invoices = self.month_invoices().with_user(self.test.accountant)
        invoice = data.draw(st.sampled_from(list(invoices.sorted("id"))), "invoice")
        if invoice.state == "posted":
            if event == "credit":
                self.credit_note(invoice, None)
        elif event == "post":
            invoice.action_post()
        elif event == "cancel":
            invoice.button_cancel()
        elif event == "delete":
            invoice.unlink()

    # What must hold after every step

    @invariant()
    def the_laws_hold(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.figures_are_those_of_the_model()
        self.work_goes_where_the_model_says()
        self.moves_are_only_added_and_add_up()
        self.settled_work_stays_as_it_is()
        self.no_hour_is_billed_twice()
        self.test.assertLedgerIsSound()

    def figures_are_those_of_the_model(self):
        test, today = self.test, self.today
        for user in (test.technician, test.back_office, test.accountant):
            for contract, record in self.contracts.items():
                record = record.with_user(user)
                expected = self.ledger.balance(contract, today)
                found = {name: record[f"hours_{name}"] for name in expected}
                test.assertEqual(found, expected, f"{user.login}, {record.code}")
        pending = self.ledger.pending(today)
        for package, record in self.packages.items():
            expected = {
                "date_to": package.window_end,
                "granted_minutes": package.granted,
                "used_minutes": package.used,
                "expired_minutes": package.expired,
                "remaining_minutes": package.left,
                "pending_minutes": pending[package],
                "overused_minutes": package.overused,
            }
            found = {name: record[name] for name in expected}
            test.assertEqual(found, expected, record.display_name)
        test.assertEqual(
            self.env["service.hour.package"].search_count(
                [("commercial_partner_id", "=", self.customer.id)]
            ),
            len(self.packages),
        )

    def work_goes_where_the_model_says(self):
        plan, _due = self.ledger.plan(self.today)
        for entry, record in self.entries.items():
            # Work that waits for its contract counts nowhere.
            result = plan.get(entry) or entry.result or model.Result(0)
            expected = {
                "contract": self.contracts.get(entry.contract, self.no_contract()),
                "settled": entry.settled,
                "billed": result.billed,
            }
            found = {
                "contract": record.service_contract_id,
                "settled": bool(record.settlement_id),
                "billed": record.billed_minutes,
            }
            if entry.settled:
                expected |= {
                    "packages": result.packages,
                    "overage": result.overage,
                    "free": result.free,
                    "burned": {
                        self.packages[package].id: burned
                        for package, burned in result.burned.items()
                    },
                }
                found |= {
                    "packages": record.package_minutes,
                    "overage": record.overage_minutes,
                    "free": record.free_minutes,
                    "burned": self.burned(record),
                }
                self.test.assertEqual(
                    result.packages + result.overage + result.free, result.billed
                )
            self.test.assertEqual(found, expected, record.display_name)

    def no_contract(self):
        return self.env["contract.contract"]

    def burned(self, record):
        burned = {}
        for move in record.move_ids:
            self.test.assertEqual(move.kind, "consume")
            id_ = move.package_id.id
            burned[id_] = burned.get(id_, 0) - move.minutes
        return burned

    def moves_are_only_added_and_add_up(self):
        moves = self.all_moves()
        kept = moves[: len(self.moves_before)]
        self.test.assertEqual(kept, self.moves_before)
        self.moves_before = moves
        for record in self.packages.values():
            totals = {"granted": 0, "used": 0, "expired": 0}
            for move in record.move_ids:
                kind = move.released_id.kind or move.kind
                name = {"consume": "used", "expire": "expired"}.get(kind, "granted")
                totals[name] += move.minutes if name == "granted" else -move.minutes
            found = {name: record[f"{name}_minutes"] for name in totals}
            self.test.assertEqual(found, totals)
            self.test.assertGreaterEqual(min(totals.values()), 0)
            used = totals["used"] + totals["expired"]
            self.test.assertLessEqual(used, totals["granted"])

    def all_moves(self):
        """All columns of the customer's moves, in the order they were posted."""
        self.test.cr.execute(
            "SELECT * FROM service_hour_move WHERE commercial_partner_id = %s"
            " ORDER BY id",
            [self.customer.id],
        )
        return self.test.cr.fetchall()

    def settled_work_stays_as_it_is(self):
        names = [
            "date", "unit_amount", "charge", "settlement_id", "billed_minutes",
            "package_minutes", "overage_minutes", "free_minutes", "rating", "shares",
        ]  # fmt: skip
        settled = {
            record: record.read(names)
            for entry, record in self.entries.items()
            if entry.settled
        }
        for record, values in self.settled_before.items():
            self.test.assertEqual(settled[record], values)
        self.settled_before = settled

    def no_hour_is_billed_twice(self):
        settlements = self.all_contracts().settlement_ids
        billed = settlements.filtered("invoice_id")
        invoices = self.env["account.move"].search(
            [
                ("commercial_partner_id", "=", self.customer.id),
                ("move_type", "=", "out_invoice"),
                ("state", "!=", "cancel"),
            ]
        )
        lines = invoices.invoice_line_ids.filtered(
            lambda line: not line.service_package_id
        )
        self.test.assertEqual(
            round(60 * sum(lines.mapped("quantity"))),
            sum(billed.entry_ids.mapped("overage_minutes")),
        )
        for settlement in settlements - billed:
            if settlement.state == "nothing":
                self.test.assertFalse(
                    sum(settlement.entry_ids.mapped("overage_minutes"))
                )


@tagged("post_install", "-at_install")
class TestStateful(ServiceCommon):
    """Customers with one to four contracts, two tickets each, all roles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whole minutes on invoices: 0.62 hours are no 37 minutes.
        cls.env.ref("uom.decimal_product_uom").digits = 6
        on_site = cls.env.ref(f"{MODULE}.work_type_on_site")
        cls.work_types = {"remote": cls.remote, "on_site": on_site}
        cls.rates = {
            "remote": model.Rate(60, 60, per_ticket=True),
            "on_site": model.Rate(60, 30, per_ticket=False, factor=150),
        }
        cls.tier.rate_ids = [
            Command.create(
                {
                    "work_type_id": on_site.id,
                    "product_id": cls.hour.id,
                    "step_minutes": 30,
                    "scope": "entry",
                    "package_factor": 150,
                }
            )
        ]
        # First and last day, and the allowance of a month.
        before = CHANGE_OF_CONTRACT - model.ONE_DAY
        cls.terms = {
            "Jedyna": (FIRST_DAY, LAST_DAY, 120),
            "Pierwsza": (FIRST_DAY, before, 120),
            "Następna": (CHANGE_OF_CONTRACT, LAST_DAY, 90),
            "Obok": (FIRST_DAY, LAST_DAY, 60),
            "Późniejsza": (LATER_CONTRACT, LAST_DAY, 0),
        }
        sequence = ["Pierwsza", "Następna", "Obok", "Późniejsza"]
        cls.households = {
            1: cls._household(["Jedyna"]),
            2: cls._household(sequence[:2]),
            3: cls._household(sequence[:3]),
            4: cls._household(sequence),
        }

    @classmethod
    def _household(cls, names):
        """A customer, its contracts, and two tickets that came in on the first day."""
        customer = cls._create_customer()
        customer.name = f"Klient {len(names)}"
        contracts = cls.env["contract.contract"]
        for name in names:
            first, last, minutes = cls.terms[name]
            contracts |= cls._create_contract(
                customer,
                name=name,
                start=str(first),
                date_end=last != LAST_DAY and last,
                allowance_minutes=minutes,
                contract_line_ids=[Command.clear()],
            )
        at_first = contracts.filtered(lambda one: one.date_start == FIRST_DAY)
        tickets = [
            cls._create_ticket(name, str(FIRST_DAY), partner_id=customer.id)
            for name in ("Drukarka", "Serwer")
        ]
        if len(at_first) > 1:
            for ticket, contract in zip(tickets, at_first, strict=True):
                ticket._choose_contract(contract)
        return customer, contracts, tickets

    def test_whatever_happens_the_ledger_is_that_of_the_model(self):
        run_state_machine_as_test(
            lambda: LedgerMachine(self),
            settings=settings(
                deadline=None,
                derandomize=not HUNT,
                database=None,
                max_examples=EXAMPLES,
                phases=PHASES,
                print_blob=False,
                stateful_step_count=STEPS,
                suppress_health_check=list(HealthCheck),
            ),
        )
