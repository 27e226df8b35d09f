from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ...tools.guard import Guard
from .service_remote_session import MOVING

_lt = LazyTranslate(__name__)
MOVED = Guard(
    frozenset(
        {
            "accepted_line_ids",
            "agreed_at",
            "consent_id",
            "ended_at",
            "ended_by_id",
            "entry_id",
            "event_id",
            "invited_at",
            "invited_to",
            "note",
            "outcome",
            "recorded",
            "reminded_at",
            "reminders",
            "started_at",
            "state",
            "visit_ticket_id",
        }
    ),
    MOVING,
    message=_lt("This follows from inviting to a session, starting or ending it."),
)
# What people may write, by state.
WHILE_RUNNING = {"connection_number", "tool_id", "work_type_id"}
WHILE_PLANNED = WHILE_RUNNING | {
    "person_id",
    "planned_minutes",
    "planned_start",
    "user_id",
}
EDITABLE = {
    "planned": WHILE_PLANNED,
    "running": WHILE_RUNNING,
    "ended": set(),
    "cancelled": set(),
}


class ServiceRemoteSession(models.Model):
    """What may be written on a session, when, and what nobody may change of it."""

    _inherit = "service.remote.session"

    @api.model
    def _guards(self):
        return (*super()._guards(), MOVED)

    def write(self, vals):
        if not MOVING.is_open(self.env.context):
            for session in self:
                session._check_editable(set(vals) - MOVED.names)
        return super().write(vals)

    def _check_editable(self, names):
        if kept := names - EDITABLE[self.state]:
            labels = [
                self._fields[name]._description_string(self.env)
                for name in kept & set(self._fields)
            ]
            raise UserError(
                self.env._(
                    "This cannot be changed on the session any more: %s.",
                    ", ".join(sorted(labels)) or ", ".join(sorted(kept)),
                )
            )

    def _move_on(self, **vals):
        """Write what only starting, ending and cancelling write."""
        self.with_context(**MOVING.opened).write(vals)

    def _check_planned(self):
        for session in self:
            if session.state != "planned":
                raise UserError(
                    self.env._(
                        "The session has already been started or cancelled. Plan a "
                        "new one; it needs new consents."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for session in self:
            if session.state in {"running", "ended"} or session.sudo().acceptance_ids:
                raise UserError(
                    self.env._(
                        "A session that took place or has an acceptance cannot be "
                        "deleted. Cancel it if it will not take place."
                    )
                )
