import json
from contextlib import contextmanager
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..common import ServiceCommon

LOGGERS = "odoo.sql_db", "odoo.http", "odoo.addons.rpc.controllers.xmlrpc"


@tagged("post_install", "-at_install")
class TestRefusals(ServiceCommon, HttpCase):
    """What the database refuses is a sentence in the caller's language, everywhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.admin = cls._create_user("szef", "group_manager", "base.group_system")
        cls.admin.lang = "en_US"
        cls.contract = cls._create_contract()
        cls.key = (
            cls.env["res.users.apikeys"]
            .with_user(cls.admin)
            ._generate("rpc", "test", fields.Datetime.now() + timedelta(days=1))
        )
        cls.target = cls.env["service.tier.target"].create(
            {
                "tier_id": cls.tier.id,
                "amount": 4,
                "calendar_id": cls.company.resource_calendar_id.id,
            }
        )

    @contextmanager
    def served(self):
        self.env.flush_all()
        with mute_logger(*LOGGERS):
            yield
        self.env.invalidate_all()

    def over_json2(self, record, method, lang, **arguments):
        with self.served():
            answer = self.url_open(
                f"/json/2/{record._name}/{method}",
                data=json.dumps(
                    {"ids": record.ids, "context": {"lang": lang}, **arguments}
                ),
                headers={
                    "Authorization": f"Bearer {self.key}",
                    "Content-Type": "application/json",
                    "X-Odoo-Database": get_db_name(),
                },
            )
        self.assertEqual(answer.status_code, 422, answer.text)
        return answer.json()["message"]

    def over_xmlrpc(self, record, method, lang, **arguments):
        with self.served(), self.assertRaises(Exception) as refused:
            self.xmlrpc_object.execute_kw(
                get_db_name(),
                self.admin.id,
                self.key,
                record._name,
                method,
                [record.ids],
                arguments | {"context": {"lang": lang}},
            )
        return refused.exception.faultString

    def over_web(self, record, method, lang, **arguments):
        self.admin.lang = lang
        self.authenticate(self.admin.login, self.admin.login)
        with self.served():
            answer = self.url_open(
                f"/web/dataset/call_kw/{record._name}/{method}",
                data=json.dumps(
                    {
                        "params": {
                            "model": record._name,
                            "method": method,
                            "args": [record.ids],
                            "kwargs": arguments | {"context": {"lang": lang}},
                        }
                    }
                ),
                headers={"Content-Type": "application/json"},
            )
        return answer.json()["error"]["data"]["message"]

    def test_database_refusals_on_every_interface(self):
        rate = self.tier.rate_ids
        work_type = self.env["service.work.type"].create({"name": "Serwerownia"})
        second = rate.copy({"work_type_id": work_type.id})
        change = "write"
        cases = [
            (
                self.contract, change, {"vals": {"allowance_minutes": -60}},
                "Godziny w umowie nie mogą być ujemne", "cannot be negative",
            ),
            (
                rate, change, {"vals": {"step_minutes": -30}},
                "Jednostka trwa co najmniej minutę", "A unit is between one minute",
            ),
            (
                self.target, change, {"vals": {"amount": 0}},
                "Gwarantowany czas", "An SLA target must",
            ),
            (
                self.tier, change, {"vals": {"express_percent": -5}},
                "Dopłata", "A surcharge is between",
            ),
            (
                second, change, {"vals": {"work_type_id": self.remote.id}},
                "jedną stawkę", "one rate for each work type",
            ),
            # In use: PostgreSQL 18 tells of it with an error of its own.
            (self.tier, "unlink", {}, "Jest w użyciu", "It is in use"),
            (work_type, "unlink", {}, "Jest w użyciu", "It is in use"),
        ]  # fmt: skip
        for record, method, arguments, polish, english in cases:
            for call in (self.over_json2, self.over_xmlrpc, self.over_web):
                for lang, sentence in (("pl_PL", polish), ("en_US", english)):
                    with self.subTest(
                        record._name, method=method, over=call.__name__, lang=lang
                    ):
                        message = call(record, method, lang, **arguments)
                        self.assertIn(sentence, message)
                        self.assertNotIn("violates", message)
                        words = "The operation cannot be completed"
                        self.assertEqual(words in message, lang == "en_US")

    def test_it_says_what_uses_a_record(self):
        message = self.over_json2(self.tier, "unlink", "pl_PL")
        self.assertIn("Poziom obsługi", message)
