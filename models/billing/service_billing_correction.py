from odoo import api, models
from odoo.fields import Command, Domain

from ...tools.correction import billed_again
from .account_move_line import REBILLING


class ServiceBilling(models.AbstractModel):
    """Bills again what credit notes gave back.

    Apart from how a period is billed, for the work behind it is settled already.
    """

    _inherit = "service.billing"

    @api.model
    def _notes_to_bill_again(self, company_or_contracts):
        is_company = company_or_contracts._name == "res.company"
        name = "company_id" if is_company else "service_contract_id"
        return self.env["account.move"].search(
            Domain("service_bill_again", "=", True)
            & Domain("move_type", "=", "out_refund")
            & Domain("state", "=", "posted")
            & Domain(name, "in", company_or_contracts.ids),
            order="id",
        )

    @api.model
    def _amounts_to_bill_again(self, contracts):
        """Net amounts that credit notes gave back and the next run bills, by contract.

        What they are billed at again; a note in part is billed in part.
        """
        notes = self._notes_to_bill_again(contracts)
        amounts = dict.fromkeys(contracts, 0.0)
        for note in notes:
            left = note.invoice_line_ids._left_to_bill_again()
            amounts[note.service_contract_id] += sum(left.mapped("price_subtotal"))
        return amounts

    @api.model
    def _bill_again(self, company_or_contracts):
        """Make drafts of what posted credit notes gave back, one for each original.

        Safe to repeat: what is on an invoice already is left alone. Takes the lock on
        the contracts. For a company, it is packages that belong to no contract.

        :return: the new draft invoices
        :raises LockError: if somebody else is billing one of the contracts
        """
        notes = self._notes_to_bill_again(company_or_contracts)
        if company_or_contracts._name == "res.company":
            notes = notes.filtered(lambda note: not note.service_contract_id)
        self.env["service.settlement"]._lock(notes.service_contract_id)
        # Somebody may be deciding on one of them; the next run takes it then.
        notes = notes.try_lock_for_update(allow_referencing=True)
        vals_list = []
        for original, same in notes.grouped("reversed_entry_id").items():
            lines = same.invoice_line_ids._left_to_bill_again()
            if lines:
                vals_list.append(self._prepare_billed_again(original, lines))
        if not vals_list:
            notes.service_bill_again = False
            return self.env["account.move"]
        invoices = self.env["account.move"].create(vals_list)
        notes.service_bill_again = False
        for invoice in invoices:
            if contract := invoice.service_contract_id:
                contract._add_contract_origin(invoice)
        invoices._sync_hour_packages()
        return invoices

    @api.model
    def _prepare_billed_again(self, original, credit_lines):
        """Values of an invoice of what ``credit_lines`` gave back of ``original``."""
        original = original.with_context(include_business_fields=True, **{REBILLING: 1})
        (vals,) = original.copy_data(original._billed_again_values())
        vals["line_ids"] = [
            Command.create(self._line_billed_again(line)) for line in credit_lines
        ]
        return vals

    @api.model
    def _line_billed_again(self, credit):
        # A line that was written on the credit note by hand has no original.
        origin = credit.service_origin_line_id or credit
        origin = origin.with_context(include_business_fields=True, **{REBILLING: 1})
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
