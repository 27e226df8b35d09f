from datetime import timedelta

from odoo import models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ...tools.duration import to_clock

CLOSED_LAYOUT = "helpdesk_service_contract.notice_layout_closed"


class HelpdeskTicket(models.Model):
    """What the customer is told of money and hours, in words."""

    _inherit = "helpdesk.ticket"

    def _who_pays_for_customer(self):
        """What the next hour of work costs the customer; it names no price.

        A technician reads it on the ticket as well.
        """
        self.ensure_one()
        # sudo: what it costs the customer is theirs to know
        ticket = self.sudo()
        if not ticket.coverage_code:
            return ""
        payer = ticket._payer(ticket.company_id._service_day())
        if ticket.coverage_code == "quote":
            return self.env._("work starts when you have accepted our quote.")
        if ticket.coverage_code == "quote_accepted":
            return self.env._("it is charged by the quote that you have accepted.")
        if payer.to_choose:
            return self.env._(
                "we first check which of your contracts it belongs to; nothing is "
                "charged before that."
            )
        if payer.charge == "hold":
            return self.env._("nothing is charged before we have checked the cause.")
        if payer.charge == "free":
            reason = ticket.coverage_decision_id._label()
            return self.env._("it is free of charge for you (%s).", reason)
        if payer.charge == "full":
            return ticket._hours_for_customer(payer.contract)
        return self.env._("it is charged by our price list.")

    def _hours_for_customer(self, contract):
        """Whether the next hour comes from the hours of a contract, or is charged."""
        left = contract.hours_available
        if left <= 0 and contract.overage_policy == "ask":
            return self.env._(
                "no hours of your contract are left. We will ask you before we work."
            )
        if not (contract.allowance_minutes or contract.package_ids):
            return self.env._("it is charged at the price of your contract.")
        if left <= 0:
            return self.env._(
                "no hours of your contract are left, so it is charged at the price of "
                "your contract."
            )
        if contract.overage_policy == "bill":
            return self.env._(
                "hours of your contract, %s are left. What is beyond them is charged "
                "at the price of your contract.",
                to_clock(left),
            )
        return self.env._(
            "hours of your contract, %s are left. We will ask you before we go beyond.",
            to_clock(left),
        )

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
        if entries.filtered(lambda one: one.charge == "hold"):
            return [self._who_pays_for_customer()]
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
        return lines or [self._free_words()]

    def _free_words(self):
        decision = self.coverage_decision_id
        if decision.code == "quote_accepted":
            return self._who_pays_for_customer()
        return self.env._("nothing: %s", decision._label())

    def _layout_of_stage(self):
        return CLOSED_LAYOUT if self.stage_id.closed else super()._layout_of_stage()
