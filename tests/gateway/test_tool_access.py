import time
from datetime import timedelta

from odoo.exceptions import AccessDenied, AccessError, ValidationError
from odoo.http import root
from odoo.tests import HttpCase, tagged

from .common import GatewayCommon

RIGHTS = ("read", "create", "write", "unlink")


@tagged("post_install", "-at_install")
class TestToolAccess(GatewayCommon):
    """What a connected tool is, who may make one, and that it can do nothing else."""

    def test_a_tool_reads_and_writes_no_model_at_all(self):
        env = self._as(self.tool).env
        granted = {
            (name, right)
            for name in env.registry
            for right in RIGHTS
            if env[name].has_access(right)
        }
        self.assertEqual(granted, set())
        # The same question has another answer for who has rights.
        technician = env["helpdesk.ticket"].with_user(self.technician)
        self.assertTrue(technician.has_access("write"))

    def test_it_reads_none_of_what_there_is(self):
        env = self._as(self.tool).env
        for record in (
            self.customer,
            self.technician,
            self._create_ticket(),
            self._create_contract(),
            self.hour,
            self.company,
            self.technician.employee_id,
            self.tool,
        ):
            with self.subTest(model=record._name):
                foreign = env[record._name].browse(record.id)
                with self.assertRaises(AccessError):
                    foreign.read(["display_name"])
                with self.assertRaises(AccessError):
                    foreign.search([])

    def test_it_is_no_person(self):
        user = self.tool.user_id
        self.assertTrue(user.share)
        self.assertEqual(
            user.all_group_ids.get_external_id(),
            {user.group_ids.id: "helpdesk_service_contract.group_remote_gateway"},
        )
        self.assertFalse(user.group_ids.implied_by_ids | user.group_ids.implied_ids)

    def test_it_cannot_even_change_its_own_name(self):
        user = self.tool.user_id
        for vals in ({"name": "Ktoś"}, {"email": "a@b.example"}, {"lang": "pl_PL"}):
            with self.subTest(vals=vals), self.assertRefused("gateway", AccessError):
                user.with_user(user).write(vals)

    def test_nobody_else_calls_the_gateway(self):
        ticket = self._create_ticket()
        session = self._session(ticket)
        calls = {
            "open_ticket": ["KT-1", "Temat"],
            "prepare_session": [ticket.number, self.technician.login],
            "invite_session": [session.id],
            "start_session": [session.id],
            "end_session": [session.id, "solved", "Gotowe"],
            "session": [session.id],
            "balance": ["KT-1"],
        }
        people = [self.technician, self.back_office, self.administrator]
        for person in [*people, self.env.ref("base.public_user")]:
            gateway = self.env["service.gateway"].with_user(person)
            for name, values in calls.items():
                with (
                    self.subTest(person=person.login, call=name),
                    self.assertRefused("Only API clients can call this", AccessError),
                ):
                    getattr(gateway, name)(*values)

    def test_a_tool_that_was_revoked_is_refused(self):
        key = self.env["res.users.apikeys"]
        self.tool.with_user(self.administrator).action_revoke()
        self.assertFalse(self.tool.active)
        self.assertFalse(self.tool.user_id.active)
        # Should somebody wake up its user alone, it is no tool any more.
        self.tool.user_id.active = True
        self.env.flush_all()
        self.assertFalse(key._check_credentials(scope="rpc", key=self.key))
        with self.assertRefused("this API client has been revoked", AccessError):
            self._as(self.tool).balance("KT-1")

    def test_the_right_without_a_tool_is_nothing(self):
        user = self.tool.user_id.copy({"login": "luzem", "name": "Luzem"})
        gateway = self.env["service.gateway"].with_user(user)
        with self.assertRefused("this API client has been revoked", AccessError):
            gateway.balance("KT-1")

    def test_the_key_opens_no_screen(self):
        user = self.tool.user_id
        credential = {"type": "password", "login": user.login, "password": self.key}
        users = self.env["res.users"]
        with self.assertRaises(AccessDenied):
            users.authenticate(credential, {"interactive": True})
        known = users.authenticate(credential, {"interactive": False})
        self.assertEqual(known["uid"], user.id)

    def test_connecting_needs_both_rights(self):
        users_only = self._create_user("kadry", "base.group_erp_manager")
        for person in (self.manager, users_only, self.technician):
            with self.subTest(person=person.name), self.assertRaises(AccessError):
                self._connect("Obcy", user=person)
            with self.subTest(person=person.name), self.assertRaises(AccessError):
                self.tool.with_user(person).action_revoke()
        self.assertTrue(self.tool.active)

    def test_a_tool_is_connected_for_a_company_one_works_for(self):
        other = self._second_company()
        tools = self.env["service.gateway.client"].with_user(self.administrator)
        with self.assertRefused("Choose a company", AccessError):
            tools._connect("Obcy", other, self.env["res.partner"])

    def test_it_acts_for_customers_of_its_company(self):
        other = self._second_company()
        foreign = self.customer.copy({"name": "Ich", "company_id": other.id})
        tools = self.env["service.gateway.client"]
        for customer in (self.person, foreign):
            with self.assertRefused(
                "or a customer of another company", ValidationError
            ):
                tools._connect("Zabbix", self.company, customer)
        with self.assertRaises(AccessError):
            self._connect("Zabbix", foreign)

    def test_a_tool_is_changed_by_its_buttons_alone(self):
        manager = self.tool.with_user(self.administrator)
        for vals in (
            {"active": False},
            {"user_id": self.technician.id},
            {"company_id": self.env.ref("base.main_company").id},
        ):
            with self.subTest(vals=vals), self.assertRefused("buttons", AccessError):
                manager.write(vals)
            values = {"name": "Obcy", "user_id": self.technician.id} | vals
            with self.assertRaises(AccessError):
                manager.create(values)
        with self.assertRaises(AccessError):
            manager.unlink()
        with self.assertRefused("Choose the customers", ValidationError):
            manager.every_customer = False
        manager.write(
            {"every_customer": False, "customer_ids": [(4, self.customer.id)]}
        )
        with self.assertRefused("There is no customer"):
            self._as(self.tool).balance("OBCY")

    def test_a_tool_whose_customer_is_archived_sees_nobody(self):
        self.customer.active = False
        for customer in ("KT-1", "OBCY"):
            with self.assertRefused("There is no customer"):
                self._as(self.narrow).balance(customer)

    def test_the_last_use_is_seen(self):
        self.assertFalse(self.tool.last_used_at)
        self._as(self.tool).balance("KT-1")
        self.env.invalidate_all()
        shown = self.tool.with_user(self.manager)
        self.assertTrue(shown.last_used_at)
        self.assertEqual(shown.login, self.tool.user_id.login)

    def test_how_long_a_key_counts(self):
        for validity, days in (("1", 28), ("3", 89), ("12", 365)):
            tool, _key = self._connect("Zabbix", validity=validity)
            # Whole seconds against the moment at which the transaction began.
            left = round((tool.valid_until - tool.create_date) / timedelta(days=1))
            self.assertIn(left - days, range(4), validity)
        tool, _key = self._connect("Zabbix", validity="0")
        self.assertFalse(tool.valid_until)


