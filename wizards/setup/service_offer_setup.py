from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServiceOfferSetup(models.TransientModel):
    """Prices of ready-made offers, and what is going to be made of them."""

    _name = "service.offer.setup"
    _inherit = "service.dialog"
    _description = "Set-Up of Ready-Made Offers"
    _about = "ready_ids"

    ready_ids = fields.Many2many("service.ready.offer", string="Ready-Made Offers")
    price_ids = fields.One2many(
        "service.offer.setup.price",
        "setup_id",
        compute="_compute_price_ids",
        store=True,
        readonly=False,
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    problem = fields.Char(compute="_compute_preview")

    def _new_ones(self):
        """Those of the offers that are not made yet."""
        return self.ready_ids.filtered(lambda ready: not ready.tier_id)

    @api.depends("ready_ids")
    def _compute_price_ids(self):
        for setup in self:
            # Of those that stay chosen, what was typed stays.
            typed = {(one.ready_id, one.key): one.price for one in setup.price_ids}
            setup.price_ids = [Command.clear()] + [
                Command.create(
                    {
                        "ready_id": ready.id,
                        "key": service.key,
                        "name": self.env._(service.name),
                        "by_hour": service.unit == "hour",
                        "price": typed.get((ready, service.key), service.price),
                    }
                )
                for ready in setup._new_ones()._origin
                for service in ready._offer().services
            ]

    @api.depends("ready_ids")
    def _compute_preview(self):
        for setup in self:
            new = setup._new_ones()._origin
            try:
                new._check_can_be_made()
                setup.problem = False
            except UserError as error:
                setup.problem = error.args[0]
            setup.preview = self.env["ir.qweb"]._render(
                "helpdesk_service_contract.ready_offer_preview",
                {"rows": [ready._preview() for ready in new]},
            )

    def action_make(self):
        """Make the offers at these prices."""
        self.ensure_one()
        new = self._new_ones()
        new._check_can_be_made()
        new._make({(one.ready_id.key, one.key): one.price for one in self.price_ids})
        return {"type": "ir.actions.act_window_close"}


class ServiceOfferSetupPrice(models.TransientModel):
    """The price of one product of an offer that is going to be made."""

    _name = "service.offer.setup.price"
    _description = "Price of a Ready-Made Offer"

    setup_id = fields.Many2one(
        "service.offer.setup", required=True, ondelete="cascade", index=True
    )
    ready_id = fields.Many2one("service.ready.offer", string="Offer", readonly=True)
    key = fields.Char(readonly=True)
    name = fields.Char(string="Product", readonly=True)
    by_hour = fields.Boolean(readonly=True)
    price = fields.Float(string="Net Price", digits="Product Price")
    unit = fields.Char(compute="_compute_unit")

    _not_negative = models.Constraint(
        "CHECK(price >= 0)", "A price cannot be negative."
    )

    @api.depends("by_hour")
    def _compute_unit(self):
        hour, one = self.env.ref("uom.product_uom_hour"), self.env._("Unit")
        for price in self:
            price.unit = hour.name if price.by_hour else one
