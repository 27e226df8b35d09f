from odoo import api, fields, models

TECHNICIAN = "helpdesk_service_contract.group_technician"
BACK_OFFICE = "helpdesk_service_contract.group_back_office"
MANAGER = "helpdesk_service_contract.group_manager"


class ResCompany(models.Model):
    """The team that gets the reports which go to no other."""

    _inherit = "res.company"

    service_team_id = fields.Many2one(
        "helpdesk.ticket.team",
        string="Team for New Tickets",
        domain="[('company_id', 'in', (id, False))]",
        help="New tickets get this team unless they go to another. Its members "
        "are told of each that nobody has taken.",
    )

    service_technicians_choose = fields.Boolean(
        string="Technicians Choose the Contract",
        default=True,
        help="Of several contracts of a customer, technicians may choose the one that "
        "serves a ticket. If switched off, only back office does.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # sudo: whoever may create a company need not manage the helpdesk
        companies.sudo()._create_service_teams()
        return companies

    def _create_service_teams(self):
        """Give companies their team: one they have, or a new one of those who serve."""
        teams = self.env["helpdesk.ticket.team"]
        for company in self.filtered(lambda one: not one.service_team_id):
            company.service_team_id = teams.search(
                [("company_id", "in", (company.id, False))], limit=1
            ) or teams.create(
                {
                    "name": company.env._("Service"),
                    "company_id": company.id,
                    "user_ids": (
                        company._only_technicians() or company._staff(MANAGER)
                    ).ids,
                }
            )

    def _only_technicians(self):
        """Those who see no tickets but their teams'."""
        return self._staff(TECHNICIAN) - self._staff(BACK_OFFICE)
