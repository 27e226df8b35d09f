from freezegun import freeze_time

from odoo.tests import tagged

from ..common import ServiceCommon
from ..remote.common import RemoteCommon


class MergeCommon(ServiceCommon):
    def merge(self, target, *sources, user=None):
        """Merge contacts as the wizard does; Odoo asks for one e-mail of them all."""
        partners = target.union(*sources)
        partners.email = "wspolny@klient.example"
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(user or self.back_office)
            .with_context(active_model="res.partner", active_ids=partners.ids)
            .create({"partner_ids": partners.ids, "dst_partner_id": target.id})
        )
        wizard.action_merge()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestMerge(MergeCommon, RemoteCommon):
    """Merging contacts writes nothing over that is kept of them."""

    def test_hours_stay_with_their_customer(self):
        contract = self._create_contract()
        ticket = self._create_ticket(day="2026-10-04")
        self._log_on(ticket, 180, "2026-10-04")
        with freeze_time("2026-11-04 08:00:00"):
            self._bill(contract, "2026-10-31")
        other = self.env["res.partner"].create({"name": "Dublet", "is_company": True})
        for user in (self.back_office, self.manager, self.env.user):
            with (
                self.subTest(user=user.login),
                self.assertRefused("settled or granted"),
            ):
                self.merge(other, self.customer, user=user)
        # The other way round nothing of theirs changes.
        self.merge(self.customer, other)
        self.assertFalse(other.exists())
        self.assertLedgerIsSound()

    def test_evidence_stays_with_its_person(self):
        acceptance = self._accept("2026-10-05 08:00:00", self.regulations.version_ids)
        colleague = self.env["res.partner"].create(
            {"name": "Jan Nowak", "parent_id": self.customer.id}
        )
        for user in (self.back_office, self.manager, self.env.user):
            with self.subTest(user=user.login), self.assertRefused("kept as evidence"):
                self.merge(colleague, self.person, user=user)
        self.merge(self.person, colleague)
        self.assertEqual(acceptance.person_id, self.person)

    def test_evidence_changes_its_customer_by_no_merge(self):
        """The contact that stays may get the company of the one that goes."""
        loner = self.env["res.partner"].create({"name": "Ewa Lis"})
        self._accept("2026-10-05 08:00:00", self.regulations.version_ids, person=loner)
        double = self.env["res.partner"].create(
            {"name": "Ewa Lis", "parent_id": self.customer.id}
        )
        with self.assertRefused("kept as evidence"):
            self.merge(loner, double)

    def test_open_tickets_of_merged_customers_are_decided_again(self):
        contract = self._create_contract()
        unknown = self.env["res.partner"].create({"name": "Ktoś"})
        with freeze_time("2026-10-05 08:00:00"):
            ticket = self._create_ticket(day="2026-10-05", partner_id=unknown.id)
            entry = self._log(ticket, 60, "2026-10-05")
            self.assertEqual(ticket.coverage_code, "ad_hoc")
            self.merge(self.person, unknown)
        self.assertEqual(ticket.partner_id, self.person)
        self.assertEqual(ticket.commercial_partner_id, self.customer)
        self.assertEqual(ticket.coverage_code, "contract")
        self.assertEqual(ticket.service_contract_id, contract)
        self.assertEqual(entry.service_contract_id, contract)
        self.assertEqual(entry.customer_id, self.customer)
