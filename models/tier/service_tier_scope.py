from odoo import api, fields, models

TREATMENTS = [
    ("covered", "Covered"),
    ("free", "Free of charge"),
    ("quote", "Quoted first"),
    ("not_covered", "Not covered"),
]


class ServiceTierScope(models.Model):
    """What a tier does with tickets of a category and of those below it."""

    _name = "service.tier.scope"
    _inherit = ["service.guarded", "service.tier.part"]
    _description = "Service Tier Scope Line"
    _order = "tier_id, sequence, id"
    _rec_name = "category_id"

    tier_id = fields.Many2one(
        "service.tier", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="tier_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    category_id = fields.Many2one(
        "helpdesk.ticket.category", required=True, index=True, ondelete="restrict"
    )
    treatment = fields.Selection(TREATMENTS, required=True, default="covered")
    note = fields.Char(
        translate=True, help="For the customer: why, or what to do instead."
    )

    _category_once = models.Constraint(
        "UNIQUE(tier_id, category_id)",
        "This category is already in the scope of the tier.",
    )

    @api.model
    def _tiers_changed(self, tiers):
        result = super()._tiers_changed(tiers)
        tiers._coverage_changed()
        return result
