from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.failure import subject_of


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
    def _service_contracts(self, company, last_day):
        """Service contracts of a company that began by a day, archived ones too."""
        # An archived contract serves nobody any more, but is owed until its end.
        contracts = self.env["contract.contract"].with_context(active_test=False)
        return contracts.search(
            Domain("service_tier_id", "!=", False)
            & contracts._agreed_domain()
            & Domain("company_id", "=", company.id)
            # What is paid ahead is due on the day before its period at the latest.
            & Domain("date_start", "<=", fields.Date.add(last_day, days=1))
        )

    @api.model
    def _bill(self, contracts, last_day, jobs_until=None):
        """Settle what is over or done and bill it: the new draft invoices.

        Safe to repeat, as it only takes what is not settled or not billed yet. An
        error says which contract it is about, where that is known.
        """
        settlements = self.env["service.settlement"]
        settlements._settle(contracts, last_day, jobs_until)
        to_bill = settlements.search(
            [("contract_id", "in", contracts.ids), ("state", "=", "to_bill")],
            order="date_to, id",
        )
        invoices = self._create_invoices(self._documents(contracts, to_bill, last_day))
        return invoices | self._bill_again(self._notes_of_contracts(contracts))

    @api.model
    def _run(self, contracts, last_day, jobs_until=None):
        """Bill contracts together: (draft invoices, {contract that failed: error}).

        A contract that fails stops no other.
        """
        invoices = self.env["account.move"]
        failed = {}
        parts = self._in_parts(
            lambda part: self._bill(part, last_day, jobs_until), contracts
        )
        for part, made, error in parts:
            if error:
                failed[part] = error
            else:
                invoices |= made
        return invoices, failed

    @api.model
    def _in_parts(self, work, records):
        """Do ``work`` for records at once; leave out the one an error is about.

        Where the error does not say whose it is, halves are tried, down to that one.
        Yields the records of each part with the result, or with the error.
        """
        if not records:
            return
        try:
            with self.env.cr.savepoint():
                result = work(records)
        except OperationalError:
            # Not the contract's fault: the whole transaction has to be repeated.
            raise
        except Exception as error:  # noqa: BLE001 - one record stops no other
            if len(records) == 1:
                yield records, None, error
                return
            subject = subject_of(error)
            culprit = records.filtered(lambda record: record == subject)
        else:
            yield records, result, None
            return
        first = culprit or records[: len(records) // 2]
        yield from self._in_parts(work, first)
        yield from self._in_parts(work, records - first)