@tagged("post_install", "-at_install")
class TestToolKey(GatewayCommon, HttpCase):
    def connect(self):
        """Press the button of the wizard in the browser; what it opens."""
        wizard = (
            self.env["service.gateway.key"]
            .with_user(self.administrator)
            .create({"name": "Zabbix", "company_id": self.company.id})
        )
        return self.make_jsonrpc_request(
            "/web/dataset/call_button/service.gateway.key/action_connect",
            {
                "model": "service.gateway.key",
                "method": "action_connect",
                "args": [[wizard.id]],
                "kwargs": {},
            },
        )

    def test_the_key_is_shown_once_to_whom_gives_the_password_again(self):
        login = self.administrator.login
        session = self.authenticate(login, login)
        self.assertEqual(self.connect()["res_model"], "res.users.identitycheck")
        session["identity-check-last"] = time.time()
        root.session_store.save(session)
        shown = self.connect()
        self.assertEqual(shown["res_model"], "res.users.apikeys.show")
        key = shown["context"]["default_key"]
        keys = self.env["res.users.apikeys"]
        uid = keys._check_credentials(scope="rpc", key=key)
        tool = self.env["service.gateway.client"].search([("user_id", "=", uid)])
        self.assertEqual(tool.name, "Zabbix")
        self.assertTrue(tool.every_customer)
