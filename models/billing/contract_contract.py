from odoo import api, fields, models
from odoo.fields import Domain


class ContractContract(models.Model):
    """What the customer of a contract is told about promises."""

    _inherit = "contract.contract"

    sla_report_with_statement = fields.Boolean(
        string="Attach the SLA Report",
        help="The invoice of a period comes with a report on the guaranteed times of "
        "the customer's tickets, beside the statement of hours.",
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
