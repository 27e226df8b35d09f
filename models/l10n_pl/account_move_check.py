from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.fa3.schema import schema_error
from .service_ksef import INVOICES

# What is looked at, in the order of the invoice, and the company's switch for it.
CHECKS = {
    "service_check_seller": "_service_seller_problems",
    "service_check_buyer": "_service_buyer_problems",
    "service_check_address": "_service_address_problems",
    "service_check_tax": "_service_tax_problems",
    "service_check_goods": "_service_goods_problems",
    "service_check_exemption": "_service_exemption_problems",
    "service_check_quantity": "_service_quantity_problems",
    "service_check_length": "_service_length_problems",
    "service_check_text": "_service_character_problems",
    "service_check_correction": "_service_correction_problems",
    "service_check_currency": "_service_currency_problems",
    "service_check_sum": "_service_sum_problems",
}


class AccountMove(models.Model):
    """Nothing wrong is issued: an invoice in KSeF can be corrected, not taken back.

    Invoices of service contracts and their corrections are checked in Polish
    companies, others where the company wants it.
    """

    _inherit = "account.move"

    service_problems = fields.Text(
        string="Problems Before Posting",
        compute="_compute_service_problems",
        compute_sudo=True,
        help="Problems that would prevent this draft from being posted.",
    )
    service_has_problems = fields.Boolean(
        string="Has Problems",
        compute="_compute_service_problems",
        search="_search_service_has_problems",
        compute_sudo=True,
    )

    @api.depends(
        "company_id",
        "currency_id",
        "invoice_line_ids.name",
        "invoice_line_ids.price_subtotal",
        "invoice_line_ids.quantity",
        "invoice_line_ids.tax_ids",
        "partner_id",
        "reversed_entry_id",
        "service_raised_id",
        "service_correction_reason",
        "state",
    )
    @api.depends_context("lang")
    def _compute_service_problems(self):
        """Not stored: customers, products and switches change what is wrong."""
        found_by_move = self.filtered(lambda m: m.state == "draft")._service_found()
        for move in self:
            found = found_by_move.get(move, [])
            move.service_problems = "\n".join(found)
            move.service_has_problems = bool(found)

    @api.model
    def _search_service_has_problems(self, operator, value):
        if operator != "in":
            return NotImplemented
        drafts = self.search(
            Domain("state", "=", "draft")
            & Domain("move_type", "in", INVOICES)
            & Domain("company_id", "in", self.env.companies.ids)
        )
        bad = Domain("id", "in", drafts.filtered("service_has_problems").ids)
        return bad if True in value else ~bad

    def _post(self, soft=True):
        """Refuse what is wrong; the number goes back with the refusal.

        :raises UserError: with all that was found, an invoice after the other
        """
        self._check_service_found(self._service_found())
        posted = super()._post(soft)
        # Only now the document has its number and its dates.
        self._check_service_found(
            {move: move._service_schema_problems() for move in posted}
        )
        return posted

    def _check_service_found(self, found):
        problems = {move: sentences for move, sentences in found.items() if sentences}
        texts = [
            "\n".join(
                [move._service_title(), *(f"• {sentence}" for sentence in sentences)]
            )
            for move, sentences in problems.items()
        ]
        if texts:
            raise UserError("\n\n".join(texts))

    def _service_title(self):
        return self.env._(
            "%(invoice)s for %(customer)s cannot be posted yet:",
            invoice=self.display_name,
            customer=self.commercial_partner_id.display_name or "—",
        )

    def _is_service_checked(self):
        """Whether checks apply: to service invoices, or to all where so chosen."""
        # sudo: an accountant has no rights on contracts
        move = self.sudo()
        company = move.company_id
        billed = move._corrects() or move
        service = billed._is_service_invoice() or move.service_contract_id
        return (
            move.move_type in INVOICES
            and company._is_polish()
            and company.service_check_invoices
            and bool(service or company.service_check_all)
        )

    def _service_found(self):
        """Sentences of the checks that are switched on, by invoice."""
        # sudo: what is wrong is told to anyone who posts, whatever they may open
        checked = self.filtered(lambda move: move._is_service_checked()).sudo()
        known = checked._service_known()
        return {
            move.with_env(self.env): [
                sentence
                for switch, method in CHECKS.items()
                if move.company_id[switch]
                for sentence in getattr(move, method)(known)
            ]
            for move in checked
        }

    def _service_schema_problems(self):
        company = self.company_id
        wanted = company.service_check_schema or company.service_check_meaning
        if not (self._is_service_checked() and wanted):
            return []
        # sudo: as above
        return self._service_document_problems(self.sudo()._l10n_pl_edi_render_xml())

    def _service_document_problems(self, xml):
        """What is wrong with the structured invoice itself."""
        checked = self.company_id.service_check_schema
        error = schema_error(xml) if checked else ""
        if not error:
            return []
        return [
            self.env._(
                "The structured invoice does not match the official schema. "
                "Correct the following: %s",
                error,
            )
        ]
