from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged

from ..common import MODULE
from .common import CoverageCommon


@tagged("post_install", "-at_install")
class TestCoverage(CoverageCommon):
    """From a ticket of any kind to what the customer is asked to pay."""

    def test_a_contract_customer(self):
        ticket = self._ticket()
        self.assertEqual(ticket.coverage_code, "contract")
        self.assertEqual(ticket.service_tier_id, self.tier)
        entry = self._log_on(ticket, 180, "2026-10-06")
        self.assertEqual(
            (entry.service_contract_id, entry.charge), (self.contract, "full")
        )
        self.assertEqual(self._net(self.customer), 10 * 290 + 120.0)

    def test_a_customer_without_a_contract_pays_by_the_price_list(self):
        ticket = self._ticket(customer=self.other)
        self.assertEqual(ticket.coverage_code, "ad_hoc")
        self.assertFalse(ticket.ad_hoc_contract_id)
        first = self._log_on(ticket, 65, "2026-10-06")
        account = ticket.ad_hoc_contract_id
        self.assertEqual(first.service_contract_id, account)
        self.assertEqual(account.service_tier_id, self.ad_hoc)
        again = self._ticket("2026-10-20", customer=self.other)
        self._log_on(again, 30, "2026-10-20")
        self.assertEqual(again.ad_hoc_contract_id, account)
        self.assertEqual(self._net(self.other), 240.0 + 120.0)
        # Nothing more is due while nothing more is done.
        due = self._due_contracts("2026-12-31")
        self.assertNotIn(account, due)

    def test_the_dialog_shows_what_the_first_work_costs(self):
        ticket = self._ticket(customer=self.other).with_user(self.technician)
        context = ticket.action_log_work()["context"]
        entries = self.env["account.analytic.line"].with_user(self.technician)
        form = Form(
            entries.with_context(lang="en_US", **context),
            view=f"{MODULE}.work_entry_view_form",
        )
        form.unit_amount = 0.5
        self.assertEqual(form.work_type_id, self.remote)
        self.assertIn("0:30 → 1:00", form.explanation)

    def test_a_ticket_of_another_customer_leaves_the_account(self):
        ticket = self._ticket(customer=self.other)
        entry = self._log_on(ticket, 30, "2026-10-06")
        third = self.env["res.partner"].create({"name": "Właściwy", "is_company": True})
        ticket.with_user(self.back_office).partner_id = third
        self.assertEqual(ticket.ad_hoc_contract_id.partner_id, third)
        self.assertEqual(entry.service_contract_id, ticket.ad_hoc_contract_id)
        self.assertEqual(self._net(third), 120.0)

    def test_an_account_for_the_price_list_is_no_contract(self):
        self._log_on(self._ticket(customer=self.other), 30, "2026-10-06")
        contract = self._create_contract(self.other, start="2026-10-10", code="VIP/9")
        late = self._ticket("2026-10-12", customer=self.other)
        self.assertEqual(late.service_contract_id, contract)
        self.assertEqual(late.coverage_code, "contract")

    def test_a_contract_that_ended_before_the_report_does_not_cover_it(self):
        ticket = self._ticket("2026-10-05")
        self.contract.date_end = "2026-10-04"
        self.assertEqual(ticket.coverage_code, "ad_hoc")
        self.contract.date_end = "2026-10-05"
        self.assertEqual(ticket.coverage_code, "contract")

    def test_warranty_takes_no_hours_and_costs_nothing(self):
        item = self._item(warranty_date="2026-10-05")
        ticket = self._ticket(item_id=item)
        self.assertEqual(ticket.coverage_code, "warranty")
        self.assertEqual(ticket.service_tier_id, self.warranty)
        entry = self._log_on(ticket, 180, "2026-10-06")
        self.assertEqual(entry.charge, "free")
        self.assertIn("Under warranty", entry.with_context(lang="en_US").explanation)
        self.assertEqual(self._net(self.customer), 10 * 290.0)
        self.assertEqual((entry.free_minutes, entry.package_minutes), (180, 0))
        self.assertEqual(entry.decision_id, ticket.coverage_decision_id)

    def test_the_day_after_warranty_the_contract_pays(self):
        item = self._item(warranty_date="2026-10-05")
        self.assertEqual(
            self._ticket("2026-10-06", item_id=item).coverage_code, "contract"
        )

    def test_a_longer_warranty_decides_again(self):
        item = self._item(warranty_date="2026-10-04")
        ticket = self._ticket(item_id=item)
        entry = self._log_on(ticket, 60, "2026-10-06")
        first = ticket.coverage_decision_id
        self.assertEqual(entry.charge, "full")
        item.with_user(self.back_office).warranty_date = "2027-10-04"
        self.assertEqual((ticket.coverage_code, entry.charge), ("warranty", "free"))
        self.assertEqual(first.superseded_by_id, ticket.coverage_decision_id)

    def test_work_that_is_billed_stays_and_somebody_is_asked(self):
        item = self._item(warranty_date="2026-10-04")
        ticket = self._ticket(item_id=item)
        entry = self._log_on(ticket, 60, "2026-10-06")
        self._net(self.customer)
        item.warranty_date = "2027-10-04"
        self.assertEqual(ticket.coverage_code, "warranty")
        self.assertEqual(
            (entry.charge, entry.package_minutes, entry.free_minutes), ("full", 60, 0)
        )
        self.assertIn(
            "Decision changed after work was billed", ticket.activity_ids.summary
        )
        self.assertLedgerIsSound()

    def _complaint(self, **vals):
        earlier = self._ticket("2026-10-01", customer=self.other)
        ticket = self._ticket(customer=self.other, complaint_of_id=earlier, **vals)
        self._log_on(ticket, 80, "2026-10-06", work_type_id=self.on_site.id)
        self._log_on(ticket, 40, "2026-10-06", work_type_id=self.travel.id)
        return ticket

    def test_a_complaint_without_a_verdict_is_on_hold(self):
        ticket = self._complaint()
        self.assertEqual(ticket.coverage_code, "complaint_pending")
        self.assertEqual({*ticket.timesheet_ids.mapped("charge")}, {"hold"})
        with self.assertRefused("nothing to bill"):
            self._net(self.other)
        self._log_on(ticket.complaint_of_id, 30, "2026-10-20")
        self.assertEqual(self._net(self.other), 120.0)
        self.assertFalse(ticket.timesheet_ids.settlement_id)
        waiting = self.env["helpdesk.ticket"].with_user(self.back_office)
        self.assertIn(ticket, waiting.search([("complaint_verdict", "=", "pending")]))
        with freeze_time("2026-11-10 08:00:00"):
            self._judge(ticket, "unjustified")
        self.assertEqual(self._net(self.other, "2026-11-30"), 480.0)

    def test_a_complaint_about_something_else_is_charged_with_the_trip(self):
        ticket = self._complaint()
        self._judge(ticket, "unjustified")
        self.assertEqual(ticket.coverage_code, "complaint_unjustified")
        self.assertEqual(self._net(self.other), 480.0)
        invoice = ticket.timesheet_ids.settlement_id.invoice_id
        self.assertEqual(invoice.amount_total, 590.4)

    def test_a_complaint_about_our_work_is_our_cost(self):
        ticket = self._complaint()
        self.technician.employee_id.hourly_cost = 60.0
        self._log_on(ticket, 60, "2026-10-07", work_type_id=self.on_site.id)
        self._judge(ticket, "justified")
        self.assertEqual(self._net(self.other), 0.0)
        self.assertEqual(len(ticket.timesheet_ids), 3)
        self.assertEqual(ticket.with_user(self.back_office).work_cost, 60.0)
        with self.assertRaises(AccessError):
            ticket.with_user(self.technician).read(["work_cost"])

    def test_who_judges_and_why(self):
        ticket = self._complaint()
        with self.assertRefused("Enter the reason for the verdict", ValidationError):
            self._judge(ticket, "unjustified", reason=" ")
        with self.assertRaises(AccessError):
            ticket.with_user(self.technician).complaint_verdict = "unjustified"
        with self.assertRaises(AccessError):
            ticket.with_user(self.technician).report_verdict = "unjustified"
        for forged in ({"objection": "upheld"}, {"verdict_on": "2020-01-01"}):
            with self.assertRaises(AccessError):
                ticket.with_user(self.technician).write(forged)
        with self.assertRaises(AccessError):
            self._ticket(user=self.technician, report_verdict="unjustified")
        forging = ticket.with_user(self.technician).with_context(
            default_report_verdict="unjustified", default_verdict_reason="Bo tak"
        )
        with self.assertRaises(AccessError):
            forging.copy()
        with self.assertRefused("same customer", ValidationError):
            self._ticket(complaint_of_id=ticket)

    def test_decisions_keep_a_ticket_from_being_deleted(self):
        ticket = self._ticket()
        self._override(ticket, "ad_hoc", "Próba")
        with self.assertRefused("Archive the ticket"):
            ticket.with_user(self.manager).unlink()
        self.assertEqual(len(ticket.coverage_decision_ids), 2)
        spam = self._ticket(partner_id=False)
        spam.with_user(self.manager).unlink()
        self.assertFalse(spam.exists())

    def test_expert_services_are_quoted(self):
        self.tier.scope_ids = [
            Command.create({"category_id": self.expert.id, "treatment": "quote"})
        ]
        ticket = self._ticket(category_id=self.database)
        self.assertEqual(ticket.coverage_code, "quote")
        with self.assertRefused("requires a quote", RedirectWarning):
            self._log_on(ticket, 60, "2026-10-06")
        with self.assertRefused("requires a quote", RedirectWarning):
            ticket.with_user(self.technician).action_log_work()
        self.assertEqual(
            self._ticket(category_id=self.messages).coverage_code, "contract"
        )
        quote = self.env["sale.order"].with_user(self.back_office)
        quote = quote.browse(
            ticket.with_user(self.back_office).action_make_quote()["res_id"]
        )
        self.assertEqual(ticket.coverage_code, "quote")
        quote.action_confirm()
        self.assertEqual(ticket.coverage_code, "quote_accepted")
        entry = self._log_on(ticket, 60, "2026-10-06")
        self.assertEqual(entry.charge, "free")
        # The quote is billed by itself, beside the fee of the contract.
        self.assertEqual(self._net(self.customer), 10 * 290.0)

    def test_a_copy_of_a_quote_is_of_no_ticket(self):
        ticket = self._ticket(customer=self.other).with_user(self.back_office)
        quote = self.env["sale.order"].with_user(self.back_office)
        quote = quote.browse(ticket.action_make_quote()["res_id"])
        quote.copy().action_confirm()
        ticket.invalidate_recordset()
        self.assertEqual((ticket.quote_count, ticket.coverage_code), (1, "ad_hoc"))

    def test_a_quote_that_is_accepted_pays_instead_of_the_contract(self):
        ticket = self._ticket()
        item = self._create_product("Dysk", 300.0, unit="product_uom_unit")
        item.type = "consu"
        work = self._create_product("Modernizacja", 900.0, unit="product_uom_unit")
        for product, code in ((item, "contract"), (work, "quote_accepted")):
            quote = self.env["sale.order"].with_user(self.back_office)
            quote = quote.create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "ticket_id": ticket.id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
            )
            quote.action_confirm()
            self.assertEqual(ticket.coverage_code, code)
        entry = self._log_on(ticket, 60, "2026-10-06")
        self.assertEqual(entry.charge, "free")
        quote.with_user(self.back_office)._action_cancel()
        self.assertEqual((ticket.coverage_code, entry.charge), ("contract", "full"))

    def test_a_manager_lets_work_begin_without_a_quote(self):
        self.ad_hoc.quote_required = True
        ticket = self._ticket(customer=self.other)
        self.assertEqual(ticket.coverage_code, "quote")
        with self.assertRaises(AccessError):
            self._override(ticket, "ad_hoc", "Pilne", user=self.back_office)
        with self.assertRefused("tell us why|Enter (why|the reason)"):
            self._override(ticket, "ad_hoc", "  ")
        old = ticket.coverage_decision_id
        self._override(ticket, "ad_hoc", "Awaria, zgoda telefoniczna")
        self._log_on(ticket, 60, "2026-10-06")
        decision = ticket.coverage_decision_id
        self.assertEqual(
            (decision.overridden, decision.user_id, old.superseded_by_id),
            (True, self.manager, decision),
        )
        # The rules do not decide any more, until the override is withdrawn.
        ticket.with_user(self.back_office).category_id = self.messages
        self.assertEqual(ticket.coverage_decision_id, decision)
        self.assertEqual(self._net(self.other), 120.0)

    def test_a_withdrawn_override(self):
        ticket = self._ticket()
        self._override(ticket, "contract_free", "Gest")
        self.assertEqual(ticket.coverage_code, "contract_free")
        self._override(ticket, "warranty", "Gest")
        self.assertEqual(ticket.service_tier_id, self.warranty)
        self.env["service.coverage.override"].with_user(self.manager).create(
            {"ticket_id": ticket.id}
        ).action_withdraw()
        self.assertEqual(ticket.coverage_code, "contract")
        self.assertEqual(ticket.service_tier_id, self.tier)
        self.assertEqual(len(ticket.coverage_decision_ids), 4)

    def test_a_report_by_the_wrong_channel_is_answered(self):
        self.customer.email = "klient@example.com"
        item = self._item(warranty_date="2027-01-01")
        ticket = self._ticket(item_id=item, channel_id=self.phone)
        self.assertEqual(ticket.coverage_code, "warranty")
        self.assertTrue(ticket.channel_refused)
        ticket.with_user(self.back_office).channel_id = self.email
        self.assertFalse(ticket.channel_refused)
        right = self._ticket(item_id=item, channel_id=self.email)
        self.assertFalse(right.channel_refused)
        self.assertFalse(self.customer & right.message_ids.partner_ids)
        right.with_user(self.back_office).channel_id = self.phone
        answer = right.message_ids.filtered(
            lambda message: self.customer in message.partner_ids
        )
        self.assertIn("E-mail", answer.body)

    def test_the_fifth_unjustified_report_is_charged(self):
        tickets = [self._ticket(f"2026-10-{day:02}") for day in (12, 5, 6, 7, 8)]
        for ticket in tickets:
            self._log_on(ticket, 20, "2026-10-13")
            self._judge(ticket, "unjustified")
        codes = [ticket.coverage_code for ticket in tickets]
        self.assertEqual(codes, ["unjustified_charged"] + ["unjustified_free"] * 4)
        self.assertEqual(self._net(self.customer), 10 * 290 + 120.0)
        entries = self.env["account.analytic.line"].union(
            *(ticket.timesheet_ids for ticket in tickets)
        )
        self.assertEqual(sum(entries.mapped("package_minutes")), 0)
        november = self._ticket("2026-11-02")
        self._judge(november, "unjustified")
        self.assertEqual(november.coverage_code, "unjustified_free")

    def test_another_verdict_moves_the_numbers_of_the_month(self):
        self.tier.free_unjustified = 1
        first, second = self._ticket("2026-10-05"), self._ticket("2026-10-06")
        self._judge(first, "unjustified")
        self._judge(second, "unjustified")
        self.assertEqual(second.coverage_code, "unjustified_charged")
        self._judge(first, "justified")
        self.assertEqual(first.coverage_code, "contract")
        self.assertEqual(second.coverage_code, "unjustified_free")

    def test_places_of_service(self):
        office, branch = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": self.customer.id, "type": "other"}
                for name in ("Biuro", "Oddział")
            ]
        )
        self.contract.place_ids = office
        ticket = self._ticket(place_id=branch)
        self.assertEqual(ticket.coverage_code, "contract")
        self.assertTrue(ticket.off_place)
        visit = self._log_on(ticket, 60, "2026-10-06", work_type_id=self.on_site.id)
        remote = self._log_on(ticket, 60, "2026-10-06")
        self.assertEqual((visit.charge, remote.charge), ("money", "full"))
        self.assertEqual(visit.service_contract_id.service_tier_id, self.ad_hoc)
        self.assertEqual(self._net(self.customer), 10 * 290 + 200.0)

    def test_a_place_of_the_contract(self):
        office = self.env["res.partner"].create(
            {"name": "Biuro", "parent_id": self.customer.id, "type": "other"}
        )
        self.contract.place_ids = office
        ticket = self._ticket(place_id=office)
        visit = self._log_on(ticket, 60, "2026-10-06", work_type_id=self.on_site.id)
        self.assertEqual(visit.charge, "full")
        self.contract.place_ids = self.customer
        self.assertEqual(visit.charge, "money")

    def test_basic_support_lasts_twelve_months(self):
        item = self._item(self.other, licence_bought_on="2025-12-01")
        asks = {
            "customer": self.other,
            "category_id": self.messages,
            "channel_id": self.email,
            "item_id": item,
        }
        last_day = self._ticket("2026-11-30", **asks)
        next_day = self._ticket("2026-12-01", **asks)
        self.assertEqual(last_day.coverage_code, "basic")
        self.assertEqual(next_day.coverage_code, "ad_hoc")
        item.licence_upgraded_on = "2026-12-05"
        self.assertEqual(self._ticket("2026-12-04", **asks).coverage_code, "ad_hoc")
        self.assertEqual(self._ticket("2027-12-04", **asks).coverage_code, "basic")
        self.assertEqual(self._ticket("2027-12-05", **asks).coverage_code, "ad_hoc")

    def test_what_basic_support_leaves_out_leads_to_an_offer(self):
        fee = self._create_product("Nadzór", 400.0, unit="product_uom_unit")
        self.basic.offer_template_id = self.env["contract.template"].create(
            {
                "name": "Stały nadzór",
                "company_id": self.company.id,
                "contract_line_ids": [
                    Command.create(
                        {
                            "product_id": fee.id,
                            "name": "Stały nadzór, stanowisko",
                            "quantity": 1,
                            "specific_price": 400.0,
                            "automatic_price": False,
                        }
                    )
                ],
            }
        )
        item = self._item(
            self.other, licence_bought_on="2026-06-01", workstation_count=3
        )
        ticket = self._ticket(
            customer=self.other, category_id=self.database, item_id=item
        )
        self.assertEqual(ticket.coverage_code, "ad_hoc")
        action = ticket.with_user(self.back_office).action_offer_contract()
        offer = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(offer.amount_untaxed, 1200.0)
        self.assertEqual(offer.partner_id, self.other)
        refused = self._ticket(
            customer=self.other,
            category_id=self.messages,
            channel_id=self.web,
            item_id=item,
        )
        self.assertEqual(refused.coverage_code, "ad_hoc")

    def test_without_an_offered_contract_nothing_is_offered(self):
        ticket = self._ticket(customer=self.other).with_user(self.back_office)
        self.assertFalse(ticket.offer_template_id)
        with self.assertRefused("no contract to offer"):
            ticket.action_offer_contract()
        self.assertFalse(
            self.env["sale.order"].search([("origin", "=", ticket.number)])
        )

    def test_express_costs_from_the_day_somebody_agrees(self):
        ticket = self._ticket(customer=self.other)
        ticket.with_user(self.technician).express_wish = "asked"
        self.assertEqual(ticket.express_percent, 100)
        before = self._log_on(ticket, 60, "2026-10-06")
        with freeze_time("2026-10-07 08:00:00"):
            ticket.with_user(self.technician).write(
                {"express": True, "express_agreed_by": "Anna Nowak, telefonicznie"}
            )
        self._log_on(ticket, 65, "2026-10-07")
        self.assertEqual(before.billed_minutes, 60)
        self.assertEqual(self._net(self.other), 120.0 + 480.0)

    def test_supervised_customers_are_served_first(self):
        self.tier.ticket_priority = "3"
        self.assertEqual(self._ticket().priority, "3")
        self.assertEqual(self._ticket(customer=self.other).priority, "1")

    def test_contracts_for_listed_items_only(self):
        listed = self._item(service_contract_id=self.contract.id)
        other = self._item()
        self.contract.covers_listed_items = True
        self.assertEqual(self._ticket(item_id=listed).coverage_code, "contract")
        self.assertEqual(self._ticket(item_id=other).coverage_code, "ad_hoc")
        self.assertEqual(self._ticket().coverage_code, "ad_hoc")

    def test_nobody_forges_a_decision(self):
        ticket = self._ticket()
        for user in (self.technician, self.back_office, self.manager):
            mine = ticket.with_user(user)
            with self.assertRaises(UserError):
                mine.coverage_code = "warranty"
            with self.assertRaises(AccessError):
                mine.coverage_decision_id.code = "warranty"
            with self.assertRaises(AccessError):
                mine.coverage_decision_id.unlink()
            with self.assertRaises(UserError):
                self._ticket(user=user, coverage_code="warranty")
        entry = self._log_on(ticket, 30, "2026-10-06")
        with self.assertRaises(AccessError):
            entry.with_user(self.technician).charge = "free"

    def test_a_technician_reports_for_a_customer_and_sees_why(self):
        ticket = self._ticket(
            user=self.technician, item_id=self._item(warranty_date="2026-03-31")
        )
        panel = ticket.with_context(lang="en_US").coverage_panel
        self.assertIn("By the contract", panel)
        self.assertRegex(panel, r"(?s)fa-times.*Warranty until 31.03.2026")
        self.assertIn("Hours left", panel)
        self.assertNotIn("Next hour", panel)
        back = ticket.with_user(self.back_office).with_context(lang="en_US")
        back.invalidate_recordset(["coverage_panel"])
        self.assertIn("Next hour", back.coverage_panel)
        free = self._ticket(customer=self.other)
        first = free.with_user(self.back_office).with_context(lang="en_US")
        self.assertRegex(first.coverage_panel, "120[.,]00")
        self._log_on(free, 30, "2026-10-06")
        first.invalidate_recordset(["coverage_panel"])
        self.assertRegex(first.coverage_panel, "120[.,]00")

    def test_the_form_of_a_new_ticket(self):
        item = self._item(warranty_date="2030-01-01")
        form = Form(self.env["helpdesk.ticket"].with_user(self.technician))
        form.name = "Drukarka"
        form.description = "Zacina się"
        self.assertFalse(form.coverage_panel)
        form.partner_id = self.customer
        form.item_id = item
        self.assertEqual(form.service_contract_id, self.contract)
        ticket = form.save()
        self.assertEqual(ticket.coverage_code, "warranty")
        with Form(ticket.with_user(self.technician)) as form:
            self.assertIn("badge", form.coverage_panel)
            form.item_id = self.env["maintenance.equipment"]
        self.assertEqual(ticket.coverage_code, "contract")

    def test_a_company_decides_by_its_own_tiers(self):
        second = self._second_company()
        ticket = (
            self.env["helpdesk.ticket"]
            .with_company(second)
            .create(
                {
                    "name": "Obce",
                    "description": "x",
                    "partner_id": self.customer.id,
                    "company_id": second.id,
                }
            )
        )
        self.assertEqual(ticket.coverage_code, "ad_hoc")
        self.assertFalse(ticket.service_tier_id)
        with self.assertRaises(AccessError):
            ticket.coverage_decision_id.with_user(self.back_office).read(["code"])

    def test_a_price_list_without_the_kind_of_work(self):
        self.ad_hoc.rate_ids.filtered(
            lambda rate: rate.work_type_id == self.remote
        ).unlink()
        ticket = self._ticket()
        self._log_on(ticket, 60, "2026-10-06")
        earlier = self._ticket("2026-10-01")
        with self.assertRefused("has no rate", ValidationError):
            ticket.with_user(self.back_office).complaint_of_id = earlier
            self._judge(ticket, "unjustified")


