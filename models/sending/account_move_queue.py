from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate, format_date

from ...tools.groups import ACCOUNTANT
from ...tools.guard import Guard, Seal
from ..l10n_pl.service_ksef import INVOICES
from .account_move_midnight import QUEUED_ON

ACTIVITY = "helpdesk_service_contract.activity_sending"
_lt = LazyTranslate(__name__)
SENDING = Seal("sending")
QUEUE = frozenset(
    {
        "service_sending",
        "service_sending_attempts",
        "service_sending_error",
        "service_sending_message_id",
        "service_sending_settings",
        "service_sending_try_at",
    }
)
QUEUED = Guard(
    QUEUE,
    SENDING,
    message=_lt("How far an invoice has got is written by the queue that sends it."),
)


class AccountMove(models.Model):
    """The queue of invoices to send: what is in it, and who may put it there.

    An invoice stays in it until KSeF has accepted it, where that is due, and the
    customer has it; `account_move_sending_steps` takes it there.
    """

    _inherit = "account.move"

    service_sending = fields.Selection(
        [
            ("queued", "To send"),
            ("waiting", "Waiting for KSeF"),
            ("failed", "Sending failed"),
            ("sent", "Sent"),
        ],
        string="Sending",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="To KSeF, if required, and then to the customer by e-mail.",
    )
    service_sending_error = fields.Text(
        string="Sending Error",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    service_sending_try_at = fields.Datetime(
        string="Next Attempt", readonly=True, copy=False, groups="base.group_user"
    )
    service_sending_attempts = fields.Integer(
        string="Failed Attempts",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="In a row, since sending was last requested.",
    )
    service_sending_settings = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Who asked to send, and what they chose in the Send dialogue.",
    )
    service_sending_message_id = fields.Many2one(
        "mail.message",
        string="E-mail to Check",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The e-mail with the invoice, until a mail server has taken it: what did "
        "not leave is sent again, and not written anew.",
    )
    service_sending_warning = fields.Char(
        compute="_compute_service_sending_warning", groups="base.group_user"
    )
    service_sending_possible = fields.Boolean(
        compute="_compute_service_sending_possible", groups="base.group_user"
    )

    _service_sending_queue = models.Index(
        "(service_sending_try_at)"
        " WHERE service_sending IN ('queued', 'waiting', 'failed')"
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), QUEUED)

    def _write_queue(self, **vals):
        self.with_context(**SENDING.opened).write(vals)

    @api.depends("invoice_date", "state", "move_type", "partner_id", "company_id")
    def _compute_service_sending_warning(self):
        ksef = self.env["service.ksef"]
        for move in self:
            day = move.invoice_date
            today = day and move.company_id._service_day()
            issued = day and day < today and move.state in ("draft", "posted")
            warns = issued and ksef._is_due(move) and not ksef._status(move)
            move.service_sending_warning = warns and self.env._(
                "The invoice is dated %s. KSeF treats an invoice received after "
                "its date as issued offline, and special rules apply. Change the "
                "date to today, unless this is intended.",
                format_date(self.env, day),
            )

    @api.depends("state", "move_type", "service_sending")
    def _compute_service_sending_possible(self):
        for move in self:
            move.service_sending_possible = (
                move.state == "posted"
                and move.move_type in INVOICES
                and not move.service_sending
            )

    def action_queue_sending(self):
        """Send with the customer's usual settings, one invoice or many."""
        self._queue_sending()
        return self._sending_notice()

    def action_retry_sending(self):
        """Try again now, also what KSeF rejected: somebody has looked at it."""
        self._check_may_send()
        rejected = self.filtered(
            lambda move: self.env["service.ksef"]._status(move) == "rejected"
        )
        for move in rejected:
            self.env["service.ksef"]._forget_rejection(move)
        for move in self:
            move._missing_papers()._order_papers()
        self._queue_sending()
        return self._sending_notice()

    def _queue_sending(self, settings=None):
        """Put posted invoices in the queue; those sent or on their way stay so.

        :param dict settings: values of Odoo's Send dialogue, as `account.move.send`
            takes them; the customer's usual ones by default
        :raises AccessError: for anyone who is no accountant
        :raises UserError: for what cannot be sent
        """
        self._check_may_send()
        wanted = self.filtered(
            lambda move: move.service_sending not in ("waiting", "sent")
        )
        for move in wanted:
            move._check_sendable()
        author = {
            "author_user_id": self.env.user.id,
            "author_partner_id": self.env.user.partner_id.id,
        }
        for company, moves in wanted.grouped("company_id").items():
            queued_on = {QUEUED_ON: str(company.sudo()._service_day())}
            moves._write_queue(
                service_sending="queued",
                service_sending_error=False,
                service_sending_try_at=fields.Datetime.now(),
                service_sending_attempts=0,
                service_sending_settings=author | queued_on | (settings or {}),
                # Else Odoo's own job would send it as well.
                sending_data=False,
            )
        if settings is not None:
            # Somebody wrote another e-mail than the one that did not leave.
            wanted._write_queue(service_sending_message_id=False)
        if wanted:
            self.env.ref("helpdesk_service_contract.cron_sending")._trigger()
        return wanted

    def _check_may_send(self):
        if not self.env.su and not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(
                self.env._("Only accountants can send invoices. Ask an accountant.")
            )
        self.check_access("write")

    def _check_sendable(self):
        """Refuse what must not leave the company."""
        self.ensure_one()
        if self.move_type not in INVOICES or self.state != "posted":
            raise UserError(
                self.env._(
                    "“%s” is not a posted customer invoice. Post it before sending it.",
                    self.display_name,
                )
            )
        if self.invoice_date > self.company_id._service_day():
            raise UserError(
                self.env._(
                    "Invoice %(invoice)s is dated %(day)s, which is in the future. "
                    "Send it on that day, or change its date to today.",
                    invoice=self.display_name,
                    day=format_date(self.env, self.invoice_date),
                )
            )
        if self.env["service.ksef"]._status(self) == "rejected":
            raise UserError(
                self.env._(
                    "KSeF rejected invoice %s. Reset it to draft, correct it and "
                    "post it. If the invoice is correct, press Retry on it.",
                    self.display_name,
                )
            )

    def _sending_notice(self):
        """Tell the user what goes on out of sight."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "Queued. If required, the invoice goes to KSeF first, and to "
                    "the customer by e-mail once KSeF has accepted it."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def write(self, vals):
        if {"l10n_pl_edi_number", "l10n_pl_edi_status"} & set(vals):
            self._check_accepted_stays(vals)
        return super().write(vals)

    def _check_accepted_stays(self, vals):
        """What KSeF has accepted is issued for good, under its number."""
        for move in self.filtered(lambda m: m.l10n_pl_edi_status == "accepted"):
            kept = move.l10n_pl_edi_number, "accepted"
            number = vals.get("l10n_pl_edi_number", move.l10n_pl_edi_number)
            if (number, vals.get("l10n_pl_edi_status", "accepted")) != kept:
                raise AccessError(
                    self.env._(
                        "KSeF has accepted %(invoice)s under the number %(number)s.",
                        invoice=move.display_name,
                        number=move.l10n_pl_edi_number,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_at_ksef(self):
        ksef = self.env["service.ksef"]
        for move in self.filtered(lambda m: ksef._status(m) in ("sent", "accepted")):
            raise UserError(
                self.env._(
                    "Invoice %s is at KSeF, so it cannot be deleted. Correct it with a "
                    "credit note.",
                    move.display_name,
                )
            )

    def _check_draftable(self):
        for move in self:
            if self.env["service.ksef"]._status(move) in ("sent", "accepted"):
                raise UserError(
                    self.env._(
                        "Invoice %s has been sent to KSeF, so it can be neither "
                        "changed nor cancelled. Correct it with a credit note.",
                        move.display_name,
                    )
                )
        return super()._check_draftable()

    def button_draft(self):
        result = super().button_draft()
        self._leave_sending_queue()
        return result

    def _leave_sending_queue(self):
        queued = self.filtered("service_sending")
        queued.activity_unlink([ACTIVITY])
        queued._write_queue(**dict.fromkeys(QUEUE, False))
