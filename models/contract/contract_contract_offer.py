from odoo import api, fields, models

from .contract_line import HEADER_FIELDS


class ContractContract(models.Model):
    """A contract made from an offer: the customer and the offer are all it needs."""

    _inherit = "contract.contract"
    _rec_names_search = ["name", "code"]

    contract_template_id = fields.Many2one(
        string="Offer",
        check_company=True,
        help="Fills the contract with the terms of the offer. Each can be changed for "
        "this customer.",
    )

    company_country_id = fields.Many2one(
        related="company_id.country_id",
        string="Country of the Company",
        help="New customers are from here, unless somebody says otherwise.",
    )

    @api.model
    def get_import_templates(self):
        return self.env["service.import"]._templates(
            "contracts", self.env._("Template for Contracts")
        )

    @api.model
    def load(self, fields, data):
        return self.env["service.import"]._rows_told(super().load(fields, data))

    @api.model_create_multi
    def create(self, vals_list):
        """Where only the offer is named, as over an API and in a spreadsheet, it says
        the rest."""
        return super().create([self._filled_by_offer(vals) for vals in vals_list])

    @api.model
    def _filled_by_offer(self, vals):
        offer = self.env["contract.template"].browse(vals.get("contract_template_id"))
        if not offer.service_tier_id or vals.get("service_tier_id"):
            return vals
        terms = offer._contract_values()
        # Empty cells of a spreadsheet say nothing.
        given = {
            name: value
            for name, value in vals.items()
            if value or value == 0 and value is not False or name not in terms
        }
        if not given.get("name"):
            customer = self.env["res.partner"].browse(vals.get("partner_id"))
            given["name"] = self._name_by_offer(offer, customer)
        return {"company_id": offer.company_id.id} | terms | given

    @api.model
    def _name_by_offer(self, offer, customer):
        return f"{offer.name} – {customer.commercial_partner_id.name}"

    @api.onchange("contract_template_id")
    def _onchange_contract_template_id(self):
        """OCA contract would let every line recur on its own, which no contract of
        service can."""
        offer = self.contract_template_id
        if not offer.service_tier_id:
            result = super()._onchange_contract_template_id()
            if self.service_tier_id or self.env.context.get("service_contract"):
                self.line_recurrence = False
            return result
        vals = offer._contract_values()
        fees = vals.pop("contract_line_fixed_ids")
        self.update(vals)
        self.contract_line_fixed_ids = [fields.Command.clear(), *fees]
        return None

    def onchange(self, values, field_names, fields_spec):
        """The form has the lines twice, and would save those of an offer twice."""
        result = super().onchange(values, field_names, fields_spec)
        changed = result.get("value", {})
        by_line = (values | changed).get("line_recurrence")
        if not by_line and "contract_line_fixed_ids" in changed:
            changed.pop("contract_line_ids", None)
        return result

    @api.onchange("service_tier_id")
    def _onchange_service_tier_id(self):
        if self.service_tier_id:
            self.line_recurrence = False

    @api.onchange(
        "contract_template_id",
        "date_start",
        "recurring_interval",
        "recurring_invoicing_type",
        "recurring_rule_type",
    )
    def _onchange_header_of_lines(self):
        """Odoo forgets those of the two fields of lines that are on the form."""
        if not self.service_tier_id or self.line_recurrence:
            return
        for line in self.contract_line_fixed_ids.filtered(lambda one: not one._origin):
            line.update({name: self[name] for name in HEADER_FIELDS})

    @api.onchange("contract_template_id", "partner_id")
    def _name_after_offer(self):
        """Until somebody gives it another one."""
        offer, customer = self.contract_template_id, self.partner_id
        if offer and customer and not self.name:
            self.name = self._name_by_offer(offer, customer)
