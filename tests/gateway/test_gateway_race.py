import threading
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ConcurrencyError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..common import erase_tickets

CALLS = 4


@tagged("post_install", "-at_install")
class TestGatewayRace(BaseCase):
    """Several connections report one event, each with its own snapshot.

    What they see of each other must be committed, so the test tidies up by itself.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.connection() as env:
            tools = env["service.gateway.client"]
            tool, _key = tools._connect("Wyścig", env.company, env["res.partner"])
            self.customer_id = env["res.partner"].create({"name": "Wyścig"}).id
            self.tool_id, self.user_id = tool.id, tool.user_id.id
        self.addCleanup(self._delete_everything)

    @contextmanager
    def connection(self, uid=SUPERUSER_ID):
        """A transaction of its own, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, uid, {})

    def _delete_everything(self):
        with self.connection() as env:
            erase_tickets(env, env["helpdesk.ticket"].search(self._of_tool()))
            # The tool itself stays for good in any other way.
            env.cr.execute(
                "DELETE FROM service_gateway_client WHERE id = %s", [self.tool_id]
            )
            env.invalidate_all()
            user = env["res.users"].browse(self.user_id)
            env["res.users.log"].search([("create_uid", "=", self.user_id)]).unlink()
            partner = user.partner_id
            user.unlink()
            (partner | env["res.partner"].browse(self.customer_id)).unlink()

    def _of_tool(self):
        return [("gateway_client_id", "=", self.tool_id)]

    def report(self, env):
        gateway = env["service.gateway"]
        return gateway.open_ticket(self.customer_id, "Temat", reference="e1")

    def test_a_call_that_comes_too_late_is_to_be_tried_again(self):
        with self.connection(self.user_id) as late:
            late.user.read(["login"])
            with self.connection(self.user_id) as first:
                opened = self.report(first)
            with self.assertRaises(ConcurrencyError), mute_logger("odoo.sql_db"):
                self.report(late)
            late.cr.rollback()
            late.transaction.reset()
            self.assertEqual(self.report(late), opened | {"new": False})

    def test_equal_calls_at_once_open_one_ticket(self):
        barrier = threading.Barrier(CALLS)
        answers, errors = [], []

        def call():
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, self.user_id, {})
                    env.user.read(["login"])
                    barrier.wait(timeout=60)
                    answers.append(retrying(lambda: self.report(env), env))
            except Exception as error:  # noqa: BLE001 - shown by the main thread
                errors.append(error)

        calls = [threading.Thread(target=call) for _ in range(CALLS)]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for one in calls:
                one.start()
            for one in calls:
                one.join(timeout=120)
        self.assertEqual(errors, [])
        self.assertEqual(len({answer["id"] for answer in answers}), 1)
        self.assertEqual(sorted(answer["new"] for answer in answers), [0, 0, 0, 1])
        with self.connection() as env:
            self.assertEqual(env["helpdesk.ticket"].search_count(self._of_tool()), 1)
