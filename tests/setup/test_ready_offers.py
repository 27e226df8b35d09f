from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ...data.offers import OFFERS
from ...tools.moments import aware, naive_minute
from ...tools.offers import problems
from ...tools.working_time import minute_of
from ..common import ServiceCommon
from ..sla.common import utc, warsaw

FORM = "contract.contract_contract_customer_form_view"


@tagged("post_install", "-at_install")
class TestReadyOffers(ServiceCommon):
    """A manager makes ready-made offers, and what they promise holds at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._second_company()
        cls.people = {
            cls.company: (cls.manager, cls.back_office, cls.technician),
            cls.other: tuple(
                cls._create_user(f"{name}2", f"group_{name}", company=cls.other)
                for name in ("manager", "back_office", "technician")
            ),
        }
        for user in cls.people[cls.other]:
            user.company_ids |= cls.company
        # Both companies begin without a tier of their own.
        cls.env["service.tier"].search([]).active = False
        for company in cls.people:
            company._load_public_holidays([2026])
        cls.made = {
            company: cls._make(OFFERS, manager)
            for company, (manager, _office, _technician) in cls.people.items()
        }

    @classmethod
    def _make(cls, keys, manager, **prices):
        """Make offers as the screen does it; the cards by key."""
        env = cls.env["base"].with_user(manager).with_company(manager.company_id).env
        cards = env["service.ready.offer"]
        cards.action_open_ready_offers()
        own = cards.search([("company_id", "=", manager.company_id.id)])
        chosen = own.filtered(lambda card: card.key in keys)
        setup = env["service.offer.setup"].with_context(
            **chosen.action_set_up()["context"]
        )
        setup = Form(setup)
        for number, line in enumerate(setup.price_ids._records):
            if line["key"] in prices:
                with setup.price_ids.edit(number) as row:
                    row.price = prices[line["key"]]
        setup.save().action_make()
        return {card.key: card for card in own}

    def contract(self, card, start="2026-10-01", quantity=None):
        """A contract from customer and offer, by the form of back office."""
        company = card.sudo().company_id
        _manager, office, _technician = self.people[company]
        contracts = self.env["contract.contract"].with_user(office)
        contracts = contracts.with_company(company).with_context(
            service_contract=True, default_contract_type="sale"
        )
        with Form(contracts, view=FORM) as form:
            form.partner_id = self.customer
            form.contract_template_id = card.template_id
            form.date_start = start
            if quantity:
                with form.contract_line_fixed_ids.edit(0) as line:
                    line.quantity = quantity
        form.record.action_put_in_force()
        return form.record.with_env(self.env).with_company(company)

    def work(self, company, day, minutes, **vals):
        """A ticket of that day, and work on it in the evening."""
        _manager, _office, technician = self.people[company]
        ticket = self._create_ticket(day=day, company_id=company.id, **vals)
        entries = self.env["account.analytic.line"].with_user(technician)
        with freeze_time(f"{day} 21:00:00"):
            entries.with_company(company).create(
                {
                    "ticket_id": ticket.id,
                    "date": day,
                    "unit_amount": minutes / 60,
                    "name": "Praca",
                }
            )

    def bill(self, contract, until):
        _manager, office, _technician = self.people[contract.company_id]
        return self._bill(contract, until, office)

    def deadline(self, card, reported, metric, priority="1"):
        """Until when the offer promises it for a report at that time in Warsaw."""
        tier, came = card.tier_id.sudo(), utc(reported)
        target = tier._promised(priority, came, express=False)[metric]
        calendar = self.env["resource.calendar"].browse(target.calendar_id)
        hours = calendar._working_time(tier.company_id)
        last = hours.add(minute_of(aware(came)), target.minutes)
        return warsaw(naive_minute(last))

    def test_the_files_fit_together(self):
        for key, offer in OFFERS.items():
            with self.subTest(key):
                self.assertEqual(offer.key, key)
                self.assertEqual(list(problems(offer, frozenset(OFFERS))), [])

    def test_all_are_made_in_two_companies_and_share_nothing(self):
        ours, theirs = self.made.values()
        for key in OFFERS:
            for name in ("tier_id", "template_id", "product_ids"):
                with self.subTest(offer=key, field=name):
                    self.assertFalse(ours[key].sudo()[name] & theirs[key].sudo()[name])
            self.assertTrue(ours[key].is_made)
            self.assertEqual(
                bool(ours[key].template_id), OFFERS[key].kind == "contract"
            )

    def test_promised_times(self):
        cases = [
            ("warranty", "2026-11-06 15:00", "reaction", "2026-11-09 15:00"),
            ("warranty", "2026-11-06 15:00", "resolution", "2026-11-16 15:00"),
            ("vip", "2026-11-07 22:30", "reaction", "2026-11-07 23:30"),
            ("vip", "2026-11-07 22:30", "resolution", "2026-11-09 22:30"),
            ("after_warranty", "2026-11-10 12:00", "reaction", "2026-11-12 12:00"),
            ("after_warranty", "2026-11-10 12:00", "resolution", "2026-12-01 12:00"),
            ("flat_fee", "2026-10-16 15:00", "reaction", "2026-10-19 11:00"),
            ("basic_support", "2026-11-10 14:00", "reaction", "2026-11-12 10:00"),
            ("saturday_duty", "2026-11-13 15:00", "reaction", "2026-11-14 12:00"),
        ]
        for company, cards in self.made.items():
            with self.subTest(company=company.name):
                for key, reported, metric, last in cases:
                    with self.subTest(company=company.name, offer=key, metric=metric):
                        found = self.deadline(cards[key], reported, metric)
                        self.assertEqual(found, last)
                night = self.deadline(
                    cards["flat_fee"], "2026-10-17 03:00", "reaction", priority="3"
                )
                self.assertEqual(night, "2026-10-17 07:00")

    def test_vip_in_october(self):
        for company, cards in self.made.items():
            with self.subTest(company=company.name):
                contract = self.contract(cards["vip"])
                self.work(company, "2026-10-04", 50)
                self.work(company, "2026-10-12", 80)
                invoice = self.bill(contract, "2026-10-31")
                self.assertEqual(
                    (invoice.amount_untaxed, invoice.amount_tax, invoice.amount_total),
                    (410, 94.3, 504.3),
                )

    def test_flat_fee_in_october(self):
        for company, cards in self.made.items():
            with self.subTest(company=company.name):
                contract = self.contract(cards["flat_fee"])
                self.work(company, "2026-10-05", 320)
                self.work(company, "2026-10-06", 310)
                invoice = self.bill(contract, "2026-10-31")
                self.assertEqual(
                    (invoice.amount_untaxed, invoice.amount_total), (1080, 1328.4)
                )

    def test_supervision_of_three_workstations(self):
        for company, cards in self.made.items():
            with self.subTest(company=company.name):
                contract = self.contract(cards["supervision"], "2026-01-01", 3)
                self.bill(contract, "2026-01-31")
                invoices = self.env["account.move"].search(
                    [("service_contract_id", "=", contract.id)]
                )
                self.assertEqual(invoices.mapped("amount_untaxed"), [1200])
                allowances = contract.package_ids.filtered(
                    lambda package: package.kind == "allowance"
                )
                self.assertEqual(set(allowances.mapped("granted_minutes")), {480})

    def test_express_after_warranty(self):
        for company, cards in self.made.items():
            with self.subTest(company=company.name):
                contract = self.contract(cards["after_warranty"])
                self.assertFalse(contract.by_work_alone)
                agreed = {"express": True, "express_agreed_by": "Jan, telefon"}
                self.work(company, "2026-10-05", 65, **agreed)
                invoice = self.bill(contract, "2026-10-31")
                self.assertEqual(
                    (invoice.amount_untaxed, invoice.amount_total), (480, 590.4)
                )

    def test_a_quarterly_pool(self):
        for company, cards in self.made.items():
            with self.subTest(company=company.name):
                contract = self.contract(cards["quarterly_pool"], "2026-07-01")
                for day, hours in (("07-06", 14), ("08-05", 9), ("09-07", 12)):
                    self.work(company, f"2026-{day}", hours * 60)
                total = sum(
                    self.bill(contract, until).amount_untaxed
                    for until in ("2026-07-31", "2026-08-31", "2026-09-30")
                )
                self.assertEqual(total, 3 * 1000 + 5 * 110)

    def test_remote_help_of_35_minutes(self):
        self.made[self.company]["ad_hoc"].tier_id.active = False
        remote = self.made[self.company]["remote_help"].tier_id.sudo()
        rate = remote.rate_ids.filtered(lambda rate: rate.work_type_id == self.remote)
        self.assertEqual(rate.product_id.list_price, 180)
        self.assertEqual(rate._rules().rounding.up(35), 60)

    def test_packages_of_the_offer(self):
        cards = self.made[self.company]
        contract = self.contract(cards["hour_packages"])
        sale = self.env["service.package.sale"].with_user(self.back_office)
        with Form(sale.with_context(default_contract_id=contract.id)) as form:
            form.offered_id = contract.offered_package_ids[1]
            form.date_from = "2026-10-01"
        self.assertEqual(form.record.amount, 2000)
        self.assertEqual(str(form.record.date_to), "2027-03-31")

    def test_prices_are_the_users(self):
        card = self.made[self.company]["vip"]
        card.action_undo()
        self._make(["vip"], self.manager, fee=350, hour=150)
        prices = card.product_ids.mapped("list_price")
        self.assertEqual(sorted(prices), [80, 150, 350])
        self.assertEqual(card.template_id.offer_fee, 350)

    def test_nothing_is_made_twice(self):
        tiers = self.env["service.tier"].search_count([])
        self._make(OFFERS, self.manager)
        self.made[self.company]["vip"]._make({})
        self.assertEqual(self.env["service.tier"].search_count([]), tiers)

    def test_what_nothing_uses_is_taken_back(self):
        for key, card in self.made[self.company].items():
            with self.subTest(key):
                parts = [card.tier_id, card.template_id, card.product_ids]
                card.action_undo()
                self.assertFalse(card.is_made)
                for part in parts:
                    self.assertFalse(part.exists())

    def test_what_a_contract_uses_stays(self):
        card = self.made[self.company]["vip"]
        self.contract(card)
        with self.assertRefused("uses “VIP”"):
            card.with_context(lang="en_US").action_undo()

    def test_basic_support_leads_to_supervision(self):
        for company, cards in self.made.items():
            with self.subTest(company=company.name):
                self.assertEqual(
                    cards["basic_support"].tier_id.offer_template_id,
                    cards["supervision"].template_id,
                )

    def test_a_company_without_a_sales_tax_is_told_so(self):
        bare = self.env["res.company"].create({"name": "Bez planu kont"})
        manager = self._create_user("kierownik3", "group_manager", company=bare)
        manager.company_ids |= self.company
        cards = self.env["service.ready.offer"].with_user(manager).with_company(bare)
        cards.action_open_ready_offers()
        chosen = cards.search([("key", "=", "vip"), ("company_id", "=", bare.id)])
        setups = chosen.env["service.offer.setup"]
        setup = setups.create({"ready_ids": [Command.set(chosen.ids)]})
        self.assertIn("Bez planu kont", setup.problem)
        with self.assertRefused("Bez planu kont"):
            setup.action_make()

    def test_cards_say_what_is_promised_and_what_it_costs(self):
        card = self.made[self.company]["vip"].with_context(lang="pl_PL")
        self.assertIn("2 godziny w miesiącu", card.says)
        self.assertIn("290,00", card.prices)

    def test_only_a_manager_makes_offers(self):
        for user in (self.technician, self.back_office, self.accountant):
            cards = self.env["service.ready.offer"].with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                cards.action_open_ready_offers()
