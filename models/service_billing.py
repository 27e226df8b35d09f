from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.fields import Domain

from ..tools.charging import Unit


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
    def _fee_lines(self, settlement):
        """Values for the contract's fees whose periods end within the settled one.

        What each fee was billed until before is kept on the settlement, so that it
        can be given back.
        """
        contract = settlement.contract_id
        # OCA contract plans the invoice of a period for its last day or the day after.
        day_after = fields.Date.add(settlement.date_to, days=1)
        values = []
        before = {}
        while due := contract._get_lines_to_invoice(day_after).filtered(
            lambda line: not line.display_type
        ):
            for line in due:
                self._check_fee_period(line)
                before.setdefault(str(line.id), str(line.last_date_invoiced or ""))
                vals = line._prepare_invoice_line()
                if vals and vals["quantity"]:
                    values.append(vals)
                line._update_last_date_invoiced()
        contract._compute_recurring_next_date()
        settlement.fees_before = before
        return values

    @api.model
    def _check_fee_period(self, line):
        """Refuse a period that ends before it begins, and so bills a fee once more.

        OCA contract derives the end from the date of the next invoice, and people may
        move that.
        """
        if line.next_period_date_end < line.next_period_date_start:
            raise ValidationError(
                self.env._(
                    "The next invoice of the fee “%(fee)s” is planned for %(day)s, but "
                    "its next period only begins on %(start)s. Correct the date of the "
                    "next invoice on the contract.",
                    fee=line.name,
                    day=line.recurring_next_date,
                    start=line.next_period_date_start,
                )
            )

    @api.model
    def _work_lines(self, settlement):
        """Values for what packages do not pay: a line for each rate, kind and price."""
        contract = settlement.contract_id
        entries = settlement.entry_ids.sorted(lambda entry: (entry.date, entry.id))
        # Late entries are of days before the period.
        first = min([settlement.date_from, *entries.mapped("date")])
        plan = self.env["service.rating"]._settled_plan(entries)
        quantities = {}
        for _entry, charged in self.env["service.pricing"]._charged(plan, entries):
            same = charged.of(0)
            quantities[same] = quantities.get(same, 0) + charged.item.quantity
        period = contract._period_label(first, settlement.date_to)
        lines = []
        for same, quantity in quantities.items():
            charged = same.of(quantity)
            self.env["service.pricing"]._check_invoiceable(charged.minutes)
            lines.append(
                {
                    "product_id": charged.product.id,
                    "name": f"{self._work_label(settlement, charged)}\n{period}",
                    "quantity": charged.quantity,
                    "product_uom_id": charged.product.uom_id.id,
                    "price_unit": charged.unit_price,
                    "service_period_from": first,
                    "service_period_to": settlement.date_to,
                }
            )
        return lines

    @api.model
    def _work_label(self, settlement, charged):
        """What a line is for, in the language of who pays it."""
        contract = settlement.contract_id
        customer = contract.invoice_partner_id or contract.partner_id
        env = self.with_context(lang=customer.lang or self.env.lang).env
        work = charged.rate.work_type_id.with_env(env).name
        item = charged.item
        if item.express:
            return env._(
                "%(work)s, express surcharge +%(percent)s%%",
                work=work,
                percent=item.percent,
            )
        if item.after_hours:
            return env._(
                "%(work)s, out-of-hours surcharge +%(percent)s%%",
                work=work,
                percent=item.percent,
            )
        if item.unit == Unit.FLAT:
            return charged.product.with_env(env).display_name
        if charged.rate.uses_packages and settlement._has_packages():
            return env._("%s, hours beyond the package", work)
        return work

    @api.model
    def _package_lines(self, settlement):
        """Values for packages that were sold to be billed with the contract."""
        packages = self.env["service.hour.package"].search(
            [
                ("bill_with", "=", "contract"),
                ("contract_id", "=", settlement.contract_id.id),
                ("date_from", "<=", settlement.date_to),
            ]
        )
        return [
            package._invoice_line() for package in packages if not package._sale_lines()
        ]

    @api.model
    def _give_back(self, settlements):
        """Undo the billing, not the settlement: hours stay posted, fees are due again.

        :raises UserError: where a later period of the same fee is billed already, for
            only the newest one can be due again
        """
        for settlement in settlements.sorted("date_to", reverse=True):
            self._rewind_fees(settlement)
            settlement.write({"invoice_id": False, "fees_before": False})

    @api.model
    def _rewind_fees(self, settlement):
        for id_, day in (settlement.fees_before or {}).items():
            fee = self.env["contract.line"].browse(int(id_)).exists()
            if fee.last_date_invoiced and fee.last_date_invoiced > settlement.date_to:
                raise UserError(
                    self.env._(
                        "A later period of the contract “%s” is billed already. Cancel "
                        "its newest invoice first, then this one.",
                        settlement.contract_id.display_name,
                    )
                )
            fee.last_date_invoiced = fields.Date.to_date(day)
