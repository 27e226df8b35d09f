from odoo.tests import tagged

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
