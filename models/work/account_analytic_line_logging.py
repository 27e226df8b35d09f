from odoo import api, fields, models

WORK_TICKET_FIELDS = [
    "ad_hoc_contract_id",
    "commercial_partner_id",
    "company_id",
    "coverage_code",
    "express",
    "express_agreed_on",
    "is_history",
    "off_place",
    "partner_id",
    "project_id",
    "service_contract_id",
    "team_id",
]


class AccountAnalyticLine(models.Model):
    """Work is logged: what the ticket knows of it is filled in."""

    _inherit = "account.analytic.line"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [self._with_today(vals) for vals in self._with_projects(vals_list)]
        )

    @api.model
    def _with_projects(self, vals_list):
        """A line is a timesheet only on a project; the ticket knows which."""
        default = self.env.context.get("default_ticket_id")
        ticket_ids = [vals.get("ticket_id") or default for vals in vals_list]
        tickets = self.env["helpdesk.ticket"].browse(filter(None, ticket_ids))
        # Together, and only what work needs of a ticket; one that the user may not see
        # is refused here.
        tickets.fetch(WORK_TICKET_FIELDS)
        tickets._prepare_for_work()
        # sudo: a technician need not be allowed to read the settings of the project
        projects = {
            ticket.id: {"project_id": ticket._work_project().id}
            for ticket in tickets.sudo()
        }
        return [
            projects.get(ticket_id, {}) | vals
            for ticket_id, vals in zip(ticket_ids, vals_list, strict=True)
        ]

    @api.model
    def _with_today(self, vals):
        """Work on a ticket that names no day is of the day it started on, or today."""
        ticket_id = vals.get("ticket_id") or self.env.context.get("default_ticket_id")
        if not ticket_id or vals.get("date"):
            return vals
        company = self.env["helpdesk.ticket"].browse(ticket_id).company_id.sudo()
        start = fields.Datetime.to_datetime(vals.get("started_at"))
        return vals | {"date": company._service_day(start)}

    def _with_day(self, vals):
        """Work that says when it started need not say on which day as well."""
        if not vals.get("started_at") or vals.get("date"):
            return vals
        company = (self.company_id[:1] or self.env.company).sudo()
        start = fields.Datetime.to_datetime(vals["started_at"])
        return vals | {"date": company._service_day(start)}

    def write(self, vals):
        result = super().write(self._with_day(vals))
        if "ticket_id" in vals:
            self.ticket_id.check_access("read")
        return result

    def unlink(self):
        # sudo: a session stays one, also where colleagues continued it
        self.sudo()._pass_blocks_on()
        return super().unlink()

    def _pass_blocks_on(self):
        """Let the next entry of a session stand for it when its first one goes."""
        for entry in self:
            members = entry.block_entry_ids - self
            if members:
                first = min(members, key=lambda member: (member.date, member.id))
                first.block_entry_id = False
                (members - first).block_entry_id = first
