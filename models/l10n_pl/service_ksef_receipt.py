import logging
from datetime import timedelta

from lxml import etree
from psycopg2 import OperationalError

from odoo import api, fields, models

from ...tools.ksef_receipt import receipt_facts

_logger = logging.getLogger(__name__)
# KSeF keeps receipts for longer; what failed for so long needs a person.
_LOOKED_FOR = timedelta(days=30)


class ServiceKsef(models.AbstractModel):
    """Official receipts (UPO): fetched and kept without anybody asking."""

    _inherit = "service.ksef"

    @api.model
    def _note_answer(self, move, answer):
        result = super()._note_answer(move, answer)
        if self._status(move) == "accepted":
            self._keep_receipt(move)
        return result

    @api.model
    def _recover(self, move, service, original):
        recovered = super()._recover(move, service, original)
        if recovered:
            self._keep_receipt(move)
        return recovered

    @api.model
    def _keep_receipt(self, move):
        """Have the receipt of an accepted invoice, now or by the daily job."""
        move = move.sudo()  # sudo: see ``_api``
        if move.l10n_pl_edi_upo_id or not move.l10n_pl_edi_ref:
            return
        try:
            with self.env.cr.savepoint():
                receipt = self._api(move.company_id).get_invoice_upo(
                    move.l10n_pl_edi_ref, session_id=move.l10n_pl_edi_session_id
                )
                self._store_receipt(move, receipt)
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - it is accepted all the same
            _logger.info("No receipt of %s yet: %s", move.name, error)

    @api.model
    def _store_receipt(self, move, receipt):
        raw = receipt.encode() if isinstance(receipt, str) else receipt
        facts = receipt_facts(raw)
        if facts.get("NumerKSeFDokumentu") != move.l10n_pl_edi_number:
            raise ValueError("It is the receipt of another invoice.")
        self.env["ir.attachment"].sudo().create(  # sudo: see ``_api``
            {
                "name": f"UPO-{move.name.replace('/', '_')}.xml",
                "mimetype": "application/xml",
                "raw": raw,
                "res_model": move._name,
                "res_id": move.id,
                "res_field": "l10n_pl_edi_upo_file",
            }
        )
        move.invalidate_recordset(["l10n_pl_edi_upo_id", "l10n_pl_edi_upo_file"])

    @api.model
    def _keep_receipts(self, company):
        """Fetch what was not to be had when the invoices were accepted."""
        since = fields.Datetime.now() - _LOOKED_FOR
        accepted = self.env["account.move"].search(
            [
                ("company_id", "=", company.id),
                ("l10n_pl_edi_status", "=", "accepted"),
                ("invoice_date", ">=", since),
            ]
        )
        for move in accepted:
            self._keep_receipt(move)


class ServiceKsefConnection(models.Model):
    _inherit = "service.ksef.connection"

    def _keep_signed_in(self):
        result = super()._keep_signed_in()
        if self.sends:
            self.env["service.ksef"]._keep_receipts(self.company_id)
        return result


class AccountMove(models.Model):
    _inherit = "account.move"

    def _receipt_facts(self):
        """What the printed receipt says; empty while there is none."""
        # sudo: as the invoice itself, for everybody who may print it
        receipt = self.sudo().with_context(bin_size=False).l10n_pl_edi_upo_id.raw
        try:
            return receipt_facts(receipt) if receipt else {}
        except etree.XMLSyntaxError:
            return {}
