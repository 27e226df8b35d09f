from odoo import api, fields, models


class ServiceTermsPriceFill(models.TransientModel):
    """A manager has a price list written from the rates of a tier."""

    _name = "service.terms.price.fill"
    _inherit = "service.dialog"
    _description = "Fill In Price List"
    _about = "version_id"
    _check_company_auto = True

    version_id = fields.Many2one(
        "service.terms.version", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="version_id.company_id", related_sudo=False)
    tier_id = fields.Many2one(
        "service.tier",
        required=True,
        check_company=True,
        compute="_compute_tier_id",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
    )

    @api.depends("version_id")
    def _compute_tier_id(self):
        """The only tier of the document, or else that of anyone who has no contract."""
        for wizard in self:
            tiers = wizard.version_id.terms_id.tier_ids
            if len(tiers) != 1:
                tiers = tiers._first(wizard.company_id, "ad_hoc")
            wizard.tier_id = tiers

    def action_fill(self):
        self.ensure_one()
        self.version_id._fill_from_prices(self.tier_id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
