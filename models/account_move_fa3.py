from decimal import Decimal
from functools import wraps

from odoo import api, fields, models

from ..tools.fa3 import complete
from ..tools.fa3_facts import CorrectionFacts, InvoiceFacts, LineFacts, eu_vat
from ..tools.periods import Period

# VAT act, art. 108a: from this gross amount in PLN, goods of Annex 15 are paid split.
SPLIT_PAYMENT_OVER = 15000
# Tags of the Polish tax report: tax of the standard and the two reduced rates.
TAX_TAGS = {"K_20": "P_14_1", "K_18": "P_14_2", "K_16": "P_14_3"}
FIVE_PERCENT_TAG = "K_15"
RENDER = "_l10n_pl_edi_render_xml"


class AccountMove(models.Model):
    """What the structured invoice of KSeF says beyond what Odoo itself writes.

    Works without l10n_pl_edi, which then never asks for it. Apart from how invoices
    and hours belong together, so that either file is read in one go.
    """

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    service_split_payment = fields.Boolean(
        string="Split Payment",
        compute="_compute_service_split_payment",
        store=True,
        readonly=False,
        copy=False,
        help="The invoice says “mechanizm podzielonej płatności”: it is above 15,000 "
        "PLN gross and has goods of Annex 15 to the VAT act on it.",
    )
    service_correction_type = fields.Selection(
        [
            ("1", "Period of the original invoice"),
            ("2", "Period of the correction"),
            ("3", "Another period"),
        ],
        string="Correction Takes Effect In",
        default="2",
        copy=False,
        help="The VAT period in which the seller books the correction: usually that "
        "of the correction where the amount goes down.",
    )
    service_correction_reason = fields.Char(
        string="Reason of the Correction", copy=False
    )

    @api.depends(
        "amount_total_signed",
        "commercial_partner_id",
        "invoice_line_ids.product_id",
        "move_type",
        "reversed_entry_id",
    )
    def _compute_service_split_payment(self):
        """Set while the invoice is a draft; what was issued stays as it was."""
        for move in self:
            split = move.service_split_payment
            if move.state == "draft" and move.move_type == "out_refund":
                split = move.reversed_entry_id.service_split_payment
            elif move.state == "draft" and move.move_type == "out_invoice":
                buyer = move.commercial_partner_id
                split = (
                    move.amount_total_signed > SPLIT_PAYMENT_OVER
                    and (buyer.is_company or bool(buyer.vat))
                    and any(
                        move.invoice_line_ids.product_id.mapped("service_split_payment")
                    )
                )
            move.service_split_payment = split

    def _post(self, soft=True):
        # Computed while the invoice is a draft, so before it stops being one.
        self.mapped("service_split_payment")
        return super()._post(soft)

    def _register_hook(self):
        """Complete what l10n_pl_edi renders, where it is installed.

        That add-on and this one do not depend on each other, so either may be loaded
        last, and it calls no ``super``: an ordinary override might never be reached.
        """
        super()._register_hook()
        model = self.env.registry[self._name]
        render = getattr(model, RENDER, None)
        if render is None or RENDER in vars(model):
            return

        @wraps(render)
        def completed(self):
            # English where there is no Polish: its names of units are known.
            polish = self.env["res.lang"]._get_data(code="pl_PL")
            move = self.with_context(lang="pl_PL" if polish else "en_US")
            return complete(render(move), move._service_fa3_facts())

        setattr(model, RENDER, completed)

    def _unregister_hook(self):
        model = self.env.registry[self._name]
        if RENDER in vars(model):
            delattr(model, RENDER)
        return super()._unregister_hook()

    def _service_fa3_facts(self):
        """What is known of the invoice, from it or, for a correction, its original."""
        self.ensure_one()
        # sudo: an accountant has no rights on contracts
        origin = (self.reversed_entry_id or self).sudo()
        contract = origin.service_contract_id
        job = contract.service_tier_id.kind == "ad_hoc"
        period = origin.service_period_from and origin.service_period_to
        buyer = self.commercial_partner_id
        lines, done_on = self._service_fa3_lines(origin if job else None)
        if not period and not self.reversed_entry_id:
            done_on = self._service_fa3_supply_date()
        foreign = self.currency_id.name != "PLN" and self.invoice_currency_rate
        return InvoiceFacts(
            total=_decimal(self.amount_total_in_currency_signed),
            lines=lines,
            period=None
            if job or not period
            else Period(origin.service_period_from, origin.service_period_to),
            done_on=done_on,
            contract_number=(contract.code or "").strip(),
            contract_date=contract.date or None,
            order_number=(origin.service_order_ref or "").strip(),
            payment_form=self._service_fa3_payment_form(),
            split_payment=self.service_split_payment,
            exemption=(self.company_id.service_vat_exemption or "").strip(),
            buyer_vat=eu_vat(buyer.vat or "", buyer.country_code or ""),
            rate=_decimal(1 / self.invoice_currency_rate) if foreign else None,
            tax_in_pln=self._service_fa3_tax() if foreign else (),
            correction=self._service_fa3_correction(),
        )

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
        one_day = len(set(days.values())) == 1
        lines = tuple(
            LineFacts(
                number=number,
                quantity=_decimal(line.quantity * sign),
                net=_decimal(line.price_subtotal * sign),
                price=_decimal(line.price_unit * (1 - line.discount / 100)),
                done_on=None if one_day else days.get(line) or None,
                rate="5" if FIVE_PERCENT_TAG in tags[line] else "",
                gtu=line.product_id._service_gtu(),
                annex_15=line.product_id.service_split_payment,
            )
            for number, line in enumerate(self.invoice_line_ids, 1)
            if tags.get(line)
        )
        return lines, next(iter(days.values())) or None if one_day else None

    def _service_tax_tags(self):
        """Codes of the Polish tax report by line, such as ``K_19``; of all lines."""
        tags = self.line_ids.tax_tag_ids.with_context(lang="en_US")
        codes = {tag.id: (tag.name or "").lstrip("+-") for tag in tags}
        return {
            line: {codes[tag.id] for tag in line.tax_tag_ids} - {""}
            for line in self.line_ids
        }

    def _service_fa3_supply_date(self):
        """Day of supply of an invoice that no period and no job stands behind."""
        names = ("delivery_date", "taxable_supply_date")
        days = [self[name] for name in names if name in self._fields]
        return next(filter(None, days), None)

    def _service_fa3_payment_form(self):
        """Cash where it was paid so, else transfer; nothing for what is given back."""
        if self.move_type != "out_invoice":
            return ""
        journals = self._get_reconciled_payments().journal_id
        return "1" if journals and set(journals.mapped("type")) == {"cash"} else "6"

    def _service_fa3_tax(self):
        """Tax in PLN by rate, as it is booked."""
        amounts = {}
        for line, tags in self._service_tax_tags().items():
            for tag in tags & set(TAX_TAGS):
                field = TAX_TAGS[tag]
                amounts[field] = amounts.get(field, 0) - line.balance
        return tuple((field, _decimal(amount)) for field, amount in amounts.items())

    def _service_fa3_correction(self):
        if self.move_type != "out_refund":
            return None
        original = self.reversed_entry_id
        number = "l10n_pl_edi_number" in self._fields and original.l10n_pl_edi_number
        return CorrectionFacts(
            kind=self.service_correction_type or "2",
            reason=" ".join((self.service_correction_reason or self.ref or "").split()),
            ksef_number=number or "",
        )


def _decimal(number):
    """The number a float stands for, without its binary error."""
    return Decimal(repr(round(number, 10)))
