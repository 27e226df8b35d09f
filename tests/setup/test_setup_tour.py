from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import MODULE, ServiceCommon


@tagged("post_install", "-at_install")
class TestSetupTour(ServiceCommon, HttpCase):
    """A manager comes to an empty company, and bills the first customer in minutes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bare = cls.env["res.company"].create(
            {
                "name": "Nowy Serwis",
                "country_id": cls.env.ref("base.pl").id,
                "currency_id": cls.env.ref("base.PLN").id,
            }
        )
        cls.bare.partner_id.lang = "pl_PL"
        chart = cls.env["account.chart.template"]
        chart.try_loading("pl", cls.bare, install_demo=False)
        cls.newcomer = new_test_user(
            cls.env,
            login="nowa-kierowniczka",
            password="nowa-kierowniczka",
            name="Nowa Kierowniczka",
            groups=f"{MODULE}.group_manager",
            company_id=cls.bare.id,
            company_ids=[Command.set(cls.bare.ids)],
            lang="pl_PL",
            tz="Europe/Warsaw",
        )

    def test_from_the_first_login_to_the_first_invoice(self):
        """The tour counts what it clicks and fills in, and fails beyond 40."""
        self.start_tour(
            "/odoo", f"{MODULE}_setup", login=self.newcomer.login, timeout=180
        )
        invoice = self.env["account.move"].search(
            [("company_id", "=", self.bare.id), ("move_type", "=", "out_invoice")]
        )
        self.assertRecordValues(
            invoice,
            [{"state": "posted", "amount_untaxed": 290, "amount_total": 356.7}],
        )
        self.assertEqual(invoice.partner_id.name, "Hotel Brda")
