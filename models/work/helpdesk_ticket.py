from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.groups import BACK_OFFICE


class HelpdeskTicket(models.Model):
    """The work on a ticket."""

    _inherit = "helpdesk.ticket"

    total_hours = fields.Float(compute="_compute_totals")
    billed_minutes = fields.Integer(string="Billable", compute="_compute_totals")

    @api.depends("timesheet_ids.unit_amount", "timesheet_ids.billed_minutes")
    def _compute_totals(self):
        sums = {
            ticket: (hours, minutes)
            for ticket, hours, minutes in self.env["account.analytic.line"]._read_group(
                [("ticket_id", "in", self.ids)],
                ["ticket_id"],
                ["unit_amount:sum", "billed_minutes:sum"],
            )
        }
        for ticket in self:
            ticket.total_hours, ticket.billed_minutes = sums.get(
                ticket._origin, (0.0, 0)
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_work(self):
        for ticket in self.sudo():
            if ticket.timesheet_ids.filtered(lambda entry: not entry.is_history):
                raise UserError(
                    self.env._(
                        "Work is logged on ticket %s. Archive the ticket instead.",
                        ticket.display_name,
                    )
                )

    def unlink(self):
        """Time from before stays time of its project, as it would without us."""
        # sudo: time of everybody was logged on the tickets
        history = self.sudo().timesheet_ids.filtered("is_history")
        history.ticket_id = False
        return super().unlink()

    def _work_project(self):
        """The project work on this ticket is logged on."""
        self.ensure_one()
        project = (
            self.project_id
            or self.team_id.with_company(self.company_id).default_project_id
            or self.company_id.service_project_id
        )
        if not project:
            raise UserError(
                self.env._(
                    "%s has no project for service work. Choose one on the company.",
                    self.company_id.name,
                )
            )
        return project

    def _decided_otherwise(self, before, decision):
        """Work that is billed stays so; somebody has to settle the difference."""
        result = super()._decided_otherwise(before, decision)
        billed = self.timesheet_ids._settled()
        if billed and before and before._effect() != decision._effect():
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=self.company_id._responsible(
                    BACK_OFFICE, billed.service_contract_id.user_id, self.env.user
                ).id,
                summary=self.env._("Decision changed after work was billed"),
                note=self.env._(
                    "The decision changed from “%(before)s” to “%(after)s”. "
                    "Settled work stays as it was billed: correct its invoice, or "
                    "adjust the hours.",
                    before=before._label(),
                    after=decision._label(),
                ),
            )
        return result
