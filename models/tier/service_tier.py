from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...tools.rules import TierRules

SURCHARGE_FIELDS = {
    "after_hours_percent",
    "calendar_id",
    "express_percent",
    "surcharge_mode",
}


class ServiceTier(models.Model):
    """The promise and the price rules a customer is served under."""

    _name = "service.tier"
    _description = "Service Tier"
    _inherit = ["service.guarded", "mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [
            ("warranty", "Warranty"),
            ("contract", "Contract"),
            ("basic", "Basic support"),
            ("ad_hoc", "Ad hoc"),
        ],
        required=True,
        default="contract",
        tracking=True,
    )
    rate_ids = fields.One2many("service.tier.rate", "tier_id", string="Rates")
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Service Hours",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Work outside these hours, or on a public holiday entered as time off of "
        "this calendar, is surcharged.",
    )
    express_percent = fields.Integer(
        string="Express Surcharge",
        default=0,
        tracking=True,
        help="Percentage added to the price of tickets handled as express.",
    )
    after_hours_percent = fields.Integer(
        string="Out-of-Hours Surcharge",
        default=0,
        tracking=True,
        help="Percentage added to the price of work outside service hours. Work "
        "without a start time is surcharged only on days that are off altogether.",
    )
    surcharge_mode = fields.Selection(
        [
            ("money", "Charged on top, also for package hours"),
            ("burn", "Use more hours from packages"),
        ],
        string="Surcharges",
        required=True,
        default="money",
        tracking=True,
        help="Hours outside packages are always surcharged in money.",
    )
    description = fields.Html(
        translate=True, help="What the tier promises, in the words of the price list."
    )

    _percents_in_range = models.Constraint(
        "CHECK(express_percent BETWEEN 0 AND 900"
        " AND after_hours_percent BETWEEN 0 AND 900)",
        "A surcharge is between 0 and 900 percent.",
    )

    @api.constrains("after_hours_percent", "calendar_id")
    def _check_service_hours(self):
        for tier in self:
            if tier.after_hours_percent and not tier.calendar_id:
                raise ValidationError(
                    self.env._(
                        "The tier “%s” has an out-of-hours surcharge but no "
                        "service hours. Choose the calendar of its service hours.",
                        tier.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        self.env.registry.clear_cache()
        return tiers

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @tools.ormcache("self.id")
    def _rules(self):
        """What the tier and its rates say, as ``tools`` take it.

        Kept between transactions: every entry that is logged asks for it.
        """
        # sudo: the rules decide for everybody how work is rated; they hold no price
        tier = self.sudo()
        return TierRules(
            express=tier.express_percent,
            after_hours=tier.after_hours_percent,
            burns=tier.surcharge_mode == "burn",
            rates={rate.work_type_id.id: rate._rules() for rate in tier.rate_ids},
        )

    def _rules_for(self, work_type):
        """The rules of the one rate of this tier for ``work_type``.

        :raises ValidationError: where the price list has none
        """
        rules = self._rules().rates.get(work_type.id)
        if not rules:
            raise ValidationError(
                self.env._(
                    "The tier “%(tier)s” has no rate for the work type "
                    "“%(work_type)s”. Choose another work type, or ask a service "
                    "manager to add the rate.",
                    tier=self.name or self.env._("none"),
                    work_type=work_type.name or self.env._("none"),
                )
            )
        return rules

    def _usual_work_type(self):
        """The work type that is meant where nobody says another: the first one."""
        return self.env["service.work.type"].browse(
            next(iter(self._rules().rates), False)
        )

    def _visit_rates(self):
        """Rates of work at the customer's and of the trip, if there is such work."""
        return self.rate_ids.filtered(lambda rate: rate.work_type_id.on_site)
