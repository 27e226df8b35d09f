import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Datetime

from odoo.addons.l10n_pl_edi.tools.ksef_api_service import KsefApiService

from ...tools.sending import DUPLICATE, PENDING, is_of, rejection, same_invoice

_logger = logging.getLogger(__name__)

INVOICES = ("out_invoice", "out_refund")
# Units and countries stand in FA(3) in the sender's language. One that changed between
# two attempts would make them two different invoices.
POLISH = "pl_PL"


class ServiceKsef(models.AbstractModel):
    """The one place that deals with KSeF, over Odoo's ``l10n_pl_edi``.

    An accountant may send, although the certificate and the tokens of the company are
    kept from all but administrators: hence each ``sudo``.
    """

    _name = "service.ksef"
    _description = "KSeF Connection"

    @api.model
    def _is_due(self, move):
        """Whether the invoice must go to KSeF: it is issued when KSeF has it."""
        if move.move_type not in INVOICES:
            return False
        # sudo: whether there is a certificate is no secret; the certificate is
        company = move.company_id.sudo()
        if not (company._is_polish() and company.l10n_pl_edi_register):
            return False
        return move.commercial_partner_id._is_ksef_customer()

    @api.model
    def _status(self, move):
        """“sent”, “accepted”, “rejected”, or nothing yet."""
        return move.l10n_pl_edi_status

    @api.model
    def _api(self, company):
        # sudo: tokens and certificate are for administrators, sending is not
        return KsefApiService(company.sudo())

    @api.model
    def _reach(self, company):
        """Have an open session with KSeF: why there is none, or an empty text."""
        failure = self._open_session(company)
        if failure and company.sudo().l10n_pl_edi_session_id:
            # `l10n_pl_edi` gives up on a session that KSeF does not know any more.
            company.sudo().l10n_pl_edi_session_id = False
            failure = self._open_session(company)
        return failure

    @api.model
    def _open_session(self, company):
        try:
            with self.env.cr.savepoint():
                self._api(company).open_ksef_session()
        except UserError as error:
            return str(error)
        except OperationalError:
            raise
        except Exception:
            _logger.exception("No session with KSeF for company %s", company.id)
            return self.env._("The response from KSeF could not be understood.")
        return ""

    @api.model
    def _send(self, move):
        """Send one invoice with the mechanism of the Send wizard, without its PDF.

        The PDF is made once KSeF has accepted the invoice, and can show its number.

        :raises UserError: with what KSeF or the network said
        """
        # sudo: see ``_api``; who may send was asked when the invoice was queued
        sender = self.env["account.move.send"].sudo()
        move = move.sudo()
        if self.env["res.lang"]._get_data(code=POLISH):
            sender = sender.with_context(lang=POLISH)
            move = move.with_context(lang=POLISH)
        data = {move: {"extra_edis": {"pl_ksef"}, "sending_methods": set()}}
        sender._call_web_service_before_invoice_pdf_render(data)
        # With a reference KSeF has it: newer l10n_pl_edi then still tells of an error
        # where KSeF has not decided within seconds.
        if not move.l10n_pl_edi_ref:
            errors = (data[move].get("error") or {}).get("errors") or [
                self.env._("KSeF has not confirmed receipt of the invoice.")
            ]
            raise UserError("\n".join(map(str, errors)))
        sender._link_invoice_documents(data)

    @api.model
    def _ask(self, move):
        """Ask what became of the invoice and note it on the invoice.

        :returns: what KSeF says about an invoice it rejected, or an empty text
        :raises UserError: where KSeF cannot be asked
        """
        move = move.sudo()  # sudo: see ``_api``
        api_service = self._api(move.company_id)
        answer = api_service.get_invoice_status(
            move.l10n_pl_edi_ref, session_id=move.l10n_pl_edi_session_id
        )
        self._check_answer(move, answer)
        status = answer.get("status") or {}
        if status.get("code") in PENDING:
            return ""
        if status.get("code") == DUPLICATE:
            original = (status.get("extensions") or {}).get("originalKsefNumber")
            if original and self._recover(move, api_service, status["extensions"]):
                return ""
            status = status | {"details": [*(status.get("details") or ()), original]}
        if self._status(move) != "rejected":
            self._note_answer(move, answer)
        return rejection(status) if self._status(move) == "rejected" else ""

    @api.model
    def _check_answer(self, move, answer):
        """Refuse an answer about another invoice: its hash is not that of ours.

        :raises UserError: saying so; nothing of the answer is believed
        """
        sent, digest = move.l10n_pl_edi_attachment_id.raw, answer.get("invoiceHash")
        if sent and digest and not is_of(sent, digest):
            raise UserError(
                self.env._(
                    "KSeF answered about another invoice than %(invoice)s: its hash is "
                    "not that of what was sent. The answer was not used.",
                    invoice=move.name,
                )
            )

    @api.model
    def _note_answer(self, move, answer):
        """Keep what KSeF decided, as l10n_pl_edi keeps it."""
        code = (answer.get("status") or {}).get("code")
        known = move._l10n_pl_edi_get_status_mapping().get(code)
        if not known:
            raise UserError(self.env._("KSeF gave a status nobody knows: %s.", code))
        status, message = known
        if status != move.l10n_pl_edi_status:
            move.with_context(no_new_invoice=True).message_post(body=message)
        move.write(
            {
                "l10n_pl_edi_status": status,
                # Told once: the chatter has it, and the queue shows what failed.
                "l10n_pl_edi_header": False,
                "l10n_pl_edi_number": answer.get("ksefNumber") or False,
            }
        )

    @api.model
    def _recover(self, move, api_service, original):
        """Recognize an invoice that reached KSeF, while its answer did not reach us.

        Nothing is believed: the invoice is fetched, and must say what ours says.
        """
        number = original["originalKsefNumber"]
        url = f"{api_service.api_url}/invoices/ksef/{number}"
        theirs = api_service._make_request("GET", url).content
        if not same_invoice(move.l10n_pl_edi_attachment_id.raw, theirs):
            return False
        session = original.get("originalSessionReferenceNumber")
        reference = session and self._reference(api_service, session, number)
        move.l10n_pl_edi_attachment_id.raw = theirs
        values = {
            "l10n_pl_edi_status": "accepted",
            "l10n_pl_edi_number": number,
            "l10n_pl_edi_header": False,
        }
        if reference:
            # The receipt (UPO) is of that session and under that reference.
            values["l10n_pl_edi_session_id"] = session
            values["l10n_pl_edi_ref"] = reference
        move.write(values)
        move.message_post(
            body=self.env._(
                "KSeF already had this invoice from an earlier attempt whose "
                "response was lost: %(number)s. KSeF holds it only once.",
                number=number,
            )
        )
        return True

    @api.model
    def _reference(self, api_service, session, number):
        """Under which reference a session took the invoice with a KSeF number."""
        answer = api_service._make_request(
            "GET",
            f"{api_service.api_url}/sessions/{session}/invoices",
            params={"pageSize": 1000},
        )
        for invoice in answer.json().get("invoices") or ():
            if invoice.get("ksefNumber") == number:
                return invoice.get("referenceNumber")
        return None

    @api.model
    def _forget_rejection(self, move):
        """Let an invoice that KSeF rejected be sent once more, as another file."""
        move = move.sudo()  # sudo: see ``_api``
        move.l10n_pl_edi_attachment_id.res_field = False
        move.invalidate_recordset(
            ["l10n_pl_edi_attachment_id", "l10n_pl_edi_attachment_file"]
        )
        move.write(
            dict.fromkeys(
                (
                    "l10n_pl_edi_status",
                    "l10n_pl_edi_number",
                    "l10n_pl_edi_ref",
                    "l10n_pl_edi_session_id",
                    "l10n_pl_edi_header",
                ),
                False,
            )
        )

    @api.model
    def _ask_soon(self):
        """Let the queue run in a minute: by then KSeF has usually decided, and the mail
        server has taken the e-mail or not."""
        cron = self.env.ref("helpdesk_service_contract.cron_sending")
        cron._trigger(Datetime.add(Datetime.now(), minutes=1))
