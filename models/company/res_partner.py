from odoo import models


class ResPartner(models.Model):
    """The address of a company says by which clock it works, and whose a contact is."""

    _name = "res.partner"
    _inherit = ["service.guarded", "res.partner"]

    def write(self, vals):
        before = {}
        if {"is_company", "parent_id"} & set(vals):
            # sudo: contacts below go along, whoever may see them
            people = self.sudo().with_context(active_test=False)
            people = people.search([("id", "child_of", self.ids)])
            before = {person: person.commercial_partner_id for person in people}
        result = super().write(vals)
        if {"country_id", "tz"} & set(vals) and self.sudo().ref_company_ids:
            # The clock of a company is kept; see res.company.
            self.env.registry.clear_cache()
        for person, customer in before.items():
            if customer not in (person, person.commercial_partner_id):
                person._left(customer)
        return result

    def _left(self, customer):
        """Hook: this contact is nobody of ``customer`` any more."""

    def _unfollow(self, records):
        """Let this contact follow some records no more, unless they are one of us."""
        self.ensure_one()
        if all(user.share for user in self.user_ids):
            records.message_unsubscribe(self.ids)

    def _followed(self, model, customer):
        """What of a customer this contact follows."""
        followed = self.env["mail.followers"].search(
            [("res_model", "=", model), ("partner_id", "in", self.ids)]
        )
        records = self.env[model].browse(followed.mapped("res_id")).exists()
        return records.filtered(lambda one: one.commercial_partner_id == customer)
