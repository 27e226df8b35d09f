from datetime import timedelta

from freezegun import freeze_time
from lxml import html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .several import SeveralContracts


@tagged("post_install", "-at_install")
class TestSeveralContracts(SeveralContracts):
    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2026-10-20 12:00:00"))

    def test_the_listed_item_names_the_contract(self):
        ticket = self._report(item_id=self.server.id)
        self._log(ticket, 50, "2026-10-05")
        self.assertEqual(ticket.service_contract_id, self.vip)
        self.assertEqual(self._used(), {"V/1": 60})

    def test_the_site_names_the_contract(self):
        ticket = self._report(place_id=self.site.id)
        self._log(ticket, 130, "2026-10-05", work_type_id=self.on_site.id)
        self.assertEqual(ticket.service_contract_id, self.flat)
        self.assertEqual(self._used(), {"R/1": 180})

    def test_the_category_names_the_contract_and_the_panel_says_why(self):
        ticket = self._report(category_id=self.program.id)
        self.assertEqual(ticket.service_contract_id, self.wms)
        self.assertEqual(ticket.coverage_code, "contract")
        found = self._panel(ticket)
        self.assertEqual(
            {name: (mark, why) for mark, name, why in found},
            {
                "VIP hosting": (
                    "Does not fit:",
                    "Item listed on the contract: not given",
                ),
                "Ryczałt": (
                    "Does not fit:",
                    "Category under the contract: Not covered",
                ),
                "Nadzór WMS": ("Fits:", "Category under the contract: Covered"),
            },
        )

    def _panel(self, ticket):
        """Mark, name and last reason of each contract on the panel."""
        panel = html.fromstring(ticket.with_context(lang="en_US").coverage_panel)
        for line in panel.xpath(".//ul[2]/li"):
            mark, name, reasons = line.xpath("./span")
            why = " ".join(reasons.text_content().split()).split("· ")[-1]
            yield mark.text_content().strip(), name.text_content().strip(), why

    def test_where_several_fit_the_ticket_asks_and_the_strictest_promise_runs(self):
        ticket = self._report()
        self.assertTrue(ticket.contract_to_choose)
        self.assertFalse(ticket.service_contract_id)
        self.assertEqual(ticket.coverage_code, "contract_open")
        self.assertEqual(self._promised_hours(ticket), 1)
        entry = self._log(ticket, 40, "2026-10-05")
        self.assertEqual((entry.charge, entry.service_contract_id.id), ("hold", False))
        self.assertEqual(self._used(), {})
        self._choose(ticket, self.flat)
        self.assertFalse(ticket.contract_to_choose)
        self.assertEqual(ticket.coverage_code, "contract")
        self.assertEqual(ticket.contract_chosen_by_id, self.technician)
        self.assertEqual(self._promised_hours(ticket), 8)
        self.assertEqual(self._used(), {"R/1": 60})

    def _promised_hours(self, ticket):
        (timer,) = ticket.sudo().sla_timer_ids
        return timer.target_minutes / 60

    def test_work_of_an_open_contract_is_in_no_settlement(self):
        ticket = self._report()
        entry = self._log(ticket, 40, "2026-10-05")
        with freeze_time("2026-11-04 08:00:00"):
            self._bill(self.all, "2026-10-31")
            self.assertFalse(entry.sudo().settlement_id)
            left = self.env["service.billing"]._left_open(
                self.company, self._day("2026-10-31")
            )
            self.assertIn(ticket.number, " ".join(left))
            self._choose(ticket, self.flat)
            with freeze_time("2026-12-04 08:00:00"):
                self._bill(self.all, "2026-11-30")
        self.assertEqual(entry.sudo().settlement_id.contract_id, self.flat)
        self.assertLedgerIsSound()

    def test_who_chose_vouches_for_what_the_ticket_does_not_say(self):
        ticket = self._report()
        for contract in (self.vip, self.wms):
            self._choose(ticket, contract)
            self.assertEqual(ticket.coverage_code, "contract", contract.code)
            self.assertEqual(ticket.service_tier_id, contract.service_tier_id)
        # But not for what it says.
        ticket.item_id = self.env["maintenance.equipment"].create(
            {
                "name": "Laptop",
                "customer_id": self.house.id,
                "company_id": self.company.id,
            }
        )
        self._choose(ticket, self.vip)
        self.assertEqual(ticket.coverage_code, "ad_hoc")

    def test_none_of_them_is_a_choice_too(self):
        self.ad_hoc = self._create_tier("Cennik")
        self.ad_hoc.kind = "ad_hoc"
        ticket = self._report()
        self._choose(ticket, self.vip.browse())
        self.assertFalse(ticket.contract_to_choose)
        self.assertEqual(ticket.coverage_code, "ad_hoc")
        dialog = self.env["service.contract.choice"].with_user(self.technician)
        dialog = dialog.with_context(default_ticket_id=ticket.id).create({})
        dialog.action_follow_rules()
        self.assertTrue(ticket.contract_to_choose)

    def test_a_choice_can_be_made_a_rule(self):
        ticket = self._report(category_id=self.printers.id)
        self.assertTrue(ticket.contract_to_choose)
        self._choose(ticket, self.flat, for_category=True)
        later = self._report("Drukarka", category_id=self.printers.id)
        # The site is not known: only the hosting contract may serve it as well.
        self.assertEqual(later.service_contract_id, self.flat)
        self._choose(later, self.vip, for_category=True)
        self.assertFalse(self.flat.category_ids)
        laptop = self.env["maintenance.equipment"].create(
            {
                "name": "Laptop",
                "customer_id": self.house.id,
                "company_id": self.company.id,
            }
        )
        other = self._agreed(self.vip_tier, "V/2", 60)
        self._agreed(self.vip_tier, "V/3", 60)
        about = self._report(item_id=laptop.id)
        self.assertTrue(about.contract_to_choose)
        self._choose(about, other, for_item=True)
        self.assertEqual(laptop.service_contract_id, other)
        self.assertEqual(self._report(item_id=laptop.id).service_contract_id, other)

    def test_a_new_preference_decides_tickets_that_wait(self):
        ticket = self._report()
        self.flat.with_user(self.back_office).serving_order = 1
        self.assertEqual(ticket.service_contract_id, self.flat)
        self.assertEqual(ticket.coverage_code, "contract")

    def test_a_ticket_moves_between_its_contracts_and_its_hours_move_along(self):
        ticket = self._report(place_id=self.site.id)
        self._log(ticket, 40, "2026-10-05")
        self.assertEqual(self._used(), {"R/1": 60})
        ticket.service_contract_id = self.vip
        self.assertEqual(self._used(), {"V/1": 60})
        # Where the rules lead anyway, nobody chose.
        ticket.service_contract_id = self.flat
        self.assertFalse(ticket.contract_chosen_by_id)
        self.assertEqual(self._used(), {"R/1": 60})

    def test_once_settled_it_stays(self):
        ticket = self._report(place_id=self.site.id)
        self._log(ticket, 40, "2026-10-05")
        with freeze_time("2026-11-04 08:00:00"):
            self._bill(self.all, "2026-10-31")
            with self.assertRefused("is settled under"):
                self._choose(ticket, self.vip)
            with self.assertRefused("is settled under"):
                ticket.service_contract_id = self.vip
            # Nor does it move because a fact changes.
            ticket.item_id = self.server
            self.assertEqual(ticket.service_contract_id, self.flat)
        self.assertEqual(ticket.timesheet_ids.service_contract_id, self.flat)
        self.assertLedgerIsSound()

    def test_each_contract_counts_its_own_unjustified_reports(self):
        self.flat_tier.free_unjustified = 0
        tickets = [
            self._report(**about)
            for about in 3 * [{"item_id": self.server.id}]
            + 2 * [{"place_id": self.site.id}]
        ]
        for ticket in tickets:
            ticket.with_user(self.back_office).write(
                {"report_verdict": "unjustified", "verdict_reason": "Kabel"}
            )
        codes = [ticket.sudo().coverage_decision_id.code for ticket in tickets]
        self.assertEqual(codes[:3], 3 * ["unjustified_free"])
        # The objection period runs first.
        self.assertEqual(set(codes[3:]) & {"unjustified_free"}, set())

    def test_a_package_for_the_whole_customer_serves_all_contracts_once(self):
        self.all.allowance_minutes = 0
        self._sell(self.vip, 90, 1, "2026-10-01", whole_customer=True)
        web = self._report(item_id=self.server.id)
        office = self._report(place_id=self.site.id)
        self._log(web, 50, "2026-10-05")
        self._log(office, 50, "2026-10-06")
        with freeze_time("2026-11-04 08:00:00"):
            self._bill(self.vip | self.flat, "2026-10-31")
        entries = (web | office).sudo().timesheet_ids
        taken = {
            entry.service_contract_id.code: (
                entry.package_minutes,
                entry.overage_minutes,
            )
            for entry in entries
        }
        self.assertEqual(taken, {"V/1": (60, 0), "R/1": (30, 30)})
        self.assertLedgerIsSound()

    def test_after_its_contract_the_rules_of_the_day_find_another(self):
        ticket = self._report(place_id=self.site.id)
        self.flat.date_end = "2026-10-10"
        entry = self._log(ticket, 30, "2026-10-12")
        # What remains may serve it, but which one nobody can tell.
        self.assertEqual((entry.charge, entry.service_contract_id.id), ("hold", False))
        self._choose(ticket, self.vip)
        self.assertEqual(entry.service_contract_id, self.vip)

    def test_who_may_choose(self):
        ticket = self._report()
        self.company.service_technicians_choose = False
        self.assertFalse(ticket.may_choose_contract)
        with self.assertRefused("Only back office", AccessError):
            self._choose(ticket, self.vip)
        with self.assertRefused("Only back office", AccessError):
            ticket.service_contract_id = self.vip
        with self.assertRefused("Nobody enters this", AccessError):
            ticket.contract_choices = self.vip.ids
        self._choose(ticket, self.vip, user=self.back_office)
        self.assertEqual(ticket.service_contract_id, self.vip)

    def test_only_contracts_of_the_customer_then_in_force(self):
        other = self._create_contract()
        ended = self._agreed(
            self.vip_tier, "V/0", 0, start="2026-01-01", date_end="2026-03-31"
        )
        ticket = self._report()
        for contract, error in (
            (other, "cannot pay for another customer"),
            (ended, "was not in force"),
        ):
            with self.assertRefused(error):
                self._choose(ticket, contract)

    def test_who_leaves_the_customer_takes_no_choice_along(self):
        ticket = self._report()
        self._choose(ticket, self.vip)
        contract = self._create_contract()
        ticket.partner_id = self.customer
        self.assertEqual(ticket.service_contract_id, contract)
        self.assertFalse(ticket.contract_chosen_by_id)

    def test_a_report_under_warranty_asks_nothing(self):
        warranty = self._create_tier("Gwarancja")
        warranty.kind = "warranty"
        laptop = self.env["maintenance.equipment"].create(
            {
                "name": "Laptop",
                "customer_id": self.house.id,
                "company_id": self.company.id,
                "warranty_date": fields.Date.to_date("2026-10-05") + timedelta(days=9),
            }
        )
        self._agreed(self.vip_tier, "V/2", 60)
        self._agreed(self.vip_tier, "V/3", 60)
        ticket = self._report(item_id=laptop.id)
        self.assertEqual(ticket.coverage_code, "warranty")
        # The strictest answer of those contracts counts all the same.
        self.assertEqual(self._promised_hours(ticket), 1)
