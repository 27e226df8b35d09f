from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import LockError, ValidationError
from odoo.fields import Domain


class ServiceBilling(models.AbstractModel):
    """Turns settled periods into draft invoices, one period on one invoice.

    Fees come from the lines of the contract, hours beyond the packages from the
    settlement. Taxes, numbers and posting stay Odoo's own.
    """

    _name = "service.billing"
    _description = "Service Billing"

    @api.model
    def _last_billable_day(self, last_day=None):
        """A period is billed when it is over, so at the latest up to yesterday."""
        today = self.env.company.sudo()._service_day()
        yesterday = fields.Date.subtract(today, days=1)
        return min(last_day or yesterday, yesterday)

    @api.model
    def _bill_ended(self, contracts):
        """Bill every period of the contracts that is over."""
        invoices = self.env["account.move"]
        for company, same in contracts.grouped("company_id").items():
            billing = self.with_company(company)
            invoices |= billing._bill(same, billing._last_billable_day())
        return invoices

    @api.model
    def _due_contracts(self, company, last_day):
        """Service contracts with something to settle or to bill until ``last_day``."""
        # An archived contract serves nobody any more, but is owed until its end.
        contracts = self.env["contract.contract"].with_context(active_test=False)
        contracts = contracts.search(
            Domain("service_tier_id", "!=", False)
            & Domain("company_id", "=", company.id)
            & Domain("date_start", "<=", last_day)
        )
        to_bill = self.env["service.settlement"].search(
            [("state", "=", "to_bill"), ("company_id", "=", company.id)]
        )
        late = contracts._late_entries().service_contract_id
        return (
            to_bill.contract_id
            | late
            | contracts.filtered(lambda contract: contract._periods_over(last_day))
        )

    @api.model
    def _bill(self, contracts, last_day):
        """Settle what is over and bill it: the new draft invoices.

        Safe to repeat, as it only takes what is not settled or not billed yet.
        """
        settlements = self.env["service.settlement"]
        for contract in contracts:
            settlements._settle(contract, last_day)
        to_bill = settlements.search(
            [("contract_id", "in", contracts.ids), ("state", "=", "to_bill")],
            order="date_to, id",
        )
        return self._create_invoices(to_bill)

    @api.model
    def _run(self, contracts, last_day):
        """Bill contracts one by one: (draft invoices, contracts that failed).

        A contract that fails keeps the reason and an activity, and stops no other.
        """
        invoices = self.env["account.move"]
        failed = self.env["contract.contract"]
        for contract in contracts:
            try:
                with self.env.cr.savepoint():
                    invoices |= self._bill(contract, last_day)
                contract._clear_invoice_generation_error()
            except (LockError, OperationalError):
                # Somebody else is at work on it: the next run takes what is left.
                raise
            except Exception as error:  # noqa: BLE001 - one contract stops no other
                contract._record_invoice_generation_error(error, "invoice")
                failed |= contract
        return invoices, failed

    @api.model
    def _cron_bill(self):
        """Bill every period that is over, one committed contract after the other."""
        cron = self.env["ir.cron"]
        companies = self.env["contract.contract"]._read_group(
            [("service_tier_id", "!=", False)], ["company_id"]
        )
        for (company,) in companies:
            billing = self.with_company(company)
            last_day = fields.Date.subtract(
                billing._last_billable_day(), days=max(0, company.service_billing_delay)
            )
            due = billing._due_contracts(company, last_day)
            cron._commit_progress(remaining=len(due))
            for contract in due:
                # Back office may be billing the same contract at this moment.
                locked = contract.try_lock_for_update(allow_referencing=True)
                billing._run(locked, last_day)
                if not cron._commit_progress(1):
                    return
            billing.env["service.hour.package"]._close_ended(company, last_day)
            cron._commit_progress()

    @api.model
    def _create_invoices(self, settlements):
        invoices = self.env["account.move"]
        for settlement in settlements:
            vals = self._prepare_invoice(settlement)
            if not vals["invoice_line_ids"]:
                settlement.nothing_to_bill = True
                continue
            invoice = invoices.create(vals)
            settlement.invoice_id = invoice
            settlement.contract_id._add_contract_origin(invoice)
            invoices |= invoice
        return invoices

    @api.model
    def _prepare_invoice(self, settlement):
        contract = settlement.contract_id
        lines = [
            *self._fee_lines(settlement),
            *self._work_lines(settlement),
            *self._package_lines(settlement),
        ]
        for line in lines:
            product = self.env["product.product"].browse(line["product_id"])
            if not product:
                raise ValidationError(
                    self.env._(
                        "The line “%s” has no product, so its tax is unknown. Choose a "
                        "product on the contract.",
                        line["name"],
                    )
                )
            product._check_service_tax(settlement.company_id)
        vals = contract._prepare_invoice(settlement.date_to) | {
            # Posting sets the day of issue. An invoice dated back is refused by KSeF.
            "invoice_date": False,
            "service_contract_id": contract.id,
            "service_order_ref": contract.client_order_ref,
            "service_period_from": settlement.date_from,
            "service_period_to": settlement.date_to,
            "invoice_line_ids": [fields.Command.create(line) for line in lines],
        }
        if "taxable_supply_date" in self.env["account.move"]._fields:
            # l10n_pl: VAT on a service settled by periods is due at the period's end
            # (VAT act, art. 19a par. 3), whenever the invoice is issued.
            vals["taxable_supply_date"] = settlement.date_to
        return vals

    @api.model
    def _give_back(self, settlements):
        """Undo the billing, not the settlement: hours stay posted, fees are due again.

        :raises UserError: where a later period of the same fee is billed already, for
            only the newest one can be due again
        """
        for settlement in settlements.sorted("date_to", reverse=True):
            self._rewind_fees(settlement)
            settlement.write({"invoice_id": False, "fees_before": False})
