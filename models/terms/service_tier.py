from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceTier(models.Model):
    """The documents that customers of a tier accept before remote help."""

    _inherit = "service.tier"

    terms_ids = fields.Many2many(
        "service.terms",
        "service_terms_service_tier_rel",
        "service_tier_id",
        "service_terms_id",
        string="Documents of This Tier",
        check_company=True,
        copy=False,
        help="Customers must accept these before remote help, in addition to the "
        "documents of all tiers.",
    )
    common_terms_ids = fields.Many2many(
        "service.terms",
        string="Documents of All Tiers",
        compute="_compute_common_terms_ids",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_of_terms(self):
        """A document for no tier is one for all of them."""
        for terms in self.terms_ids:
            if not terms.tier_ids - self:
                raise UserError(
                    self.env._(
                        "“%s” is a document for this tier alone, and would count for "
                        "all tiers. Choose others on the document first.",
                        terms.name,
                    )
                )

    @api.depends("company_id", "terms_ids")
    def _compute_common_terms_ids(self):
        common = self.env["service.terms"].search(
            [("company_id", "in", self.company_id.ids), ("tier_ids", "=", False)]
        )
        for tier in self:
            tier.common_terms_ids = common.filtered(
                lambda terms, tier=tier: terms.company_id == tier.company_id
            )
