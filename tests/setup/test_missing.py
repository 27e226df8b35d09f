from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ServiceCommon


@tagged("post_install", "-at_install")
class TestMissing(ServiceCommon):
    """What would fail later is said to the manager now."""

    def missing(self):
        rows = self.env["service.missing"].with_user(self.manager)
        rows = rows.with_context(lang="en_US")
        rows.action_open_missing()
        return rows.search([])

    def assertMissing(self, sentence, record=None):
        found = self.missing().filtered(lambda row: sentence in row.sentence)
        self.assertEqual(len(found), 1, sentence)
        if record:
            self.assertEqual(found.record_model, record._name)
            self.assertEqual(found.record_id, record.id)
            self.assertEqual(found.action_open()["res_id"], record.id)
        return found

    def assertStep(self, sentence, step):
        """It is put right in the set-up."""
        action = self.assertMissing(sentence).action_open()
        self.assertEqual(action["res_model"], "service.setup")
        setup = self.env["service.setup"].browse(action["res_id"])
        self.assertEqual(setup.step, step)

    def assertNotMissing(self, sentence):
        self.assertNotIn(sentence, "\n".join(self.missing().mapped("sentence")))

    def test_a_product_without_tax(self):
        self.assertNotMissing("no sales tax")
        self.hour.taxes_id = False
        self.assertMissing("no sales tax", self.hour)

    def test_a_fee_of_an_offer_without_tax(self):
        self.env["contract.template"].create(
            {
                "name": "VIP",
                "company_id": self.company.id,
                "service_tier_id": self.tier.id,
                "contract_line_ids": [
                    Command.create({"product_id": self.fee.id, "name": "Abonament"})
                ],
            }
        )
        self.fee.taxes_id = False
        self.assertMissing("no sales tax", self.fee)

    def test_a_tier_without_rates(self):
        tier = self.env["service.tier"].create(
            {"name": "Pusty", "company_id": self.company.id}
        )
        self.assertMissing("“Pusty” has no rates", tier)

    def test_what_an_invoice_needs_of_the_company(self):
        self.assertStep("no bank account", "company")
        self.env["res.partner.bank"].create(
            {
                "acc_number": "PL61109010140000071219812874",
                "partner_id": self.company.partner_id.id,
            }
        )
        self.assertNotMissing("no bank account")
        self.company.street = False
        self.assertStep("no full address", "company")

    def test_offers_holidays_and_terms(self):
        leaves = self.env["resource.calendar.leaves"]
        leaves.search([("company_id", "=", self.company.id)]).unlink()
        self.assertStep("No public holidays", "hours")
        self.assertMissing("no offers yet")
        self.assertMissing("no terms and no price list")
        self.company._load_public_holidays([self.company._service_day().year])
        self.env["service.terms"].create(
            {"name": "Regulamin", "company_id": self.company.id}
        )
        self.assertNotMissing("No public holidays")
        self.assertNotMissing("no terms and no price list")

    def test_it_is_for_managers(self):
        for user in (self.technician, self.back_office, self.accountant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["service.missing"].with_user(user).action_open_missing()
