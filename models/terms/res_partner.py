from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.groups import OFFICE, TECHNICIAN


class ResPartner(models.Model):
    """People who accept terms, and what they have accepted."""

    _inherit = "res.partner"

    terms_acceptance_count = fields.Integer(
        string="Acceptances",
        compute="_compute_terms_acceptance_count",
        groups=f"{TECHNICIAN},{OFFICE}",
    )

    def _is_named_person(self):
        """Whether somebody can agree to something under the name of this contact."""
        return bool(self.name) and not self.is_company and self.type == "contact"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        # sudo: what somebody agreed to is evidence, visible or not
        acceptances = self.env["service.terms.acceptance"].sudo()
        agreed = acceptances.search([("person_id", "in", self.ids)], limit=1)
        if agreed:
            raise UserError(
                self.env._(
                    "%s has accepted terms, and the acceptance is kept as "
                    "evidence. Archive the contact instead.",
                    agreed.person_name,
                )
            )

    def _compute_terms_acceptance_count(self):
        acceptances = self.env["service.terms.acceptance"]
        counts = {}
        for name in ("person_id", "commercial_partner_id"):
            counts |= dict(
                acceptances._read_group([(name, "in", self.ids)], [name], ["__count"])
            )
        for partner in self:
            partner.terms_acceptance_count = counts.get(partner._origin, 0)

    def action_open_terms_acceptances(self):
        self.ensure_one()
        return self.env["service.terms.acceptance"]._action_of(
            Domain("person_id", "=", self.id)
            | Domain("commercial_partner_id", "=", self.id)
        )

    def _languages(self, company):
        """Languages this person reads, the best first."""
        return [self.lang, company.sudo().partner_id.lang, self.env.user.lang]
