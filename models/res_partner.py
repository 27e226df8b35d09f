from odoo import api, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals and self.sudo().ref_company_ids:
            # The clock of a company is kept; see res.company.
            self.env.registry.clear_cache()
        return result

    def _is_named_person(self):
        """Whether somebody can agree to something under the name of this contact."""
        return bool(self.name) and not self.is_company and self.type == "contact"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        # sudo: what somebody agreed to is evidence, whoever may read it
        acceptances = self.env["service.terms.acceptance"].sudo()
        agreed = acceptances.search([("person_id", "in", self.ids)], limit=1)
        if agreed:
            raise UserError(
                self.env._(
                    "%s agreed to terms, which is kept as evidence. Archive the "
                    "contact instead.",
                    agreed.person_name,
                )
            )
