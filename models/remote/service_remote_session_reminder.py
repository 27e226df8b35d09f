import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html_escape

from ...tools.groups import BACK_OFFICE

_logger = logging.getLogger(__name__)
ACTIVITY = "helpdesk_service_contract.mail_activity_type_session"
BATCH = 100
DAY = timedelta(days=1)
# From this reminder on, others than the technician are told as well.
ESCALATED = 2


class ServiceRemoteSession(models.Model):
    """Sessions that run for so long that somebody must have forgotten to end them.

    People are reminded. Nothing ends by itself, and nothing is billed by guesswork.
    """

    _inherit = "service.remote.session"

    overdue_at = fields.Datetime(
        string="Considered Forgotten After",
        compute="_compute_overdue_at",
        compute_sudo=True,
        help="A session still running at that time is considered forgotten.",
    )
    clock_now = fields.Datetime(
        compute="_compute_clock_now",
        help="The server's time, for computers whose clock is wrong.",
    )
    reminded_at = fields.Datetime(string="Last Reminder", readonly=True, copy=False)
    reminders = fields.Integer(readonly=True, copy=False)

    @api.depends("started_at", "company_id.remote_session_hours")
    def _compute_overdue_at(self):
        for session in self:
            session.overdue_at = session._forgotten_after()

    def _forgotten_after(self):
        """Until when the session may run before it is taken for forgotten; False for
        one that has not begun."""
        # sudo: the limit is the same for everybody
        limit = timedelta(hours=self.company_id.sudo().remote_session_hours)
        return self.started_at and self.started_at + limit

    def _is_forgotten(self, now):
        """Whether the session runs for longer than anybody helps at a stretch."""
        return self.state == "running" and now > self._forgotten_after()

    @api.model
    def _forgotten_domain(self, now):
        """What ``_is_forgotten`` finds."""
        companies = self.env["res.company"]._read_group(
            [], ["remote_session_hours"], ["id:recordset"]
        )
        return Domain("state", "=", "running") & Domain.OR(
            Domain("company_id", "in", same.ids)
            & Domain("started_at", "<", now - timedelta(hours=hours))
            for hours, same in companies
        )

    def _compute_clock_now(self):
        self.clock_now = fields.Datetime.now()

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "ended":
            self._close_reminders()
        return result

    @api.model
    def _cron_remind(self):
        """Remind of sessions that were forgotten: at once, and then once a day."""
        cron = self.env["ir.cron"]
        seen = self.browse()
        while due := self.search(self._to_remind(seen), order="id", limit=BATCH):
            seen |= due
            for session in due.try_lock_for_update():
                session._remind_safely()
            left = self.search_count(self._to_remind(seen), limit=10 * BATCH)
            if not cron._commit_progress(len(due), remaining=left):
                break

    @api.model
    def _to_remind(self, seen):
        now = fields.Datetime.now()
        return (
            self._forgotten_domain(now)
            & Domain("id", "not in", seen.ids)
            & (
                Domain("reminded_at", "=", False)
                | Domain("reminded_at", "<=", now - DAY)
            )
        )

    def _remind_safely(self):
        """One session that nobody can be told of keeps no other from being told of."""
        try:
            with self.env.cr.savepoint():
                self._remind()
        except Exception:
            # Tried again by the next run.
            _logger.exception("Nobody could be reminded of remote session %s", self.id)

    def _remind(self):
        self.ensure_one()
        self._move_on(
            reminded_at=fields.Datetime.now(),
            reminders=self.reminders + 1,
        )
        for user in self._people_to_remind():
            self._remind_person(user)

    def _people_to_remind(self):
        """The technician; later also who answers for the contract, or for the team."""
        # People who left are told nothing.
        technician = self.user_id.filtered("active")
        if technician and self.reminders < ESCALATED:
            return technician
        ticket, company = self.ticket_id, self.company_id
        people = ticket.service_contract_id.user_id, ticket.team_id.user_id
        told = technician | company._able(BACK_OFFICE, *people)
        return told or company._responsible(BACK_OFFICE)

    def _remind_person(self, user):
        session = self.with_context(lang=user.lang).with_company(self.company_id)
        headline = session.env._(
            "Session of %(technician)s is still running, ticket %(ticket)s",
            technician=self.user_id.name,
            ticket=self.ticket_id.number,
        )
        note = session.env._(
            "It has been running since %s. If the help is over, end the session "
            "and enter when it really ended: only the time of help is billed.",
            session._local(self.started_at),
        )
        # The message below tells them, so the activity need not.
        ticket = session.ticket_id.with_context(mail_activity_quick_update=True)
        if not ticket.activity_search([ACTIVITY], user_id=user.id):
            ticket.activity_schedule(
                ACTIVITY,
                date_deadline=self.company_id._service_day(),
                user_id=user.id,
                summary=headline,
                note=html_escape(note),
            )
        ticket.message_notify(
            partner_ids=user.partner_id.ids, subject=headline, body=note
        )

    def _close_reminders(self):
        """What was to be done is done, also by those who had to see to it."""
        # sudo: the reminders of others, too
        for session in self.sudo().filtered("reminded_at"):
            ticket = session.ticket_id
            own = session.user_id.id if ticket.running_session_id else None
            ticket.activity_feedback([ACTIVITY], user_id=own)
