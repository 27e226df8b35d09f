from freezegun import freeze_time

from odoo.tests import Form, tagged

from ..common import MODULE
from ..coverage.common import CoverageCommon


@tagged("post_install", "-at_install")
class TestCost(CoverageCommon):
    """Who pays is told by what the next minute costs, the same everywhere."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2026-10-07 12:00:00"))

    @classmethod
    def _by_price_list(cls):
        """A contract that includes no hours: everything under it is charged."""
        return cls._create_contract(
            cls.other, start="2026-01-01", allowance_minutes=0, code="CENNIK/1"
        )

    @classmethod
    def _accept_quote(cls, ticket):
        ticket.with_user(cls.back_office).action_make_quote()
        ticket.sudo().quote_ids.action_confirm()

    def assertCost(self, ticket, level, label, *words):
        """Assert level and label for the technician, and words on their panel."""
        ticket.invalidate_recordset(["cost_label", "cost_level", "coverage_panel"])
        shown = ticket.with_user(self.technician).with_context(lang="en_US")
        self.assertEqual((shown.cost_level, shown.cost_label), (level, label))
        panel = str(shown.coverage_panel)
        self.assertIn(f"o_service_cost_{level}", panel)
        for text in (label, *words):
            self.assertIn(text, panel)
        return panel

    def test_hours_of_the_contract_pay_as_long_as_there_are_some(self):
        ticket = self._ticket()
        self.assertCost(ticket, "nothing", "From the package, 2:00 left", "Hours left")
        self.tier.rate_ids.write({"first_minutes": 0, "step_minutes": 15})
        self._log_on(ticket, 105, "2026-10-06")
        self.assertCost(ticket, "some", "Partly charged, 0:15 left")
        self._log_on(ticket, 15, "2026-10-06")
        panel = self.assertCost(ticket, "all", "Charged")
        self.assertNotIn("Hours of the contract", panel)

    def test_hours_beyond_are_not_always_covered(self):
        self.contract.overage_policy = "ask"
        ticket = self._ticket()
        self._log_on(ticket, 120, "2026-10-06")
        self.assertCost(
            ticket, "all", "Hours used up, more is not covered", "Ask back office"
        )

    def test_a_contract_without_hours_is_charged(self):
        self._by_price_list()
        ticket = self._ticket(customer=self.other)
        self.assertEqual(ticket.coverage_code, "contract")
        panel = self.assertCost(ticket, "all", "Charged", "By the contract")
        for untrue in ("Hours", "0:00", "package", "120"):
            self.assertNotIn(untrue, panel)
        entry = self._log_on(ticket, 30, "2026-10-06")
        words = entry.with_context(lang="en_US")
        self.assertEqual((words.cost_level, words.cost_label), ("all", "Charged"))
        self.assertNotIn("package", words.explanation)
        self.assertIn("1:00 charged", words.explanation)

    def test_an_accepted_quote_is_paid_for(self):
        ticket = self._ticket(customer=self.other, quote_first=True)
        self.assertCost(ticket, "some", "Needs an accepted quote")
        self._accept_quote(ticket)
        quote = ticket.sudo().quote_ids
        panel = self.assertCost(
            ticket, "all", "Charged by the accepted quote", quote.name
        )
        self.assertNotIn("free", panel.lower())
        entry = self._log_on(ticket, 30, "2026-10-06").with_context(lang="en_US")
        self.assertEqual(entry.cost_level, "all")
        self.assertIn("1:00 paid by the accepted quote", entry.explanation)
        self.assertNotIn("free", entry.explanation)

    def test_what_nobody_decided_is_not_calm(self):
        first = self._ticket(customer=self.other)
        complaint = self._ticket(customer=self.other, complaint_of_id=first)
        self.assertCost(complaint, "some", "Not decided yet")
        nobody = self._ticket(partner_id=False)
        self.assertCost(nobody, "some", "Not decided yet", "Choose the customer")

    def test_warranty_is_free_and_the_price_list_is_not(self):
        item = self._item(warranty_date="2027-01-01")
        self.assertCost(self._ticket(item_id=item), "nothing", "No charge")
        self.assertCost(self._ticket(customer=self.other), "all", "Charged")

    def test_a_surcharge_is_money_also_on_hours_of_the_package(self):
        self.tier.express_percent = 100
        ticket = self._ticket(express=True, express_agreed_by="Anna, telefonicznie")
        self.assertCost(ticket, "some", "From the package, plus a surcharge")
        self.tier.surcharge_mode = "burn"
        self.assertCost(ticket, "nothing", "From the package, 2:00 left")
        self._log_on(ticket, 30, "2026-10-06")
        self.assertCost(ticket, "all", "Charged")

    def test_work_at_another_place_has_its_own_price(self):
        self.contract.place_ids = self.customer
        elsewhere = self.env["res.partner"].create(
            {"name": "Magazyn", "parent_id": self.customer.id, "type": "delivery"}
        )
        ticket = self._ticket(place_id=elsewhere)
        panel = self.assertCost(ticket, "nothing", "From the package, 2:00 left")
        self.assertRegex(panel, rf"(?s){self.on_site.name}.*Charged")

    def test_nothing_is_told_of_the_next_minute_of_a_closed_ticket(self):
        ticket = self._ticket()
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.assertFalse(ticket.cost_label)

    def test_the_dialog_tells_what_the_work_on_it_costs(self):
        ticket = self._ticket()
        dialog = self._dialog(ticket)
        dialog.unit_amount = 1.5
        self.assertEqual(dialog.cost_level, "nothing")
        dialog.unit_amount = 2.5
        self.assertEqual(dialog.cost_level, "some")
        self.assertEqual(dialog.cost_label, "2:00 from the package, 1:00 charged")
        self._log_on(ticket, 120, "2026-10-06")
        dialog = self._dialog(ticket)
        dialog.unit_amount = 1
        self.assertEqual((dialog.cost_level, dialog.cost_label), ("all", "Charged"))

    def _dialog(self, ticket):
        entries = self.env["account.analytic.line"].with_user(self.technician)
        entries = entries.with_context(default_ticket_id=ticket.id, lang="en_US")
        return Form(entries, f"{MODULE}.work_entry_view_form")

    def test_a_flat_fee_is_no_time(self):
        ticket = self._ticket(customer=self.other)
        trip = self._log_on(ticket, 40, "2026-10-06", work_type_id=self.travel.id)
        words = trip.with_context(lang="en_US")
        self.assertEqual(words.explanation, "0:40: a flat fee")
        self.assertEqual(words.cost_label, "A flat fee is charged")

    def test_the_customer_is_told_the_price(self):
        told = {
            "free": (self._ticket(item_id=self._item(warranty_date="2027-01-01")), ()),
            "hours": (self._ticket(), ("2:00",)),
            "charged": (self._ticket(customer=self.other), ("120,00", "147,60")),
        }
        for name, (ticket, words) in told.items():
            sentence = ticket.with_context(lang="en_US")._cost_for_customer()
            for word in words:
                self.assertIn(word, sentence, name)
        self.assertIn("You pay nothing", told["free"][0]._cost_for_customer())

    def test_the_customer_is_told_what_closed_work_came_to(self):
        ticket = self._ticket()
        self._log_on(ticket, 150, "2026-10-06")
        costs = self.env["service.cost"].with_context(lang="en_US")
        self.assertEqual(
            costs._of_closed_for_customer(ticket),
            [("From the hours of your contract", "2:00"), ("Charged", "1:00")],
        )

    def test_a_list_asks_for_all_balances_at_once(self):
        tickets = self._ticket() | self._ticket() | self._ticket() | self._ticket()
        costs = self.env["service.cost"]

        def queries(some):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            costs._of_next_unit(some)
            return self.cr.sql_log_count - before

        queries(tickets)
        self.assertEqual(queries(tickets), queries(tickets[:1]))
