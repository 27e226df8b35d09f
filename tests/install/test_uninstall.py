import csv
import hashlib
import io
import zipfile

from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning
from odoo.fields import Command
from odoo.tests import tagged

from ...hooks import drop_references, leave_tickets_of_time
from ..common import MODULE, ServiceCommon


@tagged("post_install", "-at_install")
class TestUninstall(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")
        cls.admin.company_ids = [Command.link(cls.company.id)]
        cls.addon = cls.env["ir.module.module"].search([("name", "=", MODULE)])
        cls.contract = cls._create_contract()
        cls.entry = cls._log_on(cls._create_ticket(), 45, "2026-10-05")
        cls.settlement = cls._settle(cls.contract, "2026-10-31")
        cls.paper = cls.env["ir.attachment"].create(
            {
                "name": "Zestawienie: październik.pdf",
                "raw": b"%PDF-1.7 zestawienie",
                "res_model": cls.settlement._name,
                "res_id": cls.settlement.id,
            }
        )

    def _export(self):
        wizard = self.env["service.export.wizard"].with_user(self.admin).create({})
        url = wizard.action_export()["url"]
        attachment = self.env["ir.attachment"].browse(int(url.split("/")[3][:-14]))
        return zipfile.ZipFile(io.BytesIO(attachment.raw))

    def _table(self, archive, name):
        text = io.StringIO(archive.read(f"{name}.csv").decode())
        return {int(row["id"]): row for row in csv.DictReader(text)}

    def _uninstall(self, module=None):
        """The button, in a transaction that nobody commits."""
        (module or self.addon).with_user(self.admin).button_uninstall()

    def test_evidence_is_not_lost_by_a_click(self):
        with self.assertRaises(RedirectWarning) as refusal:
            self._uninstall()
        sentence, action = refusal.exception.args[:2]
        self.assertIn("Settlement: 1", sentence)
        self.assertIn("Hour Move: ", sentence)
        self.assertEqual(action, self.env.ref(f"{MODULE}.service_export_action").id)

    def test_nor_by_uninstalling_what_it_builds_on(self):
        contract = self.env["ir.module.module"].search([("name", "=", "contract")])
        with self.assertRaises(RedirectWarning):
            self._uninstall(contract)

    def test_what_is_exported_may_go(self):
        self._export()
        self._uninstall()
        self.assertEqual(self.addon.state, "to remove")

    def test_what_came_after_the_export_is_not_exported(self):
        self._export()
        self._settle(self.contract, "2026-11-30")
        with self.assertRaises(RedirectWarning):
            self._uninstall()

    def test_the_archive_proves_what_is_in_it(self):
        archive = self._export()
        listed = {}
        for line in archive.read("SHA256SUMS").decode().splitlines():
            digest, name = line.split("  ", 1)
            listed[name] = digest
            self.assertEqual(hashlib.sha256(archive.read(name)).hexdigest(), digest)
        self.assertEqual({*listed, "SHA256SUMS"}, {*archive.namelist()})

    def test_tables_and_papers(self):
        archive = self._export()
        entry = self._table(archive, "account_analytic_line")[self.entry.id]
        self.assertEqual(entry["worked_minutes"], "45")
        self.assertEqual(entry["settlement_id"], str(self.settlement.id))
        self.assertEqual(entry["ticket_id.name"], self.entry.ticket_id.display_name)
        contract = self._table(archive, "contract_contract")[self.contract.id]
        self.assertEqual(contract["service_tier_id.name"], "VIP")
        moves = self._table(archive, "service_hour_move")
        self.assertEqual({*moves}, {*self.contract.move_ids.ids})
        name = f"files/{self.paper.id}-Zestawienie_październik.pdf"
        self.assertEqual(archive.read(name), b"%PDF-1.7 zestawienie")

    def test_work_of_others_is_not_taken_along(self):
        other = self.env["account.analytic.line"].create(
            {"name": "Nie nasze", "account_id": self._account().id}
        )
        archive = self._export()
        self.assertNotIn(other.id, self._table(archive, "account_analytic_line"))

    def _account(self):
        return (
            self.env["project.project"]
            .search(
                [("account_id", "!=", False), ("company_id", "=", self.company.id)],
                limit=1,
            )
            .account_id
        )

    def test_only_administrators_export(self):
        export = self.env["service.export"]
        for user in (self.manager, self.accountant):
            with self.assertRaises(AccessError):
                export.with_user(user)._export()
            with self.assertRaises(AccessError):
                self.env["service.export.wizard"].with_user(user).create({})

    def test_another_installation_takes_what_is_left(self):
        calendars = self.env["resource.calendar"].search(
            [("company_id", "=", self.company.id)]
        )
        project = self.company.service_project_id
        # As the uninstallation leaves them: our fields are gone.
        calendars.open_on_holidays = False
        self.company.service_project_id = False
        self.company._create_service_calendars()
        self.company._create_service_projects()
        self.assertEqual(
            self.env["resource.calendar"].search(
                [("company_id", "=", self.company.id)]
            ),
            calendars,
        )
        self.assertEqual(len(calendars.filtered("open_on_holidays")), 1)
        self.assertEqual(self.company.service_project_id, project)

    def test_tickets_of_time_that_were_the_users_own_stay(self):
        leave_tickets_of_time(self.cr)
        name = "field_account_analytic_line__ticket_id"
        self.cr.execute("SELECT FROM ir_model_data WHERE name = %s", [name])
        self.assertFalse(self.cr.rowcount)
        self.cr.execute(
            "SELECT confdeltype FROM pg_constraint"
            " WHERE conname = 'account_analytic_line_ticket_id_fkey'"
        )
        self.assertEqual(self.cr.fetchone()[0], "n")

    @freeze_time("2026-12-01 10:00:00")
    def test_nothing_names_our_tables_any_more(self):
        self.env.flush_all()
        drop_references(self.env)
        self.cr.execute(
            """
            SELECT conname FROM pg_constraint
             WHERE contype = 'f' AND confrelid::regclass::text LIKE 'service\\_%'
            """
        )
        self.assertEqual(self.cr.fetchall(), [])
