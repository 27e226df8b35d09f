from odoo import api, fields, models


class ServiceSetup(models.TransientModel):
    """The steps about offers: cards to choose from, then their prices in one table."""

    _inherit = "service.setup"

    card_ids = fields.Many2many(
        "service.ready.offer", string="Offer Cards", compute="_compute_card_ids"
    )

    @api.depends("company_id", "step")
    def _compute_card_ids(self):
        cards = self.env["service.ready.offer"]
        for setup in self:
            setup.card_ids = cards.search([("company_id", "=", setup.company_id.id)])

    @api.model_create_multi
    def create(self, vals_list):
        setups = super().create(vals_list)
        for company in setups.company_id:
            self.env["service.ready.offer"]._add_missing(company)
        return setups

    def write(self, vals):
        result = super().write(vals)
        if vals.get("step") == "prices":
            # What was made since needs no price any more; what was taken back, one.
            self.offers_id._compute_price_ids()
        return result


class ServiceReadyOffer(models.Model):
    """A card of the assistant: who looks at it may have chosen it there."""

    _inherit = "service.ready.offer"

    is_chosen = fields.Boolean(compute="_compute_is_chosen")

    @api.depends_context("uid")
    def _compute_is_chosen(self):
        for company, cards in self.grouped("company_id").items():
            chosen = self.env["service.setup"]._of(company).ready_ids
            for ready in cards:
                ready.is_chosen = ready in chosen

    def action_choose(self):
        """Choose the offer in the user's assistant, or let it go again."""
        self.ensure_one()
        setup = self.env["service.setup"]._of(self.company_id)
        if self in setup.ready_ids:
            setup.ready_ids -= self
        else:
            setup.ready_ids |= self
        self.invalidate_recordset(["is_chosen"])
