from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.guard import Guard
from .helpdesk_ticket_contract import SERVING

# The installation marks what is there; it gives no work away and stops no clock later.
MARKED = Guard(frozenset({"is_history"}))


class HelpdeskTicket(models.Model):
    """Tickets from before service counted here.

    Those that the installation found rest until somebody works on them: they have no
    contract, and nobody asks who pays. None that was reported earlier has clocks.
    """

    _inherit = "helpdesk.ticket"

    is_history = fields.Boolean(
        string="From Before",
        readonly=True,
        copy=False,
        help="It was there before service contracts were. It has no guaranteed times, "
        "and who pays is only decided when somebody works on it.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), MARKED)

    def write(self, vals):
        result = super().write(vals)
        if "stage_id" in vals:
            self._resting().filtered(lambda t: not t.stage_id.closed)._take_up()
        return result

    def _resting(self):
        """Those from before that nobody has worked on since."""
        return self.filtered(
            lambda ticket: ticket.is_history and not ticket.coverage_code
        )

    @api.model
    def _not_resting_domain(self):
        return Domain("is_history", "=", False) | Domain("coverage_code", "!=", False)

    def _take_up(self):
        """Find out who pays for tickets that rested."""
        # sudo: contracts decide who pays, whoever takes the ticket up
        kept = self._fields["contract_serving"]
        for ticket in self.sudo()._resting().filtered("partner_id"):
            serving = ticket._serving_on(ticket._served_day())
            with self.env.protecting([kept], ticket):
                ticket.contract_serving = ticket._as_kept(serving)
            ticket.modified([kept.name])
            ticket = ticket.with_context(**SERVING.opened)
            ticket.service_contract_id = serving.contract_id

    def _served_day(self):
        """The day whose contract serves the ticket: of its report, but none before
        service counted here."""
        since = self.company_id.sudo().service_counts_from
        return max(self._reported_day(), since or date.min)

    def _is_from_before(self):
        """Whether it was reported before service counted here."""
        return self.is_history or self._reported_day() < self._served_day()

    def _is_work_from_before(self, day):
        """Whether work of ``day`` was billed elsewhere, if at all."""
        since = self.service_contract_id.counts_from
        since = since or self.company_id.sudo().service_counts_from
        return bool(since) and day < since
