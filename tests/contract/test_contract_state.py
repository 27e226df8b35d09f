from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import ServiceCommon


@tagged("post_install", "-at_install")
class TestContractState(ServiceCommon):
    """What back office types is a draft until it is put in force."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-10-20 12:00:00"))

    def _typed(self):
        """A contract as it stands when back office has typed and saved it."""
        made = self._create_contract_as(self.back_office)
        self.assertEqual(made.service_state, "draft")
        return made

    def _create_contract_as(self, user):
        env = self.env(context={**self.env.context, "service_contract": True})
        before, type(self).env = self.env, env["base"].with_user(user).env
        try:
            return self._create_contract(code=False)
        finally:
            type(self).env = before

    def test_a_draft_serves_nobody_and_grants_and_bills_nothing(self):
        contract = self._typed()
        ticket = self._create_ticket(day="2026-10-05")
        self.assertFalse(ticket.service_contract_id)
        self.assertFalse(self.customer in contract.beside_ids.partner_id)
        self.assertBalance(contract, "2026-10-20", granted=0, available=0)
        with freeze_time("2026-11-04 08:00:00"):
            self.assertNotIn(contract.sudo(), self._due_contracts("2026-10-31"))
        with self.assertRefused("is not in force yet"):
            self._sell(contract, 60, 1, "2026-10-20")
        with self.assertRefused("is not in force yet"):
            contract._recurring_create_invoice()

    def test_put_in_force_it_serves_from_its_start(self):
        contract = self._typed()
        ticket = self._create_ticket(day="2026-10-05")
        contract.action_mark_sent()
        self.assertFalse(ticket.service_contract_id)
        contract.action_put_in_force()
        self.assertEqual(ticket.service_contract_id, contract.sudo())
        self.assertBalance(contract, "2026-10-20", granted=120)
        with freeze_time("2026-11-04 08:00:00"):
            self.assertIn(contract.sudo(), self._due_contracts("2026-10-31"))

    def test_a_draft_can_be_deleted_and_nothing_else(self):
        self._typed().unlink()
        contract = self._typed()
        contract.action_put_in_force()
        with self.assertRefused("is no draft"):
            contract.unlink()
        contract.action_back_to_draft()
        contract.unlink()

    def test_what_was_used_stays_in_force(self):
        contract = self._typed()
        contract.action_put_in_force()
        ticket = self._create_ticket(day="2026-10-05")
        with self.assertRefused(f"Ticket {ticket.number} is served"):
            contract.action_back_to_draft()

    def test_numbers_come_in_order_in_each_company(self):
        contracts = self._typed() | self._typed()
        contracts.action_put_in_force()
        self.assertEqual(contracts.mapped("code"), ["US/2026/001", "US/2026/002"])
        taken = self._create_contract(code="US/2026/003", start="2027-01-01")
        self.assertEqual(taken.service_state, "agreed")
        later = self._typed()
        later.action_put_in_force()
        self.assertEqual(later.code, "US/2026/004")

    def test_the_state_is_changed_by_its_buttons_alone(self):
        contract = self._typed()
        with self.assertRefused("with the buttons", AccessError):
            contract.service_state = "agreed"
        with self.assertRaises(AccessError), self.cr.savepoint():
            contract.with_user(self.technician).action_put_in_force()

    def test_a_plain_contract_is_not_for_back_office_to_delete(self):
        plain = self.env["contract.contract"].create(
            {"name": "Dzierżawa", "partner_id": self.customer.id}
        )
        with self.assertRefused("is no draft"):
            plain.with_user(self.back_office).unlink()

    def test_the_form_begins_with_a_draft(self):
        contracts = self.env["contract.contract"].with_user(self.back_office)
        contracts = contracts.with_context(
            service_contract=True, default_contract_type="sale"
        )
        view = "contract.contract_contract_customer_form_view"
        with Form(contracts, view) as form:
            form.name = "Umowa"
            form.partner_id = self.customer
            form.service_tier_id = self.tier
        self.assertEqual(form.record.service_state, "draft")
