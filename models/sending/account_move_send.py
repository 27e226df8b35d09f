from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.machine_mail import OURS
from ..billing.ir_actions_report import LIMIT, SECONDS
from .account_move_offline import BEFORE_KSEF

# Records among the settings of the Send dialogue.
_RECORDS = ("mail_template", "pdf_report")


class AccountMoveSend(models.AbstractModel):
    """Odoo's own sending under the same rules: nothing by e-mail before KSeF has it."""

    _inherit = "account.move.send"

    @api.model
    def _get_default_extra_edis(self, move):
        # sudo: `l10n_pl_edi` asks for the certificate, which accountants may not see
        edis = super()._get_default_extra_edis(move.sudo())
        outside = self.env.context.get(BEFORE_KSEF)
        if outside or not self.env["service.ksef"]._is_due(move):
            edis = edis - {"pl_ksef"}
        return edis

    @api.model
    def _get_alerts(self, moves, moves_data):
        alerts = super()._get_alerts(moves, moves_data)
        ksef = self.env["service.ksef"]
        first = moves.filtered(self._goes_to_ksef_first)
        rejected = first.filtered(lambda move: ksef._status(move) == "rejected")
        if rejected:
            alerts["service_ksef_rejected"] = {
                "level": "danger",
                "message": self._rejected_message(rejected[0]),
            }
        elif first:
            alerts["service_ksef_first"] = {
                "level": "info",
                "message": self.env._(
                    "The e-mail will be sent automatically once KSeF has accepted "
                    "the invoice."
                ),
            }
        elif moves.filtered(lambda move: move._missing_papers()):
            alerts["service_papers"] = {
                "level": "info",
                "message": self.env._(
                    "The statement of hours is being made. The e-mail waits for it."
                ),
            }
        late = first.filtered("service_sending_warning")[:1]
        if late:
            alerts["service_ksef_late"] = {
                "level": "warning",
                "message": late.service_sending_warning,
            }
        return alerts

    @api.model
    def _generate_and_send_invoices(
        self,
        moves,
        from_cron=False,
        allow_raising=True,
        allow_fallback_pdf=False,
        **custom_settings,
    ):
        held = moves.filtered(self._is_held)
        others = moves - held
        for move in held:
            self._queue_for_ksef(move, custom_settings, from_cron)
        if held and not others:
            return self.env["ir.attachment"]
        printing = self.with_context(**{SECONDS: LIMIT})
        return super(AccountMoveSend, printing)._generate_and_send_invoices(
            others,
            from_cron=from_cron,
            allow_raising=allow_raising,
            allow_fallback_pdf=allow_fallback_pdf,
            **custom_settings,
        )

    @api.model
    def _is_held(self, move):
        """Whether the e-mail waits: for KSeF, or for the statement of hours."""
        return self._goes_to_ksef_first(move) or bool(move._missing_papers())

    @api.model
    def _goes_to_ksef_first(self, move):
        """Whether KSeF must have the invoice before the customer, and has not yet."""
        ksef = self.env["service.ksef"]
        status = ksef._status(move)
        if self.env.context.get(BEFORE_KSEF):
            return False
        return status != "accepted" and bool(status or ksef._is_due(move))

    @api.model
    def _queue_for_ksef(self, move, settings, from_cron):
        if from_cron:
            settings = {**(move.sending_data or {}), **settings}
        try:
            self._check_move_constraints(move)
            if self.env["service.ksef"]._status(move) == "rejected":
                raise UserError(self._rejected_message(move))
            move._queue_sending(self._storable(settings))
        except UserError as error:
            if not from_cron:
                raise
            # Odoo's job sends many invoices at once: one must not stop the others.
            move.message_post(body=str(error))
            move.sending_data = False

    @api.model
    def _can_commit(self):
        # In the queue each invoice has a savepoint, which a commit would break; the
        # queue commits after each of them.
        in_queue = self.env.context.get("service_sending_queue")
        return not in_queue and super()._can_commit()

    @api.model
    def _storable(self, settings):
        """Settings of the Send dialogue as they fit into a JSON field."""
        storable = {
            key: list(value) if isinstance(value, set) else value
            for key, value in settings.items()
            # Which systems an invoice goes to is not chosen in the dialogue.
            if key != "extra_edis"
        }
        for key in _RECORDS:
            if key in storable:
                storable[key] = storable[key] and storable[key].id
        return storable

    @api.model
    def _rejected_message(self, move):
        return self.env._(
            "KSeF rejected invoice %(invoice)s of %(day)s, so it is not sent to the "
            "customer. Reset it to draft, correct it and post it.",
            invoice=move.display_name,
            day=format_date(self.env, move.invoice_date),
        )

    @api.model
    def _send_mail(self, move, mail_template, **kwargs):
        kwargs = {"mail_headers": OURS} | kwargs
        result = super()._send_mail(move, mail_template, **kwargs)
        # sudo: to look whether the mail server takes it is the queue's own business
        move = move.sudo()
        message = move.env["mail.message"].search(
            [("model", "=", move._name), ("res_id", "=", move.id)],
            order="id desc",
            limit=1,
        )
        move._write_queue(service_sending_message_id=message.id)
        self.env["service.ksef"]._ask_soon()
        return result

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        result = super()._hook_if_success(moves_data, from_cron=from_cron)
        for move in moves_data:
            # Sent by hand meanwhile: the queue must not send it once more.
            if move.service_sending and move.service_sending_message_id:
                move._sending_done()
        return result
