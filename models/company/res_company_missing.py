from typing import NamedTuple

from odoo import models


class Missing(NamedTuple):
    """What would fail later: a sentence that says what to do, and the record to do it
    on. ``topic`` is what of the set-up it belongs to."""

    sentence: str
    record: models.BaseModel
    topic: str


class ResCompany(models.Model):
    """What a company lacks, said before a customer or an invoice finds out."""

    _inherit = "res.company"

    def _missing(self):
        """Hook: yield what is missing, the most basic things first."""
        self.ensure_one()
        today = self._service_day()
        year = {"first": f"{today.year}-01-01", "last": f"{today.year}-12-31 23:59:59"}
        days_off = self.env["resource.calendar.leaves"].search_count(
            [
                ("company_id", "=", self.id),
                ("resource_id", "=", False),
                ("date_from", ">=", year["first"]),
                ("date_from", "<=", year["last"]),
            ],
            limit=1,
        )
        if not days_off:
            yield Missing(
                self.env._(
                    "No public holidays of %s are entered, so clocks run on them: "
                    "load them.",
                    today.year,
                ),
                self,
                "hours",
            )
