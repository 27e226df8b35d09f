from odoo import models

from ...tools.side_by_side import side_by_side
from .service_ksef_sending import POLISH

# Key of the context in which invoices are printed in one language, whoever gets them.
PAPER_LANG = "service_paper_lang"


class IrActionsReport(models.Model):
    """Invoices for buyers abroad say everything in their language and in Polish."""

    _inherit = "ir.actions.report"

    def _render_template(self, template, values=None):
        content = super()._render_template(template, values)
        moves = (values or {}).get("docs")
        if getattr(moves, "_name", "") != "account.move":
            return content
        both = moves.filtered(lambda move: move._is_in_two_languages())
        if not both:
            return content
        polish = values | {"docs": moves.with_context(**{PAPER_LANG: POLISH})}
        second = super()._render_template(template, polish)
        joined = side_by_side(
            content.decode(), second.decode(), {str(move.id) for move in both}
        )
        return joined.encode()
