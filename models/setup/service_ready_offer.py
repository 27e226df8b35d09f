from odoo import api, fields, models
from odoo.exceptions import UserError

from ...data.offers import OFFERS
from ...tools.guard import Guard, Seal

MAKING = Seal("making_offers")
MADE = Guard(
    frozenset(
        {"key", "sequence", "company_id", "tier_id", "template_id", "product_ids"}
    ),
    MAKING,
)


class ServiceReadyOffer(models.Model):
    """A ready-made offer in one company: what it says, and what was made of it."""

    _name = "service.ready.offer"
    _inherit = "service.guarded"
    _description = "Ready-Made Offer"
    _order = "sequence, id"
    _check_company_auto = True

    key = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="cascade"
    )
    tier_id = fields.Many2one(
        "service.tier",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
    )
    template_id = fields.Many2one(
        "contract.template",
        string="Offer",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
    )
    product_ids = fields.Many2many("product.product", readonly=True, copy=False)
    name = fields.Char(compute="_compute_words")
    says = fields.Text(string="What It Promises", compute="_compute_words")
    prices = fields.Text(compute="_compute_words")
    is_made = fields.Boolean(compute="_compute_is_made", search="_search_is_made")

    _key_once = models.Constraint(
        "UNIQUE(company_id, key)", "This ready-made offer is in the company already."
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), MADE)

    @api.depends("key", "product_ids.list_price")
    @api.depends_context("lang")
    def _compute_words(self):
        for ready in self:
            offer = ready._offer()
            ready.name = self.env._(offer.name)
            ready.says = "\n".join(self.env._(sentence) for sentence in offer.says)
            ready.prices = "\n".join(
                f"{name}: {ready.company_id.currency_id.format(price)}"
                for name, price in ready._list_prices()
                if price
            )

    @api.depends("tier_id")
    def _compute_is_made(self):
        for ready in self:
            ready.is_made = bool(ready.tier_id)

    def _search_is_made(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("tier_id", "!=" if True in value else "=", False)]

    def _offer(self):
        """What the file of the offer says."""
        self.ensure_one()
        return OFFERS[self.key]

    def _list_prices(self):
        """Pairs of a name and its net price: those of its products once it is made."""
        if self.product_ids:
            return [(one.name, one.list_price) for one in self.product_ids]
        services = self._offer().services
        return [(self.env._(service.name), service.price) for service in services]

    @api.model
    def action_open_ready_offers(self):
        """The cards of the current company, those that are new among them."""
        self._add_missing(self.env.company)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_ready_offer_action"
        )

    @api.model
    def _add_missing(self, company):
        """Cards for offers that the company has none of; all its cards."""
        known = self.search([("company_id", "=", company.id)])
        keys = set(known.mapped("key"))
        cards = self.with_context(**MAKING.opened).create(
            [
                {"key": key, "sequence": number, "company_id": company.id}
                for number, key in enumerate(OFFERS)
                if key not in keys
            ]
        )
        return known | cards.with_env(self.env)

    def action_set_up(self):
        """Ask for the prices, and show what is going to be made."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_offer_setup_action"
        )
        return action | {"context": {"default_ready_ids": self.ids}}

    def action_open(self):
        """What was made: the offer, or the tier of one that needs no contract."""
        self.ensure_one()
        if not self.template_id:
            return self.tier_id._get_records_action()
        view = self.env.ref("helpdesk_service_contract.contract_template_view_form")
        return self.template_id._get_records_action(views=[(view.id, "form")])

    def action_undo(self):
        """Take back what was made, as long as nothing uses it."""
        for ready in self.filtered("tier_id"):
            ready._check_unused()
            # Categories stay: others may speak of them too.
            tier, template, products = (
                ready.tier_id,
                ready.template_id,
                ready.product_ids,
            )
            template.unlink()
            tier.unlink()
            products.product_tmpl_id.unlink()

    def _check_unused(self):
        self.ensure_one()
        contracts = self.env["contract.contract"].with_context(active_test=False)
        used = contracts.search(
            [
                "|",
                ("service_tier_id", "=", self.tier_id.id),
                ("contract_template_id", "in", self.template_id.ids),
            ],
            limit=1,
        )
        if used:
            raise UserError(
                self.env._(
                    "The contract “%(contract)s” uses “%(offer)s”, so it stays. "
                    "Archive its tier to sell it no more.",
                    contract=used.display_name,
                    offer=self.name,
                )
            )
