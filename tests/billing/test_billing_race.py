import threading
from contextlib import contextmanager, suppress

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import LockError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ...models.billing.service_billing_run import RUNNING
from ..common import MODULE, erase_tickets

OCTOBER_ENDS = fields.Date.to_date("2026-10-31")
NOVEMBER_ENDS = fields.Date.to_date("2026-11-30")
PEOPLE = 4
REPETITIONS = 6
TABLES = (
    "service_hour_move",
    "account_analytic_line",
    "service_hour_package",
    "service_settlement",
)


@tagged("post_install", "-at_install")
class TestBillingRace(BaseCase):
    """Several connections at work on one contract, each with its own snapshot.

    What they see of each other must be committed, so the test tidies up by itself.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.startPatcher(freeze_time("2026-11-04 08:00:00"))
        with self.connection() as env:
            if not env.company.chart_template:
                self.skipTest("the main company has no chart of accounts")
            self.contract_id = self._create_contract(env).id
        self.addCleanup(self._delete_everything)

    @contextmanager
    def connection(self):
        """A transaction of its own, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _create_contract(self, env):
        company = env.company
        taxes = company._service_sale_taxes() or company.account_sale_tax_id
        hour = env["product.product"].create(
            {
                "name": "Godzina",
                "type": "service",
                "uom_id": env.ref("uom.product_uom_hour").id,
                "taxes_id": [Command.set(taxes[:1].ids)],
            }
        )
        remote = env.ref(f"{MODULE}.work_type_remote")
        rate = {"work_type_id": remote.id, "product_id": hour.id}
        tier = env["service.tier"].create(
            {"name": "Współbieżny", "rate_ids": [Command.create(rate)]}
        )
        employee = env["hr.employee"].create({"name": "Współbieżny"})
        contract = env["contract.contract"].create(
            {
                "name": "Współbieżna",
                "partner_id": env["res.partner"].create({"name": "Współbieżny"}).id,
                "service_tier_id": tier.id,
                "allowance_minutes": 120,
                "date_start": "2026-10-01",
                "recurring_rule_type": "monthlylastday",
                "recurring_invoicing_type": "post-paid",
            }
        )
        ticket = env["helpdesk.ticket"].create(
            {
                "name": "Współbieżne",
                "description": "Współbieżne",
                "partner_id": contract.partner_id.id,
                "service_contract_id": contract.id,
            }
        )
        self.entry_vals = {
            "ticket_id": ticket.id,
            "employee_id": employee.id,
            "date": "2026-10-04",
            "unit_amount": 50 / 60,
        }
        self.tidy = [ticket, contract, tier, employee, contract.partner_id, hour]
        self.tidy = [(record._name, record.id) for record in self.tidy]
        env["account.analytic.line"].create(self.entry_vals)
        return contract

    def _delete_everything(self):
        with self.connection() as env:
            for table in TABLES:
                column = (
                    "service_contract_id"
                    if table == "account_analytic_line"
                    else "contract_id"
                )
                env.cr.execute(
                    f"DELETE FROM {table} WHERE {column} = %s", [self.contract_id]
                )
            for model, id_ in self.tidy:
                record = env[model].with_context(**RUNNING.opened).browse(id_)
                if model == "helpdesk.ticket":
                    erase_tickets(env, record)
                else:
                    record.unlink()

    def settle(self, env):
        contract = env["contract.contract"].browse(self.contract_id)
        return env["service.settlement"]._settle(contract, OCTOBER_ENDS)

    def assertSettledOnce(self):
        with self.connection() as env:
            contract = env["contract.contract"].browse(self.contract_id)
            self.assertEqual(len(contract.settlement_ids), 1)
            self.assertEqual(
                sorted(contract.move_ids.mapped(lambda m: (m.kind, m.minutes))),
                [("consume", -60), ("expire", -60), ("grant", 120)],
            )

    def test_two_settlements_at_once(self):
        with self.connection() as first, self.connection() as second:
            self.settle(first)
            with self.assertRaisesRegex(LockError, "Someone else is billing"):
                self.settle(second)
            second.cr.rollback()
        with self.connection() as again:
            self.assertFalse(self.settle(again))
        self.assertSettledOnce()

    def test_two_runs_at_once(self):
        with self.connection() as env:
            runs = env["service.billing.run"].create([{"last_day": OCTOBER_ENDS}] * 2)
            for run in runs:
                run._start()
            self.tidy[:0] = [(run._name, run.id) for run in runs]
        with self.connection() as first, self.connection() as second:
            first[runs._name].browse(runs[0].id)._step()
            first.flush_all()
            late = second[runs._name].browse(runs[1].id)
            late._step()
            self.assertEqual(late.line_ids.state, "failed")
            self.assertIn("Someone else", late.line_ids.reason)
        with self.connection() as env:
            first, late = (env[runs._name].browse(run.id) for run in runs)
            self.assertEqual(first.line_ids.state, "nothing")
            # The next run finds that there is nothing left to do.
            again = env[runs._name].create({"last_day": OCTOBER_ENDS})
            self.assertFalse(again.line_ids)
            again.unlink()
        self.assertSettledOnce()

    def test_a_settlement_with_an_old_view_of_the_contract(self):
        """It waited for the first one; its snapshot is from before that one."""
        with self.connection() as late:
            late["contract.contract"].browse(self.contract_id).read(["settled_until"])
            with self.connection() as first:
                self.settle(first)
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self.settle(late)
            late.cr.rollback()
            late.invalidate_all()
            self.assertFalse(self.settle(late))
        self.assertSettledOnce()

    def test_logging_goes_on_while_a_period_is_settled(self):
        """The entry is not lost: it is late, and the next settlement takes it."""
        with self.connection() as settling:
            self.settle(settling)
            with self.connection() as technician:
                late = technician["account.analytic.line"].create(self.entry_vals)
        with self.connection() as env:
            late = env["account.analytic.line"].browse(late.id)
            self.assertFalse(late.settlement_id)
            contract = env["contract.contract"].browse(self.contract_id)
            plan = env["service.hour.ledger"]._plans(contract, OCTOBER_ENDS)
            self.assertEqual(plan[contract.id].rated[late.id].billed, 60)

    def test_an_entry_that_is_being_settled_cannot_be_changed(self):
        with self.connection() as technician:
            entries = technician["account.analytic.line"].search(
                [("service_contract_id", "=", self.contract_id)]
            )
            with self.connection() as settling:
                self.settle(settling)
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                entries.unit_amount = 3
                technician.flush_all()
            technician.cr.rollback()
        self.assertSettledOnce()

    def test_people_log_while_periods_are_settled(self):
        """Nothing is lost, doubled or taken from a package that is empty."""
        barrier = threading.Barrier(PEOPLE + 1)
        errors = []

        def work(job):
            try:
                barrier.wait(timeout=60)
                for _repetition in range(REPETITIONS):
                    with self.registry.cursor() as cr:
                        env = api.Environment(cr, SUPERUSER_ID, {})
                        retrying(lambda env=env: job(env), env)
            except Exception as error:  # noqa: BLE001 - shown by the main thread
                errors.append(error)

        def log(env):
            env["account.analytic.line"].create(self.entry_vals)

        def settle(env):
            with suppress(LockError):
                self.settle(env)

        people = [threading.Thread(target=work, args=[log]) for _ in range(PEOPLE)]
        people.append(threading.Thread(target=work, args=[settle]))
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for person in people:
                person.start()
            for person in people:
                person.join(timeout=120)
        self.assertEqual(errors, [])
        with freeze_time("2026-12-04 08:00:00"), self.connection() as env:
            contract = env["contract.contract"].browse(self.contract_id)
            env["service.settlement"]._settle(contract, NOVEMBER_ENDS)
            env.flush_all()
            entries = env["account.analytic.line"].search(
                [("service_contract_id", "=", self.contract_id)]
            )
            self.assertEqual(len(entries), 1 + PEOPLE * REPETITIONS)
            self.assertTrue(all(entry.settlement_id for entry in entries))
            # All on one ticket, so the minutes are rounded up to the hour once.
            worked = sum(entries.mapped("worked_minutes"))
            self.assertEqual(
                sum(entries.mapped("billed_minutes")), -(-worked // 60) * 60
            )
            october = contract.package_ids.sorted("date_from")[0]
            self.assertEqual(october.used_minutes, 120)
            self.assertEqual(sum(entries.mapped("package_minutes")), 120)
            report = env["service.hour.ledger"].rebuild_check()
            self.assertEqual(report["differences"], [])
