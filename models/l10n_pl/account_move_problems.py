from datetime import date

from stdnum.pl import nip

from odoo import models
from odoo.tools import format_date, formatLang

from ...tools.fa3.document import MAX_TEXT
from ...tools.plain_text import clean, refused

MAX_NAME = 512
MAX_PHONE = 16
# Tags of supplies of goods: within the EU, exports, and those the buyer accounts for.
GOODS_TAGS = {"K_21", "K_22", "K_31"}
EXEMPT_TAG = "K_10"


class AccountMove(models.Model):
    """What can be wrong with an invoice: a sentence each, saying what to do."""

    _inherit = "account.move"

    def _service_known(self):
        """What the checks of all these invoices share, looked up once."""
        for name in ("tax_ids", "tax_tag_ids"):
            self.line_ids.mapped(name)  # fetched for all of them, not one by one
        foreign = self.filtered(
            lambda move: move.currency_id != move.company_id.currency_id
        ).currency_id
        rates = self.env["res.currency.rate"]
        groups = foreign and rates._read_group(
            [("currency_id", "in", foreign.ids)],
            ["currency_id", "company_id"],
            ["name:min"],
        )
        return {
            "service_taxes": {
                company: company._service_sale_taxes() for company in self.company_id
            },
            "first_rates": {(group[0], group[1]): group[2] for group in groups},
        }

    def _service_product_lines(self):
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )

    def _service_seller_problems(self, known):
        company = self.company_id
        vat = (company.vat or "").strip()
        prefix, number = vat[:2].upper(), vat[2:]
        if not (prefix == "PL" and number.isdecimal() and nip.is_valid(number)):
            yield self.env._(
                "The tax number of %s must be PL and ten digits, as registered "
                "with KSeF: correct it on the company.",
                company.name,
            )
        if not (company.street and company.city and company.country_id):
            yield self.env._(
                "%s has no full address: enter street, city and country on the "
                "company.",
                company.name,
            )

    def _service_buyer_problems(self, known):
        buyer = self.commercial_partner_id
        vat = (buyer.vat or "").strip(" /")  # a slash stands for none
        polish = (buyer.country_code or "PL") == "PL"
        if not vat and buyer.is_company and polish:
            yield self.env._(
                "%s is a company without a tax number: enter the NIP on the "
                "contact, or mark the contact as a person.",
                buyer.name,
            )
        foreign = vat[:2].isalpha() and vat[:2].upper() != "PL"
        if vat and polish and not foreign and not nip.is_valid(vat):
            yield self.env._(
                "The NIP %(vat)s of %(customer)s is not valid: correct it on the "
                "contact.",
                vat=vat,
                customer=buyer.name,
            )

    def _service_address_problems(self, known):
        buyer = self.commercial_partner_id
        # Odoo itself asks for a customer where there is none.
        if buyer and not buyer.country_id:
            yield self.env._("%s has no country: choose it on the contact.", buyer.name)

    def _service_tax_problems(self, known):
        tags = self._service_tax_tags()
        for line in self._service_product_lines():
            if not line.tax_ids:
                yield self.env._(
                    "The line “%s” has no tax and would be missing from the structured "
                    "invoice: choose one.",
                    line._service_label(),
                )
            elif line._origin and not tags[line]:
                yield self.env._(
                    "The tax of the line “%s” has no code of the Polish VAT report, so "
                    "the line would be missing from the structured invoice: choose "
                    "another tax.",
                    line._service_label(),
                )

    def _service_goods_problems(self, known):
        tags = self._service_tax_tags()
        service_taxes = known["service_taxes"][self.company_id]
        for line in self._service_product_lines():
            product = line.product_id
            goods = tags[line] & GOODS_TAGS or any(
                product._is_goods_tax(tax, service_taxes) for tax in line.tax_ids
            )
            if product.type == "service" and goods:
                yield self.env._(
                    "The service “%(line)s” is taxed as goods (%(taxes)s): choose "
                    "a tax for services on the line and on its product.",
                    line=line._service_label(),
                    taxes=", ".join(line.tax_ids.mapped("name")),
                )

    def _service_exemption_problems(self, known):
        exempt = any(EXEMPT_TAG in tags for tags in self._service_tax_tags().values())
        if exempt and not (self.company_id.service_vat_exemption or "").strip():
            yield self.env._(
                "A line is exempt from VAT: enter the legal basis of the exemption on "
                "the company."
            )

    def _service_quantity_problems(self, known):
        if self._is_correction():
            return  # of texts alone it has nothing but zeros
        for line in self._service_product_lines():
            if not line.quantity:
                yield self.env._(
                    "The line “%s” has no quantity: enter one or delete the line.",
                    line._service_label(),
                )

    def _service_texts(self):
        """What stands in the structured invoice: where, and how long it may be."""
        yield (
            self.env._("The contract number"),
            self._service_contract_number(),
            MAX_TEXT,
        )
        order = self._served().service_order_ref
        yield self.env._("The customer's order number"), order, MAX_TEXT
        for side in self.commercial_partner_id | self.company_id.partner_id:
            yield self.env._("The phone number of %s", side.name), side.phone, MAX_PHONE
            yield self.env._("The name of %s", clean(side.name or "")), side.name, None
            address = " ".join(
                side[name] or "" for name in ("street", "street2", "zip", "city")
            )
            yield self.env._("The address of %s", clean(side.name or "")), address, None
        for line in self._service_product_lines():
            label = clean(line._service_label())
            yield self.env._("The text of the line “%s”", label), line.name, MAX_NAME
        if self._is_correction():
            yield (
                self.env._("The reason of the correction"),
                self._correction_reason(),
                None,
            )
        exemption = self.company_id.service_vat_exemption
        yield self.env._("The legal basis of the exemption"), exemption, None

    def _service_length_problems(self, known):
        for name, text, longest in self._service_texts():
            if longest and len(" ".join((text or "").split())) > longest:
                yield self.env._(
                    "%(name)s is too long for the structured invoice: shorten it to "
                    "%(longest)s characters.",
                    name=name,
                    longest=longest,
                )

    def _service_character_problems(self, known):
        for name, text, _longest in self._service_texts():
            if codes := refused(text or ""):
                yield self.env._(
                    "%(name)s holds characters that KSeF refuses and that cannot be "
                    "seen (%(codes)s): type it again.",
                    name=name,
                    codes=", ".join(codes),
                )

    def _service_correction_problems(self, known):
        if not self._is_correction():
            return
        if not self._corrects():
            yield self.env._(
                "The correction does not refer to an original invoice: create it "
                "from the invoice it corrects."
            )
        if not (self.service_correction_reason or "").strip():
            yield self.env._("The correction has no reason: enter one.")
        yield from self._too_much_credited()

    def _service_currency_problems(self, known):
        company, currency = self.company_id, self.currency_id
        if currency == company.currency_id or self._rate_original():
            return
        day = self._get_invoice_currency_rate_date()
        rates = known["first_rates"]
        owners = (company.root_id, self.env["res.company"])
        first = [rates.get((currency, owner)) or date.max for owner in owners]
        if min(first) > day:
            yield self.env._(
                "There is no exchange rate of %(currency)s for %(day)s: add it to "
                "the rates of the currency.",
                currency=currency.name,
                day=format_date(self.env, day),
            )

    def _service_sum_problems(self, known):
        lines = self._service_product_lines()
        net = sum(lines.mapped("price_subtotal"))
        if self.currency_id.compare_amounts(net, self.amount_untaxed):
            yield self.env._(
                "The lines add up to %(sum)s and the net total is %(total)s, and KSeF "
                "gets both: have taxes rounded per line in the settings of Accounting.",
                sum=formatLang(self.env, net, currency_obj=self.currency_id),
                total=formatLang(
                    self.env, self.amount_untaxed, currency_obj=self.currency_id
                ),
            )
