from datetime import timedelta

from odoo import models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ...tools.cost import State
from ...tools.duration import to_clock

RECEIVED_LAYOUT = "helpdesk_service_contract.notice_layout_received"
CLOSED_LAYOUT = "helpdesk_service_contract.notice_layout_closed"
TOLD_IN_MONEY = frozenset({State.PACKAGE, State.CHARGED})


class HelpdeskTicket(models.Model):
    """What the customer is told of money and hours, in words."""

    _inherit = "helpdesk.ticket"

    def _report_facts(self):
        yield from super()._report_facts()
        costs = self.env["service.cost"]
        cost = costs._of_next_unit(self)[self.sudo()]
        yield self.env._("Who pays"), costs._label(cost)
        # sudo: who may read the ticket may know why
        if decision := self.sudo().coverage_decision_id:
            yield self.env._("Why"), decision._label()

    def _work_done_for_customer(self):
        """What was done, how long it took, and until when it can go on here."""
        self.ensure_one()
        # sudo: the work on a ticket is for its customer to know
        ticket = self.sudo()
        entries = ticket.timesheet_ids.sorted(lambda one: (one.date, one.id))
        worked = sum(entries.mapped("worked_minutes"))
        billed = sum(entries.mapped("billed_minutes"))
        total = self.env._("%s of work", to_clock(worked))
        if billed != worked:
            total = self.env._(
                "%(worked)s of work, which count as %(billed)s by the terms agreed",
                worked=to_clock(worked),
                billed=to_clock(billed),
            )
        company = ticket.company_id
        until = company._service_day() + timedelta(days=company.service_reopen_days)
        return {
            "entries": [
                {
                    "day": format_date(self.env, entry.date),
                    "what": entry.name,
                    "time": to_clock(entry.worked_minutes),
                }
                for entry in entries
            ],
            "total": total,
            "until": format_date(self.env, until, date_format="d MMMM y"),
        }

    def _costs_for_customer(self):
        """What the work came to by now, in lines; none where there was none.

        Of open work it is the plan, of invoiced work what the invoice asks.
        """
        self.ensure_one()
        entries = self.timesheet_ids
        if not entries:
            return []
        minutes, amounts = self.env["service.explanation"]._came_to(entries)
        lines = [
            self.env._(
                "%s net, plus VAT", formatLang(self.env, amount, currency_obj=currency)
            )
            for currency, amount in amounts.items()
            if not currency.is_zero(amount)
        ]
        if minutes:
            paid = self.env._("%s from the hours of your contract", to_clock(minutes))
            lines.insert(0, paid)
        others = self.env["service.cost"]._of_closed_for_customer(self, TOLD_IN_MONEY)
        return lines + [f"{label}: {time}" for label, time in others]

    def _layout_of_receipt(self):
        return RECEIVED_LAYOUT

    def _layout_of_stage(self):
        return CLOSED_LAYOUT if self.stage_id.closed else super()._layout_of_stage()
