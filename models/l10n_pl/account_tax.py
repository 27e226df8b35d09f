from odoo import api, models


class AccountTax(models.Model):
    """Tax of service invoices: the sum of a rate's lines, and the tax of that sum.

    FA(3) and the paper show a net amount for each line. What is summed up by rate is
    the sum of these, and its tax is that of the sum (VAT act, art. 106e par. 1 items
    11-14). Of Odoo's settings, one rounds the sum of unrounded lines, the other the tax
    of each line; so service invoices depend on neither. Prices with tax in them are
    taken apart line by line, as Odoo does when it rounds by line.
    """

    _inherit = "account.tax"

    @api.model
    def _add_tax_details_in_base_line(self, base_line, company, rounding_method=None):
        by_line = not rounding_method and base_line.get("service_by_line")
        result = super()._add_tax_details_in_base_line(
            base_line, company, "round_per_line" if by_line else rounding_method
        )
        for data in base_line["tax_details"]["taxes_data"] if by_line else ():
            if data["tax"].amount_type == "percent" and not data["price_include"]:
                sign = -1 if data["is_reverse_charge"] else 1
                share = sign * data["tax"].amount / 100
                for suffix in ("", "_currency"):
                    tax = data[f"raw_base_amount{suffix}"] * share
                    data[f"raw_tax_amount{suffix}"] = tax
        return result

    @api.model
    def _round_base_lines_tax_details(self, base_lines, company, tax_lines=None):
        result = super()._round_base_lines_tax_details(base_lines, company, tax_lines)
        if not tax_lines:  # else these say what the tax is
            same = {}
            for line in base_lines:
                if line.get("service_by_line") and line["rate"] not in (0, 1):
                    for data in line["tax_details"]["taxes_data"]:
                        key = data["tax"], data["is_reverse_charge"], line["rate"]
                        same.setdefault(key, []).append(data)
            for (_tax, _reverse, rate), taxes in same.items():
                self._service_convert_tax(taxes, rate, company.currency_id)
        return result

    @api.model
    def _service_convert_tax(self, taxes, rate, currency):
        """Make the tax in PLN that of the invoice at its rate (art. 106e par. 11)."""
        foreign = sum(data["tax_amount_currency"] for data in taxes)
        booked = sum(data["tax_amount"] for data in taxes)
        parts = self._distribute_delta_amount_smoothly(
            currency.decimal_places,
            currency.round(foreign / rate) - booked,
            [{"factor": data["tax_amount"]} for data in taxes],
        )
        for data, part in zip(taxes, parts, strict=True):
            data["tax_amount"] += part
