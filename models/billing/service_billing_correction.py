from odoo import api, models
from odoo.fields import Command, Domain

from ...tools.correction import billed_again
from .account_move_line import BILLING, REBILLING


class ServiceBilling(models.AbstractModel):
    """Bills again what credit notes gave back.

    Apart from how a period is billed, for the work behind it is settled already.
    """

    _inherit = "service.billing"

    @api.model
    def _notes_of_contracts(self, contracts):
        """Credit notes of contracts that wait to be billed again."""
        return self._notes_to_bill_again(
            Domain("service_contract_id", "in", contracts.ids)
        )

    @api.model
    def _notes_of_no_contract(self, company):
        """Those of packages that were sold to a customer without a contract."""
        return self._notes_to_bill_again(
            Domain("service_contract_id", "=", False)
            & Domain("company_id", "=", company.id)
        )

    @api.model
    def _notes_to_bill_again(self, domain):
        return self.env["account.move"].search(
            Domain("service_bill_again", "=", True)
            & Domain("move_type", "=", "out_refund")
            & Domain("state", "=", "posted")
            & domain,
            order="id",
        )

    @api.model
    def _amounts_to_bill_again(self, contracts):
        """Net amounts that credit notes gave back and the next run bills, by contract.

        What they are billed at again; a note in part is billed in part.
        """
        notes = self._notes_of_contracts(contracts)
        amounts = dict.fromkeys(contracts, 0.0)
        for note in notes:
            left = note.invoice_line_ids._left_to_bill_again()
            amounts[note.service_contract_id] += sum(left.mapped("price_subtotal"))
        return amounts

    @api.model
    def _bill_again(self, notes):
        """Make drafts of what posted credit notes gave back, one for each original.

        Safe to repeat: what is on an invoice already is left alone. Takes the lock on
        the contracts.

        :return: the new draft invoices
        :raises LockError: if somebody else is billing one of the contracts
        """
        self.env["service.settlement"]._lock(notes.service_contract_id)
        # Somebody may be deciding on one of them; the next run takes it then.
        notes = notes.try_lock_for_update(allow_referencing=True)
        vals_list = []
        for original, same in notes.grouped("reversed_entry_id").items():
            lines = same.invoice_line_ids._left_to_bill_again()
            if lines:
                vals_list.append(self._prepare_billed_again(original, lines))
        if not vals_list:
            notes._set_bill_again(wanted=False)
            return self.env["account.move"]
        moves = self.env["account.move"].with_context(**BILLING.opened)
        invoices = moves.create(vals_list).with_env(self.env)
        notes._set_bill_again(wanted=False)
        for invoice in invoices:
            if contract := invoice.service_contract_id:
                contract._add_contract_origin(invoice)
        invoices._sync_hour_packages()
        return invoices

    @api.model
    def _prepare_billed_again(self, original, credit_lines):
        """Values of an invoice of what ``credit_lines`` gave back of ``original``."""
        original = original.with_context(
            include_business_fields=True, **REBILLING.opened
        )
        (vals,) = original.copy_data(original._billed_again_values())
        vals["line_ids"] = [
            Command.create(self._line_billed_again(line)) for line in credit_lines
        ]
        return vals

    @api.model
    def _line_billed_again(self, credit):
        # A line that was written on the credit note by hand has no original.
        origin = credit.service_origin_line_id or credit
        origin = origin.with_context(include_business_fields=True, **REBILLING.opened)
        terms = billed_again(
            origin._as_corrected(),
            credit._as_corrected(),
            sells_hours=bool(origin.service_package_id),
        )
        (vals,) = origin.copy_data()
        del vals["move_id"]
        return vals | {
            "quantity": terms.quantity,
            "price_unit": terms.price,
            "discount": terms.discount,
            "service_credit_line_id": credit.id,
        }

    @api.model
    def _billed_products(self, moves):
        """Ids of products on ``moves`` that are sold as service, by id of company."""
        products = Domain("product_id", "in", moves.invoice_line_ids.product_id.ids)
        fees = Domain("contract_id.service_tier_id", "!=", False)
        # sudo: an accountant may read no line of a contract
        found = [
            *self.env["service.tier.rate"]
            .sudo()
            ._read_group(products, ["company_id"], ["product_id:array_agg"]),
            *self.env["contract.line"]
            .sudo()
            ._read_group(
                products & fees, ["contract_id.company_id"], ["product_id:array_agg"]
            ),
        ]
        billed = {}
        for company, ids in found:
            billed.setdefault(company.id, set()).update(ids)
        return billed
