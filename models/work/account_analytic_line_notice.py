from odoo import api, fields, models
from odoo.tools import format_date

from ...tools.duration import MINUTES_PER_DAY


class AccountAnalyticLine(models.Model):
    """What a technician should know before the work is saved."""

    _inherit = "account.analytic.line"

    notice = fields.Text(compute="_compute_notice")

    @api.depends("ticket_id", "date", "unit_amount", "service_contract_id")
    def _compute_notice(self):
        for entry in self:
            notices = entry._notices() if entry.ticket_id and entry.date else ()
            entry.notice = "\n".join(notices) or False

    def _notices(self):
        """Sentences on what is unusual about the entry; none of it is refused here,
        but what cannot be saved is said before somebody tries."""
        ticket = self.ticket_id
        reported = ticket._reported_day()
        if self.date > ticket.company_id.sudo()._service_day():
            yield self.env._("Work cannot be logged in advance.")
        if self.worked_minutes > MINUTES_PER_DAY:
            yield self.env._("One entry holds 24 hours at most.")
        if self.date < reported:
            yield self.env._(
                "The ticket was reported on %s, after this work.",
                format_date(self.env, reported),
            )
        if ticket.closed:
            yield self.env._("The ticket is closed.")
        elif waiting := ticket.stage_id.waiting_for:
            yield {
                "customer": self.env._("The ticket waits for the customer."),
                "supplier": self.env._("The ticket waits for a supplier."),
                "date": self.env._("The ticket waits for an agreed date."),
                "other": self.env._("The ticket waits for something else."),
            }[waiting]
