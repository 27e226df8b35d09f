from decimal import Decimal

from odoo import models

from ...tools.fa3.facts import (
    CorrectionFacts,
    InvoiceFacts,
    LineFacts,
    LineState,
    eu_vat,
)
from ...tools.periods import Period

# Tags of the Polish tax report: tax of the standard and the two reduced rates.
TAX_TAGS = {"K_20": "P_14_1", "K_18": "P_14_2", "K_16": "P_14_3"}
FIVE_PERCENT_TAG = "K_15"


class AccountMove(models.Model):
    """Facts of an invoice for the structured one of KSeF."""

    _inherit = "account.move"

    def _service_fa3_facts(self):
        """What is known of the invoice, from it or, for a correction, its original."""
        self.ensure_one()
        served = self._served()
        buyer = self.commercial_partner_id
        foreign = self.currency_id.name != "PLN" and self.invoice_currency_rate
        return InvoiceFacts(
            total=_decimal(self.amount_total_in_currency_signed),
            **self._service_fa3_time(served),
            contract_number=self._service_contract_number(),
            contract_date=self._served_contract().date or None,
            order_number=(served.service_order_ref or "").strip(),
            payment_form=self._service_fa3_payment_form(),
            account_currency=self._service_bank_currency().name or "",
            split_payment=self.service_split_payment,
            exemption=(self.company_id.service_vat_exemption or "").strip(),
            buyer_vat=eu_vat(buyer.vat or "", buyer.country_code or ""),
            rate=_decimal(1 / self.invoice_currency_rate) if foreign else None,
            tax_in_pln=self._service_fa3_tax() if foreign else (),
            correction=self._service_fa3_correction(),
        )

    def _service_fa3_time(self, served):
        """The lines, and either the settled period or the day of supply."""
        job = self._is_job()
        first, last = served.service_period_from, served.service_period_to
        lines, done_on = self._service_fa3_lines(served if job else None)
        period = Period(first, last) if first and last and not job else None
        if not last:
            done_on = served._supply_date()
        return {"lines": lines, "period": period, "done_on": done_on}

    def _service_fa3_lines(self, job):
        """Facts of the lines, and the day a job was completed if it is one for all.

        :param job: the invoice of the job, or None for other invoices
        """
        tags = self._service_tax_tags()
        sign = -1 if self.move_type == "out_refund" else 1
        days = {}
        if job:
            days = {
                line: line.service_period_to or job.service_period_to
                for line in self.invoice_line_ids
                if line.display_type == "product"
            }
        states = self._service_fa3_states()
        one_day = len(set(days.values())) == 1
        lines = tuple(
            LineFacts(
                number=number,
                quantity=_decimal(line.quantity * sign),
                net=_decimal(line.price_subtotal * sign),
                price=_decimal(line.price_unit * (1 - line.discount / 100)),
                done_on=None if one_day else days.get(line) or None,
                rate="5" if FIVE_PERCENT_TAG in tags[line] else "",
                gtu=line.product_id.l10n_pl_vat_gtu or "",
                annex_15=line.product_id.service_split_payment,
                states=states.get(line),
            )
            for number, line in enumerate(self.invoice_line_ids, 1)
            if tags.get(line)
        )
        return lines, next(iter(days.values())) or None if one_day else None

    def _service_tax_tags(self):
        """Codes of the Polish tax report by line, such as ``K_19``; of all lines."""
        lines = self.line_ids | self.invoice_line_ids  # a form has new ones in one only
        tags = lines.tax_tag_ids.with_context(lang="en_US")
        codes = {tag.id: (tag.name or "").lstrip("+-") for tag in tags}
        return {
            line: {codes[tag.id] for tag in line.tax_tag_ids} - {""} for line in lines
        }

    def _service_fa3_payment_form(self):
        """Cash where it was paid so, else transfer; nothing for what is given back."""
        if self.move_type != "out_invoice":
            return ""
        journals = self._get_reconciled_payments().journal_id
        return "1" if journals and set(journals.mapped("type")) == {"cash"} else "6"

    def _service_bank_currency(self):
        """The currency of the account to pay to, or none without an account."""
        bank = self.partner_bank_id
        company_currency = self.company_id.currency_id if bank else bank.currency_id
        return bank.currency_id or company_currency

    def _service_fa3_tax(self):
        """Tax in PLN by rate, as it is booked."""
        amounts = {}
        for line, tags in self._service_tax_tags().items():
            for tag in tags & set(TAX_TAGS):
                field = TAX_TAGS[tag]
                amounts[field] = amounts.get(field, 0) - line.balance
        return tuple((field, _decimal(amount)) for field, amount in amounts.items())

    def _service_fa3_correction(self):
        if not self._is_correction():
            return None
        original = self._corrects()
        return CorrectionFacts(
            kind=self.service_correction_type or "2",
            reason=" ".join(self._correction_reason().split()),
            ksef_number=original.l10n_pl_edi_number or "",
            number=original.name or "",
            issued=original.invoice_date or None,
        )

    def _service_fa3_states(self):
        """Each line before and after a correction, where the company wants KSeF to get
        both in place of the difference."""
        if not (self._corrects() and self.company_id.service_ksef_both_states):
            return {}
        earlier = self._earlier_corrections()
        changes = {
            line: self._printed_change(line, earlier)
            for line in self._service_product_lines()
        }
        return {
            line: tuple(_state(change[name]) for name in ("before", "after"))
            for line, change in changes.items()
        }


def _state(line):
    price = line.price * (1 - line.discount / 100)
    return LineState(_decimal(line.quantity), _decimal(price), _decimal(line.amount))


def _decimal(number):
    """The number a float stands for, without its binary error."""
    return Decimal(repr(round(number, 10)))
