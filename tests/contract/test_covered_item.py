from ast import literal_eval

from freezegun import freeze_time
from lxml import etree
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import MODULE, ServiceCommon


@tagged("post_install", "-at_install")
class TestCoveredItem(ServiceCommon):
    """What customers have: who sees it, what it may say, and what a contract covers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.branch, cls.warehouse = cls.env["res.partner"].create(
            [
                {"name": name, "parent_id": cls.customer.id, "type": "other"}
                for name in ("Oddział", "Magazyn")
            ]
        )
        cls.stranger = cls.env["res.partner"].create(
            {"name": "Inny klient", "is_company": True}
        )
        cls.item = cls._create_item("Serwer plików", serial_no="SN-4711")
        # An employee's own, such as Odoo keeps it.
        cls.laptop = cls._create_item("Laptop handlowca", customer_id=False)
        cls.employee = cls._create_user("pracownik", "base.group_user")

    @classmethod
    def _create_item(cls, name="Drukarka", **vals):
        return cls.env["maintenance.equipment"].create(
            {
                "name": name,
                "customer_id": cls.customer.id,
                "company_id": cls.company.id,
            }
            | vals
        )

    def _seen_by(self, user):
        return self.env["maintenance.equipment"].with_user(user).search([])

    def test_who_sees_items_of_customers(self):
        for user in (self.technician, self.back_office, self.manager):
            with self.subTest(user=user.login):
                seen = self._seen_by(user)
                self.assertIn(self.item, seen)
                self.assertNotIn(self.laptop, seen)
        self.assertFalse(self._seen_by(self.employee) & (self.item + self.laptop))

    def test_the_portal_sees_no_items(self):
        portal = new_test_user(
            self.env, login="portal.item", groups="base.group_portal"
        )
        portal.partner_id.parent_id = self.customer
        with self.assertRaises(AccessError):
            self._seen_by(portal)

    def test_items_of_another_company_are_not_seen(self):
        elsewhere = self._second_company()
        item = self._create_item("Obcy serwer", company_id=elsewhere.id)
        for user in (self.technician, self.back_office):
            with self.subTest(user=user.login):
                self.assertNotIn(item, self._seen_by(user))
                with self.assertRaises(AccessError):
                    item.with_user(user).read(["name"])

    def test_a_technician_changes_no_item(self):
        item = self.item.with_user(self.technician)
        with self.assertRaises(AccessError):
            item.warranty_date = "2030-12-31"
        with self.assertRaises(AccessError):
            item.create({"name": "Nowy", "customer_id": self.customer.id})
        with self.assertRaises(AccessError):
            item.unlink()

    def test_back_office_keeps_items_on_the_form(self):
        self.assertFalse(
            self.back_office.has_group("maintenance.group_equipment_manager")
        )
        items = self.env["maintenance.equipment"].with_user(self.back_office)
        with Form(items, view=f"{MODULE}.item_view_form") as form:
            form.name = "Program księgowy"
            form.customer_id = self.branch
            form.place_id = self.warehouse
            form.service_contract_id = self.contract
            form.licence_bought_on = "2025-12-01"
            form.licence_upgraded_on = "2026-12-05"
            form.workstation_count = 3
        item = form.record
        self.assertEqual(item.commercial_customer_id, self.customer)
        self.assertEqual(item.company_id, self.company)
        self.assertEqual(self.contract.item_ids, item)
        item.warranty_date = "2027-01-31"
        item.action_archive()
        self.assertFalse(item.active)
        with self.assertRaises(AccessError):
            item.unlink()

    def test_back_office_keeps_no_equipment_of_our_own(self):
        items = self.env["maintenance.equipment"].with_user(self.back_office)
        with self.assertRaises(AccessError):
            items.create({"name": "Laptop"})
        with self.assertRaises(AccessError):
            self.laptop.with_user(self.back_office).name = "Laptop biura"

    def test_an_item_is_found_by_its_serial_number(self):
        items = self.env["maintenance.equipment"].with_user(self.technician)
        for text in ("sn-4711", "serwer pl"):
            with self.subTest(text=text):
                found = [key for key, _name in items.name_search(text)]
                self.assertEqual(found, self.item.ids)
        self.assertIn("SN-4711", self.item.display_name)

    def test_filters(self):
        ended, last_day, soon, late = (
            self._create_item(day, warranty_date=day)
            for day in ("2026-10-04", "2026-10-05", "2026-11-04", "2026-11-05")
        )
        late.service_contract_id = self.contract
        ours = ended + last_day + soon + late
        expected = {
            "under_warranty": last_day + soon + late,
            "ends_soon": last_day + soon,
            "ended": ended,
            "no_contract": ended + last_day + soon,
        }
        search = etree.fromstring(self.env.ref(f"{MODULE}.item_view_search").arch)
        for name, items in expected.items():
            (domain,) = search.xpath(f"//filter[@name='{name}']/@domain")
            with self.subTest(filter=name), freeze_time("2026-10-05 12:00:00"):
                seen = self.item.with_user(self.technician)
                self.assertEqual(seen.search(literal_eval(domain)) & ours, items)

    def test_items_are_opened_from_the_customer_and_from_the_contract(self):
        action = self.env.ref(f"{MODULE}.item_action")
        views = {
            "res.partner": "base.view_partner_form",
            "contract.contract": "contract.contract_contract_customer_form_view",
        }
        for model, view in views.items():
            for user, shown in ((self.technician, 1), (self.employee, 0)):
                with self.subTest(model=model, user=user.login):
                    records = self.env[model].with_user(user)
                    if not shown and not records.has_access("read"):
                        continue
                    arch = records.get_view(self.env.ref(view).id, "form")["arch"]
                    buttons = etree.fromstring(arch).xpath(
                        f"//button[@type='action'][@name='{action.id}']"
                    )
                    self.assertEqual(len(buttons), shown)

    def test_the_customer_is_seen_first_on_the_form_of_odoo(self):
        view = self.env.ref("maintenance.hr_equipment_view_form")
        items = self.env["maintenance.equipment"].with_user(self.technician)
        arch = etree.fromstring(items.get_view(view.id, "form")["arch"])
        names = arch.xpath("//sheet/group//field/@name")
        self.assertLess(names.index("customer_id"), names.index("category_id"))
        items = items.with_user(self.employee)
        arch = etree.fromstring(items.get_view(view.id, "form")["arch"])
        self.assertFalse(arch.xpath("//field[@name='service_contract_id']"))

    def test_a_licence_is_bought_before_it_is_upgraded(self):
        self.item.licence_bought_on = "2025-12-01"
        self.item.licence_upgraded_on = "2025-12-01"
        with self.assertRefused("Correct one of the dates", ValidationError):
            self.item.licence_upgraded_on = "2025-11-30"
        with self.assertRefused("Correct one of the dates", ValidationError):
            self.item.licence_bought_on = "2025-12-02"

    def test_workstations_are_not_negative(self):
        self.item.workstation_count = 0
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            with self.cr.savepoint():
                self.item.workstation_count = -1
                self.item.flush_recordset()

    def test_the_place_is_one_of_the_customer(self):
        self.item.place_id = self.branch
        self.item.place_id = self.customer
        with self.assertRefused("must belong to its customer", ValidationError):
            self.item.place_id = self.stranger
        with self.assertRefused("must belong to its customer", ValidationError):
            self.item.customer_id = self.stranger
        with self.assertRefused("must belong to its customer", ValidationError):
            self.laptop.place_id = self.branch

    def test_the_contract_is_one_of_the_customer(self):
        contract = self._create_contract(self.stranger)
        with self.assertRefused("must belong to its customer", ValidationError):
            self.item.service_contract_id = contract
        self.item.service_contract_id = self.contract
        with self.assertRefused("must belong to its customer", ValidationError):
            self.item.customer_id = self.stranger
        self.item.action_archive()
        with self.assertRefused("must belong to its customer", ValidationError):
            self.contract.partner_id = self.env["res.partner"].create(
                {"name": "Następca", "is_company": True}
            )

    def test_a_customer_who_moves_to_another_company_takes_no_contract_along(self):
        person = self.env["res.partner"].create(
            {"name": "Jan Kowalski", "parent_id": self.customer.id}
        )
        self._create_item(customer_id=person.id, service_contract_id=self.contract.id)
        with self.assertRefused("must belong to its customer", ValidationError):
            person.parent_id = self.stranger

    def test_the_contract_has_a_tier(self):
        self.contract.date_end = "2029-12-31"
        plain = self._create_contract(service_tier_id=False, allowance_minutes=0)
        with self.assertRefused("is not a service contract", ValidationError):
            self.item.service_contract_id = plain
        listed = self._create_contract(start="2030-01-01")
        self.item.service_contract_id = listed
        with self.assertRefused("is not a service contract", ValidationError):
            listed.write({"service_tier_id": False, "allowance_minutes": 0})

    def test_the_contract_is_one_of_the_company(self):
        elsewhere = self._second_company()
        item = self._create_item("Obcy serwer", company_id=elsewhere.id)
        with self.assertRefused("company", UserError):
            item.service_contract_id = self.contract
        self.item.service_contract_id = self.contract
        with self.assertRefused("company", UserError):
            self.item.company_id = elsewhere

    def test_places_of_a_contract_are_addresses_of_the_customer(self):
        contract = self.contract.with_user(self.back_office)
        contract.place_ids = [Command.set((self.branch + self.customer).ids)]
        with self.assertRefused("“Inny klient” is no address", ValidationError):
            contract.place_ids = [Command.link(self.stranger.id)]
        with self.assertRefused("is no address of “Inny klient”", ValidationError):
            self.contract.partner_id = self.stranger

    def test_what_a_contract_covers_is_tracked(self):
        self.cr.precommit.run()
        contract = self.contract.with_context(
            mail_notrack=False, tracking_disable=False
        )
        contract.covers_listed_items = True
        contract.place_ids = self.branch
        self.env.flush_all()
        self.cr.precommit.run()
        tracked = contract.message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertLessEqual({"covers_listed_items", "place_ids"}, {*tracked})

    def test_a_contract_covers_everything_or_what_is_listed(self):
        listed = self._create_item(service_contract_id=self.contract.id)
        nothing = self.item.browse()
        for item in (listed, self.item, nothing):
            self.assertIs(self.contract._covers_item(item), True)
        self.contract.covers_listed_items = True
        self.assertIs(self.contract._covers_item(listed), True)
        self.assertIs(self.contract._covers_item(self.item), False)
        self.assertIs(self.contract._covers_item(nothing), False)
        self.contract.date_end = "2029-12-31"
        later = self._create_contract(start="2030-01-01", covers_listed_items=True)
        self.assertIs(later._covers_item(listed), False)

    def test_a_contract_covers_work_everywhere_or_at_some_places(self):
        unknown = self.branch.browse()
        for place in (self.branch, self.warehouse, unknown):
            self.assertIs(self.contract._covers_place(place), True)
        self.contract.place_ids = self.branch
        self.assertIs(self.contract._covers_place(self.branch), True)
        self.assertIs(self.contract._covers_place(self.warehouse), False)
        self.assertIsNone(self.contract._covers_place(unknown))

    def test_who_cannot_see_a_ticket_still_changes_who_pays(self):
        warranty = self._create_tier("Gwarancja")
        warranty.kind = "warranty"
        ticket = self._create_ticket(item_id=self.item.id)
        self.assertEqual(ticket.coverage_code, "contract")
        keeper = self._create_user("magazynier", "maintenance.group_equipment_manager")
        self.assertFalse(self.item.with_user(keeper).ticket_ids)
        self.item.with_user(keeper).warranty_date = "2026-10-01"
        self.assertEqual(ticket.coverage_code, "warranty")
