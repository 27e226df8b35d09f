from odoo import api, models
from odoo.fields import Command


class ResUsers(models.Model):
    """Technicians without a team join the one that gets new tickets."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._join_service_teams()
        return users

    def write(self, vals):
        result = super().write(vals)
        if {"company_ids", "group_ids"} & set(vals):
            self._join_service_teams()
        return result

    def _join_service_teams(self):
        """Else nobody would tell them of a report, and they could not see it."""
        # sudo: the user who administers users need not manage the helpdesk
        for company in self.sudo().company_ids:
            team = company.service_team_id
            for user in self.sudo() & company._only_technicians():
                own = user.helpdesk_team_ids.filtered(
                    lambda one, company=company: one.company_id <= company
                )
                if team and not own:
                    team.user_ids = [Command.link(user.id)]
