from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Terms that decide which tickets a contract pays for.
COVERAGE = {"covers_listed_items", "place_ids"}


class ContractContract(models.Model):
    """Which items, and work at which places, a service contract covers."""

    _inherit = "contract.contract"

    item_ids = fields.One2many(
        "maintenance.equipment", "service_contract_id", string="Covered Items"
    )
    covers_listed_items = fields.Boolean(
        string="Only Listed Items",
        tracking=True,
        help="Tickets about other items, or about none, are not covered.",
    )
    place_ids = fields.Many2many(
        "res.partner",
        relation="contract_service_place",
        # Without the last one, work would be covered everywhere.
        ondelete="restrict",
        string="Covered Sites",
        tracking=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        help="On-site work at other sites is not covered. If no site is chosen, all "
        "sites are covered.",
    )

    @api.constrains("place_ids", "partner_id")
    def _check_places(self):
        for contract in self:
            foreign = contract.place_ids.filtered(
                lambda place, contract=contract: (
                    place.commercial_partner_id != contract.commercial_partner_id
                )
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "“%(place)s” is no address of “%(customer)s”. Add it to the "
                        "customer's addresses first.",
                        place=foreign[0].display_name,
                        customer=contract.commercial_partner_id.display_name,
                    )
                )

    @api.constrains("commercial_partner_id", "company_id", "service_tier_id")
    def _check_items(self):
        """Items stay on the list of a service contract of their own customer."""
        # sudo: items are not for everybody who may change a contract
        items = self.sudo().with_context(active_test=False).item_ids
        items._check_customer()
        items._check_contract_of_service()
        items._check_company(["service_contract_id"])

    def write(self, vals):
        result = super().write(vals)
        if COVERAGE & set(vals) and (served := self.filtered("service_tier_id")):
            served._coverage_changed()
        return result

    def _coverage_changed(self):
        """Hook: the contracts cover other items or places now."""

    def _covers_item(self, item):
        """Whether a ticket about ``item``, or about none, is covered."""
        self.ensure_one()
        return not self.covers_listed_items or item.service_contract_id == self

    def _covers_place(self, place):
        """Whether on-site work at ``place`` is covered; None for an unknown place."""
        self.ensure_one()
        if not self.place_ids:
            return True
        return place in self.place_ids if place else None
