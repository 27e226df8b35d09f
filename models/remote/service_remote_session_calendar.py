from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools.misc import clean_context

from ...tools.guard import Seal

# Held while a session and its event follow each other, so that neither starts over.
FOLLOWING = Seal("following")
QUIETLY = FOLLOWING.opened | {
    # The technician knows, and the customer gets an invitation of ours.
    "no_mail_to_attendees": True,
    "skip_contact_description": True,
    "tracking_disable": True,
}
# What of a session its event shows.
SHOWN = {
    "ended_at",
    "planned_minutes",
    "planned_start",
    "started_at",
    "state",
    "user_id",
}
ALARM = "calendar.alarm_notif_1"


class ServiceRemoteSession(models.Model):
    """A session in the calendar of its technician."""

    _inherit = "service.remote.session"

    event_id = fields.Many2one(
        "calendar.event",
        string="Calendar Event",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    _event_once = models.UniqueIndex("(event_id) WHERE event_id IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        sessions = super().create(vals_list)
        sessions._show_on_calendar()
        return sessions

    def write(self, vals):
        result = super().write(vals)
        if SHOWN & set(vals) and not FOLLOWING.is_open(self.env.context):
            self._show_on_calendar()
        return result

    def unlink(self):
        # sudo: as where the event was made
        events = self.sudo().event_id
        result = super().unlink()
        events.unlink()
        return result

    def _show_on_calendar(self):
        """Keep one event for each session that is agreed on, runs or took place."""
        # sudo: back office plans in calendars that are private, too
        context = clean_context(self.env.context) | QUIETLY
        sessions = self.with_env(self.env(su=True, context=context))
        shown = sessions.filtered(lambda session: session._busy())
        kept = shown.filtered(lambda one: one.event_id.user_id == one.user_id)
        (sessions - kept).event_id.unlink()
        new = shown - kept
        events = sessions.env["calendar.event"].create(
            [session._event_vals() | session._new_event_vals() for session in new]
        )
        for session, event in zip(new, events, strict=True):
            session._move_on(event_id=event.id)
        for session in kept:
            session.event_id.write(session._event_vals())

    def _event_vals(self):
        start, stop = self._busy()
        session = self.with_context(lang=self.user_id.lang)
        return {
            "name": session.env._(
                "Remote help: %(customer)s, %(ticket)s",
                customer=self.commercial_partner_id.name or "–",
                ticket=self.ticket_id.number,
            ),
            "start": start,
            "stop": stop,
        }

    def _new_event_vals(self):
        ticket, user = self.ticket_id, self.user_id
        alarm = self.env.ref(ALARM, raise_if_not_found=False)
        return {
            "allday": False,
            "user_id": user.id,
            "partner_ids": [Command.set(user.partner_id.ids)],
            "alarm_ids": [Command.set(alarm.ids if alarm else [])],
            # Whose computer is helped is nothing for portal users.
            "privacy": "confidential",
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "description": Markup('<p><a href="%s">%s</a></p>')
            % (
                f"{ticket.get_base_url()}/odoo/helpdesk-tickets/{ticket.id}",
                ticket.display_name,
            ),
        }
