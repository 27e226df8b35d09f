from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError

from ...tools.charging import Charge
from ...tools.duration import MINUTES_PER_DAY, MINUTES_PER_HOUR
from ...tools.groups import BACK_OFFICE
from .service_remote_session import HELPED


class ServiceRemoteSession(models.Model):
    """Starting and ending a session, and the work that comes of it."""

    _inherit = "service.remote.session"

    def action_start(self):
        """Start the clock, once the person at the computer has agreed to everything.

        :raises RedirectWarning: naming what is missing; its button invites the person
        """
        self.ensure_one()
        self._check_mine()
        self._check_planned()
        self._check_agreed()
        self._check_can_be_billed()
        self._check_free()
        consent = self.env["service.consent"]
        self._move_on(
            state="running",
            started_at=fields.Datetime.now(),
            consent_id=consent._consent(self).id,
            accepted_line_ids=[
                fields.Command.set(self._accepted_in_force().ids),
            ],
        )
        # A technician who connects has answered the customer.
        self.env["service.sla"]._answered(self.ticket_id)

    def _accepted_in_force(self):
        """The acceptances the session stands on: of versions that count today."""
        consent = self.env["service.consent"]
        today = self.company_id.sudo()._service_day()
        current = consent._terms(self)._in_force(today)
        lines = consent._accepted(self)
        return lines.filtered(lambda line: line.version_id in current)

    def _check_mine(self):
        """A session is the technician's; back office may act for them."""
        for session in self:
            if session.user_id != self.env.user and not self._is_back_office():
                raise AccessError(
                    self.env._(
                        "This session belongs to %s. Ask them or back office, or "
                        "plan a session of your own.",
                        session.user_id.name,
                    )
                )

    def _is_back_office(self):
        return self.env.su or self.env.user.has_group(BACK_OFFICE)

    def _check_agreed(self):
        """Refuse to connect to anybody who has not agreed to it."""
        if not self.person_id:
            raise UserError(
                self.env._(
                    "Choose who will be at the computer: consent must come from a "
                    "named person."
                )
            )
        # The ticket may have changed its customer, and the person their company.
        self._check_person()
        consent = self.env["service.consent"]
        missing = consent._missing(self)
        if not missing:
            return
        message = self.env._(
            "%(person)s has not accepted everything yet. "
            "Missing:\n%(missing)s\n\nSend an invitation so they can accept "
            "online, or record what they accept by phone.",
            person=self.person_id.name,
            missing="\n".join(f"• {words}" for words in consent._in_words(missing)),
        )
        if missing.kinds:
            raise UserError(
                message
                + "\n"
                + self.env._(
                    "Service managers publish documents under Configuration → "
                    "Terms and Price Lists."
                )
            )
        raise RedirectWarning(
            message,
            self.env.ref("helpdesk_service_contract.action_invite").id,
            self.env._("Send Invitation"),
            {"active_id": self.id, "active_model": self._name},
        )

    def _check_can_be_billed(self):
        """Find now what would be in the way of the work entry at the end."""
        ticket = self.ticket_id
        if ticket.closed:
            raise UserError(
                self.env._(
                    "Ticket %s is closed. Reopen it before you help.",
                    ticket.number,
                )
            )
        ticket._prepare_for_work()
        # sudo: rates and projects decide, visible or not
        tier = ticket.sudo()._paying_tier()
        if self.work_type_id.id not in tier._rules().rates:
            # Who pays may have changed since the session was planned.
            self._compute_work_type_id()
        tier._rules_for(self.work_type_id)
        ticket.sudo()._work_project()
        self._employee()

    def _employee(self):
        """Who the work is logged for: the technician, or who ends it for one who left.

        No work can be logged for somebody who is no employee any more.
        """
        # sudo: a colleague need not see employees
        user = self.user_id.sudo().with_company(self.company_id)
        if not user.employee_id.active and self.state != "planned":
            user = self.env.user.sudo().with_company(self.company_id)
        if not user.employee_id:
            raise UserError(
                self.env._(
                    "%s has no employee record in the company, so no work can be "
                    "logged. Ask an administrator to create one.",
                    user.name,
                )
            )
        return user.employee_id

    def _check_free(self):
        # sudo: a technician is busy, whoever may see with whom
        running = self.sudo().search(
            [("user_id", "=", self.user_id.id), ("state", "=", "running")], limit=1
        )
        if running:
            raise UserError(
                self.env._(
                    "%(technician)s has been in a session since %(start)s, on "
                    "ticket %(ticket)s. End that session first.",
                    technician=self.user_id.name,
                    start=running._local(running.started_at),
                    ticket=running.ticket_id.number,
                )
            )

    def action_cancel(self):
        self._check_mine()
        self._check_planned()
        self._move_on(state="cancelled")

    def _end(self, outcome, note, ended_at=None, *, recorded=False):
        """End the session and log its real time as work.

        :param ended_at: naive UTC; now, unless the session was forgotten
        :raises UserError: where nobody can tell when a forgotten session ended
        """
        self.ensure_one()
        self._check_mine()
        end = self._check_end(ended_at)
        if not (note or "").strip():
            raise ValidationError(
                self.env._("Enter what was done: the customer reads it in the report.")
            )
        if recorded and not self.sudo().consent_id.recording:
            raise ValidationError(
                self.env._(
                    "%s did not consent to this session being recorded.",
                    self.person_id.name,
                )
            )
        self._move_on(
            state="ended",
            ended_at=end,
            outcome=outcome,
            note=note.strip(),
            recorded=recorded,
            ended_by_id=self.env.uid,
        )
        self._log_work()
        if outcome == "not_remote":
            self._continue_as_visit()

    def _continue_as_visit(self):
        """What cannot be solved remotely takes a visit; this session is done."""
        # sudo: the ticket may have gone to another team meanwhile
        ticket = self.sudo().ticket_id
        visit = ticket._arrange_visit(self)
        self._move_on(visit_ticket_id=visit.id)
        if visit != ticket and not ticket.running_session_id and ticket._closed_stage():
            ticket._close()

    def _check_running(self):
        if self.state != "running":
            raise UserError(self.env._("This session is not running."))

    def _check_end(self, ended_at):
        self._check_running()
        now = fields.Datetime.now()
        if not ended_at and self._is_forgotten(now):
            raise UserError(
                self.env._(
                    "The session has been running since %s. Enter when it really "
                    "ended: only the time of help is billed.",
                    self._local(self.started_at),
                )
            )
        # Clocks of people show no seconds.
        soonest = self.started_at + timedelta(seconds=1)
        end = ended_at or now
        if end.replace(second=0) == self.started_at.replace(second=0):
            end = max(end, soonest)
        if end <= self.started_at or end > max(now, soonest):
            raise ValidationError(
                self.env._(
                    "A session must end after its start, %s, and not in the future.",
                    self._local(self.started_at),
                )
            )
        if self._minutes_until(end) > MINUTES_PER_DAY:
            raise ValidationError(
                self.env._(
                    "A session lasts 24 hours at most. Enter when it really ended."
                )
            )
        return end

    def _log_work(self):
        """The work entry of the session: from its real start, for its real time."""
        # sudo: the work is the technician's, whoever ends the session for them
        entries = self.env["account.analytic.line"].sudo()
        vals = self._work_vals(self.ended_at) | {"name": " ".join(self.note.split())}
        # Help that was given is logged, also where nobody would begin it any more.
        entries = entries.with_company(self.company_id).with_context(**HELPED.opened)
        entry = entries.create(vals).with_env(self.sudo().env)
        self._move_on(entry_id=entry.id)
        if entry.charge == Charge.HOLD:
            self._ask_about_held_work()

    def _ask_about_held_work(self):
        """What became a matter of a quote while somebody helped is for a person."""
        # sudo: the ticket may have gone to another team meanwhile
        ticket = self.sudo().ticket_id
        if ticket.coverage_code == "quote":
            ticket.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=ticket._office_user().id,
                summary=self.env._("Remote help before the quote"),
                note=self.env._(
                    "Since the session started the ticket has come to need a "
                    "quote, so its work is on hold. Create the quote, or override "
                    "who pays."
                ),
            )

    def _work_until(self, end):
        """The work entry the session would make now; nothing is saved."""
        # sudo: as for the entry itself; it holds no price
        entries = self.env["account.analytic.line"].sudo()
        if not (self.started_at and end):
            return entries
        company = self.company_id.sudo()
        day = {"date": company._service_day(self.started_at)}
        return entries.with_company(company).new(self._work_vals(end) | day)

    def _work_vals(self, end):
        return {
            "ticket_id": self.ticket_id.id,
            "employee_id": self._employee().id,
            "work_type_id": self.work_type_id.id,
            "started_at": self.started_at,
            "unit_amount": self._minutes_until(end) / MINUTES_PER_HOUR,
        }
