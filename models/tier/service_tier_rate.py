from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.groups import OFFICE
from ...tools.rating import Rounding
from ...tools.rules import RateRules

HOUR = "uom.product_uom_hour"
RATING_FIELDS = {
    "first_minutes",
    "flat_product_id",
    "package_factor",
    "scope",
    "step_minutes",
    "uses_packages",
}


class ServiceTierRate(models.Model):
    """How one kind of work is rounded and priced in a tier."""

    _name = "service.tier.rate"
    _inherit = ["service.guarded", "service.tier.part"]
    _description = "Service Tier Rate"
    _order = "tier_id, sequence, id"
    _check_company_auto = True

    tier_id = fields.Many2one(
        "service.tier", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="tier_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    work_type_id = fields.Many2one(
        "service.work.type", required=True, ondelete="restrict", check_company=True
    )
    product_id = fields.Many2one(
        "product.product",
        groups=OFFICE,
        required=True,
        ondelete="restrict",
        check_company=True,
        domain="[('type', '=', 'service'), ('sale_ok', '=', True)]",
        help="Sold by the hour. Its price is what an hour costs when no package covers "
        "it, unless a pricelist of the contract or of the customer says otherwise.",
    )
    first_minutes = fields.Integer(
        string="First Unit",
        required=True,
        default=60,
        help="The first unit is charged in full, however short the work.",
    )
    step_minutes = fields.Integer(
        string="Billing Increment",
        required=True,
        default=60,
        help="After the first unit, each further unit of this length, or part of one, "
        "is charged. With a flat fee it can be 0: the fee is then the same however "
        "long the work takes.",
    )
    flat_product_id = fields.Many2one(
        "product.product",
        string="Flat Fee",
        groups=OFFICE,
        ondelete="restrict",
        check_company=True,
        domain="[('type', '=', 'service'), ('sale_ok', '=', True)]",
        help="Charged once for the first unit instead of its hourly price: a fee for "
        "short help or for travel. Not charged where a package covers the work.",
    )
    package_factor = fields.Integer(
        string="Package Factor (%)",
        required=True,
        default=100,
        help="How much an hour of this work uses from packages: at 150 percent, one "
        "and a half hours.",
    )
    scope = fields.Selection(
        [
            ("entry", "Per entry"),
            ("block", "Per session or visit"),
            ("ticket_day", "Per ticket and day"),
            ("ticket", "Per ticket"),
        ],
        string="Round Per",
        required=True,
        default="ticket",
        help="The entries whose minutes are added up before rounding.",
    )
    uses_packages = fields.Boolean(
        default=True, help="Package hours can cover this work."
    )

    _work_type_unique = models.Constraint(
        "UNIQUE(tier_id, work_type_id)", "A tier has one rate for each work type."
    )
    _units_in_range = models.Constraint(
        "CHECK(first_minutes BETWEEN 0 AND 1440 AND step_minutes BETWEEN 0 AND 1440"
        " AND (step_minutes > 0 OR flat_product_id IS NOT NULL)"
        " AND (first_minutes > 0 OR flat_product_id IS NULL))",
        "A unit is between one minute and one day long. Without a flat fee, there "
        "must be a further unit.",
    )
    _factor_in_range = models.Constraint(
        "CHECK(package_factor BETWEEN 1 AND 1000)",
        "The package factor is between 1 and 1000 percent.",
    )

    @api.constrains("product_id", "flat_product_id", "company_id")
    def _check_product(self):
        for rate in self:
            rate.flat_product_id._check_service_tax(rate.company_id)
            if rate.product_id.uom_id != self.env.ref(HOUR):
                raise ValidationError(
                    self.env._(
                        "The product “%s” is not sold by the hour. Set its unit to "
                        "hours, or choose another product for the rate.",
                        rate.product_id.display_name,
                    )
                )
            rate.product_id._check_service_tax(rate.company_id)

    @api.depends("tier_id", "work_type_id")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = f"{rate.tier_id.name} / {rate.work_type_id.name}"

    def _rules(self):
        """What the rate says, as ``tools`` take it."""
        self.ensure_one()
        return RateRules(
            id=self.id,
            rounding=Rounding(self.first_minutes, self.step_minutes),
            scope=self.scope,
            uses_packages=self.uses_packages,
            package_factor=self.package_factor,
            flat=bool(self.flat_product_id),
        )