@tagged("post_install", "-at_install")
class TestObjection(CoverageCommon, HttpCase):
    """The customer disagrees with a verdict, on the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier.free_unjustified = 0
        cls.person, cls.stranger = (
            cls.env["res.users"].create(
                {
                    "login": login,
                    "name": login,
                    "password": login,
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                    "partner_id": cls.env["res.partner"]
                    .create({"name": login, "parent_id": parent.id})
                    .id,
                }
            )
            for login, parent in (("anna.k", cls.customer), ("obcy.k", cls.other))
        )

    def _report(self):
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Zgłoszenie",
                "description": "x",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
            }
        )
        self._judge(ticket, "unjustified", reason="Drukarka nie miała papieru")
        return ticket

    def test_the_customer_objects_and_is_right(self):
        ticket = self._report()
        self.assertEqual(ticket.coverage_code, "unjustified_charged")
        ticket.with_user(self.person)._raise_objection("To był błąd sterownika")
        self.assertEqual(ticket.coverage_code, "unjustified_pending")
        self.assertIn("objects", ticket.activity_ids.summary)
        with self.assertRaises(AccessError):
            ticket.with_user(self.technician).action_uphold_objection()
        ticket.with_user(self.back_office).action_uphold_objection()
        self.assertEqual(ticket.coverage_code, "contract")

    def test_the_customer_objects_and_is_not_right(self):
        ticket = self._report()
        ticket.with_user(self.person)._raise_objection("Nie zgadzam się")
        ticket.with_user(self.back_office).action_dismiss_objection()
        self.assertEqual(ticket.coverage_code, "unjustified_charged")
        with self.assertRefused("no longer a verdict to object"):
            ticket.with_user(self.person)._raise_objection("Nadal się nie zgadzam")

    def test_objections_are_due_in_time_and_with_a_reason(self):
        ticket = self._report()
        with self.assertRefused("tell us why|Enter (why|the reason)"):
            ticket.with_user(self.person)._raise_objection(" ")
        after = self._day(str(ticket.objection_until)).toordinal() + 1
        with freeze_time(self._day(str(ticket.objection_until)).fromordinal(after)):
            with self.assertRefused("The deadline for objections was"):
                ticket.with_user(self.person)._raise_objection("Za późno")

    def test_the_form_of_the_portal(self):
        ticket = self._report()
        self.authenticate("anna.k", "anna.k")
        page = self.url_open(f"/my/ticket/{ticket.id}").text
        self.assertIn("Drukarka nie miała papieru", page)
        self.assertIn(f"/my/ticket/{ticket.id}/object", page)
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        path = f"/my/ticket/{ticket.id}/object"
        refused = self.url_open(path, data={"reason": " ", "csrf_token": token})
        self.assertRegex(refused.text, "Enter|Please|Prosimy napisać")
        self.url_open(path, data={"reason": "Sterownik", "csrf_token": token})
        ticket.invalidate_recordset()
        self.assertEqual(
            (ticket.objection, ticket.objection_reason), ("open", "Sterownik")
        )

    def test_a_stranger_cannot_object(self):
        ticket = self._report()
        ticket.message_subscribe(self.stranger.partner_id.ids)
        self.authenticate("obcy.k", "obcy.k")
        page = self.url_open("/my/tickets").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        answer = self.url_open(
            f"/my/ticket/{ticket.id}/object",
            data={"reason": "Obcy", "csrf_token": token},
        )
        self.assertEqual(answer.status_code, 404)
        ticket.invalidate_recordset()
        self.assertFalse(ticket.objection)
