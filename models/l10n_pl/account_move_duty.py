from datetime import date

from odoo import models
from odoo.fields import Domain

# Source: VAT act, art. 145m; gross, in PLN. Months before were free for all of them.
SMALL_SELLER_LIMIT = 10_000
SINCE, UNTIL = date(2026, 4, 1), date(2026, 12, 31)


class AccountMove(models.Model):
    """Small sellers may stay outside KSeF until the end of 2026."""

    _inherit = "account.move"

    def _is_below_ksef_limit(self):
        """Whether it stays outside as all invoices up to it, month by month, do.

        A correction goes where its original went.
        """
        company = self.company_id
        original = self.reversed_entry_id
        if not company.service_ksef_small_seller:
            return False
        if original:
            return not original.l10n_pl_edi_number and original._is_below_ksef_limit()
        day = self.invoice_date or company._service_day()
        if not SINCE <= day <= UNTIL or self.l10n_pl_edi_status:
            return False
        month = date(day.year, day.month, 1)
        sums = self._sales_before(day)
        sums[month] = sums.get(month, 0.0) + self.amount_total_signed
        return all(total <= SMALL_SELLER_LIMIT for total in sums.values())

    def _sales_before(self, day):
        """Gross sales in PLN of the invoices issued before this one, by month."""
        # sudo: whether KSeF is due does not depend on what one may read
        earlier = self.sudo()._read_group(
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "posted")
            & Domain("move_type", "=", "out_invoice")
            & Domain("invoice_date", ">=", SINCE)
            & (
                Domain("invoice_date", "<", day)
                | Domain("invoice_date", "=", day) & self._of_lower_id()
            ),
            ["invoice_date:month"],
            ["amount_total_signed:sum"],
        )
        return dict(earlier)

    def _of_lower_id(self):
        number = self._origin.id
        return Domain("id", "<", number) if number else Domain.TRUE
