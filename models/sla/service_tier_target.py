from odoo import api, models
from odoo.exceptions import UserError


class ServiceTierTarget(models.Model):
    """What was promised by a target stays on record with it."""

    _inherit = "service.tier.target"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promised(self):
        # sudo: promises count, visible or not
        timers = self.env["service.sla.timer"].sudo()
        if promised := timers.search([("target_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "“%(target)s” was promised for ticket %(ticket)s. Switch it off "
                    "instead: new tickets are not promised it any more.",
                    target=promised.target_id.display_name,
                    ticket=promised.ticket_id.number,
                )
            )
