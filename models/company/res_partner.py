from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.groups import ACCOUNTANT, TECHNICIAN

# What a technician says of somebody who calls.
CALLER = frozenset(
    {"company_type", "email", "function", "lang", "name", "parent_id", "phone", "type"}
)
# What an invoice, its structured form and the way it is sent need of a contact.
BUYER = frozenset(
    {
        "city",
        "company_registry",
        "company_type",
        "country_id",
        "email",
        "invoice_edi_format",
        "invoice_sending_method",
        "is_company",
        "lang",
        "name",
        "phone",
        "property_account_position_id",
        "property_payment_term_id",
        "state_id",
        "street",
        "street2",
        "vat",
        "zip",
    }
)


class ResPartner(models.Model):
    """The address of a company says by which clock it works, and whose a contact is."""

    _name = "res.partner"
    _inherit = ["service.partial.right", "service.guarded", "res.partner"]

    @api.model
    def _partial_rights(self):
        return {TECHNICIAN: CALLER, ACCOUNTANT: BUYER}

    @api.model_create_multi
    def create(self, vals_list):
        """Let technicians add a caller: a person of a customer that is there."""
        if self._allowed_fields("create") is None:
            return super().create(vals_list)
        self.check_access("create")
        self._check_given(vals_list)
        self._check_is_caller(vals_list)
        # sudo: what customers and their people have in common, Odoo copies
        callers = super(ResPartner, self.sudo()).create(vals_list).with_env(self.env)
        callers.check_access("create")
        return callers

    @api.model
    def _check_is_caller(self, vals_list):
        """The record rule says the same, but neither what to do nor whose customer."""
        default = self.env.context.get("default_parent_id")
        customers = [vals.get("parent_id") or default for vals in vals_list]
        if not all(customers):
            raise AccessError(
                self.env._(
                    "Choose the customer whom the person belongs to. New customers are "
                    "added by back office."
                )
            )
        self.browse(customers).check_access("read")

    def write(self, vals):
        before = {}
        if {"is_company", "parent_id"} & set(vals):
            # sudo: contacts below go along, visible or not
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

    def _fiscal_position_for_services(self, company):
        """By where the buyer is, wherever the work is done (art. 28b of the VAT act).

        Odoo looks at the delivery address, which for goods is right: a site without a
        country would make a domestic service an export.
        """
        positions = self.env["account.fiscal.position"].with_company(company)
        return positions._get_fiscal_position(self.commercial_partner_id)
