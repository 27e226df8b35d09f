import base64
import binascii

from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools import document

REPORT = "helpdesk_service_contract.report_terms_version"


class ServiceTermsVersion(models.Model):
    """The file of a version: what may be uploaded, and what customers get."""

    _inherit = "service.terms.version"

    @api.constrains("pdf")
    def _check_pdf(self):
        for version in self:
            content = version._pdf_bytes()
            if len(content) > document.MAX_BYTES:
                raise ValidationError(
                    self.env._(
                        "The file has %(size)s MB; the limit is 10 MB. Save the "
                        "PDF in a smaller size.",
                        size=round(len(content) / 1024**2, 1),
                    )
                )
            if content and not document.is_pdf(content):
                raise ValidationError(
                    self.env._(
                        "“%s” is not a PDF file, or is damaged. Save the document "
                        "as PDF and upload it again.",
                        version.pdf_name or self.env._("The file"),
                    )
                )

    def _check_unchangeable(self):
        """Refuse pictures that could be replaced once the version is published."""
        self.ensure_one()
        if document.outside_parts(self.text or ""):
            raise ValidationError(
                self.env._(
                    "The text shows a picture or video that is kept elsewhere, and "
                    "could be changed later. Remove it, or upload the document as a "
                    "PDF file."
                )
            )

    def _pdf_bytes(self):
        """The uploaded file; nothing where there is none."""
        self.ensure_one()
        try:
            return base64.b64decode(self.with_context(bin_size=False).pdf or b"")
        except binascii.Error as error:
            raise ValidationError(
                self.env._("The file was not uploaded completely. Upload it again.")
            ) from error

    def _file(self):
        """What customers get: name and bytes of the PDF, or of the printed text."""
        self.ensure_one()
        content = self._pdf_bytes()
        if not content:
            reports = self.env["ir.actions.report"].with_context(lang=self.lang)
            content, _type = reports._render_qweb_pdf(REPORT, self.ids)
        return f"{self._file_name()}.pdf", content

    def _file_name(self):
        """Name of the file, in the language of the version, without its ending."""
        self.ensure_one()
        name = self.with_context(lang=self.lang).display_name
        return name.replace("/", "-")

    def _published_day(self):
        """The day a version was published, by the company's clock."""
        self.ensure_one()
        return self.company_id.sudo()._service_day(self.published_at)

    def action_print(self):
        return self.env.ref(REPORT).report_action(self)
