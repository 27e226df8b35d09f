from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.moments import midnight

PLAN = ["planned_minutes", "planned_start", "user_id"]
# Days of meetings begin where people are, which is at most this far from UTC.
ZONES = timedelta(hours=14)


class ServiceRemoteSession(models.Model):
    """When the technician is busy with a session, and what else is in the way then."""

    _inherit = "service.remote.session"

    planned_warning = fields.Text(
        compute="_compute_planned_warning",
        help="The technician's other meetings at the time of the session.",
    )

    @api.depends("planned_start", "planned_minutes", "user_id", "state")
    def _compute_planned_warning(self):
        self.planned_warning = False
        agreed = self.filtered(lambda session: session._is_on_calendar())
        meetings = agreed._busy_meetings()
        for session in agreed:
            found = [
                session._meeting_in_words(meeting)
                for meeting in meetings[session.user_id.partner_id.id]
                if meeting != session._origin.event_id and session._clashes(meeting)
            ]
            if found:
                session.planned_warning = self.env._(
                    "%(technician)s has other appointments at that time: %(meetings)s.",
                    technician=session.user_id.name,
                    meetings=", ".join(found),
                )

    def _busy(self):
        """From when until when the session takes the technician's time, or None.

        While it runs, as long as it was planned for.
        """
        self.ensure_one()
        if self.started_at:
            planned = self.started_at + timedelta(minutes=self.planned_minutes)
            return self.started_at, self.ended_at or planned
        if self._is_on_calendar():
            return self.planned_start, self.planned_stop
        return None

    def _busy_meetings(self):
        """Busy events around these sessions, by the id of the partner who attends."""
        meetings = defaultdict(list)
        if not self:
            return meetings
        partners = self.user_id.partner_id
        found = self.env["calendar.event"].search(
            Domain("partner_ids", "in", partners.ids)
            & Domain("show_as", "=", "busy")
            & Domain("start", "<", max(self.mapped("planned_stop")) + ZONES)
            & Domain("stop", ">", min(self.mapped("planned_start")) - ZONES),
            order="start, id",
        )
        # sudo: a private meeting takes time as well; its name stays hidden
        for attendee in found.sudo().attendee_ids.sorted(
            lambda one: one.event_id.start
        ):
            if attendee.state != "declined" and attendee.partner_id in partners:
                event = attendee.event_id.sudo(flag=self.env.su)
                meetings[attendee.partner_id.id].append(event)
        return meetings

    def _clashes(self, meeting):
        start, stop = meeting.start, meeting.stop
        if meeting.allday:
            # From midnight to midnight where the work is done, not from 8 to 18 UTC.
            start = self._midnight(meeting.start_date)
            stop = self._midnight(meeting.stop_date + timedelta(days=1))
        return start < self.planned_stop and stop > self.planned_start

    def _midnight(self, day):
        # sudo: the clock of the company is the same for everybody
        zone = self.company_id.sudo()._service_zone()
        return midnight(day, zone)

    def _meeting_in_words(self, meeting):
        if meeting.allday:
            return self.env._("“%s” (all day)", meeting.display_name)
        return self.env._(
            "“%(meeting)s” (%(start)s – %(end)s)",
            meeting=meeting.display_name,
            start=self._local(meeting.start),
            end=self._local(meeting.stop),
        )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._with_length(vals) for vals in vals_list]
        defaults = self.default_get(PLAN)
        self._check_overlap([defaults | vals for vals in vals_list])
        return super().create(vals_list)

    def write(self, vals):
        vals = self._with_length(vals)
        if not set(vals).isdisjoint(PLAN):
            planned = self.filtered(lambda session: session.state == "planned")
            planned._check_overlap([session._plan() | vals for session in planned])
        return super().write(vals)

    def _with_length(self, vals):
        """Calendar views write the end of what is dragged, where we keep the length."""
        if "planned_stop" not in vals:
            return vals
        vals = dict(vals)
        stop = fields.Datetime.to_datetime(vals.pop("planned_stop"))
        start = vals.get("planned_start", self[:1].planned_start)
        if start and stop:
            length = stop - fields.Datetime.to_datetime(start)
            vals["planned_minutes"] = round(length.total_seconds() / 60)
        return vals

    def _check_overlap(self, plans):
        """Name the session that is in the way of a plan, before it is written.

        The constraint of the database closes the race, and cannot tell which it is.

        :param plans: what each of these sessions, or of new ones, is planned with
        """
        spans = [*filter(None, map(self._span, plans))]
        busy = [
            Domain("user_id", "=", user)
            & (
                Domain("state", "=", "running")
                | Domain("state", "=", "planned")
                & Domain("planned_start", "<", stop)
                & Domain("planned_stop", ">", start)
            )
            for user, start, stop in spans
        ]
        # sudo: a technician is busy, whoever may see with whom
        found = busy and self.sudo().search(
            Domain("id", "not in", self.ids) & Domain.OR(busy)
        )
        for other in found:
            first, last = other._busy()
            if any(
                user == other.user_id.id and start < last and stop > first
                for user, start, stop in spans
            ):
                raise ValidationError(
                    self.env._(
                        "%(technician)s has another session from %(start)s to "
                        "%(end)s. Choose another time or another technician.",
                        technician=other.user_id.name,
                        start=other._local(first),
                        end=other._local(last),
                    )
                )

    def _span(self, plan):
        """Technician, start and end of a plan; None without an agreed time."""
        start = fields.Datetime.to_datetime(plan.get("planned_start"))
        length = timedelta(minutes=plan.get("planned_minutes") or 0)
        return start and (plan["user_id"], start, start + length)

    def _plan(self):
        return {
            "planned_minutes": self.planned_minutes,
            "planned_start": self.planned_start,
            "user_id": self.user_id.id,
        }
