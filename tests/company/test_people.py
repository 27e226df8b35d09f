from odoo.fields import Command
from odoo.tests import tagged

from ...tools.groups import ACCOUNTANT, BACK_OFFICE, GATEWAY, TECHNICIAN
from ..common import ServiceCommon


@tagged("post_install", "-at_install")
class TestResponsible(ServiceCommon):
    """A task is for somebody who is there and can do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")
        cls.admin.company_ids = [Command.link(cls.company.id)]
        cls.other_office = cls._create_user("drugie", "group_back_office")
        cls.nobody = cls.env["res.users"]

    def assertAsked(self, expected, group, *candidates):
        asking = self.company.with_user(self.technician)
        self.assertEqual(asking._responsible(group, *candidates), expected)

    def test_the_first_who_can_do_it(self):
        self.assertAsked(
            self.manager, BACK_OFFICE, self.nobody, self.manager, self.other_office
        )
        self.assertAsked(
            self.other_office, BACK_OFFICE, self.technician, self.other_office
        )
        self.assertAsked(self.colleague, TECHNICIAN, self.colleague, self.back_office)
        self.assertAsked(self.accountant, ACCOUNTANT, self.back_office)

    def test_who_cannot_do_it_any_more_is_passed_over(self):
        elsewhere = self._create_service_company("Serwis Drugi sp. z o.o.")
        portal = self.env["res.users"].create(
            {
                "name": "Klient",
                "login": "klient.zadan",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        left, moved = self.other_office, self.manager
        left.active = False
        moved.write(
            {
                "company_id": elsewhere.id,
                "company_ids": [Command.set(elsewhere.ids)],
            }
        )
        self.assertAsked(
            self.back_office, BACK_OFFICE, left, moved, portal, self.technician
        )
        # Whoever searches among archived people as well.
        company = self.company.with_context(active_test=False)
        self.assertEqual(company._responsible(BACK_OFFICE, left), self.back_office)

    def test_the_administrator_is_asked_last(self):
        self.assertLess(self.admin.id, self.back_office.id)
        self.assertAsked(self.back_office, BACK_OFFICE)
        self.assertAsked(self.admin, BACK_OFFICE, self.admin)
        office = self.company._staff(BACK_OFFICE)
        (office - self.admin).active = False
        self.assertAsked(self.admin, BACK_OFFICE)
        self.assertAsked(self.accountant, ACCOUNTANT)

    def test_back_office_is_asked_where_nobody_else_is_there(self):
        self.assertFalse(self.company._staff(GATEWAY))
        self.assertAsked(self.back_office, GATEWAY, self.accountant)
        self.assertFalse(self.company._able(GATEWAY, self.back_office))
