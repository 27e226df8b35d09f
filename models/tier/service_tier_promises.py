from collections.abc import Mapping
from typing import NamedTuple

from odoo import api, fields, models, tools

from ...tools.moments import aware
from ...tools.sla import Metric
from ...tools.targets import Reported, Target, choose
from ...tools.working_time import minute_of


class Promises(NamedTuple):
    """What a tier promises, and at which percents of a target somebody is told."""

    targets: tuple[Target, ...]
    percents: Mapping[int, tuple[int, ...]]


class ServiceTier(models.Model):
    """What a tier promises about time."""

    _inherit = "service.tier"

    target_ids = fields.One2many("service.tier.target", "tier_id", copy=True)

    @api.constrains("calendar_id", "target_ids")
    def _check_hours_of_service(self):
        self.target_ids._check_service_hours()
        for tier in self.filtered("calendar_id"):
            tier.calendar_id._check_has_hours(tier.company_id)

    @tools.ormcache("self.id")
    def _promises(self):
        """Kept between transactions: every ticket that comes in asks for it."""
        # sudo: what is promised is the same for everybody
        targets = self.sudo().target_ids
        return Promises(
            tuple(target._as_target() for target in targets),
            {
                target.id: tuple(
                    target.threshold_ids.filtered("enabled").mapped("percent")
                )
                for target in targets
            },
        )

    def _promised(self, priority, reported_at, *, express):
        """The targets that apply to a ticket, by metric."""
        if not self:
            return {}
        targets = self._promises().targets
        in_service = True
        if any(target.reported != Reported.ANY for target in targets):
            # sudo: service hours are the same for everybody
            tier = self.sudo()
            hours = tier.calendar_id._working_time(tier.company_id)
            in_service = hours.is_open(minute_of(aware(reported_at)))
        chosen = {
            metric: choose(
                targets, metric, priority, in_service=in_service, express=express
            )
            for metric in Metric
        }
        return {metric: target for metric, target in chosen.items() if target}
