from odoo import fields, models
from odoo.exceptions import ValidationError


class ServiceTier(models.Model):
    """The promise and the price rules a customer is served under."""

    _name = "service.tier"
    _description = "Service Tier"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [
            ("warranty", "Warranty"),
            ("contract", "Contract"),
            ("basic", "Basic support"),
            ("ad_hoc", "Ad hoc"),
        ],
        required=True,
        default="contract",
        tracking=True,
    )
    rate_ids = fields.One2many("service.tier.rate", "tier_id", string="Rates")
    contract_ids = fields.One2many("contract.contract", "service_tier_id")
    contract_count = fields.Integer(compute="_compute_contract_count")
    description = fields.Html(
        translate=True, help="What the tier promises, in the words of the price list."
    )

    def _compute_contract_count(self):
        counts = dict(
            self.env["contract.contract"]._read_group(
                [("service_tier_id", "in", self.ids)], ["service_tier_id"], ["__count"]
            )
        )
        for tier in self:
            tier.contract_count = counts.get(tier, 0)

    def _rate_for(self, work_type):
        """The one rate of this tier, of which there may be none, for ``work_type``.

        :raises ValidationError: where the price list has none
        """
        rate = self.rate_ids.filtered(lambda rate: rate.work_type_id == work_type)
        if not rate:
            raise ValidationError(
                self.env._(
                    "The tier “%(tier)s” has no rate for the work type "
                    "“%(work_type)s”. Choose another work type, or ask a service "
                    "manager to add the rate.",
                    tier=self.name or self.env._("none"),
                    work_type=work_type.name or self.env._("none"),
                )
            )
        return rate

    def action_open_contracts(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_contract_action"
        ) | {
            "domain": [("service_tier_id", "=", self.id)],
            "context": {"default_service_tier_id": self.id},
        }
