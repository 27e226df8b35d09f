from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..company.res_company_missing import Missing

_lt = LazyTranslate(__name__)
TEAM = _lt("Service")
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
        # sudo: the user who may create a company need not manage the helpdesk
        companies.sudo()._create_service_teams()
        return companies

    def _create_service_teams(self):
        """Give companies their team: one they have, or a new one of those who serve."""
        teams = self.env["helpdesk.ticket.team"]
        for company in self.filtered(lambda one: not one.service_team_id):
            known = teams.search([("company_id", "in", (company.id, False))], limit=1)
            company.service_team_id = known or company._create_service_team()

    def _create_service_team(self):
        people = self._only_technicians() or self._staff(MANAGER)
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": self.env._(TEAM),
                "company_id": self.id,
                "user_ids": people.ids,
            }
        )
        self._name_in_each_language(team, TEAM)
        return team

    def _only_technicians(self):
        """Those who see no tickets but their teams'."""
        return self._staff(TECHNICIAN) - self._staff(BACK_OFFICE)

    def _missing(self):
        yield from super()._missing()
        team = self.service_team_id
        if not team:
            sentence = self.env._(
                "No team gets new tickets: choose one in the service settings."
            )
            yield Missing(sentence, self, "people")
            return
        if lonely := self._only_technicians() - self._members_of_teams():
            yield Missing(
                self.env._(
                    "Who is in no team sees no tickets: %s.",
                    ", ".join(lonely.mapped("name")),
                ),
                self,
                "people",
            )
        if not (team.alias_name and team.alias_domain_id):
            yield Missing(
                self.env._(
                    "The team “%s” has no e-mail address, so an e-mail opens no "
                    "ticket.",
                    team.name,
                ),
                self,
                "mailbox",
            )

    def _members_of_teams(self):
        teams = self.env["helpdesk.ticket.team"]
        return teams.search([("company_id", "in", (self.id, False))]).user_ids
