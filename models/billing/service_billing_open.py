from odoo import api, models
from odoo.fields import Date, Domain
from odoo.tools import format_date

from ...tools.charging import Charge


class ServiceBilling(models.AbstractModel):
    """What is not billed and posted by a day, beside what a billing run takes.

    Nobody is to believe that all is billed while a month is still running, a quote is
    accepted, or a draft lies about.
    """

    _inherit = "service.billing"

    @api.model
    def _left_open(self, company, last_day):
        """Sentences on what a run until ``last_day`` does not bill."""
        billing = self.with_company(company)
        found = (
            billing._periods_not_over(company, last_day),
            billing._quotes_not_billed(company),
            billing._work_without_price(company, last_day),
            billing._work_without_contract(company, last_day),
            billing._drafts_not_posted(company),
        )
        return [sentence for sentence in found if sentence]

    @api.model
    def _periods_not_over(self, company, last_day):
        """The first month that is asked for and still runs, and when it is billed."""
        over = self._last_billable_day(last_day)
        contracts = self._service_contracts(company, last_day).filtered(
            lambda contract: not contract._billed_by_job()
        )
        first_days = contracts._first_open_days()
        running = {}
        for contract in contracts:
            for month in contract._unsettled_months(last_day, first_days):
                if month.last > over:
                    running.setdefault(month.last, set()).add(contract)
                    break
        if not running:
            return None
        end = min(running)
        return self.env._(
            "The period until %(end)s is not over: %(count)s contracts can be billed "
            "for it from %(day)s.",
            end=format_date(self.env, end),
            count=len(running[end]),
            day=format_date(self.env, Date.add(end, days=1)),
        )

    @api.model
    def _quotes_not_billed(self, company):
        # sudo: back office bills what was accepted, and need not sell
        quotes = self.env["sale.order"].sudo()
        accepted = quotes.search(
            Domain("ticket_id", "!=", False)
            & Domain("company_id", "=", company.id)
            & Domain("state", "=", "sale")
            & Domain("invoice_status", "!=", "invoiced")
            & Domain("amount_untaxed", ">", 0),
            order="id",
        )
        if not accepted:
            return None
        return self.env._(
            "Accepted quotes are not invoiced yet: %s. No run bills them, their sales "
            "orders do.",
            ", ".join(accepted.mapped("name")),
        )

    @api.model
    def _work_without_price(self, company, last_day):
        # sudo: work of everybody is billed, whoever runs the billing
        entries = self.env["account.analytic.line"].sudo()
        tickets = entries._read_group(
            Domain("ticket_id.company_id", "=", company.id)
            & Domain("service_contract_id", "=", False)
            & Domain("charge", "!=", Charge.FREE.value)
            & Domain("date", "<=", last_day)
            & ~entries._unassigned_domain()
            & entries._not_settled_domain(),
            ["ticket_id"],
        )
        if not tickets:
            return None
        return self.env._(
            "Work has no price, as there is no price list tier: %s.",
            ", ".join(ticket.number for (ticket,) in tickets),
        )

    @api.model
    def _work_without_contract(self, company, last_day):
        # sudo: as above
        entries = self.env["account.analytic.line"].sudo()
        tickets = entries._read_group(
            Domain("ticket_id.company_id", "=", company.id)
            & Domain("date", "<=", last_day)
            & entries._unassigned_domain(),
            ["ticket_id"],
        )
        if not tickets:
            return None
        return self.env._(
            "Work is billed once somebody chooses its contract: %s.",
            ", ".join(ticket.number for (ticket,) in tickets),
        )

    @api.model
    def _drafts_not_posted(self, company):
        # sudo: that drafts wait is no secret of accounting
        moves = self.env["account.move"].sudo()
        drafts = moves.search_count(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "draft")
            & Domain("move_type", "in", ("out_invoice", "out_refund"))
            & (
                Domain("service_contract_id", "!=", False)
                | Domain("line_ids.service_package_id", "!=", False)
            )
        )
        if not drafts:
            return None
        return self.env._("Draft invoices that wait to be posted: %s.", drafts)
