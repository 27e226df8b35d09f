from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import plaintext2html

from ...tools.coverage_effects import EFFECTS, Basis, Code

# Visits that nobody quotes: owed under warranty, or paid by what a verdict says.
OWED_OR_JUDGED = {
    "complaint_justified",
    "complaint_pending",
    "complaint_unjustified",
    "warranty",
}


class HelpdeskTicket(models.Model):
    """Where remote help ends, and somebody has to drive to the customer."""

    _inherit = "helpdesk.ticket"

    visit_session_ids = fields.One2many(
        "service.remote.session",
        "visit_ticket_id",
        help="Remote sessions that led to this visit.",
    )

    def _arrange_visit(self, session):
        """Lead on from remote help that cannot solve the problem; the ticket to visit.

        Where the contract pays for visits, the ticket itself goes on. Otherwise the
        visit is a job of its own, quoted first: accepting that quote must not pay for
        the remote help as well.
        """
        self.ensure_one()
        arranged = self.remote_session_ids.visit_ticket_id
        if arranged := arranged.filtered(lambda visit: not visit.closed)[:1]:
            return arranged
        visit = self if self._covers_visit() else self._open_visit(session)
        if visit != self:
            visit._quote_visit()
        self._ask_for_visit(visit)
        return visit

    def _covers_visit(self):
        """Whether somebody but the price list pays for work at the customer's."""
        if self.coverage_code in OWED_OR_JUDGED:
            return True
        effect = self.coverage_code and EFFECTS[Code(self.coverage_code)]
        if not effect or effect.basis != Basis.CONTRACT or self.off_place:
            return False
        # sudo: the tier that promised help decides, visible or not
        return bool(self.sudo().service_tier_id._visit_rates())

    def _open_visit(self, session):
        # sudo: only back office sends jobs to a quote, and here the terms do
        visit = self.sudo().create(
            {
                "name": self.env._("Visit: %s", self.name),
                "description": plaintext2html(
                    self.env._(
                        "Remote help on ticket %(ticket)s did not solve the "
                        "problem:\n%(note)s",
                        ticket=self.number,
                        note=session.note,
                    )
                ),
                "partner_id": self._contact().id,
                "partner_name": self.partner_name,
                "partner_email": self.partner_email,
                "company_id": self.company_id.id,
                "team_id": self.team_id.id,
                "user_id": self.user_id.id,
                "category_id": self.category_id.id,
                "item_id": self.item_id.id,
                "place_id": self.place_id.id,
                "priority": self.priority,
                "quote_first": True,
            }
        )
        # The customer was answered: somebody just helped.
        self.env["service.sla"]._answered(visit)
        return visit

    def _quote_visit(self):
        """A draft quote of the trip and the first hour, for back office to finish."""
        # sudo: technicians see no prices; the quote is for back office, and who makes
        # it by ending a session does not follow it
        ticket = self.sudo().with_context(mail_create_nosubscribe=True)
        rates = ticket._paying_tier()._visit_rates()
        ticket._open_quote(
            [
                Command.create(
                    {
                        "product_id": (rate.flat_product_id or rate.product_id).id,
                        "product_uom_qty": 1,
                    }
                )
                for rate in rates
            ]
        )
        ticket.quote_ids.user_id = ticket._office_user()

    def _ask_for_visit(self, visit):
        # sudo: the user who ends a session need not be the one who plans visits
        visit.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=visit.sudo()._office_user().id,
            summary=self.env._("Arrange a visit"),
            note=self.env._(
                "Ticket %s cannot be solved remotely. Arrange the visit with the "
                "customer, and send the quote if there is one.",
                self.number,
            ),
        )

    def _closed_stage(self):
        """The first closed stage of the ticket's team, or none."""
        team = self.team_id
        stages = (
            team._get_applicable_stages()
            if team
            else self.env["helpdesk.ticket.stage"].search(
                Domain("team_ids", "=", False)
                & Domain("company_id", "in", [False, self.company_id.id])
            )
        )
        return stages.filtered("closed")[:1]

    def _close(self):
        """Move the ticket to the first closed stage of its team."""
        closed = self._closed_stage()
        if not closed:
            raise UserError(self.env._("The team has no closed stage. Add one."))
        if not self.closed:
            self.stage_id = closed
