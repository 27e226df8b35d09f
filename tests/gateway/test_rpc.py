import io
import re
import xmlrpc.client
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from freezegun import freeze_time

from odoo.tests import HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common import GatewayCommon, example

RPC = "odoo.addons.rpc.controllers"


@tagged("post_install", "-at_install")
class TestRpc(GatewayCommon, HttpCase):
    """The examples, run against a server as a tool runs them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.startClassPatcher(freeze_time("2026-10-05 08:00:00", tick=True))

    @contextmanager
    def served(self):
        """Requests of a client that knows nothing of the test."""
        self.env.flush_all()
        with self.allow_requests(all_requests=True), mute_logger("odoo.http"):
            yield
        self.env.invalidate_all()

    def run_example(self, name, *arguments):
        """Run an example; its exit code and what it printed."""
        printed, complained = io.StringIO(), io.StringIO()
        with redirect_stdout(printed), redirect_stderr(complained), self.served():
            code = example(name).main([str(one) for one in arguments])
        return code, printed.getvalue() + complained.getvalue()

    def at_login(self, key=None):
        return [
            *("--url", self.base_url(), "--db", get_db_name()),
            *("--login", self.tool.user_id.login, "--key", key or self.key),
        ]

    def report(self, *arguments, key=None):
        return self.run_example(
            "monitoring_json2",
            *("--url", self.base_url(), "--db", get_db_name(), "--key"),
            *(key or self.key, "--subject", "Dysk pełny", *arguments),
        )

    def json2(self, key=None):
        client = example("monitoring_json2")
        return client, client.Gateway(self.base_url(), key or self.key, get_db_name())

    def test_monitoring_reports_an_event_once(self):
        event = ["--customer", "774-000-14-54", "--reference", "srv-1/disk"]
        code, printed = self.report(*event, "--priority", "high")
        self.assertEqual(code, 0, printed)
        self.assertRegex(printed, r"Ticket \S+ opened: http")
        self.assertIn("Who pays: By the contract", printed)
        self.assertIn("VIP/1: 120 of 120 minutes left until 2026-10-31", printed)
        code, printed = self.report(*event)
        self.assertRegex(printed, r"Ticket \S+ is open already")
        ticket = self.env["helpdesk.ticket"].search(
            [("gateway_reference", "=", "srv-1/disk")]
        )
        self.assertRecordValues(
            ticket, [{"partner_id": self.customer.id, "priority": "2"}]
        )
        self.assertTrue(self.tool.last_used_at)

    def test_the_reason_of_a_refusal_reaches_the_program(self):
        code, printed = self.report("--customer", "NIKT")
        self.assertEqual(
            (code, printed),
            (
                1,
                "There is no customer “NIKT” that this API client may act for."
                " (HTTP 404)\n",
            ),
        )
        code, printed = self.report("--customer", "KT-1", "--item", "SN-0")
        self.assertEqual(code, 1)
        self.assertIn("no item “SN-0”", printed)

    def test_nobody_answers(self):
        code, printed = self.run_example(
            "monitoring_json2",
            *("--url", "http://127.0.0.1:1", "--key", "x", "--customer", "KT-1"),
            *("--subject", "Temat"),
        )
        self.assertEqual(code, 3)
        self.assertIn("No answer", printed)

    def test_the_whole_course_over_json2(self):
        client, gateway = self.json2()
        ticket = gateway_call = None
        with self.served():
            ticket = gateway.open_ticket(
                customer="KT-1", subject="Drukarka", person="anna@klient.example"
            )
            planned = gateway.prepare_session(
                ticket=ticket["number"], technician=self.technician.login
            )
            with self.assertRaisesRegex(
                client.Refused, r"(?s)has not accepted.*Regulamin.*HTTP 422"
            ) as gateway_call:
                gateway.start_session(session=planned["session"])
        self.assertIn("backup", str(gateway_call.exception))
        session = self.env["service.remote.session"].browse(planned["session"])
        self._agree(session, "2026-10-05 07:59:00")
        with self.served():
            started = gateway.start_session(session=session.id)
            with self.assertRaisesRegex(client.Refused, "already been started.*422"):
                gateway.start_session(session=session.id)
            self.assertEqual(started["state"], "running")
            with freeze_time("2026-10-05 08:36:00"):
                ended = gateway.end_session(
                    session=session.id,
                    outcome="solved",
                    note="Sterownik",
                    ended_at=started["started_at"].replace("T08:00", "T08:35"),
                )
                balance = gateway.balance(customer="KT-1")
                with self.assertRaisesRegex(client.Refused, "not running.*422"):
                    gateway.end_session(
                        session=session.id, outcome="solved", note="Znowu"
                    )
        self.assertEqual((ended["minutes"], ended["billed_minutes"]), (35, 60))
        figures = {name: balance[0][name] for name in ("pending", "available")}
        self.assertEqual(figures, {"pending": 60, "available": 60})

    def test_the_whole_course_with_odoorpc(self):
        at = self.at_login()
        with self.assertLogs(f"{RPC}.jsonrpc", "WARNING") as logs:
            code, printed = self.run_example(
                "remote_desktop_odoorpc",
                *(*at, "prepare", "--customer", "7740001454", "--subject", "Drukarka"),
                *("--technician", self.technician.login, "--person", "Anna Nowak"),
                *("--tool", "AnyDesk", "--number", "123456789"),
            )
        self.assertIn("deprecated", logs.output[0])
        self.assertEqual(code, 4, printed)
        self.assertIn("Missing: I have a backup", printed)
        id_ = int(re.search(r"Session (\d+)", printed)[1])
        session = self.env["service.remote.session"].browse(id_)
        with mute_logger(f"{RPC}.jsonrpc"):
            one = [*at, "start", "--session", id_]
            code, printed = self.run_example("remote_desktop_odoorpc", *one)
            self.assertEqual(code, 1)
            self.assertRegex(printed, "Anna Nowak has not accepted everything")
            self._agree(session, "2026-10-05 07:59:00")
            code, printed = self.run_example("remote_desktop_odoorpc", *one)
            self.assertEqual(code, 0, printed)
            with freeze_time("2026-10-05 08:36:00"):
                code, printed = self.run_example(
                    "remote_desktop_odoorpc",
                    *(*at, "end", "--session", id_, "--note", "Sterownik"),
                    *("--ended-at", "2026-10-05T10:35:59+02:00"),
                )
                self.assertEqual(code, 0, printed)
                self.assertIn("35 minutes, 60 billed", printed)
                code, printed = self.run_example(
                    "remote_desktop_odoorpc", *at, "balance", "--customer", "KT-1"
                )
        self.assertIn("VIP/1: 60 of 120 minutes left", printed)
        self.assertEqual(session.entry_id.billed_minutes, 60)

    @mute_logger(f"{RPC}.jsonrpc")
    def test_odoorpc_with_a_key_that_is_none(self):
        arguments = [*self.at_login("0" * 40), "balance", "--customer", "KT-1"]
        code, printed = self.run_example("remote_desktop_odoorpc", *arguments)
        self.assertEqual(code, 1)
        self.assertIn("login", printed.lower())

    def test_monitoring_over_xmlrpc(self):
        report = [*self.at_login(), "--customer", "KT-1", "--subject", "Dysk"]
        with self.assertLogs(f"{RPC}.xmlrpc", "WARNING") as logs:
            code, printed = self.run_example("monitoring_xmlrpc", *report)
        self.assertIn("deprecated", logs.output[0])
        self.assertEqual(code, 0, printed)
        self.assertRegex(printed, r"Ticket \S+ opened")
        with mute_logger(f"{RPC}.xmlrpc"):
            code, printed = self.run_example(
                "monitoring_xmlrpc",
                *(*self.at_login(), "--customer", "NIKT", "--subject", "Dysk"),
            )
            self.assertEqual(code, 1)
            self.assertIn("no customer “NIKT”", printed)
            report = [*self.at_login("0" * 40), "--customer", "KT-1"]
            code, printed = self.run_example(
                "monitoring_xmlrpc", *report, "--subject", "Dysk"
            )
            self.assertEqual(code, 1)
            self.assertIn("no longer, valid", printed)

    @mute_logger(f"{RPC}.xmlrpc")
    def test_what_refuses_without_a_button_over_xmlrpc(self):
        session = self._session(user=self.technician)
        with self.served(), self.assertRaises(xmlrpc.client.Fault) as refusal:
            self.execute("service.gateway", "start_session", session.id)
        self.assertEqual(refusal.exception.faultCode, 2)
        self.assertRegex(
            refusal.exception.faultString, r"^Anna Nowak has not accepted[^|]*phone\.$"
        )

    def execute(self, model, method, *values):
        models = xmlrpc.client.ServerProxy(f"{self.base_url()}/xmlrpc/2/object")
        login = (get_db_name(), self.tool.user_id.id, self.key)
        return models.execute_kw(*login, model, method, list(values))

    @mute_logger(f"{RPC}.xmlrpc")
    def test_the_key_opens_nothing_else(self):
        me = self.tool.user_id.id
        calls = [
            ("res.partner", "search_read", []),
            ("helpdesk.ticket", "search_count", []),
            ("res.users", "write", [me], {"name": "Ktoś"}),
            ("res.users", "read", [self.technician.id], ["login"]),
            ("service.gateway", "_enter"),
            ("service.gateway.key", "create", {"name": "Drugi"}),
            ("service.gateway.client", "search", []),
            ("service.gateway.client", "action_revoke", [self.tool.id]),
            ("res.users.apikeys", "search", []),
            ("service.remote.session", "action_start", [1]),
        ]
        for model, method, *values in calls:
            with (
                self.subTest(model=model, method=method),
                self.served(),
                self.assertRaises(xmlrpc.client.Fault) as refusal,
            ):
                self.execute(model, method, *values)
            self.assertEqual(refusal.exception.faultCode, 4)

    def post(self, key, method="balance", **values):
        with mute_logger("odoo.http"):
            return self.url_open(
                f"/json/2/service.gateway/{method}",
                headers={"Authorization": f"Bearer {key}"},
                json=values or {"customer": "KT-1"},
            )

    def test_names_and_codes_of_errors(self):
        cases = [
            ("balance", {"customer": "NIKT"}, 404, "odoo.exceptions.MissingError"),
            ("balance", {"customer": ""}, 422, "odoo.exceptions.ValidationError"),
            ("start_session", {"session": "1"}, 422, "odoo.exceptions.ValidationError"),
            ("session", {"session": 0}, 404, "odoo.exceptions.MissingError"),
            ("balance", {"kunde": "KT-1"}, 422, None),
            ("reboot", {"customer": "KT-1"}, 404, None),
        ]
        session = self._session()
        agreed = ("start_session", {"session": session.id}, 422)
        for method, values, status, name in [
            *cases,
            (*agreed, "odoo.exceptions.UserError"),
        ]:
            with self.subTest(method=method, values=values):
                response = self.post(self.key, method, **values)
                self.assertEqual(response.status_code, status)
                if name:
                    self.assertEqual(response.json()["name"], name)

    def test_a_key_that_counts_no_more(self):
        self.assertEqual(self.post(self.key).status_code, 200)
        self.assertEqual(self.post("0" * 40).status_code, 401)
        self.tool.with_user(self.administrator).action_revoke()
        self.assertEqual(self.post(self.key).status_code, 401)
        self.assertEqual(self.post(self.narrow_key).status_code, 200)
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = '2020-01-01'"
            " WHERE user_id = %s",
            [self.narrow.user_id.id],
        )
        self.assertEqual(self.post(self.narrow_key).status_code, 401)

    def test_people_are_no_tools(self):
        keys = self.env["res.users.apikeys"].with_user(self.back_office).sudo()
        key = keys._generate(None, "Biuro", None)
        response = self.post(key)
        self.assertEqual(response.status_code, 403)
        self.assertEqual(response.json()["name"], "odoo.exceptions.AccessError")

    def test_the_key_is_no_password(self):
        self.authenticate(None, None)
        login = {"login": self.tool.user_id.login, "password": self.key}
        params = {"params": login | {"db": get_db_name()}}
        with mute_logger("odoo.http"):
            response = self.url_open("/web/session/authenticate", json=params)
        self.assertIn("AccessDenied", response.json()["error"]["data"]["name"])
