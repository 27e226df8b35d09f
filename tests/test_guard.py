from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..tools.guard import Seal
from .common import MODULE
from .gateway.common import GatewayCommon
from .sla.common import SlaCommon

# What callers have tried in their context to get past a guard.
CONTEXTS = (
    {},
    {"_force_unlink": True},
    {"force_delete": True, "dynamic_unlink": True, "_force_unlink": True},
    {"install_mode": True, "module": MODULE, "_force_unlink": True},
    {"seal_hour_ledger": True, "seal_billing": "billing", "seal_evidence": 1},
    Seal("hour_ledger").opened | Seal("billing").opened | Seal("clocks").opened,
)


class GuardCommon(SlaCommon, GatewayCommon):
    """A month of a customer with all that is kept of it. Holds no test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._promise("reaction", 4, "hours", cls.office)
        cls.contract = cls._create_contract()
        cls.ticket = cls._create_ticket(
            day="2026-10-05", partner_id=cls.person.id, user_id=cls.technician.id
        )
        cls.entry = cls._log_on(cls.ticket, 150, "2026-10-05")
        cls.package = cls._sell(cls.contract, 600, 6, "2026-10-20")
        with freeze_time("2026-11-04 08:00:00"):
            cls.invoice = cls._bill(cls.contract, "2026-10-31")
            cls.billing_run = cls.invoice.service_run_id
            cls.invoice.with_user(cls.accountant).action_post()
            cls._print_papers()
        cls.settlement = cls.invoice.settlement_ids
        cls.session = cls._session(
            cls._create_ticket(day="2026-11-05", partner_id=cls.person.id)
        )
        cls.acceptance = cls._agree(cls.session, "2026-11-05 08:30:00")
        cls.version = cls.regulations.version_ids
        cls.env.flush_all()


@tagged("post_install", "-at_install")
class TestGuard(GuardCommon):
    """Only the system writes what it keeps, whoever asks and whatever they send."""

    def facts(self):
        """Records, who may write them, and what of them only the system writes."""
        other = self.env["res.partner"].create({"name": "Inny klient"})
        draft = self.invoice.copy()
        return [
            (
                self.ticket,
                self.technician,
                {
                    "commercial_partner_id": other.id,
                    "number": "HT1",
                    "unattended": True,
                    "channel_refused": True,
                    "coverage_code": "contract_free",
                    "ad_hoc_contract_id": self.contract.id,
                    "gateway_client_id": self.tool.id,
                    "gateway_reference": "alarm-1",
                    "open_reference": "alarm-1",
                    "service_deadline": "2030-01-01",
                    "closed_date": "2026-10-05",
                },
            ),
            (
                self.ticket,
                self.back_office,
                {
                    "verdict_on": "2026-10-05",
                    "objection": "dismissed",
                    "objection_reason": "Bo tak",
                },
            ),
            (
                self.contract,
                self.back_office,
                {
                    "commercial_partner_id": other.id,
                    "settled_until": "2026-09-30",
                    "granted_until": "2026-09-30",
                },
            ),
            (
                self.contract.contract_line_ids,
                self.back_office,
                {"last_date_invoiced": "2026-09-30"},
            ),
            (
                draft,
                self.accountant,
                {
                    "service_contract_id": self.contract.id,
                    "service_fees_before": {"1": "2020-01-31"},
                    "service_given_back": True,
                    "service_bill_again": True,
                    "service_corrected_id": self.invoice.id,
                    "service_run_id": self.billing_run.id,
                    "service_period_from": "2026-01-01",
                    "service_period_to": "2026-01-31",
                    "service_sending": "sent",
                    "service_sending_try_at": False,
                    "service_sending_settings": {},
                },
            ),
            (
                draft.invoice_line_ids[0],
                self.accountant,
                {
                    "service_package_id": self.package.id,
                    "service_credit_line_id": self.invoice.invoice_line_ids[0].id,
                    "service_origin_line_id": self.invoice.invoice_line_ids[0].id,
                    "service_charges": {"unit": "minute", "entries": []},
                    "service_period_to": "2026-01-31",
                },
            ),
            (
                self.entry,
                self.technician,
                {
                    "settlement_id": False,
                    "charge": "free",
                    "decision_id": False,
                    "rate_id": False,
                    "customer_id": other.id,
                },
            ),
            (
                self.billing_run,
                self.back_office,
                {"state": "preview", "automatic": True},
            ),
            (
                self.billing_run.line_ids,
                self.back_office,
                {"state": "ready", "invoiced": 0},
            ),
            (self.regulations, self.manager, {"published_at": False}),
            (
                self.version.copy(),
                self.manager,
                {"number": 7, "state": "draft", "company_id": self.env.company.id},
            ),
            (self.session, self.technician, {"state": "ended", "event_id": False}),
            (self.tool, self.administrator, {"user_id": self.env.uid}),
            (self.tier.rate_ids, self.manager, {"company_id": self.env.company.id}),
            (self.tier.target_ids, self.manager, {"company_id": self.env.company.id}),
        ]

    def test_facts_are_written_by_nobody_whatever_the_context(self):
        for records, user, vals in self.facts():
            for name, value in vals.items():
                for context in CONTEXTS:
                    forged = records.with_user(user).with_context(**context)
                    with (
                        self.subTest(record=records._name, name=name, context=context),
                        self.assertRefused("", AccessError),
                    ):
                        forged.write({name: value})

    def test_facts_are_not_slipped_in_with_a_new_record(self):
        vals = {
            "name": "Awaria",
            "description": "Awaria",
            "partner_id": self.customer.id,
            "company_id": self.company.id,
        }
        tickets = self.env["helpdesk.ticket"].with_user(self.technician)
        forged = {
            "commercial_partner_id": self.stranger.id,
            "number": "HT1",
            "coverage_code": "contract_free",
            "gateway_reference": "alarm-1",
            "verdict_on": "2020-01-01",
            "objection": "upheld",
        }
        for name, value in forged.items():
            with self.subTest(name=name), self.assertRefused("", AccessError):
                tickets.create(vals | {name: value})
        names = [*vals, "gateway_reference"]
        row = ["Awaria", "Awaria", self.customer.name, self.company.name, "alarm-1"]
        loaded = tickets.with_context(import_file=True).load(names, [row])
        self.assertFalse(loaded["ids"])
        invoice = {
            "move_type": "out_invoice",
            "partner_id": self.customer.id,
            "service_contract_id": self.contract.id,
        }
        with self.assertRefused("written by the billing", AccessError):
            self.env["account.move"].with_user(self.accountant).create(invoice)
        with self.assertRefused("written by the billing", AccessError):
            self.invoice.with_user(self.accountant).copy(
                {"service_contract_id": self.contract.id}
            )

    def test_a_default_somebody_keeps_is_no_fact(self):
        """Every employee may keep defaults of their own, for any field."""
        kept = {
            ("helpdesk.ticket", "gateway_reference"): "alarm-1",
            ("helpdesk.ticket", "verdict_reason"): "Bo tak",
            ("helpdesk.ticket", "number"): "HT1",
            ("account.analytic.line", "waiver"): "free",
            ("account.analytic.line", "charge_reason"): "Bo tak",
            ("service.remote.session", "state"): "running",
            ("service.remote.session", "started_at"): "2026-11-05 08:00:00",
        }
        defaults = self.env["ir.default"].with_user(self.technician)
        for (model, name), value in kept.items():
            defaults.set(model, name, value, user_id=True)
        with freeze_time("2026-11-06 08:00:00"):
            ticket = (
                self.env["helpdesk.ticket"]
                .with_user(self.technician)
                .create(
                    {
                        "name": "Awaria",
                        "description": "Awaria",
                        "partner_id": self.person.id,
                        "company_id": self.company.id,
                    }
                )
            )
            entry = self._log(ticket, 30, "2026-11-06")
            session = self._session(ticket)
        self.assertFalse(ticket.gateway_reference)
        self.assertFalse(ticket.verdict_reason)
        self.assertNotEqual(ticket.number, "HT1")
        self.assertFalse(entry.waiver)
        self.assertEqual((session.state, session.started_at), ("planned", False))

    def test_defaults_of_a_context_get_into_nothing_that_the_system_makes(self):
        forged = {
            "default_overridden": True,
            "default_reason": "Bo tak",
            "default_recording": True,
            "default_backup": True,
            "default_by_sale": True,
        }
        ticket = self.ticket.with_user(self.technician).with_context(**forged)
        ticket.write({"category_id": self.env["helpdesk.ticket.category"].id})
        ticket.with_user(self.back_office).with_context(**forged).write(
            {"quote_first": True}
        )
        decision = self.ticket.coverage_decision_id
        self.assertEqual(decision.code, "quote")
        self.assertFalse(decision.overridden)
        acceptances = self.env["service.terms.acceptance"].with_context(**forged)
        accepted = acceptances._record(
            self.person,
            self.company,
            {"channel": "link", "given_at": fields.Datetime.now()},
            versions=self.version,
        )
        self.assertFalse(accepted.recording or accepted.backup)

    def test_what_is_kept_is_not_deleted_whatever_the_context(self):
        kept = [
            (self.entry, self.technician),
            (self.entry, self.manager),
            (self.invoice, self.accountant),
            (self.invoice.invoice_line_ids[0], self.accountant),
            (self.billing_run, self.back_office),
            (self.version, self.manager),
            (self.regulations, self.manager),
            (self.tier.rate_ids, self.manager),
            (self.tier.target_ids, self.manager),
            (self.ticket, self.manager),
            (self.session, self.technician),
            (self.person, self.back_office),
            # Nobody may delete these; code that acts as the superuser cannot either.
            (self.package, self.env.user),
            (self.package.move_ids, self.env.user),
            (self.settlement, self.env.user),
            (self.ticket.sla_event_ids, self.env.user),
            (self.ticket.sla_timer_ids, self.env.user),
            (self.ticket.coverage_decision_ids, self.env.user),
            (self.acceptance, self.env.user),
            (self.acceptance.line_ids, self.env.user),
            (self.billing_run.line_ids, self.env.user),
            (self.tool, self.env.user),
        ]
        for records, user in kept:
            for context in CONTEXTS:
                with (
                    self.subTest(records=records._name, user=user.login, **context),
                    self.assertRefused("", UserError),
                ):
                    records.with_user(user).with_context(**context).unlink()
        self.assertLedgerIsSound()

    def test_an_issued_invoice_leaves_its_state_by_buttons_alone(self):
        for state in ("draft", "cancel"):
            with self.assertRefused("with its buttons", AccessError):
                self.invoice.with_user(self.accountant).state = state
        lines = [Command.delete(self.invoice.invoice_line_ids[0].id)]
        forged = self.invoice.with_user(self.accountant).with_context(
            skip_readonly_check=True, force_delete=True
        )
        with self.assertRefused("is issued"):
            forged.write({"invoice_line_ids": lines})
        with freeze_time("2026-11-05 08:00:00"):
            self.invoice.with_user(self.accountant).button_draft()
        self.assertEqual(self.invoice.state, "draft")

    def test_a_copy_has_a_number_of_its_own(self):
        copy = self.ticket.with_user(self.technician).copy({"name": "Jeszcze raz"})
        self.assertNotIn(copy.number, {"/", self.ticket.number})
        self.assertFalse(copy.gateway_reference)

    def test_a_rate_stays_where_its_contract_has_another_tier_now(self):
        self.contract.with_user(self.back_office).service_tier_id = self._create_tier(
            "Inny", uses_packages=False
        )
        with self.assertRefused("is used by work"):
            self.tier.rate_ids.with_user(self.manager).unlink()

    def test_every_fact_of_ours_that_people_could_write_is_guarded(self):
        """A field that is kept and shown as read-only is one that only we write."""
        chosen_once = {("service.billing.run", "company_id")}
        magic = {"id", "create_uid", "create_date", "write_uid", "write_date"}
        unguarded = []
        for name, model in self.registry.items():
            if model._abstract or model._transient or not self.writers(name):
                continue
            records = self.env[name]
            guards = ()
            if isinstance(records, self.registry["service.guarded"]):
                guards = records._guarded().guards
            if any(guard.change for guard in guards):
                continue
            guarded = {one for guard in guards for one in guard.names}
            unguarded += [
                (name, field.name)
                for field in model._fields.values()
                if MODULE in (field._modules or ())
                and field.store
                and field.readonly
                and field.type != "one2many"
                and field.name not in magic | guarded
            ]
        self.assertEqual(set(unguarded) - chosen_once, set())

    def writers(self, model):
        """Whether anybody has the right to write or make records of the model."""
        access = self.env["ir.model.access"].search([("model_id.model", "=", model)])
        return any(one.perm_write or one.perm_create for one in access)
