import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime, html_escape

from ...tools.groups import ACCOUNTANT
from ...tools.sending import pause_after
from .account_move_midnight import QUEUED_ON
from .account_move_offline import BEFORE_KSEF
from .account_move_queue import ACTIVITY

_logger = logging.getLogger(__name__)

# KSeF comes back when it does, and deadlines run.
AWAY_PAUSE = timedelta(hours=1)
# How long KSeF may take before somebody looks.
UNDECIDED = timedelta(hours=1)
UNDECIDED_SINCE = "undecided_since"
_MAIL_FAILED = {"exception", "bounce", "canceled"}
_MAIL_UNDER_WAY = {"ready", "process", "pending"}


class AccountMove(models.Model):
    """The way of an invoice out of the queue: to KSeF, to acceptance, to the customer.

    Each step is done and committed before the next one, and can be repeated: whatever
    is interrupted is taken up again by the next run.
    """

    _inherit = "account.move"

    @api.model
    def _sending_due(self):
        return (
            Domain("state", "=", "posted")
            & Domain("service_sending", "in", ("queued", "waiting", "failed"))
            & Domain("service_sending_try_at", "<=", fields.Datetime.now())
        )

    @api.model
    def _mail_to_check(self):
        """E-mails that were handed over, and may not have left."""
        return Domain("service_sending_message_id", "!=", False) & Domain(
            "service_sending", "in", ("sent", False)
        )

    @api.model
    def _cron_send(self):
        """Take every invoice that is due as far as it gets now, of all companies."""
        cron = self.env["ir.cron"]
        due = self.search(self._sending_due(), order="service_sending_try_at, id")
        # What an outage held up goes out first, in the order in which it was issued.
        held = due.filtered("service_offline_on")
        due = held.sorted(lambda one: (one.invoice_date, one.name, one.id)) | due
        posted = self.search(self._mail_to_check())
        cron._commit_progress(remaining=len(due) + len(posted))
        unreachable = {}
        for move in due:
            # Somebody may have it open in another transaction, or have sent it.
            locked = move.try_lock_for_update(allow_referencing=True)
            locked.invalidate_recordset()
            for current in locked.filtered_domain(self._sending_due()):
                current._send_next(unreachable)
            if not cron._commit_progress(1):
                return
        for move in posted:
            locked = move.try_lock_for_update(allow_referencing=True)
            locked.invalidate_recordset()
            locked.filtered_domain(self._mail_to_check())._check_mail_left()
            if not cron._commit_progress(1):
                return

    def _send_next(self, unreachable):
        """Take the invoice one step on, or two where the first was only a question.

        :param dict unreachable: by company, why KSeF cannot be reached in this run: the
            others of the company are not kept waiting for it one after the other
        """
        self.ensure_one()
        move = self.with_company(self.company_id)
        move = move.with_context(
            lang=move._sending_responsible().lang, service_sending_queue=True
        )
        try:
            if not move._pass_ksef(unreachable):
                move._hand_over_offline()
            elif move._has_papers():
                with self.env.cr.savepoint():
                    move._send_to_customer()
        except OperationalError:
            # Somebody else changed the same rows: the next run takes it up.
            _logger.info("Invoice %s is busy", self.id)
        except Exception as error:  # noqa: BLE001 - one invoice stops no other
            if not isinstance(error, UserError):
                _logger.exception("Invoice %s could not be sent", self.id)
            move._sending_failed(str(error))

    def _pass_ksef(self, unreachable):
        """Whether it may go to the customer: KSeF has it or does not want it."""
        ksef = self.env["service.ksef"]
        if not ksef._is_due(self) and not ksef._status(self):
            return True
        if ksef._status(self) == "accepted":
            return True
        company = self.company_id
        first = company not in unreachable
        if first:
            unreachable[company] = ksef._reach(company)
        if unreachable[company]:
            self._note_ksef_away()
            if self._is_outside_for_good():
                return True
            tell = first and not self._sending_outage_told()
            self._sending_failed(unreachable[company], tell=tell, longest=AWAY_PAUSE)
            return False
        try:
            return self._ask_ksef() if ksef._status(self) else self._send_to_ksef()
        except Exception:
            # Is it the invoice or KSeF? Look before the next one tries.
            del unreachable[company]
            raise

    def _send_to_ksef(self):
        """Have KSeF take the invoice, once: always False, as it decides later."""
        ksef = self.env["service.ksef"]
        with self.env.cr.savepoint():
            self._check_sendable()
            taken = ksef._was_taken(self)
            if not taken:
                self._check_on_time()
                self._note_ksef_there()
                ksef._prepare(self)
        # What is sent is written down first, in case nobody hears of the answer.
        if not taken and not self._committed_and_locked():
            return False
        if not taken:
            ksef._send(self)
        # KSeF has it: nothing that fails from here on may undo that.
        self._write_queue(
            service_sending="waiting",
            service_sending_error=False,
            service_sending_try_at=fields.Datetime.now(),
            service_sending_attempts=0,
        )
        self._note_late_issue()
        ksef._ask_soon()
        return False

    def _committed_and_locked(self):
        """Commit, and go on unless somebody else took the invoice up meanwhile."""
        self.env["ir.cron"]._commit_progress()
        locked = self.try_lock_for_update(allow_referencing=True)
        locked.invalidate_recordset()
        return bool(locked) and not self.env["service.ksef"]._status(self)

    def _ask_ksef(self):
        with self.env.cr.savepoint():
            reason = self.env["service.ksef"]._ask(self)
        status = self.env["service.ksef"]._status(self)
        if status == "rejected":
            self._sending_failed(self._rejected_words(reason), retry=False)
        elif status == "sent":
            self._tell_if_undecided()
        return status == "accepted"

    def _rejected_words(self, reason):
        if self.service_handed_over_on:
            return self.env._(
                "KSeF rejected the invoice, which the customer got while KSeF was "
                "away. %s Correct the customer's or your own data and press Retry: it "
                "goes out as a technical correction under the same number.",
                reason,
            )
        return self.env._(
            "KSeF rejected the invoice, so it was not sent to the customer. %s", reason
        )

    def _tell_if_undecided(self):
        """Tell the accountant once that KSeF takes long over an invoice."""
        settings, now = self.service_sending_settings or {}, fields.Datetime.now()
        since = settings.get(UNDECIDED_SINCE)
        if not since:
            settings = settings | {UNDECIDED_SINCE: fields.Datetime.to_string(now)}
            self._write_queue(service_sending_settings=settings)
        elif now - fields.Datetime.to_datetime(since) >= UNDECIDED:
            self._tell_accountant(
                self.env._(
                    "KSeF has had invoice %(invoice)s since %(since)s and has not "
                    "decided about it. It is asked again all the time; look in KSeF "
                    "itself whether the invoice is there. Do not send it again.",
                    invoice=self.name,
                    since=format_datetime(self.env, since),
                )
            )

    def _note_late_issue(self):
        today = self.company_id._service_day()
        if self.invoice_date < today:
            self.message_post(
                body=self.env._(
                    "The invoice is dated %(day)s and was sent to KSeF on "
                    "%(today)s. KSeF treats it as issued offline.",
                    day=format_date(self.env, self.invoice_date),
                    today=format_date(self.env, today),
                )
            )

    def _has_papers(self):
        """Whether the statement is there to go with it, or else wait for it."""
        missing = self._missing_papers()
        if errors := [error for error in missing.mapped("print_error") if error]:
            self._sending_failed(
                self.env._("The statement of hours is missing. %s", errors[0])
            )
        elif missing:
            missing.filtered(lambda papers: not papers.print_at)._order_papers()
            soon = fields.Datetime.add(fields.Datetime.now(), minutes=1)
            self._write_queue(service_sending="queued", service_sending_try_at=soon)
            self.env["service.ksef"]._ask_soon()
        return not missing

    def _send_to_customer(self):
        """Send PDF and statement as Odoo's Send dialogue would."""
        if self._send_mail_again():
            # Failures count on until the e-mail has left, and are told once.
            self._sending_handed_over()
            return
        if self.service_handed_over_on:
            # The customer has had it since KSeF was away.
            self._drop_paper_without_number()
            self._sending_done()
            return
        sender = self.env["account.move.send"]
        settings = self._sending_settings()
        methods = settings.get("sending_methods")
        if methods is None:
            methods = sender._get_default_sending_methods(self)
        if "email" in methods and not self._sending_recipients(settings):
            raise UserError(
                self.env._(
                    "“%s” has no e-mail address. Enter it and press Retry.",
                    self.partner_id.display_name,
                )
            )
        sender._generate_and_send_invoices(self, **settings)
        self._sending_done()

    def _sending_settings(self):
        """What was chosen in the Send dialogue, with records in place of their ids."""
        settings = dict(self.service_sending_settings or {})
        for key in (QUEUED_ON, UNDECIDED_SINCE):
            settings.pop(key, None)
        for key, model in (
            ("mail_template", "mail.template"),
            ("pdf_report", "ir.actions.report"),
        ):
            if settings.get(key):
                settings[key] = self.env[model].browse(settings[key]).exists()
        return settings

    def _sending_recipients(self, settings):
        if "mail_partner_ids" in settings:
            partners = self.env["res.partner"].browse(settings["mail_partner_ids"])
            return partners.exists().filtered("email")
        sender = self.env["account.move.send"]
        template = sender._get_default_mail_template_id(self)
        lang = sender._get_default_mail_lang(self, template)
        return sender._get_default_mail_partner_ids(self, template, lang)

    def _send_mail_again(self):
        """Send the e-mail that did not leave once more: whether there is one.

        To those who have not got it; the chatter has it already.
        """
        # sudo: e-mails belong to the system, whoever wrote them
        message = self.sudo().service_sending_message_id
        failed = message.notification_ids.filtered(
            lambda one: one.notification_status in _MAIL_FAILED
        )
        mails = failed.mail_mail_id
        if not mails:
            return False
        failed.write(
            {
                "notification_status": "ready",
                "failure_type": False,
                "failure_reason": False,
            }
        )
        mails.mark_outgoing()
        mails.send_after_commit()
        self.env["service.ksef"]._ask_soon()
        return True

    def _check_mail_left(self):
        """Learn whether the mail server took the e-mail with the invoice."""
        for move in self.filtered("service_sending_message_id"):
            told = move.service_sending_message_id.notification_ids
            failed = told.filtered(lambda one: one.notification_status in _MAIL_FAILED)
            if failed:
                move = move.with_context(lang=move._sending_responsible().lang)
                move._sending_mail_failed(failed)
            elif not _MAIL_UNDER_WAY & set(told.mapped("notification_status")):
                move._write_queue(service_sending_message_id=False)
                move._sending_forget_failures()

    def _sending_mail_failed(self, failed):
        """Try again, for those only who have not got it."""
        settings = self.service_sending_settings or {}
        partners = failed.res_partner_id
        if partners:
            settings = settings | {"mail_partner_ids": partners.ids}
        self._write_queue(service_sending_settings=settings)
        self._sending_failed(
            self.env._(
                "The e-mail to %(who)s was not sent: %(reason)s",
                who=", ".join(partners.mapped("display_name")),
                reason=failed[:1].with_env(self.env)._failure_words(),
            )
        )

    def _sending_done(self):
        """It is handed over; whether the e-mail leaves is looked at later."""
        if self.env.context.get(BEFORE_KSEF):
            return  # KSeF is still to get it.
        self._sending_handed_over()
        self._sending_forget_failures()

    def _sending_handed_over(self):
        self._write_queue(
            service_sending="sent",
            service_sending_error=False,
            service_sending_try_at=False,
        )

    def _sending_forget_failures(self):
        self._write_queue(service_sending_attempts=0)
        self.activity_feedback([ACTIVITY])

    def _sending_failed(self, reason, *, retry=True, tell=True, longest=None):
        """Show the failure, plan the next attempt, and tell the accountant once.

        :param timedelta longest: the longest pause until then
        """
        attempts = self.service_sending_attempts + 1
        pause = pause_after(attempts)
        pause = min(pause, longest or pause)
        self._write_queue(
            service_sending="failed",
            service_sending_error=reason,
            service_sending_attempts=attempts,
            service_sending_try_at=retry and fields.Datetime.now() + pause,
        )
        if tell:
            self._tell_accountant(reason)

    def _tell_accountant(self, reason):
        if not self.activity_search([ACTIVITY]):
            self.activity_schedule(
                ACTIVITY,
                date_deadline=self.service_ksef_due or None,
                user_id=self._sending_responsible().id,
                note=html_escape(f"{reason} {self._offline_words()}".strip()),
            )

    def _sending_outage_told(self):
        """Whether an accountant of the company knows already that KSeF is away."""
        activities = self.env["mail.activity"].search(
            [
                ("res_model", "=", "account.move"),
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
            ]
        )
        others = self.browse(activities.mapped("res_id")).exists()
        return any(
            other.company_id == self.company_id
            and other.service_sending == "failed"
            and other.service_sending_try_at
            for other in others
        )

    @api.model
    def _adopt_sent_to_ksef(self):
        """Follow what was sent to KSeF before this add-on came; it was mailed then."""
        self.search([("l10n_pl_edi_status", "=", "sent")])._write_queue(
            service_sending="waiting",
            service_sending_try_at=fields.Datetime.now(),
            service_sending_settings={"sending_methods": []},
        )

    def _sending_responsible(self):
        """The accountant who is told: who asked to send it, or else any."""
        asked = (self.service_sending_settings or {}).get("author_user_id")
        author = self.env["res.users"].browse(asked or ())
        return self.company_id._responsible(ACCOUNTANT, author, self.invoice_user_id)
