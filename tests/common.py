"""A Polish IT company, its people and its VIP offer. Holds no test."""

from contextlib import contextmanager
from itertools import count

import freezegun
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import config

from odoo.addons.base.tests.common import BaseCommon

from .doubles import printer

# The clock pytest measures its tests with is none of theirs.
freezegun.configure(extend_ignore_list=["_pytest.timing"])

MODULE = "helpdesk_service_contract"
# What the external identifiers of shared records begin with; no add-on is called so.
KEPT_OF_TICKETS = (
    "service_sla_event",
    "service_sla_timer",
    "service_coverage_decision",
)
STAGE = "service_tests"
PEOPLE = [
    ("technician", "technik", "group_technician"),
    ("colleague", "kolega", "group_technician"),
    ("back_office", "biuro", "group_back_office"),
    ("manager", "kierownik", "group_manager"),
    ("accountant", "ksiegowa", "account.group_account_user"),
]


def set_stage(env):
    """Leave what all classes share in a database: `dev/test` copies that one."""
    # In tests Odoo installs no more add-ons for the country of a new company.
    config["test_enable"] = True
    ServiceCommon.env = env(context=BaseCommon.default_env_context())
    ServiceCommon._set_stage()
    ServiceCommon._second_company()
    env.cr.commit()


def erase_tickets(env, tickets):
    """Delete tickets that a test committed, with what is kept of them for good."""
    tickets = tickets.exists()
    env.flush_all()
    env.cr.execute(
        "UPDATE helpdesk_ticket SET coverage_decision_id = NULL WHERE id = ANY(%s)",
        [tickets.ids],
    )
    for table in KEPT_OF_TICKETS:
        env.cr.execute(f"DELETE FROM {table} WHERE ticket_id = ANY(%s)", [tickets.ids])
    env.invalidate_all()
    tickets.unlink()


