from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import ServiceCommon

VIEW = "contract.contract_contract_customer_form_view"


@tagged("post_install", "-at_install")
class TestOffer(ServiceCommon):
    """A new contract is the customer and the offer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer = (
            cls.env["contract.template"]
            .with_user(cls.manager)
            .create(
                {
                    "name": "VIP",
                    "company_id": cls.company.id,
                    "service_tier_id": cls.tier.id,
                    "allowance_minutes": 120,
                    "rollover_minutes": 30,
                    "low_balance_percent": 10,
                    "notify_customer": True,
                    "sla_report_with_statement": True,
                    "recurring_rule_type": "monthlylastday",
                    "recurring_invoicing_type": "post-paid",
                    "offer_text": "<p>Dwie godziny w miesiącu</p>",
                    "contract_line_ids": [
                        Command.create(
                            {
                                "product_id": cls.fee.id,
                                "name": "Abonament VIP",
                                "specific_price": 290,
                            }
                        )
                    ],
                    "offered_package_ids": [
                        Command.create(
                            {"minutes": 1200, "months": 6, "product_id": cls.hour.id}
                        )
                    ],
                }
            )
        )

    def new_contract(self, **context):
        contracts = self.env["contract.contract"].with_user(self.back_office)
        context = {"service_contract": True, "default_contract_type": "sale"} | context
        return Form(contracts.with_context(**context), view=VIEW)

    def test_customer_and_offer_are_all_it_takes(self):
        with self.new_contract() as form:
            form.partner_id = self.customer
            form.contract_template_id = self.offer
            form.date_start = "2026-10-01"
        contract = form.record
        self.assertEqual(contract.name, f"VIP – {self.customer.name}")
        self.assertRecordValues(
            contract,
            [
                {
                    "service_tier_id": self.tier.id,
                    "allowance_minutes": 120,
                    "rollover_minutes": 30,
                    "low_balance_percent": 10,
                    "notify_customer": True,
                    "sla_report_with_statement": True,
                    "recurring_rule_type": "monthlylastday",
                    "recurring_invoicing_type": "post-paid",
                    "offer_text": "<p>Dwie godziny w miesiącu</p>",
                    "line_recurrence": False,
                }
            ],
        )
        self.assertRecordValues(
            contract.contract_line_ids,
            [
                {
                    "name": "Abonament VIP",
                    "price_unit": 290,
                    "date_start": self._day("2026-10-01"),
                    "recurring_rule_type": "monthlylastday",
                }
            ],
        )

    def test_it_is_billed_as_the_offer_says(self):
        with self.new_contract() as form:
            form.contract_template_id = self.offer
            form.partner_id = self.customer
            form.date_start = "2026-10-01"
        form.record.action_put_in_force()
        invoice = self._bill(form.record, "2026-10-31")
        self.assertEqual(invoice.amount_untaxed, 290)

    def test_what_the_offer_fills_can_be_changed(self):
        with self.new_contract() as form:
            form.partner_id = self.customer
            form.contract_template_id = self.offer
            form.allowance_minutes = 180
            with form.contract_line_fixed_ids.edit(0) as line:
                line.price_unit = 350
        contract = form.record
        self.assertEqual(contract.allowance_minutes, 180)
        self.assertEqual(contract.contract_line_ids.price_unit, 350)
        self.assertEqual(self.offer.allowance_minutes, 120)

    def test_another_offer_replaces_what_the_first_filled(self):
        other = self.offer.copy({"name": "VIP Plus", "allowance_minutes": 240})
        other.contract_line_ids.specific_price = 500
        with self.new_contract() as form:
            form.partner_id = self.customer
            form.contract_template_id = self.offer
            form.contract_template_id = other
        contract = form.record
        self.assertEqual(contract.allowance_minutes, 240)
        self.assertEqual(contract.contract_line_ids.mapped("price_unit"), [500])

    def test_the_button_of_an_offer_leads_to_its_contract(self):
        action = self.offer.with_user(self.back_office).action_new_contract()
        with self.new_contract(**action["context"]) as form:
            form.partner_id = self.customer
        self.assertEqual(form.record.allowance_minutes, 120)
        self.assertEqual(len(form.record.contract_line_ids), 1)

    def test_a_template_without_a_tier_does_no_harm(self):
        plain = self.env["contract.template"].create(
            {
                "name": "Zwykły",
                "company_id": self.company.id,
                "line_recurrence": True,
                "contract_line_ids": [
                    Command.create({"product_id": self.fee.id, "name": "Opłata"})
                ],
            }
        )
        with self.new_contract() as form:
            form.name = "Zwykła"
            form.partner_id = self.customer
            form.service_tier_id = self.tier
            form.contract_template_id = plain
        self.assertFalse(form.record.line_recurrence)
        self.assertEqual(form.record.service_tier_id, self.tier)

    def test_an_offer_keeps_to_services_with_a_tax(self):
        self.fee.taxes_id = False
        with self.assertRefused("no sales tax"):
            self.offer.contract_line_ids.copy({"contract_id": self.offer.id})

    def test_back_office_offers_and_changes_no_offer(self):
        for vals in ({"name": "Tanio"}, {"allowance_minutes": 0}):
            with self.assertRaises(AccessError):
                self.offer.with_user(self.back_office).write(vals)
        with self.assertRaises(AccessError):
            self.offer.offered_package_ids.with_user(self.back_office).unlink()
        self.assertFalse(self.offer.with_user(self.technician).has_access("read"))

    def test_packages_of_the_offer_are_sold_with_a_click(self):
        contract = self._create_contract(contract_template_id=self.offer.id)
        sale = self.env["service.package.sale"].with_user(self.back_office)
        with Form(sale.with_context(default_contract_id=contract.id)) as form:
            form.offered_id = self.offer.offered_package_ids
            form.date_from = "2026-10-01"
        self.assertRecordValues(
            form.record, [{"minutes": 1200, "months": 6, "product_id": self.hour.id}]
        )

    def test_a_contract_for_work_alone_is_said_so(self):
        with self.new_contract() as form:
            form.name = "Bez opłaty"
            form.partner_id = self.customer
            form.service_tier_id = self.tier
            self.assertTrue(form.by_work_alone)
            form.allowance_minutes = 60
            self.assertFalse(form.by_work_alone)

    def test_a_contract_under_which_nothing_is_paid_is_refused(self):
        self.hour.list_price = 0
        terms = {"contract_line_ids": False, "allowance_minutes": 0}
        with self.assertRefused("Nothing is paid"):
            self._create_contract(**terms)
        self.hour.list_price = 120
        self.assertTrue(self._create_contract(**terms).by_work_alone)
