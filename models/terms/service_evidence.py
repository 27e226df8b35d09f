from odoo import api, models
from odoo.tools import LazyTranslate

from ...tools.guard import Guard, Seal

_lt = LazyTranslate(__name__)
EVIDENCE = Seal("evidence")
GUARDS = (
    Guard(
        seal=EVIDENCE,
        creation=True,
        message=_lt(
            "Acceptances are given by customers, or recorded with “By Phone” on a "
            "session."
        ),
    ),
    Guard(
        change=True,
        deletion=True,
        message=_lt(
            "What somebody agreed to is evidence: it never changes and is not deleted. "
            "A new one is added."
        ),
    ),
)


class ServiceEvidence(models.AbstractModel):
    """What somebody agreed to: added by one method, never changed, never deleted."""

    _name = "service.evidence"
    _inherit = ["service.guarded"]
    _description = "Evidence"

    @api.model
    def _guards(self):
        return (*super()._guards(), *GUARDS)

    def _adding(self):
        """These, where evidence may be added."""
        return self.with_context(**EVIDENCE.opened)
