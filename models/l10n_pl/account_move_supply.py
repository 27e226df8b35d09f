from odoo import api, models

from .service_ksef import INVOICES


class AccountMove(models.Model):
    """The day of supply decides the month of VAT and the rate of exchange."""

    _inherit = "account.move"

    @api.depends("reversed_entry_id", "service_corrected_id", "service_raised_id")
    def _compute_expected_currency_rate(self):
        return super()._compute_expected_currency_rate()

    @api.depends("reversed_entry_id", "service_corrected_id", "service_raised_id")
    def _compute_invoice_currency_rate(self):
        return super()._compute_invoice_currency_rate()

    def _compute_partner_bank_id(self):
        """An invoice in another currency is paid to the account of that currency."""
        result = super()._compute_partner_bank_id()
        for move in self.filtered(lambda move: move.move_type == "out_invoice"):
            currency = move.currency_id
            foreign = currency != move.company_currency_id
            if foreign and move.company_id._is_polish():
                own = move.bank_partner_id.bank_ids.filtered(
                    lambda bank, move=move: (
                        bank.currency_id == move.currency_id
                        and bank.company_id
                        in (move.company_id, bank.company_id.browse())
                    )
                )
                if own and move.partner_bank_id not in own:
                    move.partner_bank_id = own[0]
        return result

    def _get_expected_currency_rate_at(self, date):
        if original := self._rate_original():
            return original.invoice_currency_rate
        return super()._get_expected_currency_rate_at(date)

    def _rate_original(self):
        """The invoice whose rate a correction keeps (VAT act, art. 31b)."""
        # sudo: what the rate was does not depend on who corrects the invoice
        original = (self._corrects() or self.service_corrected_id).sudo()
        keeps = self.move_type in INVOICES and self.company_id._is_polish()
        return original.filtered(
            lambda move: keeps and move.currency_id == self.currency_id
        )

    def _billed_again_values(self):
        """VAT on what is billed again is due with the service, as on the original."""
        day = self.taxable_supply_date
        return super()._billed_again_values() | {"taxable_supply_date": day}
