from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .service_sla_event import WAITING_FOR


class HelpdeskTicketStage(models.Model):
    _inherit = "helpdesk.ticket.stage"

    waiting_for = fields.Selection(
        WAITING_FOR,
        help="Tickets in this stage wait, so the clocks of their promises stand still.",
    )

    @api.constrains("closed", "waiting_for")
    def _check_waiting(self):
        for stage in self:
            if stage.closed and stage.waiting_for:
                raise ValidationError(
                    self.env._(
                        "Tickets of a closed stage wait for nothing. Leave “Waiting "
                        "For” of the stage “%s” empty, or let it be an open stage.",
                        stage.name,
                    )
                )
