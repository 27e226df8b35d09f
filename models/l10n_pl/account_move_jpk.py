from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.groups import ACCOUNTANT
from ...tools.guard import Guard, Seal
from ...tools.ksef_offline import Mode
from .service_ksef import INVOICES

JPK = Seal("jpk")
OUTSIDE, LATER, FAILURE = "BFK", "DI", "OFF"


class AccountMove(models.Model):
    """What JPK_V7(3) says of each sale: its KSeF number, or why there is none.

    As of the day of filing: OFF for a declared failure (VAT act art. 106nf), BFK for
    what is outside KSeF, DI for what KSeF gets later (art. 106nda and 106nh). A sale
    filed as DI makes a correction of the JPK due once its number is there.
    """

    _inherit = "account.move"

    service_jpk_marker = fields.Char(
        string="JPK Marker",
        compute="_compute_service_jpk",
        help="The number KSeF gave the invoice, or OFF, BFK or DI.",
    )
    service_jpk_reason = fields.Char(
        string="Reason of the Marker", compute="_compute_service_jpk"
    )
    service_jpk_filed = fields.Char(
        string="Filed with",
        readonly=True,
        copy=False,
        help="The marker or number of the JPK that was filed last.",
    )
    service_jpk_changed = fields.Boolean(
        string="JPK to Correct",
        compute="_compute_service_jpk",
        search="_search_service_jpk_changed",
        help="Filed as DI, and the number is there now.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), Guard(frozenset({"service_jpk_filed"}), JPK))

    @api.depends(
        "l10n_pl_edi_number", "l10n_pl_edi_status", "invoice_date", "service_jpk_filed"
    )
    @api.depends_context("lang")
    def _compute_service_jpk(self):
        for move in self:
            marker, reason = move._jpk_marker()
            move.service_jpk_marker = marker
            move.service_jpk_reason = reason
            filed = move.service_jpk_filed
            move.service_jpk_changed = filed == LATER and bool(move.l10n_pl_edi_number)

    def _jpk_marker(self):
        """(marker or number, the reason); both empty for what is no issued sale."""
        ksef = self.env["service.ksef"]
        if self.state != "posted" or self.move_type not in INVOICES:
            return "", ""
        if self.l10n_pl_edi_number:
            return self.l10n_pl_edi_number, ""
        if ksef._status(self) == "rejected":
            return "", self.env._(
                "KSeF rejected it, so it is not issued: correct it before you file."
            )
        if not ksef._is_due(self):
            return OUTSIDE, self.env._("Outside KSeF: %s", self._jpk_outside())
        outages = self.env["service.ksef.outage"]
        outage = outages._on(self.company_id, self.invoice_date)
        if outage.kind == Mode.FAILURE:
            return FAILURE, self.env._(
                "Issued during the failure announced on %s; the JPK stays as it is "
                "when the number comes.",
                format_date(self.env, outage.date_from),
            )
        if self.service_ksef_due:
            return LATER, self.env._(
                "Issued offline; KSeF gets it by %s. Correct the JPK when its number "
                "is there.",
                format_date(self.env, self.service_ksef_due),
            )
        return LATER, self.env._(
            "KSeF has given no number yet. Correct the JPK when it is there."
        )

    def _jpk_outside(self):
        if not self.company_id._goes_to_ksef():
            return self.env._("the company has no certificate for KSeF")
        if self._is_outside_for_good():
            return self.env._("it was issued in a total failure")
        if self._is_below_ksef_limit():
            return self.env._("the sales of the month are not above 10,000 PLN")
        return self.env._("the customer is a consumer, or was taken out of it")

    @api.model
    def _search_service_jpk_changed(self, operator, value):
        if operator != "in":
            return NotImplemented
        changed = Domain("service_jpk_filed", "=", LATER) & Domain(
            "l10n_pl_edi_number", "!=", False
        )
        return changed if True in value else ~changed

    def action_note_jpk_filed(self):
        """Remember with what each sale was filed, or was corrected."""
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(
                self.env._("Only accountants note with what a sale was filed.")
            )
        self.check_access("read")
        # sudo: it changes nothing of the entries, which may be of a locked month
        for move in self.sudo().with_context(**JPK.opened):
            move.service_jpk_filed = move.service_jpk_marker
