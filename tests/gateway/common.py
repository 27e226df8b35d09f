"""A connected tool and its key, and the calls of its API. Holds no test."""

import importlib.util
from pathlib import Path

from ..remote.common import RemoteCommon

EXAMPLES = Path(__file__).parents[2] / "examples"


class GatewayCommon(RemoteCommon):
    """A tool that acts for every customer, one for one customer, and their keys."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The language of tools, which speak English where it is installed.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.administrator = cls._create_user(
            "administrator", "group_manager", "base.group_erp_manager"
        )
        cls.stranger = cls.env["res.partner"].create(
            {
                "name": "Obcy sp. z o.o.",
                "is_company": True,
                "ref": "OBCY",
                "vat": "PL1234563218",
            }
        )
        cls.customer.ref = "KT-1"
        cls.tool, cls.key = cls._connect("Zabbix")
        cls.narrow, cls.narrow_key = cls._connect("Serwer klienta", cls.customer)

    @classmethod
    def _connect(cls, name, customers=(), validity="12", user=None):
        """Connect a tool with the wizard, as an administrator does; it and its key."""
        wizard = (
            cls.env["service.gateway.key"]
            .with_user(user or cls.administrator)
            .create(
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "customer_ids": [(6, 0, [one.id for one in customers])],
                    "validity": validity,
                }
            )
        )
        tool, key = wizard._connect()
        return tool.sudo(), key

    @classmethod
    def _as(cls, tool, **context):
        """The gateway as a tool calls it, over whatever protocol."""
        env = cls.env(user=tool.user_id.id, context=context, su=False)
        return env["service.gateway"]


def example(name):
    """The example script of that name, as a module."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
