from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...models.remote.service_remote_session import OUTCOMES


class ServiceSessionEnd(models.TransientModel):
    """The end of a remote session: what came of it, and what it will be billed as."""

    _name = "service.session.end"
    _inherit = "service.dialog"
    _description = "End Remote Session"
    _about = "session_id"

    session_id = fields.Many2one("service.remote.session", required=True, readonly=True)
    started_at = fields.Datetime(related="session_id.started_at", related_sudo=False)
    person_id = fields.Many2one(related="session_id.person_id", related_sudo=False)
    recording_allowed = fields.Boolean(
        related="session_id.recording_allowed", related_sudo=False
    )
    is_forgotten = fields.Boolean(compute="_compute_is_forgotten", compute_sudo=False)
    outcome = fields.Selection(OUTCOMES, required=True, default="solved")
    note = fields.Text(string="What was done")
    ended_at = fields.Datetime(
        default=lambda self: self._default_ended_at(),
        help="When you opened this window, unless the session ended earlier.",
    )
    recorded = fields.Boolean(string="The session was recorded")
    close_ticket = fields.Boolean(
        compute="_compute_close_ticket", store=True, readonly=False
    )
    minutes = fields.Integer(
        string="Time", compute="_compute_minutes", compute_sudo=False
    )
    billed_minutes = fields.Integer(
        string="Billable", compute="_compute_minutes", compute_sudo=False
    )
    explanation = fields.Text(compute="_compute_minutes", compute_sudo=False)
    visit_is_quoted = fields.Boolean(
        compute="_compute_visit_is_quoted", compute_sudo=False
    )

    @api.model
    def _default_ended_at(self):
        """Nothing for a forgotten session: somebody has to say when it ended."""
        sessions = self.env["service.remote.session"]
        session = sessions.browse(self.env.context.get("default_session_id"))
        now = fields.Datetime.now()
        return False if session and session._is_forgotten(now) else now

    @api.depends("session_id")
    def _compute_is_forgotten(self):
        now = fields.Datetime.now()
        for end in self:
            end.is_forgotten = end.session_id._is_forgotten(now)

    @api.depends("outcome")
    def _compute_close_ticket(self):
        for end in self:
            end.close_ticket = end.outcome == "solved"

    @api.depends("ended_at", "session_id")
    def _compute_minutes(self):
        for end in self:
            entry = end.session_id._work_until(end.ended_at)
            end.minutes = entry.worked_minutes
            end.billed_minutes = entry.billed_minutes
            end.explanation = entry.explanation

    @api.depends("session_id")
    def _compute_visit_is_quoted(self):
        for end in self:
            # sudo: the ticket may have gone to another team meanwhile
            end.visit_is_quoted = not end.session_id.sudo().ticket_id._covers_visit()

    def action_end(self):
        """End the session as the dialog says, and close its ticket if wanted."""
        self.ensure_one()
        session = self.session_id
        if not self.ended_at:
            raise ValidationError(self.env._("Enter when the session really ended."))
        session._end(self.outcome, self.note, self.ended_at, recorded=self.recorded)
        # sudo: as above; the user who helped may say that it is done
        ticket = session.sudo().ticket_id
        if self.close_ticket and not ticket.running_session_id:
            ticket._close()
        return {"type": "ir.actions.act_window_close"}
