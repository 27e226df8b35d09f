from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

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

    def _hold_work(self):
        """Logging locks its ticket only against deletion; it waits for this lock, and
        finds afterwards that the ticket has changed."""
        result = super()._hold_work()
        if self.ids:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM helpdesk_ticket WHERE id IN %s FOR UPDATE",
                    tuple(self.ids),
                )
            )
        return result

    def _check_no_work_left_behind(self):
        """What others logged since we began to read is not ours to see."""
        result = super()._check_no_work_left_behind()
        if self.ids:
            logged = SQL(
                "SELECT id FROM account_analytic_line WHERE ticket_id IN %s",
                tuple(self.ids),
            )
            self.env.flush_all()
            seen = set(self.env.execute_query(logged))
            with self.env.registry.cursor() as of_now:
                of_now.execute(logged)
                unseen = set(of_now.fetchall()) - seen
            if unseen:
                raise ConcurrencyError(
                    self.env._("Somebody is logging work on this ticket. Try again.")
                )
        return result

    def _keeps_contract(self):
        """Work that is billed stays with its contract, and so does its ticket."""
        contract = self.service_contract_id
        same = contract.company_id, contract.commercial_partner_id
        return super()._keeps_contract() or (
            bool(contract)
            and same == (self.company_id, self.commercial_partner_id)
            # sudo: work counts, visible or not
            and contract in self.sudo().timesheet_ids._settled().service_contract_id
        )

    def _check_contract_choice(self, contract):
        result = super()._check_contract_choice(contract)
        # sudo: work counts, visible or not
        settled = self.sudo().timesheet_ids._settled()
        others = settled.filtered(
            # The choice counts for days on which the contract is in force.
            lambda entry: not contract or contract._in_force(entry.date)
        ).service_contract_id.filtered(lambda one: one._is_service())
        if other := (others - contract)[:1]:
            raise UserError(
                self.env._(
                    "Work on ticket %(ticket)s is settled under “%(contract)s” and "
                    "stays there. To correct that, credit its invoice or adjust its "
                    "hours, and log the time on a new ticket under the other contract.",
                    ticket=self.number,
                    contract=other.display_name,
                )
            )
        return result

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
