import json

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common import GatewayCommon


@tagged("post_install", "-at_install")
class TestGatewayLimits(GatewayCommon, HttpCase):
    """What is wrong with a call is said in a sentence, and nothing of the server's."""

    def call(self, method, **values):
        self.env.flush_all()
        # `url_open` lets its request in; to be let in twice spoils the lock for all.
        with mute_logger("odoo.http"):
            return self.url_open(
                f"/json/2/service.gateway/{method}",
                data=json.dumps(values),
                headers={
                    "Authorization": f"Bearer {self.key}",
                    "Content-Type": "application/json",
                    "X-Odoo-Database": get_db_name(),
                },
            )

    def test_texts_have_an_end(self):
        gateway = self._as(self.tool)
        report = {"customer": "KT-1", "subject": "Dysk"}
        long = {
            "customer": "9" * 300,
            "description": "x" * 20_001,
            "item": "x" * 256,
            "person": "x" * 256,
            "reference": "ż" * 3000,
            "subject": "x" * 256,
        }
        for name, text in long.items():
            with (
                self.subTest(name=name),
                self.assertRefused("at most", ValidationError),
            ):
                gateway.open_ticket(**report | {name: text})
        opened = gateway.open_ticket(
            **report, reference="ż" * 255, description="x" * 20_000
        )
        self.assertTrue(opened["new"])

    def test_refusals_say_nothing_of_the_inside(self):
        calls = [
            ({"customer": "KT-1", "subject": "x", "reference": "x" * 3000}, 422),
            ({"customer": "NIKT", "subject": "x"}, 404),
            ({"customer": "KT-1"}, 422),
            ({"customer": "KT-1", "subject": "x", "context": "kontekst"}, 422),
            ({"customer": "KT-1", "subject": "x", "context": [1]}, 422),
        ]
        for values, status in calls:
            with self.subTest(**values):
                answer = self.call("open_ticket", **values)
                self.assertEqual(answer.status_code, status, answer.text)
                self.assertTrue(answer.json()["message"])
                self.assertNotIn("debug", answer.json())
                self.assertNotIn("Traceback", answer.text)
        stranger = self.call("_enter")
        self.assertNotIn("Traceback", stranger.text)
        self.assertIn(stranger.status_code, range(400, 500))

    def test_a_context_that_is_an_object_counts(self):
        answer = self.call(
            "open_ticket", customer="NIKT", subject="x", context={"lang": "pl_PL"}
        )
        self.assertIn("Nie ma", answer.json()["message"])

    def test_a_tool_is_no_salesperson_and_follows_nothing(self):
        ticket = self.env["helpdesk.ticket"].browse(
            self._as(self.tool).open_ticket("KT-1", "Dysk")["id"]
        )
        ticket.partner_id = self.person
        gateway = self._as(self.tool)
        planned = gateway.prepare_session(ticket.number, self.technician.login)
        session = self.env["service.remote.session"].browse(planned["session"])
        self._agree(session)
        gateway.start_session(session.id)
        account = ticket.ad_hoc_contract_id
        self.assertEqual(account.user_id, self.back_office)
        self.assertNotIn(self.tool.user_id.partner_id, account.message_partner_ids)
