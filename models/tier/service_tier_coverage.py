from collections.abc import Mapping
from typing import NamedTuple

from odoo import api, fields, models, tools

from ...tools.coverage import SERVED, Offer, Treatment
from .service_tier_scope import TREATMENTS

COVERAGE_FIELDS = {
    "active",
    "basic_months",
    "channel_ids",
    "company_id",
    "free_unjustified",
    "kind",
    "other_categories",
    "quote_required",
    "sequence",
}


class CoverageRules(NamedTuple):
    """What decisions need of a tier; ``treatments`` stand by id of a category."""

    kind: str
    treatments: Mapping[int, Treatment]
    other: Treatment
    channels: frozenset[int]
    free_unjustified: int
    basic_months: int
    quote_required: bool
    ticket_priority: str | None


class ServiceTier(models.Model):
    """Which tickets a tier serves, and on what conditions."""

    _inherit = "service.tier"

    scope_ids = fields.One2many("service.tier.scope", "tier_id")
    other_categories = fields.Selection(
        TREATMENTS,
        required=True,
        default="covered",
        help="What happens to tickets without a category, and of categories that are "
        "neither listed nor below a listed one.",
    )
    channel_ids = fields.Many2many(
        "helpdesk.ticket.channel",
        string="Accepted Channels",
        # Without the last one, all of them would be accepted.
        ondelete="restrict",
        help="Channels the customer may use to report. Leave empty for all channels. A "
        "report through another channel is accepted, and answered with the right "
        "ones.",
    )
    free_unjustified = fields.Integer(
        string="Free Unjustified Reports",
        help="How many unjustified reports per calendar month are free.",
    )
    objection_days = fields.Integer(
        default=7,
        help="How many days the customer has to object that a report was justified.",
    )
    basic_months = fields.Integer(
        string="Basic Support (Months)",
        default=12,
        help="How long basic support lasts from purchase or the last upgrade.",
    )
    quote_required = fields.Boolean(
        string="Quote Every Job",
        help="Work starts when the customer has accepted a quote.",
    )
    ticket_priority = fields.Selection(
        [("1", "Medium"), ("2", "High"), ("3", "Very high")],
        help="New tickets of this tier have at least this priority.",
    )
    offer_template_id = fields.Many2one(
        "contract.template",
        string="Offered Contract",
        help="Offered to customers on this tier for what the tier does not cover.",
    )

    _coverage_numbers = models.Constraint(
        "CHECK(COALESCE(free_unjustified, 0) >= 0"
        " AND COALESCE(objection_days, 0) BETWEEN 0 AND 365"
        " AND COALESCE(basic_months, 0) BETWEEN 0 AND 120)",
        "The numbers of reports, days and months cannot be negative; the objection "
        "period is at most one year, and basic support at most ten years.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        tiers._coverage_changed()
        return tiers

    def write(self, vals):
        result = super().write(vals)
        if COVERAGE_FIELDS & set(vals):
            self._coverage_changed()
        return result

    def _coverage_changed(self):
        """Hook: these tiers pay for other tickets now."""

    @api.model
    @tools.ormcache("company_id", "kind")
    def _first_id(self, company_id, kind):
        """The tier that serves whoever has no contract: the first of its kind."""
        # sudo: the same for everybody
        tiers = self.sudo().search(
            [("company_id", "=", company_id), ("kind", "=", kind)], limit=1
        )
        return tiers.id

    @api.model
    def _first(self, company, kind):
        return self.browse(self._first_id(company.id, kind))

    @tools.ormcache("self.id")
    def _coverage_rules(self):
        # sudo: the same for everybody
        tier = self.sudo()
        return CoverageRules(
            tier.kind,
            {
                scope.category_id.id: Treatment(scope.treatment)
                for scope in tier.scope_ids
            },
            Treatment(tier.other_categories),
            frozenset(tier.channel_ids.ids),
            tier.free_unjustified,
            tier.basic_months,
            tier.quote_required,
            tier.ticket_priority or None,
        )

    def _takes_channel(self, channel):
        """Whether a report by ``channel`` is right; one that is not noted is."""
        accepted = self._coverage_rules().channels if self else ()
        return not (channel and accepted) or channel.id in accepted

    def _offer(self, category, channel):
        """What this tier says to a ticket; none where there is no tier.

        The nearest category above that is in the scope decides.
        """
        if not self:
            return None
        rules = self._coverage_rules()
        return Offer(
            self.id,
            self._named_treatment(category) or rules.other,
            self._takes_channel(channel),
            rules.free_unjustified,
        )

    def _named_treatment(self, category):
        """What the scope says of a category, or None where it does not name it."""
        treatments = self._coverage_rules().treatments
        # sudo: categories of the ticket decide, whoever reads it
        path = (category.sudo().parent_path or "").split("/")
        above = (int(id_) for id_ in reversed(path) if id_)
        return next((treatments[id_] for id_ in above if id_ in treatments), None)

    def _treatment(self, category):
        """What the tier does with a category, or None where a ticket has none and the
        tier serves only certain ones."""
        rules = self._coverage_rules()
        named = self._named_treatment(category)
        if named or category or rules.other in SERVED:
            return named or rules.other
        return None if SERVED & {*rules.treatments.values()} else rules.other
