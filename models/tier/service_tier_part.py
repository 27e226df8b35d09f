from odoo import api, models


class ServiceTierPart(models.AbstractModel):
    """A rule that a tier is made of; what is kept of rules is read again after it
    changes."""

    _name = "service.tier.part"
    _description = "Part of a Service Tier"

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        self._tiers_changed(parts.tier_id)
        return parts

    def write(self, vals):
        tiers = self.tier_id
        result = super().write(vals)
        self._tiers_changed(tiers | self.tier_id)
        return result

    def unlink(self):
        tiers = self.tier_id
        result = super().unlink()
        self._tiers_changed(tiers)
        return result

    @api.model
    def _tiers_changed(self, tiers):
        """Forget what was known of the rules of tiers that have or had this part."""
        self.env.registry.clear_cache()
