from odoo import models

from ...tools.side_by_side import side_by_side
from .service_ksef_sending import POLISH

# Key of the context in which invoices are printed in one language, whoever gets them.
PAPER_LANG = "service_paper_lang"


class IrActionsReport(models.Model):
    """Invoices for buyers abroad say everything in their language and in Polish."""

    _inherit = "ir.actions.report"

    def _render_qweb_html(self, report_ref, docids, data=None):
        content, kind = super()._render_qweb_html(report_ref, docids, data=data)
        if self._get_report(report_ref).model != "account.move":
            return content, kind
        moves = self.env["account.move"].browse(docids)
        both = moves.filtered(lambda move: move._is_in_two_languages())
        if not both:
            return content, kind
        polish = self.with_context(**{PAPER_LANG: POLISH})
        second, _kind = super(IrActionsReport, polish)._render_qweb_html(
            report_ref, docids, data=data
        )
        joined = side_by_side(
            content.decode(), second.decode(), {str(move.id) for move in both}
        )
        return joined.encode(), kind
