from odoo import api, models
from odoo.exceptions import UserError

from ...tools.ksef_trouble import Kind, trouble_of
from ...tools.sending import DUPLICATE, PENDING, is_of, rejection, same_invoice

# Units and countries stand in FA(3) in the sender's language.
POLISH = "pl_PL"
_FACTS = (
    "l10n_pl_edi_status",
    "l10n_pl_edi_number",
    "l10n_pl_edi_ref",
    "l10n_pl_edi_session_id",
    "l10n_pl_edi_header",
)
_FILE = ("l10n_pl_edi_attachment_id", "l10n_pl_edi_attachment_file")


class ServiceKsef(models.AbstractModel):
    """Sending of one invoice, so that KSeF gets it once whatever happens between.

    Before the document is sent it is kept, with the session that it goes into, and
    committed. So whoever takes the invoice up again after a failure can ask KSeF for
    that very document, by its hash, before sending the same bytes once more.
    """

    _inherit = "service.ksef"

    @api.model
    def _prepare(self, move):
        """Keep what will be sent and where; the caller commits before ``_send``."""
        move = move.sudo()  # sudo: see ``_api``
        if not move.l10n_pl_edi_attachment_id:
            self._keep_document(move)
        move.l10n_pl_edi_session_id = move.company_id.l10n_pl_edi_session_id

    @api.model
    def _keep_document(self, move):
        """The PDF is made later, and can show the number then."""
        if self.env["res.lang"]._get_data(code=POLISH):
            move = move.with_context(lang=POLISH)
        self.env["ir.attachment"].sudo().create(  # sudo: see ``_api``
            {
                "name": f"FA3-{move.name.replace('/', '_')}.xml",
                "mimetype": "application/xml",
                "raw": move._l10n_pl_edi_render_xml().encode(),
                "res_model": move._name,
                "res_id": move.id,
                "res_field": "l10n_pl_edi_attachment_file",
            }
        )
        move.invalidate_recordset(_FILE)

    @api.model
    def _document(self, move):
        """The document that was or will be sent, to the byte; None where none is."""
        move = move.sudo().with_context(bin_size=False)  # sudo: see ``_api``
        return move.l10n_pl_edi_attachment_id.raw or None

    @api.model
    def _send(self, move):
        """Send the document that was prepared.

        :raises UserError: with what KSeF or the network said
        """
        move = move.sudo()  # sudo: see ``_api``
        service = self._api(move.company_id, **self._told_beside(move))
        answer = self._asked(service.send_invoice, self._document(move))
        if not answer.get("referenceNumber"):
            raise UserError(
                self.env._("KSeF has not confirmed receipt of the invoice.")
            )
        self._note_taken(move, answer["referenceNumber"])

    @api.model
    def _told_beside(self, move):
        """That the invoice was issued offline, and which file it replaces where KSeF
        refused the one that the customer got (ksef-docs, "korekta techniczna")."""
        if not move.service_offline_on:
            return {}
        earlier = move.service_handed_over_hash
        told = {"offlineMode": True}
        if earlier and not is_of(self._document(move), earlier):
            told["hashOfCorrectedInvoice"] = earlier
        return told

    @api.model
    def _note_taken(self, move, reference):
        move.write(
            {
                "l10n_pl_edi_status": "sent",
                "l10n_pl_edi_ref": reference,
                "l10n_pl_edi_header": False,
            }
        )

    @api.model
    def _was_taken(self, move):
        """Whether KSeF has the document from an attempt whose answer was lost.

        :raises UserError: where KSeF cannot be asked; then nobody knows
        """
        move = move.sudo()  # sudo: see ``_api``
        document, session = self._document(move), move.l10n_pl_edi_session_id
        if not (document and session):
            return False
        for invoice in self._taken_in(self._api(move.company_id), session):
            if is_of(document, invoice.get("invoiceHash") or ""):
                self._note_taken(move, invoice["referenceNumber"])
                return True
        return False

    @api.model
    def _taken_in(self, service, session):
        """What KSeF says of each invoice that it got in a session."""
        url = f"{service.api_url}/sessions/{session}/invoices"
        headers = {}
        while True:
            try:
                response = service._make_request(
                    "GET", url, params={"pageSize": 1000}, headers=headers
                )
                answer = response.json()
            except UserError as error:
                trouble = trouble_of(error)
                if trouble.kind == Kind.UNKNOWN:
                    return  # a session nothing was ever sent in
                raise UserError(self._sentence(trouble)) from error
            yield from answer.get("invoices") or ()
            if not answer.get("continuationToken"):
                return
            headers = {"x-continuation-token": answer["continuationToken"]}

    @api.model
    def _ask(self, move):
        """Ask what became of the invoice and note it on the invoice.

        :returns: what KSeF says about an invoice it rejected, or an empty text
        :raises UserError: where KSeF cannot be asked
        """
        move = move.sudo()  # sudo: see ``_api``
        service = self._api(move.company_id)
        answer = self._asked(
            service.get_invoice_status,
            move.l10n_pl_edi_ref,
            session_id=move.l10n_pl_edi_session_id,
        )
        self._check_answer(move, answer)
        status = answer.get("status") or {}
        if status.get("code") in PENDING:
            return ""
        if status.get("code") == DUPLICATE:
            original = (status.get("extensions") or {}).get("originalKsefNumber")
            if original and self._recover(move, service, status["extensions"]):
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
        sent, digest = self._document(move), answer.get("invoiceHash")
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
            files = move.l10n_pl_edi_attachment_id.ids
            move.with_context(no_new_invoice=True).message_post(
                body=message, attachment_ids=files
            )
        move.write(
            {
                "l10n_pl_edi_status": status,
                # Told once: the chatter has it, and the queue shows what failed.
                "l10n_pl_edi_header": False,
                "l10n_pl_edi_number": answer.get("ksefNumber") or False,
            }
        )

    @api.model
    def _recover(self, move, service, original):
        """Recognize an invoice that reached KSeF, while its answer did not reach us.

        Nothing is believed: the invoice is fetched, and must say what ours says.
        """
        number = original["originalKsefNumber"]
        url = f"{service.api_url}/invoices/ksef/{number}"
        theirs = self._asked(service._make_request, "GET", url).content
        if not same_invoice(self._document(move), theirs):
            return False
        session = original.get("originalSessionReferenceNumber")
        reference = session and self._reference(service, session, number)
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
    def _reference(self, service, session, number):
        """Under which reference a session took the invoice with a KSeF number."""
        for invoice in self._taken_in(service, session):
            if invoice.get("ksefNumber") == number:
                return invoice.get("referenceNumber")
        return None

    @api.model
    def _forget_rejection(self, move):
        """Let an invoice that KSeF rejected be sent once more, as another file."""
        move = move.sudo()  # sudo: see ``_api``
        move.l10n_pl_edi_attachment_id.res_field = False
        move.invalidate_recordset(_FILE)
        move.write(dict.fromkeys(_FACTS, False))
