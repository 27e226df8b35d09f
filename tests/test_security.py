from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import ServiceCommon

OURS = (
    "service.work.type",
    "service.tier",
    "service.tier.rate",
    "service.hour.package",
    "service.hour.move",
    "service.settlement",
)


@tagged("post_install", "-at_install")
class TestSecurity(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.ticket = cls._create_ticket(day="2026-10-04")
        with freeze_time("2026-10-20 12:00:00"):
            cls.entry = cls._log(cls.ticket, 80, "2026-10-04")
        with freeze_time("2026-11-04 08:00:00"):
            cls.invoice = cls._bill(cls.contract, "2026-10-31")
        cls.portal = new_test_user(
            cls.env, login="portal.security", groups="base.group_portal"
        )
        cls.employee = cls._create_user("pracownik", "base.group_user")

    def allowed(self, user, model):
        """Operations a user may do on a model, as a string like “rwcu”."""
        records = self.env[model].with_user(user)
        return "".join(
            operation[0]
            for operation in ("read", "write", "create", "unlink")
            if records.has_access(operation)
        )

    def test_who_may_do_what(self):
        everything, look, nothing = "rwcu", "r", ""
        configuration = OURS[:3]
        for model in OURS:
            manager = everything if model in configuration else look
            expected = {
                self.technician: look,
                self.back_office: look,
                self.manager: manager,
                self.accountant: look,
                self.employee: nothing,
                self.portal: nothing,
            }
            for user, operations in expected.items():
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(self.allowed(user, model), operations)

    def test_who_may_touch_contracts(self):
        cases = [
            ("contract.contract", self.technician, "r"),
            ("contract.contract", self.back_office, "rwcu"),
            ("contract.line", self.technician, ""),
            ("contract.line", self.back_office, "rwcu"),
            ("service.billing.run", self.technician, ""),
            ("service.billing.run", self.back_office, "rwcu"),
            ("service.billing.run", self.accountant, "r"),
            ("service.billing.run.line", self.technician, ""),
            ("service.billing.run.line", self.accountant, "r"),
            ("service.package.sale", self.technician, ""),
            ("service.package.sale", self.accountant, ""),
            ("service.package.sale", self.back_office, "rwcu"),
            ("service.charge.change", self.technician, ""),
            ("service.charge.change", self.back_office, "rwcu"),
            ("service.hour.adjustment", self.back_office, ""),
            ("service.hour.adjustment", self.accountant, ""),
            ("service.hour.adjustment", self.manager, "rwcu"),
            ("service.hour.notice", self.technician, ""),
            ("service.hour.notice", self.back_office, "r"),
            ("service.terms", self.technician, "r"),
            ("service.terms", self.back_office, "r"),
            ("service.terms", self.manager, "rwcu"),
            ("service.terms.version", self.back_office, "r"),
            ("service.terms.version", self.manager, "rwcu"),
            ("service.terms.acceptance", self.technician, "r"),
            ("service.terms.acceptance", self.manager, "r"),
            ("service.terms.acceptance", self.accountant, "r"),
            ("service.terms.acceptance.line", self.manager, "r"),
            ("service.terms.notice", self.technician, ""),
            ("service.terms.notice", self.manager, "r"),
            ("service.remote.session", self.technician, "rwcu"),
            ("service.remote.session", self.accountant, "r"),
            ("service.remote.program", self.back_office, "r"),
            ("service.remote.program", self.manager, "rwcu"),
            ("service.session.end", self.accountant, ""),
            ("service.phone.acceptance", self.accountant, ""),
            ("service.terms.price.fill", self.back_office, ""),
            ("service.gateway.client", self.back_office, ""),
            ("service.gateway.key", self.back_office, ""),
            ("account.move", self.technician, ""),
            # Who makes quotes sees in Odoo what became of them.
            ("account.move", self.back_office, "r"),
        ]
        for model, user, operations in cases:
            with self.subTest(model=model, user=user.login):
                self.assertEqual(self.allowed(user, model), operations)

    def test_every_model_of_ours_has_access_rights_and_a_company_rule(self):
        models = self.env["ir.model"].search([("model", "=like", "service.%")])
        for model in models:
            if not self.env[model.model]._auto or self.env[model.model]._transient:
                continue
            with self.subTest(model=model.model):
                self.assertTrue(model.access_ids)
                self.assertTrue(
                    model.rule_ids.filtered(
                        lambda rule: "company_ids" in (rule.domain_force or "")
                    )
                )

    def test_a_technician_sees_the_hours_and_no_price(self):
        ticket = self.ticket.with_user(self.technician)
        with freeze_time("2026-11-05 12:00:00"):
            self.assertEqual(ticket.hours_available, 120)
        with self.assertRaises(AccessError):
            ticket.service_contract_id.contract_line_ids.mapped("price_unit")

    def test_the_helpdesk_works_for_people_without_a_role_here(self):
        user = self._create_user("recepcja", "helpdesk_mgmt.group_helpdesk_user")
        with Form(self.ticket.with_user(user)) as ticket:
            ticket.name = "Nowy tytuł"
        with Form(self.env["helpdesk.ticket"].with_user(user)) as ticket:
            ticket.name = "Od klienta z umową"
            ticket.description = "Opis"
            ticket.partner_id = self.customer
        self.assertEqual(ticket.record.sudo().service_contract_id, self.contract)

    def test_a_technician_logs_time_on_the_form(self):
        with freeze_time("2026-11-10 12:00:00"):
            with Form(self.ticket.with_user(self.technician)) as ticket:
                with ticket.timesheet_ids.new() as entry:
                    entry.name = "Nowe hasło"
                    entry.unit_amount = 0.5
        self.assertEqual(
            self.ticket.timesheet_ids[:1].service_contract_id, self.contract
        )

    def test_accountants_open_contracts_and_settlements(self):
        for record in (
            self.contract,
            self.contract.settlement_ids,
            self.contract.package_ids,
            self.contract.move_ids[:1],
        ):
            with self.subTest(model=record._name):
                Form(record.with_user(self.accountant))

    def test_a_technician_reads_the_work_of_their_team_alone(self):
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Inny zespół",
                "company_id": self.company.id,
                "user_ids": self.colleague.ids,
            }
        )
        self.assertEqual(self.entry.with_user(self.colleague).name, "Praca")
        self.ticket.team_id = team
        self.assertEqual(self.entry.with_user(self.colleague).name, "Praca")
        self.env.invalidate_all()
        third = self._create_user("trzeci", "group_technician")
        with self.assertRaises(AccessError):
            self.entry.with_user(third).read(["name"])

    def test_a_technician_changes_only_their_own_entries(self):
        with freeze_time("2026-11-10 12:00:00"):
            entry = self._log(self.ticket, 30, "2026-11-10")
        with self.assertRaises(AccessError):
            entry.with_user(self.colleague).unit_amount = 2
        entry.with_user(self.back_office).unit_amount = 2

    def test_facts_of_the_ledger_are_not_given_over_rpc(self):
        entries = self.env["account.analytic.line"].with_user(self.technician)
        vals = {"ticket_id": self.ticket.id, "unit_amount": 1, "date": "2026-11-04"}
        forged = {
            "billed_minutes": 1,
            "overage_minutes": 600,
            "package_minutes": 600,
            "service_contract_id": self.contract.id,
            "settlement_id": self.contract.settlement_ids.id,
            "worked_minutes": 6000,
        }
        with freeze_time("2026-11-05 12:00:00"):
            for name, value in forged.items():
                with self.subTest(field=name, way="create"):
                    with self.assertRaises(AccessError):
                        entries.create(vals | {name: value})
                with self.subTest(field=name, way="default"):
                    with self.assertRaises(AccessError):
                        entries.with_context(**{f"default_{name}": value}).create(vals)
                with self.subTest(field=name, way="write"):
                    with self.assertRaises(AccessError):
                        self.entry.with_user(self.technician)[name] = value
        with self.assertRaises(AccessError):
            self.contract.with_user(self.manager).settled_until = "2030-01-01"

    def test_a_ticket_takes_no_contract_of_another_customer(self):
        stranger = self.env["res.partner"].create({"name": "Inny klient"})
        ticket = self._create_ticket(partner_id=stranger.id)
        with self.assertRefused("another customer"):
            ticket.with_user(self.technician).service_contract_id = self.contract

    def test_nobody_logs_on_a_ticket_they_cannot_see(self):
        self.ticket.team_id = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Obcy zespół",
                "company_id": self.company.id,
                "user_ids": self.colleague.ids,
            }
        )
        stranger = self._create_user("obcy", "group_technician")
        with freeze_time("2026-11-05 12:00:00"), self.assertRaises(AccessError):
            self._log(self.ticket, 30, "2026-11-05", stranger)

    def test_a_technician_sees_no_product_of_a_rate(self):
        rates = self.tier.rate_ids.with_user(self.technician)
        with self.assertRaises(AccessError):
            rates.read(["product_id"])

    def test_whoever_may_read_a_settlement_prints_its_statement(self):
        reports = self.env["ir.actions.report"]
        for user in (self.technician, self.back_office, self.manager, self.accountant):
            with self.subTest(user=user.login):
                html, _type = reports.with_user(user)._render_qweb_html(
                    "helpdesk_service_contract.report_statement",
                    self.contract.settlement_ids.ids,
                )
                self.assertIn("Praca", html.decode())

    def test_back_office_bills_and_does_not_post(self):
        with self.assertRaises(AccessError):
            self.invoice.with_user(self.back_office).action_post()

    def test_nobody_bills_contracts_they_may_not_write(self):
        run = self.env["service.billing.run"].with_user(self.back_office).create({})
        with self.assertRaises(AccessError):
            run.with_user(self.technician).action_bill()

    def test_private_methods_of_the_ledger_are_not_served(self):
        from odoo.service.model import get_public_method

        cases = [
            ("service.hour.move", "_post"),
            ("service.settlement", "_settle"),
            ("service.billing", "_bill"),
            ("service.billing", "_cron_bill"),
        ]
        for model, method in cases:
            with self.subTest(model=model, method=method):
                with self.assertRaises(AccessError):
                    get_public_method(self.env[model], method)

    def test_companies_do_not_mix(self):
        other = self._second_company()
        stranger = self._create_user("obcy", "group_manager", company=other)
        records = [
            self.contract,
            self.contract.package_ids,
            self.contract.move_ids,
            self.contract.settlement_ids,
            self.tier,
            self.tier.rate_ids,
            self.ticket,
        ]
        for record in records:
            theirs = record.with_user(stranger).with_context(
                allowed_company_ids=other.ids
            )
            with self.subTest(model=record._name):
                self.assertFalse(theirs.search([]) & record)
                with self.assertRaises(AccessError):
                    theirs.read(["display_name"])
        with freeze_time("2026-12-04 08:00:00"):
            self.assertFalse(self._due_contracts("2026-11-30", other))

    def test_the_public_may_not_rename_stages(self):
        public = self.env.ref("base.public_user")
        stages = self.env["helpdesk.ticket.stage"].with_user(public)
        self.assertFalse(stages.has_access("write"))
