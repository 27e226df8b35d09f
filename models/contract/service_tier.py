from odoo import fields, models


class ServiceTier(models.Model):
    """The contracts of a tier."""

    _inherit = "service.tier"

    contract_ids = fields.One2many("contract.contract", "service_tier_id")
    contract_count = fields.Integer(compute="_compute_contract_count")

    def _compute_contract_count(self):
        counts = dict(
            self.env["contract.contract"]._read_group(
                [("service_tier_id", "in", self.ids)], ["service_tier_id"], ["__count"]
            )
        )
        for tier in self:
            tier.contract_count = counts.get(tier, 0)

    def action_open_contracts(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_contract_action"
        ) | {
            "domain": [("service_tier_id", "=", self.id)],
            "context": {"default_service_tier_id": self.id},
        }
