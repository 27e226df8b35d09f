from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ...tools.sla import Metric
from ...tools.targets import Reported, Target

METRICS = [("reaction", "Reaction"), ("resolution", "Resolution")]
PRIORITIES = [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very high")]
# Half of the time is often used with nothing wrong: told only where somebody asks.
USUAL_THRESHOLDS = [
    {"percent": 50, "enabled": False},
    {"percent": 75},
    {"percent": 100, "notify_leader": "mail"},
]


class ServiceTierTarget(models.Model):
    """One promise of a tier: an answer, or the end of the matter, within a time."""

    _name = "service.tier.target"
    _inherit = ["service.guarded", "service.tier.part"]
    _description = "SLA Target"
    _order = "tier_id, metric, sequence, id"
    _check_company_auto = True

    tier_id = fields.Many2one(
        "service.tier", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="tier_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True, help="Switch off what is not promised any more to new tickets."
    )
    metric = fields.Selection(METRICS, required=True, default="reaction")
    amount = fields.Integer(string="Within", required=True, default=4)
    unit = fields.Selection(
        [("minutes", "minutes"), ("hours", "hours"), ("days", "days")],
        required=True,
        default="hours",
        help="A day is a working day of the calendar: 8 hours where it is open 8–16, "
        "24 hours where it is open round the clock.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        required=True,
        check_company=True,
        ondelete="restrict",
        help="The clock runs only during these hours.",
    )
    priority = fields.Selection(
        PRIORITIES,
        help="Only tickets of this priority; leave empty for all priorities.",
    )
    reported = fields.Selection(
        [
            ("any", "At any time"),
            ("within", "In service hours"),
            ("outside", "Outside service hours"),
        ],
        required=True,
        default="any",
        help="When the report came, by the service hours of the tier.",
    )
    express = fields.Boolean(
        string="Express Only",
        help="For tickets whose express surcharge the customer has accepted.",
    )
    threshold_ids = fields.One2many(
        "service.sla.threshold",
        "target_id",
        string="Escalation",
        default=lambda self: [Command.create(vals) for vals in USUAL_THRESHOLDS],
        copy=True,
    )

    _amount_positive = models.Constraint(
        "CHECK(amount BETWEEN 1 AND 100000)",
        "An SLA target must be at least one minute.",
    )
    _one_promise = models.UniqueIndex(
        "(tier_id, metric, COALESCE(priority, ''), reported, COALESCE(express, false))"
        " WHERE active",
        "There is already a target for these tickets: of the same kind, priority, "
        "time of report and express. Change that one.",
    )

    @api.depends("metric", "amount", "unit", "calendar_id")
    def _compute_display_name(self):
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        units = dict(self._fields["unit"]._description_selection(self.env))
        for target in self:
            target.display_name = (
                f"{metrics.get(target.metric)}: {target.amount} "
                f"{units.get(target.unit)} ({target.calendar_id.name or '–'})"
            )

    @api.constrains("tier_id", "reported")
    def _check_service_hours(self):
        for target in self:
            if target.reported != "any" and not target.tier_id.calendar_id:
                raise ValidationError(
                    self.env._(
                        "A target of the tier “%s” depends on whether the report "
                        "came within service hours, but the tier has none. Choose "
                        "the calendar of its service hours, or let the target "
                        "apply at any time.",
                        target.tier_id.name,
                    )
                )

    @api.constrains("calendar_id")
    def _check_calendar(self):
        for target in self:
            target.calendar_id._check_has_hours(target.company_id)

    def _minutes(self):
        """The promised working minutes."""
        self.ensure_one()
        hours = self.calendar_id._working_time(self.company_id)
        of_unit = {"minutes": 1, "hours": 60, "days": hours.day_minutes}
        return self.amount * of_unit[self.unit]

    def _as_target(self):
        self.ensure_one()
        return Target(
            self.id,
            Metric(self.metric),
            self._minutes(),
            self.calendar_id.id,
            self.priority or None,
            Reported(self.reported),
            self.express,
        )