class ServiceCommon(BaseCommon):
    """Fixtures are made by the superuser; tests act ``with_user`` of a persona."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # freezegun looks through all modules whenever it starts, but not once more
        # inside another start: this one lets time pass as it does.
        cls.startClassPatcher(freeze_time(tick=True))
        cls._set_stage()

    @classmethod
    def _set_stage(cls):
        cls.env = cls.env(context={**cls.env.context, "tz": "Europe/Warsaw"})
        cls.company = cls._staged(
            "company", cls._create_service_company, "Serwis Testowy sp. z o.o."
        )
        cls.env = cls.env["base"].with_company(cls.company).env
        for name, login, group in PEOPLE:
            setattr(cls, name, cls._staged(name, cls._create_user, login, group))
        cls.remote = cls.env.ref(f"{MODULE}.work_type_remote")
        cls.travel = cls.env.ref(f"{MODULE}.work_type_travel")
        cls.hour = cls._staged("hour", cls._create_product, "Serwis VIP", 120.0)
        cls.fee = cls._staged(
            "fee", cls._create_product, "Abonament VIP", 290.0, "product_uom_unit"
        )
        cls.tier = cls._staged("tier", cls._create_tier, "VIP")
        cls.customer = cls._staged("customer", cls._create_customer)

    @classmethod
    def _staged(cls, name, create, *args):
        """A record the template of the tests holds; in another database, a new one."""
        record = cls.env.ref(f"{STAGE}.{name}", raise_if_not_found=False)
        if not record:
            record = create(*args)
            cls.env["ir.model.data"].create(
                {
                    "module": STAGE,
                    "name": name,
                    "model": record._name,
                    "res_id": record.id,
                }
            )
        return record

    @classmethod
    def _second_company(cls):
        return cls._staged(
            "second_company", cls._create_service_company, "Druga spółka"
        )

    @classmethod
    def _create_customer(cls):
        return cls.env["res.partner"].create(
            {
                "name": "Klient Testowy S.A.",
                "is_company": True,
                "lang": "pl_PL",
                "country_id": cls.env.ref("base.pl").id,
                "street": "Krzywa 2",
                "zip": "30-001",
                "city": "Kraków",
                "vat": "7740001454",
            }
        )

    @classmethod
    def _create_service_company(cls, name):
        company = cls.env["res.company"].create(
            {
                "name": name,
                "country_id": cls.env.ref("base.pl").id,
                "street": "Prosta 1",
                "zip": "00-001",
                "city": "Warszawa",
                "vat": "PL5260250274",
            }
        )
        cls.env.user.company_ids |= company
        cls.env["account.chart.template"].try_loading("pl", company, install_demo=False)
        return company

    @classmethod
    def _create_user(cls, login, *groups, company=None):
        company = company or cls.company
        user = new_test_user(
            cls.env,
            login=f"{login}.{company.id}",
            name=login.title(),
            groups=",".join(
                group if "." in group else f"{MODULE}.{group}" for group in groups
            ),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            tz="Europe/Warsaw",
        )
        cls.env["hr.employee"].create(
            {"name": user.name, "user_id": user.id, "company_id": company.id}
        )
        return user

    @classmethod
    def _create_product(cls, name, price, unit="product_uom_hour", company=None):
        company = company or cls.company
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": price,
                "uom_id": cls.env.ref(f"uom.{unit}").id,
                "company_id": company.id,
                "taxes_id": [Command.set(company._service_sale_taxes()[:1].ids)],
            }
        )

    @classmethod
    def _create_tier(cls, name, company=None, product=None, **rate):
        return cls.env["service.tier"].create(
            {
                "name": name,
                "company_id": (company or cls.company).id,
                "rate_ids": [
                    Command.create(
                        {
                            "work_type_id": cls.remote.id,
                            "product_id": (product or cls.hour).id,
                        }
                        | rate
                    )
                ],
            }
        )

    @classmethod
    def _create_contract(cls, customer=None, *, start="2026-10-01", **vals):
        """The VIP offer: 290.00 a month, two hours included, 120.00 beyond them."""
        customer = customer or cls.customer
        vals = {
            "name": f"Umowa {customer.name}",
            "code": cls._free_number(vals.get("company_id", cls.company.id)),
            "partner_id": customer.id,
            "company_id": cls.company.id,
            "service_tier_id": cls.tier.id,
            "allowance_minutes": 120,
            "date_start": start,
            "recurring_rule_type": "monthlylastday",
            "recurring_invoicing_type": "post-paid",
            "contract_line_ids": [
                Command.create(
                    {
                        "product_id": cls.fee.id,
                        "name": "Abonament VIP",
                        "quantity": 1,
                        "specific_price": 290.0,
                    }
                )
            ],
        } | vals
        return cls.env["contract.contract"].create(vals)

    @classmethod
    def _free_number(cls, company_id):
        """The first number of a VIP contract that the company has not given yet."""
        contracts = cls.env["contract.contract"].with_context(active_test=False)
        given = contracts.search([("company_id", "=", company_id)]).mapped("code")
        return next(number for n in count(1) if (number := f"VIP/{n}") not in given)

    @classmethod
    def _create_ticket(cls, name="Drukarka nie drukuje", day="2026-10-01", **vals):
        with freeze_time(f"{day} 08:00:00"):
            return cls.env["helpdesk.ticket"].create(
                {
                    "name": name,
                    "description": name,
                    "partner_id": cls.customer.id,
                    "company_id": cls.company.id,
                }
                | vals
            )

    @classmethod
    def _log(cls, ticket, minutes, day, user=None, **vals):
        """Log work as the ticket form does it for a technician."""
        entries = cls.env["account.analytic.line"].with_user(user or cls.technician)
        return entries.create(
            {
                "ticket_id": ticket.id,
                "date": day,
                "unit_amount": minutes / 60,
                "name": "Praca",
            }
            | vals
        )

    @classmethod
    def _bill(cls, contracts, until, user=None):
        """Run the billing as the button of the wizard does; the draft invoices."""
        run = (
            cls.env["service.billing.run"]
            .with_user(user or cls.back_office)
            .with_company(contracts.company_id)
            .create({"last_day": until, "company_id": contracts.company_id.id})
        )
        others = run.line_ids.filtered(lambda line: line.contract_id not in contracts)
        others.selected = False
        before = contracts.settlement_ids.invoice_id
        run.action_bill()
        contracts.invalidate_recordset()
        return contracts.settlement_ids.invoice_id - before

    @classmethod
    def _due_contracts(cls, until, company=None):
        """Contracts that the preview of a billing run says are to be billed."""
        company = company or cls.company
        runs = cls.env["service.billing.run"].with_company(company)
        run = runs.create({"last_day": until, "company_id": company.id})
        ready = run.line_ids.filtered(lambda line: line.state == "ready")
        return ready.contract_id

    @classmethod
    def _sell(cls, contract, minutes, months, start, *, user=None, **vals):
        """Sell a package with the wizard, as back office does; the package."""
        with freeze_time(f"{start} 10:00:00"):
            sale = (
                cls.env["service.package.sale"]
                .with_user(user or cls.back_office)
                .create(
                    {
                        "contract_id": contract.id,
                        "minutes": minutes,
                        "months": months,
                        "date_from": start,
                        "hour_price": 100.0,
                    }
                    | vals
                )
            )
            action = sale.action_sell()
        return cls.env["service.hour.package"].browse(action["res_id"])

    @classmethod
    def _settle(cls, contract, until):
        """Settle on the fourth day after the period; the settlements."""
        day = fields.Date.add(fields.Date.to_date(until), days=4)
        with freeze_time(f"{day} 08:00:00"):
            return cls.env["service.settlement"]._settle(
                contract, fields.Date.to_date(until)
            )

    @classmethod
    def _log_on(cls, ticket, minutes, day, **vals):
        """Log work in the evening of the day it was done."""
        with freeze_time(f"{day} 21:00:00"):
            return cls._log(ticket, minutes, day, **vals)

    @classmethod
    def _print_papers(cls):
        """Let statements of what is posted be printed, as the cron does it."""
        with printer.running():
            for settlement in cls.env["service.settlement"].search(
                [("print_at", "!=", False), ("invoice_id.state", "=", "posted")]
            ):
                settlement._printed(
                    settlement.print_at,
                    {
                        field: (name, cls.env["ir.actions.report"]._print(job))
                        for field, (name, job) in settlement._print_jobs().items()
                    },
                )

    def assertLedgerIsSound(self):
        """Assert that the replay of the ledger finds what is posted."""
        ledger = self.env["service.hour.ledger"].with_user(self.manager)
        self.assertEqual(ledger.rebuild_check()["differences"], [])

    @contextmanager
    def assertRefused(self, message, error=UserError):
        """Assert a sentence for bad input, and undo whatever was half done."""
        with self.assertRaisesRegex(error, message), self.cr.savepoint():
            yield
            self.env.flush_all()

    def assertBalance(self, contract, day, **minutes):
        """Assert figures of the balance: granted, posted, pending, available, …"""
        with freeze_time(f"{day} 12:00:00"):
            balance = self.env["service.hour.ledger"]._balances(contract)[contract.id]
        self.assertEqual({name: getattr(balance, name) for name in minutes}, minutes)

    @staticmethod
    def _day(text):
        return fields.Date.to_date(text)
