from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.guard import Guard, Seal
from ...tools.ksef import certificate_link
from ...tools.ksef_offline import Mode, due
from ...tools.sending import digest_of

OFFLINE = Seal("offline")
_FACTS = frozenset(
    {"service_offline_on", "service_handed_over_on", "service_handed_over_hash"}
)
MODES = [
    (Mode.OFFLINE24, "offline24"),
    (Mode.UNAVAILABLE, "Unavailability of KSeF"),
    (Mode.FAILURE, "Failure of KSeF"),
    (Mode.TOTAL, "Total failure of KSeF"),
]


class AccountMove(models.Model):
    """Invoices issued offline: in which mode, and until when KSeF must have them.

    KSeF itself decides first: while it answers, an invoice is issued online. Was it
    tried on the day of issue and not there, the mode follows from the outage of that
    day, as the status service or a person told of it; without one it is offline24.
    """

    _inherit = "account.move"

    service_offline_on = fields.Datetime(
        string="KSeF Away",
        readonly=True,
        copy=False,
        help="When KSeF was first tried on the day of issue and was not there.",
    )
    service_handed_over_on = fields.Datetime(
        string="Handed Over Offline",
        readonly=True,
        copy=False,
        help="When the customer got the invoice, before KSeF.",
    )
    service_handed_over_hash = fields.Char(
        readonly=True,
        copy=False,
        help="SHA-256 in base64 of the structured invoice that was handed over.",
    )
    service_ksef_mode = fields.Selection(
        MODES, string="Issued Offline", compute="_compute_service_ksef_mode"
    )
    service_ksef_due = fields.Date(
        string="KSeF Until",
        compute="_compute_service_ksef_mode",
        help="The last day on which KSeF must get the invoice; empty while an outage "
        "lasts.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), Guard(_FACTS, OFFLINE))

    @api.depends(
        "service_offline_on", "invoice_date", "company_id", "l10n_pl_edi_status"
    )
    def _compute_service_ksef_mode(self):
        for move in self:
            mode = move._offline_mode()
            # Not computed for all: outages and holidays are looked up for each.
            waits = mode and mode != Mode.TOTAL and not move.l10n_pl_edi_number
            move.service_ksef_mode = mode
            move.service_ksef_due = waits and move._offline_due()

    def _offline_mode(self):
        if not self.service_offline_on:
            return False
        outage = self.env["service.ksef.outage"]._on(self.company_id, self.invoice_date)
        return outage.kind or Mode.OFFLINE24

    def _offline_due(self):
        outages = self.env["service.ksef.outage"]._of_company(self.company_id)
        is_holiday = self.company_id._is_polish_holiday
        return due(self.invoice_date, outages._facts(), is_holiday)

    def _is_outside_for_good(self):
        """Whether KSeF never gets the invoice: it was issued in a total failure.

        Unless it was on its way then, and KSeF may have it.
        """
        # sudo: the session is one of the facts kept from those who read invoices
        under_way = self.sudo().l10n_pl_edi_session_id
        return self._offline_mode() == Mode.TOTAL and not under_way

    def _write_offline(self, **vals):
        # sudo: the queue and who prints note facts that nobody writes
        self.sudo().with_context(**OFFLINE.opened).write(vals)

    def _issue_offline(self):
        """Note that KSeF was not there on the day of issue, and keep the document: its
        codes are those of that very file."""
        if not self.service_offline_on:
            self._write_offline(service_offline_on=fields.Datetime.now())
        ksef = self.env["service.ksef"]
        if not self._is_outside_for_good() and not ksef._document(self):
            ksef._keep_document(self.sudo())  # sudo: see `service.ksef`

    def _issue_online(self):
        self._write_offline(service_offline_on=False)

    def _note_handed_over(self):
        document = self.env["service.ksef"]._document(self)
        self._write_offline(
            service_handed_over_on=fields.Datetime.now(),
            service_handed_over_hash=document and digest_of(document),
        )

    def _drop_paper_without_number(self):
        """Keep the paper the customer got, and have the next one show the number."""
        paper = self.sudo().invoice_pdf_report_id  # sudo: it is the system's
        paper.res_field = False
        self.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])

    def _offline_words(self):
        """In a sentence: how it is issued, and until when KSeF gets it."""
        if not self.service_ksef_mode:
            return ""
        self.invalidate_recordset(["service_ksef_mode", "service_ksef_due"])
        mode = dict(self._fields["service_ksef_mode"]._description_selection(self.env))
        mode = mode[self.service_ksef_mode]
        if not self.service_ksef_due:
            return self.env._("The invoice is issued offline (%s).", mode)
        return self.env._(
            "The invoice is issued offline (%(mode)s); KSeF must get it by %(day)s.",
            mode=mode,
            day=format_date(self.env, self.service_ksef_due),
        )

    def _offline_obstacle(self):
        """Why the invoice cannot be handed over before KSeF has it; empty if it can."""
        if self._is_outside_for_good() or self._certificate_link():
            return ""
        return self.env._(
            "The company has no valid offline certificate of KSeF, so the invoice has "
            "no second code and is not handed over before KSeF has it. An "
            "administrator enters one under Settings › Invoicing."
        )

    def _certificate_link(self):
        """The address behind code II: who issued the invoice; empty without an offline
        certificate."""
        # sudo: the certificate is for administrators, its signature is for customers
        move = self.sudo().with_context(bin_size=False)
        document = self.env["service.ksef"]._document(move)
        certificate = move.company_id.service_ksef_offline_certificate_id
        if not document or not certificate.is_valid or not certificate.private_key_id:
            return ""
        key = certificate.private_key_id
        return certificate_link(
            move.company_id.vat or "",
            int(certificate.serial_number),
            document,
            b64decode(key.pem_key).decode(),
            password=key.password or "",
            test=self.env["service.ksef"]._is_test(),
        )

    def _check_draftable(self):
        for move in self.filtered("service_handed_over_on"):
            raise UserError(
                self.env._(
                    "The customer got invoice %s while KSeF was away, so it is issued. "
                    "Correct it with a credit note once KSeF has it.",
                    move.display_name,
                )
            )
        return super()._check_draftable()

    def button_draft(self):
        result = super().button_draft()
        if offline := self.filtered("service_offline_on"):
            offline._write_offline(**dict.fromkeys(_FACTS, False))
        return result
