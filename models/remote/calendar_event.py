from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools.groups import BACK_OFFICE
from .service_remote_session_calendar import FOLLOWING

# What may move a session, or part it from its event.
WATCHED = {
    "active",
    "allday",
    "duration",
    "partner_ids",
    "recurrency",
    "start",
    "start_date",
    "stop",
    "stop_date",
    "user_id",
}


class CalendarEvent(models.Model):
    _name = "calendar.event"
    _inherit = ["service.guarded", "calendar.event"]

    def write(self, vals):
        following = FOLLOWING.is_open(self.env.context)
        sessions = not following and WATCHED & set(vals) and self._remote_sessions()
        if not sessions:
            return super().write(vals)
        self._check_own_sessions(sessions)
        hours = {event.id: (event.start, event.stop) for event in self}
        result = super().write(vals)
        for session in sessions:
            event = self.browse(session.event_id.id)
            event._check_stands_for(session)
            if (event.start, event.stop) != hours[event.id]:
                event._move_session(session)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_remote_session(self):
        if FOLLOWING.is_open(self.env.context):
            return
        for session in self._remote_sessions():
            if session.state in {"planned", "running"}:
                raise UserError(
                    self.env._(
                        "“%s” is a remote session. Cancel it on its ticket, and it "
                        "disappears from the calendar.",
                        session.event_id.display_name,
                    )
                )

    def _remote_sessions(self):
        # sudo: whose event it is counts, visible or not
        return (
            self.env["service.remote.session"]
            .sudo()
            .search([("event_id", "in", self.ids)])
        )

    def _check_own_sessions(self, sessions):
        """An event moves by the rights on its session."""
        if self.env.su or self.env.user.has_group(BACK_OFFICE):
            return
        for session in sessions:
            if session.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "This is a remote session of %s. Ask them or back office "
                        "to move it.",
                        session.user_id.name,
                    )
                )

    def _check_stands_for(self, session):
        """The event stays one of the technician, at an hour, and in the calendar."""
        technician = session.user_id
        if (
            not self.active
            or self.allday
            or self.recurrency
            or self.user_id != technician
            or technician.partner_id not in self.partner_ids
        ):
            raise UserError(
                self.env._(
                    "“%s” is a remote session: in the calendar it can only be "
                    "moved. Choose another technician or cancel the session on its "
                    "ticket.",
                    self.display_name,
                )
            )

    def _move_session(self, session):
        if session.state != "planned":
            raise UserError(
                self.env._(
                    "“%s” has already begun. The calendar shows when it really "
                    "took place.",
                    self.display_name,
                )
            )
        minutes = round((self.stop - self.start).total_seconds() / 60)
        mine = session.with_env(self.env).with_context(**FOLLOWING.opened)
        mine.write({"planned_start": self.start, "planned_minutes": minutes})
