from odoo import api, models
from odoo.fields import Date

from ...tools.allocation import Bucket, Slice
from ...tools.charging import Share
from ...tools.ledger import Facts, Plan


class ServiceRating(models.AbstractModel):
    """The plan by which entries were settled, and what is kept of it."""

    _inherit = "service.rating"

    @api.model
    def _settled_plan(self, entries):
        """The plan by which entries were settled, made from what was kept of it."""
        kept = {entry.id: self._replayed(entry.id, entry.rating) for entry in entries}
        return Plan(
            facts=Facts(
                works=[work for work, _payment, _rated in kept.values()],
                settled={},
                packages=[],
                payments={id_: payment for id_, (_w, payment, _r) in kept.items()},
            ),
            rated={id_: rated for id_, (_work, _payment, rated) in kept.items()},
            slices=[
                Slice(
                    (entry.id, 0),
                    Bucket(id_, Date.to_date(first), Date.to_date(last), 0),
                    *minutes,
                )
                for entry in entries
                for id_, first, last, *minutes in entry.shares["slices"]
            ],
            shares={
                entry.id: tuple(Share(*part) for part in entry.shares["parts"])
                for entry in entries
            },
        )

    @api.model
    def _record_shares(self, shares, taken):
        """Where the parts of an entry go, and what it takes from which packages."""
        return {
            "parts": [list(share) for share in shares],
            "slices": [
                [bucket.id, str(bucket.first_day), str(bucket.last_day), paid, burned]
                for bucket, paid, burned in taken
            ],
        }
