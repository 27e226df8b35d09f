from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import ServiceCommon

VIEW = "helpdesk_service_contract.service_setup_view_form"
NUMBER = "61109010140000071219812874"


@tagged("post_install", "-at_install")
class TestSetup(ServiceCommon):
    """A manager sets the company up, step by step, and needs no administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["service.tier"].search([]).active = False

    def opened(self, user=None, company=None):
        """The assistant as its menu opens it."""
        user, company = user or self.manager, company or self.company
        companies = self.env["res.company"].with_user(user).with_company(company)
        action = companies.with_context(lang="en_US").action_open_setup()
        setups = companies.env["service.setup"].with_context(lang="en_US")
        return setups.browse(action["res_id"])

    def at(self, step, **kwargs):
        setup = self.opened(**kwargs)
        setup.step = step
        return setup

    def card(self, setup, key):
        return setup.card_ids.filtered(lambda card: card.key == key)

    def state(self, setup, key):
        setup.invalidate_recordset()
        return next(step for step in setup.steps if step["key"] == key)

    def test_the_first_visit_opens_the_assistant(self):
        companies = self.env["res.company"].with_user(self.manager)
        self.assertEqual(companies.action_open_service()["res_model"], "service.setup")
        again = companies.action_open_service()
        self.assertEqual(again["res_model"], "helpdesk.ticket.team")

    def test_others_go_to_their_dashboard(self):
        for user in (self.technician, self.back_office):
            companies = self.env["res.company"].with_user(user)
            action = companies.action_open_service()
            self.assertEqual(action["res_model"], "helpdesk.ticket.team")
            self.assertEqual(companies.service_setup_card(), [])
            with self.assertRaises(AccessError):
                companies.action_open_setup()

    def test_it_begins_with_what_is_missing_first(self):
        self.assertEqual(self.opened().step, "company")

    def test_left_in_the_middle_it_goes_on_there(self):
        setup = self.at("offers")
        self.card(setup, "vip").action_choose()
        again = self.opened()
        self.assertEqual(again, setup)
        self.assertEqual(again.step, "offers")
        self.assertEqual(again.ready_ids.mapped("key"), ["vip"])

    def test_what_an_invoice_says_of_the_company(self):
        self.company.partner_id.write({"street": False, "vat": False})
        setup = self.at("company")
        self.assertIn("no full address", setup.missing)
        with Form(setup, view=VIEW) as form:
            form.street = "Nowa 3"
            form.vat = "PL7740001454"
            form.bank_account = f" {NUMBER[:2]} {NUMBER[2:]} "
        self.assertRecordValues(
            self.company, [{"street": "Nowa 3", "vat": "PL7740001454"}]
        )
        accounts = self.company.partner_id.bank_ids
        self.assertEqual(accounts.sanitized_acc_number, f"PL{NUMBER}")
        with Form(setup, view=VIEW) as form:
            form.city = "Kraków"
        self.assertEqual(self.company.partner_id.bank_ids, accounts)
        setup.invalidate_recordset()
        self.assertNotIn("bank account", setup.missing or "")

    def test_a_mistyped_account_or_tax_number_is_refused(self):
        setup = self.at("company")
        with self.assertRaisesRegex(UserError, "26 digits"):
            setup.bank_account = NUMBER[:-1] + "5"
        with self.assertRaises(ValidationError):
            setup.vat = "PL1234567890"

    def test_chosen_offers_are_made_at_the_prices_of_the_table(self):
        setup = self.at("offers")
        self.assertFalse(self.state(setup, "offers")["done"])
        self.card(setup, "vip").action_choose()
        setup.action_next()
        self.assertEqual(setup.step, "prices")
        self.assertIn("a tier with 5 rates", setup.preview)
        with Form(setup, view=VIEW) as form:
            with form.price_ids.edit(0) as row:
                row.price = 350
        self.card(setup, "ad_hoc").action_choose()
        fees = setup.price_ids.filtered(lambda row: row.ready_id.key == "vip")
        self.assertEqual(fees[0].price, 350)
        setup.action_next()
        self.assertEqual(setup.step, "people")
        self.assertTrue(self.card(setup, "vip").is_made)
        self.assertTrue(self.card(setup, "ad_hoc").is_made)
        self.assertEqual(self.card(setup, "vip").template_id.offer_fee, 350)
        self.assertTrue(self.state(setup, "offers")["done"])

    def test_nothing_is_made_twice_and_all_is_taken_back(self):
        setup = self.at("offers")
        vip = self.card(setup, "vip")
        vip.action_choose()
        setup.step = "prices"
        setup.action_next()
        made = vip.tier_id
        setup.step = "prices"
        self.assertFalse(setup.price_ids)
        setup.action_next()
        self.assertEqual(vip.tier_id, made)
        vip.action_undo()
        self.assertFalse(made.exists())
        setup.step = "prices"
        self.assertEqual(len(setup.price_ids), 3)

    def test_what_is_chosen_may_be_let_go(self):
        setup = self.at("offers")
        vip = self.card(setup, "vip")
        vip.action_choose()
        self.assertTrue(vip.is_chosen)
        vip.action_choose()
        self.assertFalse(setup.ready_ids)

    def test_a_product_without_tax_is_said_at_the_prices(self):
        setup = self.at("offers")
        self.card(setup, "vip").action_choose()
        setup.step = "prices"
        setup.action_next()
        product = self.card(setup, "vip").product_ids[0]
        product.sudo().taxes_id = False
        self.assertIn(product.name, "".join(self.state(setup, "prices")["missing"]))

    def test_people_who_serve_can_log_work(self):
        new = self._create_user("nowy", "group_technician")
        new.employee_id.unlink()
        setup = self.at("people")
        self.assertIn("Nowy", setup.missing)
        setup.action_create_employees()
        self.assertEqual(new.with_company(self.company).employee_id.name, "Nowy")
        with Form(setup, view=VIEW) as form:
            form.team_user_ids = self.company._only_technicians()
        self.assertTrue(self.state(setup, "people")["done"])

    def test_an_address_for_reports(self):
        setup = self.at("mailbox")
        self.assertIn("no e-mail address", setup.missing)
        domain = self.env["mail.alias.domain"].create({"name": "serwis.example"})
        self.company.alias_domain_id = domain
        with Form(setup, view=VIEW) as form:
            form.alias_name = "zgloszenia"
        team = self.company.service_team_id
        self.assertEqual(team.alias_email, "zgloszenia@serwis.example")
        self.assertTrue(self.state(setup, "mailbox")["done"])

    def test_terms_are_drafted_once(self):
        setup = self.at("offers")
        self.card(setup, "ad_hoc").action_choose()
        setup.step = "prices"
        setup.action_next()
        setup.step = "terms"
        setup.action_draft_terms()
        setup.action_draft_terms()
        terms = self.company._terms().sorted("kind")
        self.assertEqual(terms.mapped("kind"), ["price_list", "regulations"])
        price_list, regulations = terms.version_ids
        self.assertIn("<td>", price_list.text)
        self.assertIn(self.company.name, regulations.text)
        self.assertIn("is a draft", setup.missing)
        terms.version_ids.with_user(self.manager).action_publish()
        self.assertTrue(self.state(setup, "terms")["done"])

    def test_a_step_may_be_done_without(self):
        setup = self.at("mailbox")
        setup.action_skip()
        self.assertEqual(setup.step, "terms")
        self.assertTrue(self.state(setup, "mailbox")["done"])
        rows = self.env["service.missing"].with_user(self.manager)
        rows.action_open_missing()
        self.assertNotIn("mailbox", rows.search([]).mapped("topic"))
        setup.step = "mailbox"
        setup.action_unskip()
        self.assertFalse(self.state(setup, "mailbox")["done"])
        self.company.service_setup_skipped = "company"
        self.assertFalse(self.state(setup, "company")["skipped"])

    def test_the_card_stays_until_all_is_done(self):
        companies = self.env["res.company"].with_user(self.manager)
        steps = companies.service_setup_card()
        self.assertEqual(len(steps), 8)
        self.assertFalse(all(step["done"] for step in steps))

    def test_each_company_has_its_own(self):
        other = self._second_company()
        both = self._create_user("oba", "group_manager")
        both.company_ids |= other
        ours = self.opened(both)
        theirs = self.opened(both, other)
        self.assertNotEqual(ours, theirs)
        self.assertEqual(theirs.company_id, other)
        self.assertEqual(theirs.card_ids.company_id, other)
        self.assertFalse(ours.card_ids & theirs.card_ids)

    def test_an_assistant_is_its_users_own(self):
        setup = self.opened()
        colleague = self._create_user("drugi", "group_manager")
        with self.assertRaises(AccessError):
            setup.with_user(colleague).read(["step"])
        other = self._second_company()
        with self.assertRaises(AccessError):
            self.env["service.setup"].with_user(self.manager).create(
                {"company_id": other.id}
            ).read(["street"])

    def test_the_trial_leads_to_a_ticket_and_a_contract(self):
        setup = self.at("trial")
        context = setup.action_try_ticket()["context"]
        self.assertEqual(context["default_partner_id"], self.company.partner_id.id)
        setup.step = "offers"
        self.card(setup, "vip").action_choose()
        setup.step = "prices"
        setup.action_next()
        self.env["contract.template"].search(
            [("id", "!=", self.card(setup, "vip").template_id.id)]
        ).unlink()
        context = setup.action_first_contract()["context"]
        self.assertEqual(
            context["default_contract_template_id"],
            self.card(setup, "vip").template_id.id,
        )
