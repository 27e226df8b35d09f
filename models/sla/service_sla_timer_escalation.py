import logging

from odoo import api, fields, models
from odoo.tools import html_escape

from ...tools.groups import BACK_OFFICE, HELPDESK
from ...tools.machine_mail import OURS
from ...tools.moments import this_minute
from ...tools.sla import PERCENT, Metric, read

_logger = logging.getLogger(__name__)
BATCH = 100
ACTIVITIES = {
    "reaction": "helpdesk_service_contract.mail_activity_type_reaction",
    "resolution": "helpdesk_service_contract.mail_activity_type_resolution",
}
MAIL = "helpdesk_service_contract.mail_template_sla_escalation"


class ServiceSlaTimer(models.Model):
    """Tells people in time that a promise is about to be broken."""

    _inherit = "service.sla.timer"

    @api.model
    def _cron_escalate(self):
        """Look at the timers that are due, and at no others.

        Runs when the next one is due, and after downtime for all that were missed.
        """
        cron = self.env["ir.cron"]
        seen = self.browse()
        while due := self._due(seen):
            seen |= due
            for timer in due.try_lock_for_update():
                timer._escalate_safely()
            left = self._due_count(seen)
            if not cron._commit_progress(len(due), remaining=left):
                break
        self._wake_for_next()

    @api.model
    def _due_domain(self, seen):
        return [
            ("next_check_at", "<=", fields.Datetime.now()),
            ("id", "not in", seen.ids),
        ]

    @api.model
    def _due(self, seen):
        return self.search(
            self._due_domain(seen), order="next_check_at, id", limit=BATCH
        )

    @api.model
    def _due_count(self, seen):
        return self.search_count(self._due_domain(seen), limit=10 * BATCH)

    @api.model
    def _wake_for_next(self):
        """Run again when the next timer is due; what is overdue failed just now."""
        following = self.search(
            [("next_check_at", ">", fields.Datetime.now())],
            order="next_check_at, id",
            limit=1,
        )
        if following:
            cron = self.env.ref("helpdesk_service_contract.cron_sla_escalation")
            cron._trigger(at=following.next_check_at)

    def _escalate_safely(self):
        """One timer whose people cannot be told keeps nobody else from being told."""
        # A breach stays noted where the mail about it fails.
        unnoted = not self.breached_at and self._broken_at()
        for step in (self._note_breach, self._escalate)[0 if unnoted else 1 :]:
            try:
                with self.env.cr.savepoint():
                    step()
            except Exception:
                # Tried again by the hourly run.
                _logger.exception("SLA timer %s could not be escalated", self.id)

    def _note_breach(self):
        self.env["service.sla"]._bring_up_to_date(self.ticket_id)

    def _escalate(self):
        """Tell what was passed by now; if several at once, the last one speaks."""
        self.ensure_one()
        sla = self.env["service.sla"]
        # Who is told of nothing now is told when the ticket is back.
        passed = self.ticket_id.active and self._passed_thresholds()
        if not passed:
            # The deadline has passed, or somebody changed the target's thresholds.
            sla._refresh(self.ticket_id)
            return
        sla._record(
            [
                sla._event(
                    self.ticket_id,
                    "escalated",
                    metric=self.metric,
                    percent=threshold.percent,
                )
                for threshold in passed
            ]
        )
        for_responsible = passed.filtered("notify_responsible")[-1:]
        if for_responsible:
            self._remind_responsible(for_responsible.percent)
        for_leader = passed.filtered("notify_leader")[-1:]
        if for_leader:
            self._tell_leader(for_leader)

    def _passed_thresholds(self):
        """What somebody has to be told of now, by what told when to look."""
        sla, metric = self.env["service.sla"], Metric(self.metric)
        log = sla._read_log(sla._log_of(self.ticket_id))
        reading, told = read(metric, log.events), log.told[metric]
        now = this_minute()

        def is_passed(threshold):
            moment = reading.reaches(threshold.percent)
            return (
                threshold.enabled
                and threshold.percent not in told
                and moment is not None
                and moment <= now
            )

        return self.target_id.threshold_ids.filtered(is_passed).sorted("percent")

    def _responsible(self):
        """Who is to act: the technician, else who leads the team, else back office."""
        ticket, company = self.ticket_id, self.ticket_id.company_id
        return company._responsible(
            HELPDESK,
            ticket.user_id,
            ticket.team_id.user_id,
            ticket.service_contract_id.user_id,
            company._responsible(BACK_OFFICE),
        )

    def _headline(self, percent):
        """What a threshold means, in the language of the environment."""
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        words = {"promise": metrics[self.metric], "percent": percent}
        if percent >= PERCENT:
            return self.env._("%(promise)s: the deadline has passed", **words)
        return self.env._("%(promise)s: %(percent)s%% of the time has elapsed", **words)

    def _explanation(self, percent):
        deadline = self._moment(self.deadline)
        if percent >= PERCENT:
            return self.env._(
                "The deadline was %s. Act now, and enter the reason on the ticket.",
                deadline,
            )
        return self.env._("The deadline is %s.", deadline)

    def _remind_responsible(self, percent):
        user = self._responsible()
        timer = self.with_context(lang=user.lang)
        self.ticket_id.activity_schedule(
            ACTIVITIES[self.metric],
            user_id=user.id,
            summary=timer._headline(percent),
            note=html_escape(timer._explanation(percent)),
        )

    def _tell_leader(self, threshold):
        leader = self.ticket_id.team_id.user_id
        if not leader.active:
            return
        timer = self.with_context(lang=leader.lang)
        if threshold.notify_leader == "mail":
            template = self.env.ref(MAIL)
            template.with_context(percent=threshold.percent).send_mail(
                self.id,
                email_values={
                    "headers": repr(OURS),
                    "recipient_ids": leader.partner_id.ids,
                },
            )
            return
        said = {
            "headline": timer._headline(threshold.percent),
            "explanation": timer._explanation(threshold.percent),
        }
        self.ticket_id.message_post(
            body=timer.env._("%(headline)s. %(explanation)s", **said),
            partner_ids=leader.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _close_reminders(self):
        """What was to be done is done."""
        for metric, timers in self.grouped("metric").items():
            timers.ticket_id.activity_feedback([ACTIVITIES[metric]])
