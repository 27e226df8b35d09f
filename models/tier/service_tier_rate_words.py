from odoo import api, models

from ...tools.duration import to_units

HOUR, HALF, QUARTER = 60, 30, 15


class ServiceTierRate(models.Model):
    """How time is rounded, in words."""

    _inherit = "service.tier.rate"

    @api.model
    def _rounding_words(self, rounding, *, flat=False):
        """The rule by which worked time becomes billed time.

        :param rounding: ``tools.rating.Rounding``, in minutes
        :param flat: whether a fee is charged for the first unit
        """
        words = {
            "first": to_units(rounding.first),
            "started": self._started_words(rounding.step),
        }
        if flat and not rounding.step:
            return self.env._("a flat fee")
        if flat:
            return self.env._("a flat fee up to %(first)s, then %(started)s", **words)
        if rounding.step == 1 and rounding.first <= 1:
            return self.env._("to the minute")
        if rounding.first in (0, rounding.step):
            return words["started"]
        return self.env._("the first %(first)s in full, then %(started)s", **words)

    @api.model
    def _started_words(self, minutes):
        """A unit of which every started one counts as whole."""
        words = {
            HOUR: self.env._("per hour or part thereof"),
            HALF: self.env._("per half hour or part thereof"),
            QUARTER: self.env._("per quarter of an hour or part thereof"),
        }
        return words.get(minutes) or self.env._(
            "per %s or part thereof", to_units(minutes)
        )
