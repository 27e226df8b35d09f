from base64 import b64encode
from decimal import Decimal

from odoo import models
from odoo.tools import format_date

from ...tools.ksef import qr_image, verification_link
from ...tools.transfer_code import transfer_code
from .service_ksef import INVOICES
from .service_ksef_sending import POLISH


class AccountMove(models.Model):
    """What a Polish invoice says beside what Odoo prints on any."""

    _inherit = "account.move"

    def _polish_page(self):
        """What the template adds for a customer's invoice or correction of a Polish
        company; nothing for other documents, which stay as Odoo prints them."""
        self.ensure_one()
        if not self.company_id._is_polish() or self.move_type not in INVOICES:
            return {}
        corrects = self._is_correction()
        return {
            "corrects": self._corrected() if corrects else {},
            "changes": self._printed_changes() if corrects else {},
            "is_correction": corrects,
            "parties": self._printed_parties(),
            "supply": self._printed_supply(),
            "contract": self._printed_contract(),
            "order": self._served().service_order_ref,
            "bank": self.partner_bank_id if self.move_type == "out_invoice" else False,
            "transfer": self._printed_transfer_code(),
            "lines": self._printed_lines(),
            "totals": self._printed_totals(),
            "vat_rows": self._vat_summary(),
            "vat_notes": self._vat_notes(),
            "split_payment": self.service_split_payment,
            "ksef": self._ksef_stamp(),
        }

    def _is_in_two_languages(self):
        """Whether the buyer is abroad and reads another language than Polish."""
        self.ensure_one()
        if not self.company_id._is_polish() or self.move_type not in INVOICES:
            return False
        # sudo: who the buyer is stands on the invoice
        buyer = self.sudo().partner_id
        return (
            buyer.commercial_partner_id.country_id.code not in (False, "PL")
            and (buyer.lang or self.env.lang) != POLISH
            and bool(self.env["res.lang"]._get_data(code=POLISH))
        )

    def _corrected(self):
        """Number, day and KSeF number of the corrected invoice, and the reason."""
        origin = self._corrects()
        return {
            "number": origin.name,
            "date": origin.invoice_date,
            "ksef_number": origin.l10n_pl_edi_number,
            "reason": self._correction_reason(),
        }

    def _correction_reason(self):
        """Why the invoice is corrected; Odoo keeps it behind the number in ``ref``."""
        if self.service_correction_reason:
            return self.service_correction_reason
        reference = self.ref or ""
        origin = self.reversed_entry_id.name
        if not origin or origin not in reference:
            return reference
        return reference.partition(origin)[2].lstrip(", ")

    def _printed_parties(self):
        """Seller, buyer, and who receives it where that is somebody else."""
        buyer = self.commercial_partner_id
        parties = [("seller", self.company_id.partner_id), ("buyer", buyer)]
        # A school that belongs to a municipality: the invoice names both.
        receiver = self.partner_shipping_id
        if receiver.name and receiver.name != buyer.name:
            parties.append(("receiver", receiver))
        # sudo: the names of both parties stand on an invoice, whoever prints it
        parties = [(role, partner.sudo()) for role, partner in parties]
        domestic = buyer.sudo().country_id.code in (False, "PL")
        return [
            {
                "role": role,
                "partner": partner,
                "is_nip": role == "seller" or domestic,
                "tax_number": role != "receiver"
                and self._printed_tax_number(partner, domestic),
            }
            for role, partner in parties
        ]

    def _printed_tax_number(self, partner, domestic):
        """The NIP as it is written at home: without the country, which abroad is part
        of the number."""
        number = partner.vat or ""
        return number.removeprefix("PL") if domestic else number

    def _printed_supply(self):
        """The days of the service: a period, or the day a job was done.

        Where neither is known, the day of supply if it is not that of issue (VAT act,
        art. 106e par. 1 item 6).
        """
        served = self._served()
        first, last = served.service_period_from, served.service_period_to
        contract = self._served_contract()
        if last:
            if self._is_job() or not first:
                return {"kind": "done", "text": self._printed_day(last)}
            days = contract._days_label(first, last, self.env.lang)
            return {"kind": "period", "text": days}
        day = served._supply_date()
        if not day or day == self.invoice_date:
            return {}
        return {"kind": "sold", "text": self._printed_day(day)}

    def _printed_contract(self):
        """“VIP/1 of 01.10.2026” for the contract that is billed."""
        contract = self._served_contract()
        number = self._service_contract_number()
        if not number or not contract.date:
            return number
        return self.env._(
            "%(number)s dated %(day)s",
            number=number,
            day=self._printed_day(contract.date),
        )

    def _printed_transfer_code(self):
        """The code by which a bank's app fills in a transfer in PLN; empty without."""
        if self.move_type != "out_invoice" or self.currency_id.name != "PLN":
            return b""
        if self.state != "posted" or self.service_split_payment:
            return b""  # A split payment is another kind of transfer.
        # sudo: what stands on the invoice, whoever prints it
        company, bank = self.company_id.sudo(), self.partner_bank_id.sudo()
        text = transfer_code(
            company.vat or "",
            bank.acc_number or "",
            Decimal(str(round(self.amount_residual, 2))),
            bank.acc_holder_name or company.name,
            self.payment_reference or self.name,
        )
        return b64encode(qr_image(text))

    def _printed_day(self, day):
        return format_date(self.env, day, lang_code=self.env.lang)

    def _ksef_stamp(self):
        """Codes of an accepted invoice, or of one that is issued offline.

        Code I shows the invoice in KSeF, with the number or “OFFLINE” below it. Code II
        says who issued an invoice that KSeF has not got yet.
        """
        number, ksef = self.l10n_pl_edi_number, self.env["service.ksef"]
        offline = not number and ksef._is_due(self) and self.service_ksef_mode
        if not number and not offline:
            return {}
        link = ""
        if document := ksef._document(self):
            # sudo: the tax number stands on the invoice, whoever prints it
            nip = self.company_id.sudo().vat or ""
            test = ksef._is_test()
            link = verification_link(nip, self.invoice_date, document, test=test)
        who = self._certificate_link() if offline else ""
        return {
            "number": number,
            "link": link,
            "qr": b64encode(qr_image(link)),
            "certificate_link": who,
            "certificate_qr": b64encode(qr_image(who)),
        }
