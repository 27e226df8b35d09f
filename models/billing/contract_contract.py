from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.duration import to_clock
from ...tools.groups import OFFICE


class ContractContract(models.Model):
    """How a service contract is billed, and what its invoices come with."""

    _inherit = "contract.contract"

    part_period_note = fields.Text(
        compute="_compute_part_period_note",
        groups=OFFICE,
        help="Hours and fees of periods in which the contract starts or ends.",
    )

    @api.depends(
        "allowance_anchor",
        "allowance_minutes",
        "allowance_months",
        "contract_line_fixed_ids.date_end",
        "contract_line_fixed_ids.date_start",
        "contract_line_fixed_ids.discount",
        "contract_line_fixed_ids.price_unit",
        "contract_line_fixed_ids.quantity",
        "counts_from",
        "currency_id",
        "date_end",
        "date_start",
        "prorate_fees",
        "recurring_interval",
        "recurring_rule_type",
        "service_tier_id",
        "whole_allowances",
    )
    def _compute_part_period_note(self):
        """For the form as well: known before anything is saved."""
        for contract in self:
            notes = contract._part_period_notes() if contract._has_days() else ()
            contract.part_period_note = "\n".join(notes) or False

    def _fiscal_position(self):
        """The one that was chosen, else that of the buyer."""
        customer = self.partner_id
        return self.fiscal_position_id or customer._fiscal_position_for_services(
            self.company_id
        )

    def _has_days(self):
        """Whether it is a service contract for days that can be counted."""
        first, last = self.date_start, self.date_end
        return bool(self.service_tier_id and first and not (last and last < first))

    def _part_period_notes(self):
        """Hours and fees of each period that is cut, as sentences in its order."""
        hours = self._part_allowances()
        fees = defaultdict(lambda: (0.0, 0.0))
        for line in self.contract_line_fixed_ids._of_service():
            for period, (part, whole) in line._part_periods().items():
                fees[period] = fees[period][0] + part, fees[period][1] + whole
        for period in sorted({*hours, *fees}):
            days = self._days_label(*period, self.env.lang)
            if period in hours:
                yield self.env._(
                    "%(days)s: %(part)s h of %(whole)s h",
                    days=days,
                    part=to_clock(hours[period]),
                    whole=to_clock(self.allowance_minutes),
                )
            if period in fees:
                part, whole = map(self.currency_id.format, fees[period])
                yield self.env._(
                    "%(days)s: %(part)s of %(whole)s net",
                    days=days,
                    part=part,
                    whole=whole,
                )

    def _recurring_create_invoice(self, date_ref=False):
        """Whatever way leads here, a service contract is settled before it is billed.

        ``date_ref`` only says what is due; a period that is not over is not billed.
        """
        service_contracts = self.filtered("service_tier_id")
        invoices = self.env["account.move"]
        if others := self - service_contracts:
            invoices |= super(ContractContract, others)._recurring_create_invoice(
                date_ref
            )
        service_contracts.check_access("write")
        service_contracts._check_agreed()
        # sudo: as in the billing run, back office bills and need not be an accountant
        billing = self.env["service.billing"].sudo()
        service_contracts = service_contracts.sudo()
        return invoices | billing._bill_ended(service_contracts)

    def _get_related_invoices(self):
        """Count invoices of hours alone as well, which hold no line of the contract."""
        # sudo: OCA contract counts them on the form, which people without any right on
        # invoices open as well; opening one of them is left to the accountants.
        contracts = self.sudo()
        return (
            super(ContractContract, contracts)._get_related_invoices()
            | contracts.settlement_ids.invoice_id
            | contracts.settlement_ids.invoice_id.service_correction_ids
        )

    @api.model
    def _get_contracts_to_invoice_domain(self, date_ref=None):
        """Leave service contracts to their own run, which settles the hours first."""
        return super()._get_contracts_to_invoice_domain(date_ref) & Domain(
            "service_tier_id", "=", False
        )
