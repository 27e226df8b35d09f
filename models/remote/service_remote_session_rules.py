from odoo import api, models
from odoo.exceptions import UserError

from .service_remote_session import MOVING

# What people may write, by state; everything else follows from starting and ending.
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
GIVEN = WHILE_PLANNED | {"ticket_id"}


class ServiceRemoteSession(models.Model):
    """What may be written on a session, when, and what nobody may change of it."""

    _inherit = "service.remote.session"

    @api.model_create_multi
    def create(self, vals_list):
        names = {name for vals in vals_list for name in vals}
        defaults = {
            name for name in self._fields if f"default_{name}" in self.env.context
        }
        self._check_moving((names | defaults) - GIVEN)
        return super().create(vals_list)

    def write(self, vals):
        for session in self:
            self._check_moving(set(vals) - EDITABLE[session.state])
        return super().write(vals)

    def _check_moving(self, names):
        if names and self.env.context.get("moving") is not MOVING:
            labels = [
                self._fields[name]._description_string(self.env)
                for name in names & set(self._fields)
            ]
            raise UserError(
                self.env._(
                    "This cannot be changed on the session any more, or only by "
                    "starting or ending it: %s.",
                    ", ".join(sorted(labels)) or ", ".join(sorted(names)),
                )
            )

    def _move_on(self, **vals):
        """Write what only starting, ending and cancelling write."""
        self.with_context(moving=MOVING).write(vals)

    def _check_planned(self):
        for session in self:
            if session.state != "planned":
                raise UserError(
                    self.env._(
                        "The session has already been started or cancelled. Plan a "
                        "new one; it needs a new consent."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for session in self:
            if session.state in {"running", "ended"} or session.sudo().acceptance_ids:
                raise UserError(
                    self.env._(
                        "A session that somebody agreed to or that took place stays. "
                        "Cancel it, if it is not to take place."
                    )
                )
