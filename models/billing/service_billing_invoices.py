from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.failure import about
from ..ledger.service_hour_move import LEDGER
from .account_move_line import BILLING


class Document(NamedTuple):
    """What goes on one invoice: a period of one contract, or a job.

    ``settlement`` is empty where fees are billed before their period is over.
    """

    contract: models.Model
    first: date
    last: date
    settlement: models.Model
    fees: list
    lines: list[dict]
    advance: bool = False


class ServiceBilling(models.AbstractModel):
    """How settled periods, fees, work and packages become invoices."""

    _inherit = "service.billing"

    @api.model
    def _documents(self, contracts, settlements, last_day):
        """What is to be invoiced: of settlements, and of fees without one."""
        fees = self._fees_due(contracts, last_day)
        work = self._work_lines(settlements)
        packages = self._package_lines(settlements)
        documents = []
        for settlement in settlements:
            contract = settlement.contract_id
            own = self._fees_of(settlement, fees.get(contract.id, []))
            begun = [
                settlement.date_from,
                *(fee.first for fee in own),
                # Work that was logged late is of a month before.
                *(line["service_period_from"] for line in work[settlement]),
            ]
            lines = [fee.vals for fee in own if fee.vals]
            lines += work[settlement] + packages[settlement]
            documents.append(
                Document(
                    contract, min(begun), settlement.date_to, settlement, own, lines
                )
            )
        return documents + self._fee_documents(contracts, fees)

    @api.model
    def _fees_of(self, settlement, fees):
        """Take the fees that are billed with a settlement from those that are due."""
        if settlement.ticket_id:
            return []
        own = [
            fee for fee in fees if not fee.advance and fee.last <= settlement.date_to
        ]
        for fee in own:
            fees.remove(fee)
        return own

    @api.model
    def _fee_documents(self, contracts, fees):
        """Invoices of fees alone: before their period, or after it is settled."""
        nothing = self.env["service.settlement"]
        documents = []
        for contract in contracts:
            by_period = {}
            for fee in fees.get(contract.id, ()):
                key = fee.first, fee.last, fee.advance
                by_period.setdefault(key, []).append(fee)
            for (first, last, advance), same in sorted(by_period.items()):
                lines = [fee.vals for fee in same if fee.vals]
                documents.append(
                    Document(contract, first, last, nothing, same, lines, advance)
                )
        return documents

    @api.model
    def _create_invoices(self, documents):
        """The draft invoices of documents; nothing is left of one without lines."""
        self._check_documents(documents)
        billed = [document for document in documents if document.lines]
        for document in documents:
            if not document.lines:
                settlement = document.settlement.with_context(**LEDGER.opened)
                settlement.nothing_to_bill = True
        # The message below says who made the invoice, and from what.
        moves = self.env["account.move"].with_context(
            **BILLING.opened, tracking_disable=True
        )
        vals_list = self._prepare_invoices(billed)
        self._mark_fees_billed([fee for document in documents for fee in document.fees])
        invoices = moves.create(vals_list).with_env(self.env)
        bodies = {}
        for document, invoice in zip(billed, invoices, strict=True):
            settlement = document.settlement.with_context(**LEDGER.opened)
            settlement.invoice_id = invoice
            bodies[invoice.id] = self.env._(
                "Created by the billing of the contract %s.",
                document.contract._get_html_link(),
            )
        invoices._message_log_batch(bodies=bodies)
        return invoices

    @api.model
    def _check_documents(self, documents):
        """Refuse lines without a product, or whose product has no tax for services."""
        checked = set()
        for document in documents:
            self._check_lines(document.contract, document.lines, checked)

    @api.model
    def _check_lines(self, contract, lines, checked):
        """The same for the lines of one contract; ``checked`` products are known."""
        products, company = self.env["product.product"], contract.company_id
        with about(contract):
            for line in lines:
                product = products.browse(line["product_id"])
                if not product:
                    raise ValidationError(
                        self.env._(
                            "The line “%s” has no product, so its tax is unknown. "
                            "Choose a product on the contract.",
                            line["name"],
                        )
                    )
                if (product, company) not in checked:
                    product._check_service_tax(company)
                    checked.add((product, company))

    @api.model
    def _prepare_invoices(self, documents):
        journals = {}
        vals_list = []
        for document in documents:
            contract = document.contract
            company = contract.company_id
            if company not in journals:
                journals[company] = self.env["account.journal"].search(
                    [("type", "=", "sale"), ("company_id", "=", company.id)], limit=1
                )
            with about(contract):
                vals_list.append(self._prepare_invoice(document, journals[company]))
        return vals_list

    @api.model
    def _prepare_invoice(self, document, journal):
        contract = document.contract
        if contract.journal_id.type == "sale":
            journal = contract.journal_id
        return contract._prepare_invoice(document.last, journal) | {
            # Posting sets the day of issue. An invoice dated back is refused by KSeF.
            "invoice_date": False,
            "fiscal_position_id": contract._fiscal_position().id,
            "service_contract_id": contract.id,
            "service_order_ref": contract.client_order_ref,
            "service_period_from": document.first,
            "service_period_to": document.last,
            "service_fees_before": self._fees_before(document.fees),
            "invoice_line_ids": [
                fields.Command.create(line) for line in document.lines
            ],
        }

    @api.model
    def _give_back(self, invoices):
        """Undo the billing, not the settlement: hours stay posted, fees are due again.

        :raises UserError: where a later period of the same fee is billed already, for
            only the newest one can be due again
        """
        self._rewind_fees(invoices)
        settlements = invoices.settlement_ids.with_context(**LEDGER.opened)
        settlements.invoice_id = False
