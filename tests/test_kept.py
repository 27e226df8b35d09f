from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_guard import CONTEXTS, GuardCommon


@tagged("post_install", "-at_install")
class TestKept(GuardCommon):
    """What settled work, decisions and invoices stand on is not taken away."""

    def assertStays(self, records, message, user=None):
        for context in CONTEXTS:
            with self.subTest(context=context), self.assertRefused(message):
                forged = records.with_user(user or self.env.user)
                forged.with_context(**context).unlink()

    def test_who_did_settled_work_stays(self):
        employee = self.entry.sudo().employee_id
        self.assertStays(employee, "Work that is settled")
        employee.user_id = False
        self.assertStays(self.entry.user_id, "Work that is settled")
        self.assertEqual(self.entry.user_id, self.technician)

    def test_the_project_of_settled_work_stays(self):
        # Odoo itself says why, where it is asked.
        for context in CONTEXTS:
            with (
                self.subTest(context=context),
                self.assertRaises(AccessError),
                self.cr.savepoint(),
            ):
                self.entry.project_id.with_context(**context).unlink()
        self.assertTrue(self.entry.project_id)

    def test_a_category_that_a_tier_speaks_of_stays(self):
        categories = self.env["helpdesk.ticket.category"]
        above = categories.create({"name": "Usługi eksperckie"})
        below = categories.create({"name": "Bazy", "parent_id": above.id})
        self.tier.scope_ids = [
            Command.create({"category_id": below.id, "treatment": "quote"})
        ]
        self.assertStays(below, "in the scope of the tier")
        self.assertStays(above, "in the scope of the tier", self.manager)
        self.tier.scope_ids.unlink()
        self.ticket.category_id = below
        self.assertStays(above, "Archive the category", self.manager)
        self.ticket.category_id = False
        above.with_user(self.manager).unlink()
        self.assertFalse((above | below).exists())

    def test_what_narrows_a_tier_or_a_contract_stays(self):
        """Without the last of them, everything would be covered."""
        channel = self.env["helpdesk.ticket.channel"].create({"name": "Portal"})
        self.tier.channel_ids = channel
        place = self.env["res.partner"].create(
            {"name": "Filia", "parent_id": self.customer.id, "type": "delivery"}
        )
        self.contract.place_ids = place
        tier = self._create_tier("Osobny")
        self.regulations.tier_ids = tier
        self.assertStays(tier, "would count for all tiers", self.manager)
        with mute_logger("odoo.sql_db"):
            for record in (channel, place):
                with self.assertRaises(IntegrityError), self.cr.savepoint():
                    record.unlink()
                    self.env.flush_all()
        self.assertEqual(self.tier.channel_ids, channel)
        self.assertEqual(self.contract.place_ids, place)

    def test_the_statement_of_an_issued_invoice_stays_as_it_was(self):
        statement = self.settlement.statement_id
        self.assertTrue(statement)
        for user in (self.accountant, self.env.user):
            self.assertStays(statement, "went out with", user)
            for vals in (
                {"raw": b"x"},
                {"res_id": 0},
                {"res_model": "res.partner"},
                {"res_field": "narration"},
            ):
                with self.subTest(vals=vals), self.assertRefused("went out with"):
                    statement.with_user(user).write(vals)
        self.invoice.with_user(self.accountant).button_draft()
        statement.with_user(self.accountant).unlink()
        self.assertFalse(statement.exists())

    def test_a_ticket_that_is_deleted_leaves_nothing_behind(self):
        """What hangs on a ticket keeps it, in the database as well."""
        self.assertStays(self.ticket, "Archive the ticket", self.manager)
        for model in (
            "service.sla.event",
            "service.sla.timer",
            "service.coverage.decision",
        ):
            field = self.env[model]._fields["ticket_id"]
            self.assertEqual(field.ondelete, "restrict", model)

    def test_a_settled_entry_that_is_gone_is_found(self):
        ledger = self.env["service.hour.ledger"].with_user(self.manager)
        self.assertEqual(ledger.rebuild_check()["differences"], [])
        beyond = self._log_on(self.ticket, 60, "2026-11-10")
        tamper = {
            "a settlement that stored less": (
                "UPDATE service_settlement SET overage_minutes = 0 WHERE id = %s",
                self.settlement.id,
                "Settlement",
            ),
            "a quantity on the invoice": (
                "UPDATE account_move_line SET quantity = 9 WHERE id = %s",
                self.work_line().id,
                "the quantity is 9",
            ),
            "an entry that the invoice does not charge": (
                "UPDATE account_move_line SET service_charges = NULL WHERE id = %s",
                self.work_line().id,
                "charges 0 for the work",
            ),
            "an entry that is gone": (
                "UPDATE account_analytic_line SET settlement_id = NULL WHERE id = %s",
                self.entry.id,
                "Settlement",
            ),
        }
        self.assertFalse(beyond.settlement_id)
        for what, (query, id_, said) in tamper.items():
            with self.subTest(what), self.assertRaises(UserError), self.cr.savepoint():
                self.cr.execute(query, [id_])
                self.env.invalidate_all()
                found = ledger.rebuild_check()["differences"]
                self.assertIn(said, "\n".join(found))
                raise UserError("undo")

    def work_line(self):
        return self.invoice.invoice_line_ids.filtered("service_charges")[:1]
