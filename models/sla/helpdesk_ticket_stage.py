from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .service_sla_event import WAITING_FOR

OURS = "helpdesk_service_contract.mail_template_{}"
# Texts of the base that greet the customer by the technician's name.
FOREIGN = (
    "helpdesk_mgmt.assignment_email_template",
    "helpdesk_mgmt.changed_stage_template",
    "helpdesk_mgmt.closed_ticket_template",
)


class HelpdeskTicketStage(models.Model):
    _inherit = "helpdesk.ticket.stage"

    waiting_for = fields.Selection(
        WAITING_FOR,
        help="Tickets in this stage are waiting, so their clocks are paused.",
    )

    def write(self, vals):
        before = self._clocks_before(vals)
        result = super().write(vals)
        self.env["service.sla"]._moved(before)
        return result

    @api.model
    def _replace_foreign_notices(self):
        """Stages send our notices in place of the base's, which nobody can choose.

        What a company wrote itself stays.
        """
        foreign = self.env["mail.template"]
        for xmlid in FOREIGN:
            foreign |= self.env.ref(xmlid, raise_if_not_found=False) or foreign
        # Few: they are columns of a board.
        stages = self.with_context(active_test=False)
        stages = stages.search([])  # pylint: disable=no-search-all
        for stage in stages.filtered(lambda one: one.mail_template_id in foreign):
            kind = "closed" if stage.closed else "taken"
            stage.mail_template_id = self.env.ref(OURS.format(kind))
        waiting = stages.filtered(
            lambda one: one.waiting_for == "customer" and not one.mail_template_id
        )
        waiting.mail_template_id = self.env.ref(OURS.format("waiting"))
        foreign.active = False

    def _clocks_before(self, vals):
        """What the stage means to the clocks of its tickets, where that will change."""
        changing = self.filtered(
            lambda stage: any(
                name in vals and stage[name] != (vals[name] or False)
                for name in ("closed", "waiting_for")
            )
        )
        if not changing:
            return {}
        # sudo: clocks follow, visible or not
        tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        clocked = tickets.search(
            [("stage_id", "in", changing.ids), ("sla_timer_ids", "!=", False)]
        )
        return {ticket: ticket._stage_of_clock() for ticket in clocked}

    @api.constrains("closed", "waiting_for")
    def _check_waiting(self):
        for stage in self:
            if stage.closed and stage.waiting_for:
                raise ValidationError(
                    self.env._(
                        "Tickets in a closed stage wait for nothing. Leave "
                        "“Waiting For” of the stage “%s” empty, or make it an open "
                        "stage.",
                        stage.name,
                    )
                )
