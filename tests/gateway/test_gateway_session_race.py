import threading
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..common import MODULE

CALLS = 8


@tagged("post_install", "-at_install")
class TestGatewaySessionRace(BaseCase):
    """Eight calls at once plan one session, each with its own snapshot.

    What they see of each other must be committed, so the test tidies up by itself.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.connection() as env:
            customer = env["res.partner"].create({"name": "Wyścig"})
            technician = env["res.users"].create(
                {
                    "name": "Wyścig technik",
                    "login": "wyscig.technik",
                    "group_ids": [
                        Command.link(env.ref(f"{MODULE}.group_technician").id)
                    ],
                }
            )
            ticket = env["helpdesk.ticket"].create(
                {"name": "x", "description": "x", "partner_id": customer.id}
            )
            tools = env["service.gateway.client"]
            tool, _key = tools._connect("Wyścig sesji", env.company, customer)
            self.number, self.login = ticket.number, technician.login
            self.user_id = tool.user_id.id
            self.made = {
                "service_gateway_client": tool.ids,
                "helpdesk_ticket": ticket.ids,
                "res_users": (tool.user_id | technician).ids,
                "res_partner": (
                    customer | tool.user_id.partner_id | technician.partner_id
                ).ids,
            }
        self.addCleanup(self._delete_everything)

    @contextmanager
    def connection(self):
        """A transaction of its own, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _delete_everything(self):
        """What is kept of tickets stays for good in any other way."""
        with self.connection() as env:
            (tickets,) = self.made["helpdesk_ticket"]
            for table in (
                "service_remote_session",
                "service_sla_timer",
                "service_sla_event",
            ):
                env.cr.execute(
                    f"DELETE FROM {table} WHERE ticket_id = %s",  # noqa: S608
                    [tickets],
                )
            env.cr.execute(
                "UPDATE helpdesk_ticket SET coverage_decision_id = NULL WHERE id = %s",
                [tickets],
            )
            env.cr.execute(
                "DELETE FROM service_coverage_decision WHERE ticket_id = %s", [tickets]
            )
            env.cr.execute(
                "DELETE FROM res_users_log WHERE create_uid = ANY(%s)",
                [self.made["res_users"]],
            )
            env.invalidate_all()
            env["helpdesk.ticket"].browse(tickets).unlink()
            env.cr.execute(
                "DELETE FROM service_gateway_client WHERE id = ANY(%s)",
                [self.made["service_gateway_client"]],
            )
            env.invalidate_all()
            env["res.users"].browse(self.made["res_users"]).unlink()
            env["res.partner"].browse(self.made["res_partner"]).unlink()

    def test_equal_calls_at_once_plan_one_session(self):
        barrier = threading.Barrier(CALLS)
        answers, errors = [], []

        def plan(env):
            gateway = env["service.gateway"]
            return gateway.prepare_session(self.number, self.login)

        def call():
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, self.user_id, {})
                    env.user.read(["login"])
                    barrier.wait(timeout=60)
                    answers.append(retrying(lambda: plan(env), env))
            except Exception as error:  # noqa: BLE001 - shown by the main thread
                errors.append(error)

        calls = [threading.Thread(target=call) for _ in range(CALLS)]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for one in calls:
                one.start()
            for one in calls:
                one.join(timeout=120)
        self.assertEqual(errors, [])
        self.assertEqual(len({answer["session"] for answer in answers}), 1)
        with self.connection() as env:
            sessions = env["service.remote.session"]
            of_ticket = [("ticket_id", "in", self.made["helpdesk_ticket"])]
            self.assertEqual(sessions.search_count(of_ticket), 1)
