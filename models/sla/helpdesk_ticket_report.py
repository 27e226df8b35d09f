from odoo import models
from odoo.tools import format_datetime

from ...tools.sla import State


class HelpdeskTicket(models.Model):
    """What is promised, for those who are told of a report."""

    _inherit = "helpdesk.ticket"

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """A ticket by mail is told of once the mail itself is there."""
        result = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        for ticket in self:
            if ticket._is_made_by(message):
                ticket._tell_of_report()
        return result

    def _report_facts(self):
        yield from super()._report_facts()
        if answer := self._promised_moment("reaction"):
            yield self.env._("Answer by"), answer
        if solution := self._promised_moment("resolution"):
            yield self.env._("Solve by"), solution

    def _promised_moment(self, metric):
        """By when it is promised, by the company's clock in words; or nothing.

        What is done already, or waits, has no such moment.
        """
        self.ensure_one()
        # sudo: what is promised is for the customer to know
        timer = self.sudo().sla_timer_ids.filtered(
            lambda one: one.metric == metric and one.state == State.RUNNING
        )
        if not timer.deadline:
            return ""
        return format_datetime(
            self.env,
            timer.deadline,
            tz=str(self.company_id.sudo()._service_zone()),
            dt_format="EEEE, d MMMM, HH:mm",
        )
