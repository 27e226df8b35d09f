from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What decisions about tickets stand on.
COVERAGE = {
    "customer_id",
    "licence_bought_on",
    "licence_upgraded_on",
    "place_id",
    "service_contract_id",
    "warranty_date",
}


class MaintenanceEquipment(models.Model):
    """A covered item: the customer's device, hosting or licence."""

    _name = "maintenance.equipment"
    _inherit = ["service.guarded", "maintenance.equipment"]
    _rec_names_search = ["name", "serial_no"]

    # Not partner_id, which is the vendor.
    customer_id = fields.Many2one(
        "res.partner", index="btree_not_null", check_company=True, tracking=True
    )
    commercial_customer_id = fields.Many2one(
        related="customer_id.commercial_partner_id",
        string="Customer's Company",
        store=True,
        index="btree_not_null",
    )
    place_id = fields.Many2one(
        "res.partner",
        check_company=True,
        tracking=True,
        domain="[('commercial_partner_id', '=', commercial_customer_id)]",
        help="The customer's address where the item is located.",
    )
    warranty_date = fields.Date(
        tracking=True, help="The last day on which repairs are free."
    )
    licence_bought_on = fields.Date(tracking=True)
    licence_upgraded_on = fields.Date(
        tracking=True, help="The last upgrade: basic support counts from it."
    )
    workstation_count = fields.Integer(
        string="Workstations", help="Number of workstations the licence is for."
    )
    service_contract_id = fields.Many2one(
        "contract.contract",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        domain="[('service_tier_id', '!=', False),"
        " ('commercial_partner_id', '=', commercial_customer_id)]",
        help="Pays for tickets about this item before any other contract does.",
    )

    _workstations_not_negative = models.Constraint(
        "CHECK(COALESCE(workstation_count, 0) >= 0)",
        "The number of workstations cannot be negative. Enter 0 or more.",
    )

    @api.model
    def get_import_templates(self):
        return self.env["service.import"]._templates(
            "items", self.env._("Template for Covered Items")
        )

    @api.model
    def load(self, fields, data):
        return self.env["service.import"]._rows_told(super().load(fields, data))

    @api.constrains("licence_bought_on", "licence_upgraded_on")
    def _check_licence_dates(self):
        for item in self:
            bought, upgraded = item.licence_bought_on, item.licence_upgraded_on
            if bought and upgraded and upgraded < bought:
                raise ValidationError(
                    self.env._(
                        "The licence of “%s” was upgraded before it was bought. "
                        "Correct one of the dates.",
                        item.name,
                    )
                )

    @api.constrains("commercial_customer_id", "place_id", "service_contract_id")
    def _check_customer(self):
        for item in self:
            customer = item.commercial_customer_id
            # sudo: the contract decides, visible or not
            contract = item.sudo().service_contract_id
            owners = item.place_id.commercial_partner_id
            owners |= contract.commercial_partner_id
            if owners - customer:
                raise ValidationError(
                    self.env._(
                        "The site and the contract of “%(item)s” must belong to "
                        "its customer, %(customer)s. Choose others, or none.",
                        item=item.name,
                        customer=customer.display_name or "–",
                    )
                )

    @api.constrains("service_contract_id")
    def _check_contract_of_service(self):
        for item in self.sudo().filtered("service_contract_id"):
            if not item.service_contract_id.service_tier_id:
                raise ValidationError(
                    self.env._(
                        "“%(contract)s” is not a service contract: it has no tier. "
                        "Set its tier, or choose another contract for “%(item)s”.",
                        contract=item.service_contract_id.display_name,
                        item=item.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._coverage_changed()
        return items

    def write(self, vals):
        result = super().write(vals)
        if COVERAGE & set(vals):
            self._coverage_changed()
        return result

    def _coverage_changed(self):
        """Hook: what decisions about tickets stand on has changed."""
