from io import BytesIO

from odoo import models

TERMS = "helpdesk_service_contract.terms_version"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """A version that is a PDF file is printed as that file."""
        if not res_ids or self._get_report(report_ref).report_name != TERMS:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        versions = self.env["service.terms.version"].browse(res_ids)
        files = {version.id: version._pdf_bytes() for version in versions}
        written = [id_ for id_ in res_ids if not files[id_]]
        streams = {}
        if written:
            streams = super()._render_qweb_pdf_prepare_streams(
                report_ref, data, written
            )
        return {
            id_: {"stream": BytesIO(files[id_]), "attachment": None}
            if files[id_]
            else streams[id_]
            for id_ in res_ids
        }
