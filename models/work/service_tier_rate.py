from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tier.service_tier_rate import RATING_FIELDS


class ServiceTierRate(models.Model):
    """Work that a rate has rated, and what may change of the rate because of it."""

    _inherit = "service.tier.rate"

    def write(self, vals):
        if "work_type_id" in vals:
            self._check_no_work(self._work())
        result = super().write(vals)
        if RATING_FIELDS & set(vals):
            self._rate_open_work_again()
        return result

    def _rate_open_work_again(self):
        entries = self._open_work()
        self.env.add_to_compute(entries._fields["billed_minutes"], entries)
        self.env.add_to_compute(entries._fields["rating"], entries)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        """Settled work keeps its rate too: it may be billed again."""
        self._check_no_work(self._work())

    def _work(self):
        """Work entries of these rates."""
        # sudo: a rate counts for the work of everybody
        return (
            self.env["account.analytic.line"]
            .sudo()
            .search(
                # Settled work keeps its rate where its contract has another tier now.
                Domain("rate_id", "in", self.ids)
                | Domain.OR(
                    [
                        ("service_contract_id.service_tier_id", "=", rate.tier_id.id),
                        ("work_type_id", "=", rate.work_type_id.id),
                    ]
                    for rate in self
                )
            )
        )

    def _open_work(self):
        """Work entries of these rates that are not settled yet."""
        return self._work()._not_settled()

    def _check_no_work(self, entries):
        if entries:
            raise UserError(
                self.env._(
                    "The rate “%(rate)s” is used by work, for instance of %(day)s on "
                    "%(ticket)s. Leave it, and add another rate or tier.",
                    rate=self[0].display_name,
                    day=format_date(self.env, entries[0].date),
                    ticket=entries[0].ticket_id.display_name,
                )
            )
