from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import CoverageCommon


@tagged("post_install", "-at_install")
class TestTicketItem(CoverageCommon):
    """What customers have: who sees it, and what of it must fit."""

    def test_back_office_keeps_the_items(self):
        items = self.env["maintenance.equipment"].with_user(self.back_office)
        item = items.create(
            {
                "name": "Drukarka",
                "serial_no": "DS-77",
                "customer_id": self.customer.id,
                "company_id": self.company.id,
            }
        )
        item.warranty_date = "2027-01-31"
        self.assertEqual(item.commercial_customer_id, self.customer)
        self.assertEqual(items.name_search("DS-77")[0][0], item.id)
        item.active = False

    def test_a_technician_reads_the_items_of_customers_only(self):
        item = self._item()
        ours = self.env["maintenance.equipment"].create({"name": "Nasza drukarka"})
        seen = self.env["maintenance.equipment"].with_user(self.technician)
        self.assertIn(item, seen.search([]))
        self.assertNotIn(ours, seen.search([]))
        with self.assertRaises(AccessError):
            item.with_user(self.technician).warranty_date = "2030-01-01"
        with self.assertRaises(AccessError):
            ours.with_user(self.technician).read(["name"])

    def test_items_of_another_company(self):
        second = self._second_company()
        item = self._item(company_id=second.id)
        with self.assertRaises(AccessError):
            item.with_user(self.back_office).read(["name"])
        with self.assertRefused("and to its company", ValidationError):
            self._ticket(item_id=item)
        with self.assertRefused("and to its company", ValidationError):
            self._ticket(item_id=self._item(self.other))
        with self.assertRefused("and to its company", ValidationError):
            self._ticket(place_id=self.other)

    def test_what_must_fit(self):
        elsewhere = self.env["res.partner"].create(
            {"name": "Cudzy adres", "parent_id": self.other.id}
        )
        plain = self.env["contract.contract"].create(
            {
                "name": "Najem",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
            }
        )
        cases = [
            (
                {
                    "licence_bought_on": "2026-05-01",
                    "licence_upgraded_on": "2026-04-30",
                },
                "upgraded before it was bought",
            ),
            ({"place_id": elsewhere.id}, "must belong to its customer"),
            ({"service_contract_id": plain.id}, "is not a service contract"),
            (
                {
                    "customer_id": self.other.id,
                    "service_contract_id": self.contract.id,
                },
                "must belong to its customer",
            ),
        ]
        for vals, message in cases:
            with self.subTest(message), self.assertRefused(message, ValidationError):
                self._item().with_user(self.back_office).write(vals)

    def test_places_are_addresses_of_the_customer(self):
        with self.assertRefused("is no address of", ValidationError):
            self.contract.with_user(self.back_office).place_ids = self.other

    def test_the_contract_of_the_item_serves_the_ticket(self):
        item = self._item(service_contract_id=self.contract.id)
        branch = self.env["res.partner"].create(
            {"name": "Oddział", "parent_id": self.customer.id}
        )
        ticket = self._ticket(item_id=item, partner_id=branch)
        self.assertEqual(ticket.service_contract_id, self.contract)
        self.assertEqual(item.ticket_count, 1)

    def test_a_place_that_nobody_gave(self):
        self.contract.place_ids = self.customer
        self.assertIsNone(self.contract._covers_place(self.env["res.partner"]))
        self.assertTrue(self.contract._covers_place(self.customer))
        self.assertFalse(self.contract._covers_place(self.other))
        ticket = self._ticket()
        visit = self._log_on(ticket, 30, "2026-10-06", work_type_id=self.on_site.id)
        self.assertEqual(visit.charge, "full")
