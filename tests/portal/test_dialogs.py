from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import MODULE
from ..test_guard import GuardCommon

PICTURE = '<img src="http://zly.example/x.png"><a href="http://zly.example">Kliknij</a>'


@tagged("post_install", "-at_install")
class TestDialogs(GuardCommon):
    """What somebody types into a dialog, and what it is about, is for nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_service_company("Druga sp. z o.o.")
        cls.theirs = {
            group: cls._create_user(f"inny.{group}", group, company=cls.other)
            for group in ("group_technician", "group_back_office", "group_manager")
        }

    def test_every_dialog_of_ours_is_ones_own(self):
        for name, model in self.registry.items():
            if not model._transient or model._original_module != MODULE:
                continue
            rules = self.env["ir.rule"].search([("model_id.model", "=", name)])
            with self.subTest(model=name):
                self.assertIn("create_uid", "".join(rules.mapped("domain_force")))

    def test_nobody_reads_what_a_colleague_types(self):
        phone = (
            self.env["service.phone.acceptance"]
            .with_user(self.technician)
            .create(
                {
                    "session_id": self.session.id,
                    "who": "new",
                    "new_name": "Ewa Lis",
                    "phone": "+48 600 000 000",
                }
            )
        )
        sale = (
            self.env["service.package.sale"]
            .with_user(self.back_office)
            .create({"contract_id": self.contract.id, "hour_price": 77.0})
        )
        for wizard, reader in (
            (phone, self.colleague),
            (phone.line_ids, self.colleague),
            (phone, self.theirs["group_technician"]),
            (sale, self.manager),
            (sale, self.theirs["group_back_office"]),
        ):
            with self.subTest(wizard=wizard._name, user=reader.login):
                mine = wizard.with_user(reader).with_context(
                    allowed_company_ids=reader.company_ids.ids
                )
                self.assertFalse(mine.search([]))
                with self.assertRaises(AccessError):
                    mine.read(["display_name"])

    def test_no_dialog_names_records_of_another_company(self):
        about = {
            "service.hour.adjustment": (
                "group_manager",
                {"package_id": self.package.id, "minutes": 60, "reason": "x"},
            ),
            "service.coverage.override": (
                "group_manager",
                {"ticket_id": self.ticket.id, "reason": "x"},
            ),
            "service.verdict": ("group_back_office", {"ticket_id": self.ticket.id}),
            "service.terms.price.fill": (
                "group_manager",
                {"version_id": self.version.id},
            ),
            "service.package.sale": (
                "group_back_office",
                {"contract_id": self.contract.id, "product_id": self.hour.id},
            ),
            "service.charge.change": (
                "group_back_office",
                {"entry_ids": [Command.set(self.entry.ids)]},
            ),
            "service.sla.answer": ("group_technician", {"ticket_id": self.ticket.id}),
            "service.session.end": (
                "group_technician",
                {"session_id": self.session.id},
            ),
        }
        for model, (group, vals) in about.items():
            dialogs = self.env[model].with_user(self.theirs[group])
            with self.subTest(model=model), self.assertRaises(AccessError):
                with self.cr.savepoint():
                    dialogs.create(vals)
                    self.env.flush_all()

    def test_what_a_customer_writes_is_text_in_the_back_office(self):
        ticket = self._create_ticket("Drukarka", "2026-11-05")
        ticket.with_user(self.back_office).write(
            {"report_verdict": "unjustified", "verdict_reason": "Brak papieru"}
        )
        ticket._raise_objection(f"Nieprawda {PICTURE}")
        note = ticket.activity_ids.note
        self.assertNotIn("<img", note)
        self.assertNotIn("<a ", note)
        self.assertIn("Kliknij", note)
        with freeze_time("2026-11-05 08:00:00"):
            self.invoice._sending_failed(f"Błąd {PICTURE}")
        notes = "".join(self.invoice.activity_ids.mapped("note"))
        self.assertIn("Kliknij", notes)
        self.assertNotIn("<img", notes)
        fee = self.contract.contract_line_ids
        fee.name = f"Abonament {PICTURE}"
        fee.recurring_invoicing_type = "pre-paid"
        fee._tell_what_was_billed_ahead(False)
        fee._ask_for_a_credit_note(self._day("2026-10-10"))
        notes = "".join(self.contract.activity_ids.mapped("note"))
        self.assertIn("Kliknij", notes)
        self.assertNotIn("<img", notes)

    def test_who_logs_the_first_work_is_no_salesperson_of_it(self):
        stranger = self.env["res.partner"].create({"name": "Bez umowy"})
        ticket = self._create_ticket("Awaria", "2026-11-05", partner_id=stranger.id)
        entry = self._log_on(ticket, 60, "2026-11-05")
        account = entry.service_contract_id
        self.assertEqual(account.user_id, self.back_office)
        technician = self.technician.partner_id
        self.assertNotIn(technician, account.message_partner_ids)
        ticket.stage_id = self.closed
        with freeze_time("2026-11-06 08:00:00"):
            invoice = self._bill(account, "2026-11-05")
        self.assertEqual(invoice.invoice_user_id, self.back_office)
        self.assertNotIn(technician, invoice.message_partner_ids)
