from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.moments import aware, naive_minute, this_minute
from ...tools.working_time import minute_of


class ServiceSlaDeadline(models.TransientModel):
    """A manager agrees on another deadline for one ticket, and says why.

    The access rights of this dialog are the right to do so.
    """

    _name = "service.sla.deadline"
    _inherit = "service.sla.dialog"
    _description = "New Deadline"

    current_deadline = fields.Datetime(related="timer_id.deadline", related_sudo=False)
    calendar_id = fields.Many2one(related="timer_id.calendar_id", related_sudo=False)
    deadline = fields.Datetime(
        string="New Deadline",
        compute="_compute_deadline",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
    )
    reason = fields.Text()

    @api.depends("timer_id")
    def _compute_deadline(self):
        for wizard in self:
            wizard.deadline = wizard.timer_id.deadline

    def action_set(self):
        self.ensure_one()
        self.timer_id.ticket_id.check_access("write")
        if not (self.reason or "").strip():
            raise UserError(self.env._("Enter why the deadline changes."))
        minutes = self._target_minutes()
        self.env["service.sla"]._extend(self.timer_id, minutes, self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _target_minutes(self):
        """The promised working time that ends at the new deadline."""
        now, until = this_minute(), minute_of(aware(self.deadline))
        if until <= now:
            raise UserError(self.env._("The new deadline must be in the future."))
        reading = self.timer_id._reading().at(now)
        hours = reading.promise.hours
        ahead = hours.between(now, until)
        reached = hours.add(now, ahead)
        if reached != until:
            raise UserError(
                self.env._(
                    "%(deadline)s is outside the hours of “%(calendar)s”, when the "
                    "clock does not run. Choose a time within them, such as "
                    "%(instead)s.",
                    deadline=self.timer_id._moment(self.deadline),
                    calendar=self.calendar_id.name,
                    instead=self.timer_id._moment(naive_minute(reached)),
                )
            )
        return reading.elapsed + ahead
