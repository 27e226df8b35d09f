import threading
from contextlib import contextmanager

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..common import MODULE, erase_tickets

ROUNDS = 4


@tagged("post_install", "-at_install")
class TestContractRace(BaseCase):
    """Two people move a ticket to different contracts while two others log work on it.

    What they see of each other must be committed, so the test tidies up by itself.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.startPatcher(freeze_time("2026-10-20 08:00:00"))
        with self.connection() as env:
            self._create_everything(env)
        self.addCleanup(self._delete_everything)

    @contextmanager
    def connection(self):
        """A transaction of its own, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _create_everything(self, env):
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
            {"name": "Wyścig", "rate_ids": [Command.create(rate)]}
        )
        employee = env["hr.employee"].create({"name": "Wyścig"})
        partner = env["res.partner"].create({"name": "Wyścig"})
        contracts = env["contract.contract"].create(
            [
                {
                    "name": name,
                    "partner_id": partner.id,
                    "service_tier_id": tier.id,
                    "allowance_minutes": 120,
                    "date_start": "2026-10-01",
                    "recurring_rule_type": "monthlylastday",
                    "recurring_invoicing_type": "post-paid",
                }
                for name in ("Pierwsza", "Druga")
            ]
        )
        ticket = env["helpdesk.ticket"].create(
            {"name": "Wyścig", "description": "x", "partner_id": partner.id}
        )
        ticket.service_contract_id = contracts[0]
        self.ticket_id, self.contract_ids = ticket.id, contracts.ids
        self.entry_vals = {
            "ticket_id": ticket.id,
            "employee_id": employee.id,
            "date": "2026-10-05",
            "unit_amount": 0.5,
        }
        records = [*contracts, tier, employee, partner, hour]
        self.tidy = [(record._name, record.id) for record in records]

    def _delete_everything(self):
        with self.connection() as env:
            env.cr.execute(
                "DELETE FROM account_analytic_line WHERE ticket_id = %s",
                [self.ticket_id],
            )
            erase_tickets(env, env["helpdesk.ticket"].browse(self.ticket_id))
            for model, id_ in self.tidy:
                env[model].browse(id_).unlink()

    def move(self, env, number=1):
        ticket = env["helpdesk.ticket"].browse(self.ticket_id)
        ticket.service_contract_id = self.contract_ids[number]
        env.flush_all()

    def log(self, env):
        env["account.analytic.line"].create(self.entry_vals)
        env.flush_all()

    def assertTogether(self):
        """Assert that all work is where the ticket is, each entry once."""
        with self.connection() as env:
            ticket = env["helpdesk.ticket"].browse(self.ticket_id)
            contract = ticket.timesheet_ids.service_contract_id
            self.assertEqual(contract, ticket.service_contract_id)

    def test_work_logged_before_the_move_is_seen(self):
        with self.connection() as mover:
            mover["helpdesk.ticket"].browse(self.ticket_id).name  # noqa: B018
            with self.connection() as logger:
                self.log(logger)
            with self.assertRaises(ConcurrencyError), mute_logger("odoo.sql_db"):
                self.move(mover)
            mover.cr.rollback()
            mover.transaction.reset()
            self.move(mover)
        self.assertTogether()

    def test_work_logged_during_the_move_waits_for_it(self):
        errors = []

        def log():
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    env["helpdesk.ticket"].browse(self.ticket_id).name  # noqa: B018
                    ready.set()
                    moved.wait(timeout=60)
                    retrying(lambda: self.log(env), env)
            except Exception as error:  # noqa: BLE001 - shown by the main thread
                errors.append(error)

        ready, moved = threading.Event(), threading.Event()
        late = threading.Thread(target=log)
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            late.start()
            ready.wait(timeout=60)
            with self.connection() as mover:
                self.move(mover)
            moved.set()
            late.join(timeout=120)
        self.assertEqual(errors, [])
        self.assertTogether()

    def test_people_who_move_and_log_at_once(self):
        errors = []
        jobs = [
            lambda env: self.move(env, 0),
            lambda env: self.move(env, 1),
            self.log,
            self.log,
        ]
        barrier = threading.Barrier(len(jobs))

        def run(job):
            try:
                for _round in range(ROUNDS):
                    with self.registry.cursor() as cr:
                        env = api.Environment(cr, SUPERUSER_ID, {})
                        env["helpdesk.ticket"].browse(self.ticket_id).name  # noqa: B018
                        barrier.wait(timeout=60)
                        retrying(lambda env=env: job(env), env)
            except Exception as error:  # noqa: BLE001 - shown by the main thread
                errors.append(error)
                barrier.abort()

        people = [threading.Thread(target=run, args=(job,)) for job in jobs]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for one in people:
                one.start()
            for one in people:
                one.join(timeout=120)
        self.assertEqual(errors, [])
        self.assertTogether()
        with self.connection() as env:
            ticket = env["helpdesk.ticket"].browse(self.ticket_id)
            self.assertEqual(len(ticket.timesheet_ids), 2 * ROUNDS)
