from copy import deepcopy

from odoo import models

from ...tools.fa3.facts import EXEMPT, is_by_buyer, rate_label, unit_name


class AccountMove(models.Model):
    """Units and rates of VAT on paper, as the structured invoice has them."""

    _inherit = "account.move"

    def _printed_lines(self):
        """Unit and rate by id of a line."""
        rates = self._printed_rates()
        return {
            line.id: {"unit": self._printed_unit(line), "rate": rates[line]}
            for line in rates
        }

    def _printed_unit(self, line):
        """“godz.” and “szt.” for who reads Polish; other units as they are called."""
        name = line.product_uom_id.name or ""
        return unit_name(name) if (self.env.lang or "").startswith("pl") else name

    def _printed_rates(self):
        """The rate of each line in a few letters: 23%, zw, np, oo."""
        tags = self._service_tax_tags()
        return {
            line: rate_label(tags[line], sum(line.tax_ids.mapped("amount")))
            if line.tax_ids
            else ""
            for line in self._service_product_lines()
        }

    def _rates_of_taxes(self):
        """The rate as it is printed, by tax."""
        rates = {}
        for line, rate in self._printed_rates().items():
            for tax in line.tax_ids | line.tax_ids.children_tax_ids:
                rates[tax] = rate
        return rates

    def _printed_totals(self):
        """Odoo's totals, whose groups of taxes are called as the rates on the lines."""
        totals = deepcopy(self.tax_totals or {})
        rates = self._rates_of_taxes()
        for subtotal in totals.get("subtotals", ()):
            for group in subtotal["tax_groups"]:
                of_group = set(group["involved_tax_ids"])
                same = {rate for tax, rate in rates.items() if tax.id in of_group}
                if same:
                    group["group_name"] = f"VAT {', '.join(sorted(same))}"
        return totals

    def _vat_summary(self):
        """Net, tax and gross by rate, in the currency of the invoice and in that of the
        company, in which the tax is due (VAT act, art. 106e par. 11).

        None where it would only repeat the totals: of one rate, in one currency.
        """
        sums = {}
        for line, rate in self._printed_rates().items():
            row = sums.setdefault(rate, [0.0] * 4)
            row[0] += line.price_subtotal
            row[2] += line.balance * self.direction_sign
        rates = self._rates_of_taxes()
        for line in self.line_ids.filtered("tax_line_id"):
            row = sums.setdefault(rates.get(line.tax_line_id, ""), [0.0] * 4)
            row[1] += line.amount_currency * self.direction_sign
            row[3] += line.balance * self.direction_sign
        sign = -1 if self.move_type == "out_refund" else 1
        rows = [
            {
                "rate": f"VAT {rate}",
                "amounts": tuple(sign * amount for amount in (net, tax, net + tax)),
                "own": tuple(sign * amount for amount in (own, own_tax, own + own_tax)),
            }
            for rate, (net, tax, own, own_tax) in sums.items()
        ]
        repeated = len(rows) == 1 and self.currency_id == self.company_currency_id
        return [] if repeated else rows

    def _vat_notes(self):
        """What is said of lines without tax (art. 106e par. 1 items 18 and 19)."""
        tags = self._service_tax_tags()
        lines = self._service_product_lines()
        exempt = EXEMPT in self._printed_rates().values()
        return {
            "by_buyer": any(is_by_buyer(tags[line]) for line in lines),
            "exemption": exempt
            and (self.company_id.service_vat_exemption or "").strip(),
        }
