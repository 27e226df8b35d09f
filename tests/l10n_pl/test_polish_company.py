from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.l10n_pl_edi.models.account_move_send import AccountMoveSend

from ..sending.test_sending import SendingCommon


@tagged("post_install", "-at_install")
class TestPolishCompany(SendingCommon):
    """Where VAT is accounted for decides, and not where the company has its seat."""

    def test_a_seat_elsewhere_does_not_matter(self):
        self.company.country_id = self.env.ref("base.de")
        self.assertEqual(self.company.account_fiscal_country_id.code, "PL")
        invoice = self._invoice()
        self.assertTrue(invoice._polish_page())
        self._queue(invoice)
        self.assertTrue(self.env["service.ksef"]._is_due(invoice))

    def test_vat_accounted_for_elsewhere_is_not_ours(self):
        invoice = self._invoice(post=False)
        self.company.account_fiscal_country_id = self.env.ref("base.de")
        self.assertFalse(self.env["service.ksef"]._is_due(invoice))
        self.assertEqual(invoice._polish_page(), {})

    def test_how_odoo_sends_does_not_matter(self):
        """Newer l10n_pl_edi asks there what became of it, and tells of errors."""

        def complains(sender, data):
            for values in data.values():
                values["error"] = {"errors": ["sent, but the status check failed"]}

        invoice = self._invoice()
        self._queue(invoice)
        name = "_call_web_service_before_invoice_pdf_render"
        with patch.object(AccountMoveSend, name, complains):
            self._run()
        self.assertEqual(invoice.service_sending, "waiting")
        self.assertTrue(invoice.l10n_pl_edi_attachment_id)
        self._run("2026-11-04 09:10:00")
        self.assertEqual(invoice.service_sending, "sent")
        self.assertEqual(len(self.ksef.accepted(invoice.name)), 1)
