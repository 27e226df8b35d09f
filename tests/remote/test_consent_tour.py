from odoo import fields
from odoo.tests import tagged

from ..common import MODULE
from .test_consent_page import ConsentHttpCase


@tagged("post_install", "-at_install")
class TestConsentTour(ConsentHttpCase):
    """A customer reads the invitation on a phone, and accepts with a thumb."""

    browser_size = "390x844"
    touch_enabled = True

    def test_accepting_on_a_phone(self):
        self.start_tour(self.path(), "helpdesk_service_contract_consent")
        self.assertRecordValues(
            self.planned.acceptance_ids,
            [
                {
                    "person_id": self.person.id,
                    "entitled": True,
                    "backup": True,
                    "present": True,
                    "recording": False,
                }
            ],
        )
        self.assertEqual(
            self.planned.acceptance_ids.line_ids.version_id, self.documents
        )

    def test_the_gross_price_fits_the_screen_of_a_phone(self):
        self.retail.rate_ids = [
            (
                0,
                0,
                {
                    "work_type_id": self.env.ref(f"{MODULE}.work_type_on_site").id,
                    "product_id": self._create_product("Serwis u klienta", 12345.67).id,
                    "first_minutes": 60,
                    "step_minutes": 30,
                },
            )
        ]
        today = fields.Date.today()
        version = self.env["service.terms.version"].create(
            {
                "terms_id": self.price_list.id,
                "lang": "pl_PL",
                "in_force_from": today,
                "text": self.retail._price_list(
                    self.retail._price_facts(today)[self.retail.id], "pl_PL"
                ),
            }
        )
        version.with_context(tz="UTC").action_publish()
        self.browser_js(
            self.path(),
            """
            const text = [...document.querySelectorAll(".o_service_text")].find(
                (one) => one.querySelector("table")
            );
            text.closest("details").open = true;
            const cells = [...text.querySelectorAll("td:last-child")];
            const fit =
                cells.length > 2 &&
                text.scrollWidth <= text.clientWidth &&
                text.scrollHeight <= text.clientHeight + 1 &&
                cells.every((one) => one.getBoundingClientRect().right <= innerWidth);
            console[fit ? "log" : "error"](
                fit ? "test successful" : `${text.scrollWidth} > ${text.clientWidth}`
            );
            """,
            ready="!!document.querySelector('.o_service_text table')",
        )
