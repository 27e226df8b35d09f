from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import ServiceCommon

EXPORT = "base.group_allow_export"


@tagged("post_install", "-at_install")
class TestRoles(ServiceCommon):
    """Each role does its own work without an administrator, and no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._second_company()

    def assertForbidden(self, action, *args):
        with self.assertRaises(AccessError), self.cr.savepoint():
            action(*args)
            self.env.flush_all()

    def test_all_but_technicians_take_lists_to_a_spreadsheet(self):
        cases = [
            (self.technician, False),
            (self.back_office, True),
            (self.manager, True),
            (self.accountant, True),
        ]
        for user, expected in cases:
            with self.subTest(user=user.login):
                self.assertEqual(user.has_group(EXPORT), expected)

    def test_a_manager_adds_a_service_to_the_price_list(self):
        products = self.env["product.template"].with_user(self.manager)
        with Form(products.with_context(service_product=True)) as form:
            form.name = "Godzina zdalnie"
            form.list_price = 150
        product = form.record
        self.assertEqual(
            (product.type, product.uom_id, product.taxes_id),
            ("service", self.hour.uom_id, self.company._service_sale_taxes()[:1]),
        )
        pricelist = (
            self.env["product.pricelist"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Stali klienci",
                    "company_id": self.company.id,
                    "item_ids": [
                        Command.create(
                            {
                                "applied_on": "1_product",
                                "product_tmpl_id": product.id,
                                "compute_price": "fixed",
                                "fixed_price": 120,
                            }
                        )
                    ],
                }
            )
        )
        price = pricelist._get_product_price(product.product_variant_id, 1)
        self.assertEqual(price, 120)

    def test_a_manager_keeps_the_hours_of_the_own_company(self):
        calendar = (
            self.env["resource.calendar"]
            .with_user(self.manager)
            .create({"name": "Dyżur", "company_id": self.company.id})
        )
        calendar.attendance_ids[0].hour_to = 13
        day_off = (
            self.env["resource.calendar.leaves"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Inwentaryzacja",
                    "calendar_id": calendar.id,
                    "date_from": "2026-12-28 00:00:00",
                    "date_to": "2026-12-28 23:00:00",
                }
            )
        )
        day_off.name = "Spis z natury"
        day_off.unlink()
        calendar.unlink()

    def test_a_manager_changes_no_hours_of_others(self):
        calendars = self.env["resource.calendar"]
        theirs = calendars.create({"name": "Obcy", "company_id": self.other.id})
        shared = calendars.create({"name": "Wspólny", "company_id": False})
        for calendar in (theirs, shared):
            own = calendar.with_user(self.manager)
            with self.subTest(calendar=calendar.name):
                self.assertForbidden(own.write, {"name": "Mój"})
                self.assertForbidden(
                    calendar.attendance_ids[:1].with_user(self.manager).write,
                    {"hour_to": 11},
                )
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Urlop",
                "resource_id": self.technician.employee_id.resource_id.id,
                "date_from": "2026-12-28 00:00:00",
                "date_to": "2026-12-28 23:00:00",
            }
        )
        self.assertForbidden(leave.with_user(self.manager).unlink)

    def test_a_manager_sets_the_company_up(self):
        action = self.env["res.company"].with_user(self.manager)
        action = action.with_company(self.company).action_open_service_settings()
        company = self.company.with_user(self.manager)
        self.assertEqual(action["res_id"], company.id)
        with Form(company, view=action["views"][0][0]) as form:
            form.service_billing_delay = 5
            form.service_reopen_days = 7
            form.service_check_sum = False
        self.assertEqual(
            (company.service_billing_delay, company.service_reopen_days), (5, 7)
        )
        self.assertFalse(company.service_check_sum)

    def test_a_manager_changes_nothing_else_of_a_company(self):
        company = self.company.with_user(self.manager)
        self.assertForbidden(company.write, {"name": "Nasza firma"})
        self.assertForbidden(
            company.write, {"service_billing_delay": 4, "currency_id": 1}
        )
        self.assertForbidden(
            self.other.with_user(self.manager).write, {"service_billing_delay": 4}
        )
        self.assertForbidden(
            self.env["res.company"].with_user(self.manager).create, {"name": "Trzecia"}
        )
        self.assertForbidden(
            self.company.with_user(self.back_office).write,
            {"service_billing_delay": 4},
        )

    def test_a_manager_keeps_offers_and_categories(self):
        with Form(self.env["contract.template"].with_user(self.manager)) as form:
            form.name = "VIP"
            with form.contract_line_ids.new() as line:
                line.product_id = self.fee
        self.env["helpdesk.ticket.category"].with_user(self.manager).create(
            {"name": "Sieć"}
        )
        template = form.record
        self.assertForbidden(
            template.with_user(self.back_office).write, {"name": "Inny"}
        )

    def test_a_manager_is_no_administrator(self):
        for model in ("res.users", "res.groups", "account.journal", "account.tax"):
            with self.subTest(model=model):
                self.assertFalse(
                    self.env[model].with_user(self.manager).has_access("write")
                )

    def test_back_office_makes_and_bills_a_quote(self):
        quote = (
            self.env["sale.order"]
            .with_user(self.back_office)
            .create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [Command.create({"product_id": self.hour.id})],
                }
            )
        )
        quote.action_confirm()
        quote.order_line.qty_delivered = 1
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_user(self.back_office)
            .with_context(active_ids=quote.ids, active_model="sale.order")
            .create({})
        )
        action = wizard.create_invoices()
        self.env.invalidate_all()
        invoice = self.env["account.move"].with_user(self.back_office)
        invoice = invoice.browse(action["res_id"])
        view = dict((kind, view) for view, kind in action["views"])["form"]
        self.assertEqual(Form(invoice, view=view).state, "draft")
        self.assertAlmostEqual(invoice.amount_total, 147.6)
        self.assertForbidden(invoice.action_post)
        invoice.with_user(self.accountant).action_post()
        self.env.invalidate_all()
        self.assertEqual(Form(invoice, view=view).state, "posted")

    def test_back_office_adds_customers(self):
        customer = (
            self.env["res.partner"]
            .with_user(self.back_office)
            .create({"name": "Nowy sp. z o.o.", "is_company": True})
        )
        customer.vat = "7740001454"

    def test_back_office_reads_prices_and_changes_none(self):
        for record in (self.hour, self.company, self.tier):
            with self.subTest(model=record._name):
                own = record.with_user(self.back_office)
                self.assertTrue(own.display_name)
                self.assertForbidden(own.write, {"name": "Inaczej"})

    def test_an_accountant_puts_a_customer_right(self):
        customer = self.customer.with_user(self.accountant)
        customer.write({"vat": "5260250274", "country_id": self.env.ref("base.de").id})
        person = self.env["res.partner"].create(
            {"name": "Jan", "parent_id": customer.id}
        )
        customer.vat = "7740001454"
        self.assertEqual(person.vat, "7740001454")

    def test_an_accountant_changes_nothing_else_of_a_contact(self):
        customer = self.customer.with_user(self.accountant)
        for vals in (
            {"comment": "Miły"},
            {"parent_id": False},
            {"user_id": self.accountant.id},
            {"vat": "7740001454", "credit_limit": 1},
        ):
            with self.subTest(vals=vals):
                self.assertForbidden(customer.write, vals)
        self.assertForbidden(customer.unlink)
        self.assertForbidden(customer.create, {"name": "Nowy"})

    def test_an_accountant_puts_the_tax_of_a_product_right(self):
        taxes = self.company._service_sale_taxes()
        product = self.hour.with_user(self.accountant)
        product.taxes_id = [Command.set(taxes[1:2].ids)]
        product.product_tmpl_id.l10n_pl_vat_gtu = "GTU_12"
        self.assertEqual(self.hour.taxes_id, taxes[1:2])
        for vals in ({"list_price": 1}, {"name": "Tanio"}, {"active": False}):
            with self.subTest(vals=vals):
                self.assertForbidden(product.write, vals)
                self.assertForbidden(product.product_tmpl_id.write, vals)
        self.assertForbidden(product.create, {"name": "Nowy"})

    def test_who_has_a_right_from_elsewhere_keeps_all_of_it(self):
        both = self._create_user(
            "obie",
            "account.group_account_user",
            "product.group_product_manager",
            "base.group_partner_manager",
        )
        self.hour.with_user(both).list_price = 130
        self.customer.with_user(both).comment = "Stały klient"

    def test_a_technician_adds_who_calls(self):
        partners = self.env["res.partner"].with_user(self.technician)
        view = "helpdesk_service_contract.res_partner_view_form_caller"
        with Form(
            partners.with_context(default_parent_id=self.customer.id), view=view
        ) as form:
            form.name = "Anna Dzwoniąca"
            form.phone = "600100200"
        caller = form.record
        self.assertEqual(caller.commercial_partner_id, self.customer)
        self.assertEqual(caller.vat, self.customer.vat)
        with Form(self.env["helpdesk.ticket"].with_user(self.technician)) as ticket:
            ticket.name = "Nie drukuje"
            ticket.description = "Nie drukuje"
            ticket.partner_id = caller

    def test_a_technician_adds_no_customer_and_no_terms(self):
        partners = self.env["res.partner"].with_user(self.technician)
        person = {"name": "Anna", "parent_id": self.customer.id}
        with self.assertRefused("Choose the customer", AccessError):
            partners.create({"name": "Anna"})
        for vals in (
            {"vat": "5260250274"},
            {"property_payment_term_id": 1},
            {"user_ids": [Command.create({"name": "a", "login": "a"})]},
            {"type": "invoice"},
            {"company_type": "company"},
        ):
            with self.subTest(vals=vals):
                self.assertForbidden(partners.create, person | vals)
        sent = partners.with_context(default_comment="z kontekstu")
        self.assertForbidden(sent.create, person)
        self.assertForbidden(
            self.customer.with_user(self.technician).write, {"phone": "1"}
        )
        foreign = self.env["res.partner"].create(
            {"name": "Obcy", "is_company": True, "company_id": self.other.id}
        )
        self.assertForbidden(partners.create, {"name": "Anna", "parent_id": foreign.id})

    def test_each_role_has_the_menus_of_its_work(self):
        menus = {
            "menu_customers": (self.technician, self.back_office, self.manager),
            "menu_offers": (self.back_office, self.manager),
            "menu_quotes": (self.back_office, self.manager),
            "menu_products": (self.manager,),
            "menu_pricelists": (self.manager,),
            "menu_calendars": (self.manager,),
            "menu_days_off": (self.manager,),
            "menu_service_settings": (self.manager,),
        }
        for user in (self.technician, self.back_office, self.manager):
            shown = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            for name, users in menus.items():
                menu = self.env.ref(f"helpdesk_service_contract.{name}")
                with self.subTest(user=user.login, menu=name):
                    self.assertEqual(menu.id in shown, user in users)
