from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.duration import to_clock
from ..tier.service_tier_rate import HOUR
from .service_hour_package_sale import LONGEST_MONTHS


class ServiceOfferPackage(models.Model):
    """A package of hours that is sold to customers of an offer."""

    _name = "service.offer.package"
    _inherit = "service.guarded"
    _description = "Package of an Offer"
    _order = "template_id, sequence, minutes, months"
    _check_company_auto = True

    template_id = fields.Many2one(
        "contract.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    minutes = fields.Integer(string="Hours", required=True, default=600)
    months = fields.Integer(string="Valid For (Months)", required=True, default=6)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain="[('type', '=', 'service'), ('sale_ok', '=', True)]",
        help="Sold by the hour; its price is that of one hour of the package.",
    )

    _package_in_range = models.Constraint(
        f"CHECK(minutes > 0 AND months BETWEEN 1 AND {LONGEST_MONTHS})",
        "A package holds at least one minute and is valid for 1 to 12 months.",
    )

    @api.depends("minutes", "months")
    def _compute_display_name(self):
        for package in self:
            package.display_name = self.env._(
                "%(hours)s h for %(months)s months",
                hours=to_clock(package.minutes),
                months=package.months,
            )

    @api.constrains("product_id", "company_id")
    def _check_product(self):
        for package in self:
            if package.product_id.uom_id != self.env.ref(HOUR):
                raise ValidationError(
                    self.env._(
                        "The product “%s” is not sold by the hour. Set its unit to "
                        "hours, or choose another product for the package.",
                        package.product_id.display_name,
                    )
                )
            package.product_id._check_service_tax(package.company_id)
