from ast import literal_eval

from lxml import etree

from odoo.fields import Domain
from odoo.tests import tagged

from ..common import MODULE
from .common import SlaCommon


@tagged("post_install", "-at_install")
class TestDispatch(SlaCommon):
    """Whoever pays, somebody answers in time; and nothing open is out of sight."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls._promise("reaction", 1, "hours", cls.always)
        cls._promise("resolution", 1, "days", cls.always)
        cls.retail = cls._create_tier("Cennik")
        cls.retail.kind = "ad_hoc"
        cls.warranty = cls._create_tier("Gwarancja")
        cls.warranty.kind = "warranty"
        cls.expert = cls.env["helpdesk.ticket.category"].create(
            {"name": "Ekspert", "company_id": cls.company.id}
        )
        cls.tier.scope_ids.create(
            {
                "tier_id": cls.tier.id,
                "category_id": cls.expert.id,
                "treatment": "quote",
            }
        )

    def _under_warranty(self):
        return self.env["maintenance.equipment"].create(
            {
                "name": "Serwer",
                "customer_id": self.customer.id,
                "company_id": self.company.id,
                "warranty_date": "2027-01-01",
            }
        )

    def _dispatched(self, user):
        """The tickets that a person finds in the dispatcher, in its order."""
        action = self.env.ref(f"{MODULE}.sla_dispatch_action")
        view = etree.fromstring(
            self.env.ref(f"{MODULE}.helpdesk_ticket_view_list_dispatch").arch
        )
        tickets = self.env["helpdesk.ticket"].with_user(user)
        return tickets.search(
            Domain(literal_eval(action.domain))
            & Domain("company_id", "=", self.company.id),
            order=view.get("default_order"),
        )

    def test_every_list_of_tickets_begins_with_what_is_to_be_done(self):
        tickets = self.env["helpdesk.ticket"].with_user(self.technician)
        search = etree.fromstring(tickets.get_view(view_type="search")["arch"])
        for kind in ("list", "kanban"):
            arch = etree.fromstring(tickets.get_view(view_type=kind)["arch"])
            self.assertTrue(arch.get("default_order").startswith("service_deadline"))
        for name in ("helpdesk_ticket_action", "helpdesk_my_tickets_action"):
            context = literal_eval(self.env.ref(f"helpdesk_mgmt.{name}").context)
            self.assertTrue(context["search_default_open"])
        self.assertTrue(search.xpath("//filter[@name='open']"))

    def test_a_category_by_quote_is_answered_as_the_contract_promises(self):
        ticket = self._report("2026-10-19 08:00", category_id=self.expert.id)
        self.assertEqual(ticket.coverage_code, "quote")
        self.assertTimer(
            ticket, "reaction", state="running", deadline="2026-10-19 09:00"
        )
        self.assertEqual(self._timer(ticket).tier_id, self.tier)
        self.assertFalse(self._timer(ticket, "resolution"))

    def test_somebody_is_told_in_time_by_the_targets_of_the_contract(self):
        ticket = self._report(
            "2026-10-19 08:00", category_id=self.expert.id, user_id=self.technician.id
        )
        self._escalate("2026-10-19 08:46")
        self.assertEqual(ticket.activity_ids.user_id, self.technician)

    def test_a_complaint_is_answered_as_the_contract_promises(self):
        first = self._report("2026-10-12 08:00")
        complaint = self._report("2026-10-19 08:00", complaint_of_id=first.id)
        self.assertEqual(complaint.service_tier_id, self.retail)
        self.assertTimer(complaint, "reaction", deadline="2026-10-19 09:00")

    def test_of_two_promises_the_one_that_ends_first_counts(self):
        self._promise("reaction", 30, "minutes", self.office, tier=self.warranty)
        item = self._under_warranty()
        day = self._report("2026-10-19 10:00", item_id=item.id)
        self.assertEqual(day.coverage_code, "warranty")
        self.assertTimer(day, "reaction", deadline="2026-10-19 10:30")
        self.assertEqual(self._timer(day).tier_id, self.warranty)
        night = self._report("2026-10-19 20:00", item_id=item.id)
        self.assertTimer(night, "reaction", deadline="2026-10-19 21:00")
        self.assertEqual(self._timer(night).tier_id, self.tier)

    def test_who_has_no_contract_is_promised_nothing(self):
        other = self.env["res.partner"].create({"name": "Bez umowy"})
        ticket = self._report("2026-10-19 08:00", partner_id=other.id)
        self.assertFalse(ticket.sla_timer_ids)

    def test_the_promise_follows_the_tier_of_the_contract(self):
        gold = self._create_tier("Złota")
        self._promise("reaction", 15, "minutes", self.always, tier=gold)
        ticket = self._report("2026-10-19 08:00", category_id=self.expert.id)
        with self._at("2026-10-19 08:05"):
            self.contract.with_user(self.back_office).service_tier_id = gold
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 08:15")

    def test_tickets_without_a_clock_are_at_the_end(self):
        other = self.env["res.partner"].create({"name": "Bez umowy"})
        without = self._report("2026-10-19 06:00", partner_id=other.id)
        later = self._report("2026-10-19 09:00")
        sooner = self._report("2026-10-19 08:00")
        for user in (self.technician, self.back_office):
            self.assertEqual(self._dispatched(user), sooner | later | without)
        found = self.env["helpdesk.ticket"].search(
            [("sla_timer_ids", "not any", [("state", "!=", "void")])]
        )
        self.assertIn(without, found)
        self.assertNotIn(sooner, found)

    def test_a_running_overrun_is_told_and_sorts(self):
        long_ago = self._report("2026-10-19 06:00")
        lately = self._report("2026-10-19 08:00")
        answered = self._report("2026-10-19 03:00")
        with self._at("2026-10-19 06:30"):
            self.env["service.sla.answer"].with_user(self.technician).create(
                {"ticket_id": answered.id, "note": "Telefon"}
            ).action_answer()
        timers = self.env["service.sla.timer"].with_user(self.technician)
        with self._at("2026-10-19 10:00"):
            found = timers.search(
                [("metric", "=", "reaction"), ("company_id", "=", self.company.id)],
                order="overrun_now desc",
            )
            self.assertEqual(found.ticket_id, long_ago | answered | lately)
            self.assertEqual(found.mapped("overrun_now"), [180, 150, 60])
        with self._at("2026-10-19 20:00"):
            found = found.search([("id", "in", found.ids)], order="overrun_now")
            self.assertEqual(found.ticket_id, answered | lately | long_ago)

    def test_the_customer_reads_that_a_promise_is_late(self):
        ticket = self._report("2026-10-19 08:00")

        def words(when):
            with self._at(when):
                self.env.invalidate_all()
                polish = ticket.with_context(lang="pl_PL")
                return polish._promises_for_customer()[0]["words"]

        self.assertEqual(words("2026-10-19 09:00"), "do pon. 19.10, 09:00")
        self.assertIn("po terminie", words("2026-10-19 09:01"))
