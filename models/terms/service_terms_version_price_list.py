from odoo import api, fields, models

from ...tools.groups import OFFICE
from ...tools.guard import Guard, Seal

PRICING = Seal("price_list")
PRICED = Guard(frozenset({"price_facts", "price_tier_id"}), PRICING)


class ServiceTermsVersion(models.Model):
    """A price list that was written from the rates of a tier."""

    _inherit = "service.terms.version"

    price_tier_id = fields.Many2one(
        "service.tier",
        string="Prices From Tier",
        readonly=True,
        ondelete="restrict",
        help="The tier whose prices the text was written from.",
    )
    price_facts = fields.Json(readonly=True, groups=OFFICE)
    prices_changed = fields.Boolean(
        compute="_compute_prices_changed",
        groups=OFFICE,
        help="The tier's current prices differ from the text.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), PRICED)

    def copy(self, default=None):
        """A copy has the text, and what the text was written from."""
        default = {n: v for n, v in (default or {}).items() if n not in PRICED.names}
        pricing = self.with_context(**PRICING.opened)
        return super(ServiceTermsVersion, pricing).copy(default).with_env(self.env)

    @api.depends("price_facts", "price_tier_id")
    def _compute_prices_changed(self):
        self.prices_changed = False
        written = self.filtered("price_tier_id")
        for day, same in written.grouped(lambda v: v._price_day()).items():
            facts = same.price_tier_id._price_facts(day)
            for version in same:
                now = facts[version.price_tier_id.id]
                version.prices_changed = version.price_facts != now

    def _price_day(self):
        """The day whose prices count: today, or the first day of the version."""
        today = self.company_id.sudo()._service_day()
        return max(today, self.in_force_from or today)

    def _fill_from_prices(self, tier):
        """Write the text of a draft from the rates of ``tier``."""
        self.ensure_one()
        facts = tier._price_facts(self._price_day())[tier.id]
        self.with_context(**PRICING.opened).write(
            {
                "text": tier._price_list(facts, self.lang),
                "price_tier_id": tier.id,
                "price_facts": facts,
            }
        )

    def action_fill_from_prices(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_terms_price_fill_action"
        ) | {"context": {"default_version_id": self.id}}


class ServiceTerms(models.Model):
    """Whether a price list still says what the tier costs."""

    _inherit = "service.terms"

    prices_changed = fields.Boolean(
        compute="_compute_prices_changed",
        groups=OFFICE,
        help="The tier's prices have changed since the price list was published: "
        "publish a new version.",
    )

    @api.depends("version_ids.prices_changed", "version_ids.state")
    def _compute_prices_changed(self):
        published = self.version_ids.filtered(lambda v: v.state == "published")
        latest = {(v.terms_id, v.lang): v for v in published.sorted("number")}
        # Together, as each tier is asked for its prices once.
        changed = published.browse().union(*latest.values()).filtered("prices_changed")
        for terms in self:
            terms.prices_changed = terms in changed.terms_id
