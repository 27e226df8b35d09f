from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.serving import Terms, serve

# What decides which contract serves a ticket.
SERVING_FIELDS = [
    "commercial_partner_id",
    "company_id",
    "counts_from",
    "covers_listed_items",
    "date_end",
    "date_start",
    "service_state",
    "service_tier_id",
    "serving_order",
]
# Terms by which one contract is preferred to another.
PREFERENCE = {"category_ids", "serving_order"}


class ContractContract(models.Model):
    """Which of a customer's contracts serves a ticket."""

    _inherit = "contract.contract"

    category_ids = fields.Many2many(
        "helpdesk.ticket.category",
        relation="contract_service_category",
        # Without the category, its tickets would find another contract.
        ondelete="restrict",
        string="Preferred for Categories",
        tracking=True,
        help="Where several contracts of the customer could serve a ticket of these "
        "categories, or of those below them, this one does.",
    )
    serving_order = fields.Integer(
        string="Order among Contracts",
        default=10,
        tracking=True,
        help="Where several contracts of the customer fit a ticket equally, the one "
        "with the lowest number serves it. Of contracts with the same number, "
        "somebody has to choose.",
    )
    beside_ids = fields.Many2many(
        "contract.contract",
        compute="_compute_beside_ids",
        string="Other Contracts of the Customer",
    )

    @api.depends(
        "commercial_partner_id",
        "company_id",
        "date_end",
        "date_start",
        "service_tier_id",
    )
    def _compute_beside_ids(self):
        """Those in force on a day on which this one is as well."""
        by_customer = self._by_customer(self.commercial_partner_id, self.company_id)
        for contract in self:
            customer = contract.company_id, contract.commercial_partner_id
            others = by_customer.get(customer, self.browse()) - contract._origin
            is_service = contract.date_start and contract._is_service()
            contract.beside_ids = is_service and others.filtered(contract._overlaps)

    def _overlaps(self, other):
        """Whether two contracts are in force on one day."""
        first = max(self.date_start, other.date_start)
        return all(not one.date_end or first <= one.date_end for one in self | other)

    def write(self, vals):
        result = super().write(vals)
        if PREFERENCE & set(vals) and (served := self.filtered("service_tier_id")):
            served._coverage_changed()
        return result

    @api.model
    def _domain_serving(self, partner, company):
        return (
            Domain("service_tier_id.kind", "!=", "ad_hoc")
            & Domain("service_tier_id", "!=", False)
            & self._agreed_domain()
            & Domain("commercial_partner_id", "in", partner.commercial_partner_id.ids)
            & Domain("company_id", "in", company.ids)
            & Domain("contract_type", "=", "sale")
        )

    @api.model
    def _by_customer(self, partners, companies):
        """Service contracts by company and customer, found in one search."""
        customers = partners.commercial_partner_id
        if not customers:
            return {}
        domain = self._domain_serving(customers, companies)
        contracts = self.search_fetch(domain, SERVING_FIELDS)
        return contracts.grouped(lambda c: (c.company_id, c.commercial_partner_id))

    @api.model
    def _serving(self, partner, company, day):
        """The service contracts in force for ``partner`` on ``day``."""
        if not partner:
            return self.browse()
        return self.search_fetch(
            self._domain_serving(partner, company), SERVING_FIELDS
        ).filtered(lambda contract: contract._in_force(day))

    def _serves_customer_on(self, customer, company, day):
        """Whether the contract serves a customer of a company on ``day``."""
        self.ensure_one()
        whose = self.commercial_partner_id, self.company_id
        return whose == (customer, company) and self._in_force(day)

    def _serve(self, item, place, category):
        """Which of these contracts serves a ticket; see ``tools.serving``."""
        if len(self) < 2:  # noqa: PLR2004
            return serve([Terms(contract.id) for contract in self])
        return serve([contract._says_to(item, place, category) for contract in self])

    def _says_to(self, item, place, category):
        self.ensure_one()
        # sudo: the terms of a tier decide, visible or not
        tier = self.sudo().service_tier_id
        # sudo: categories of the ticket decide, whoever reads it
        path = (category.sudo().parent_path or "").split("/")
        above = {int(id_) for id_ in path if id_}
        return Terms(
            self.id,
            lists_item=item.service_contract_id == self if item else None,
            only_listed=self.covers_listed_items,
            covers_place=place in self.place_ids if place else None,
            names_places=bool(self.place_ids),
            treatment=tier._treatment(category),
            names_category=tier._named_treatment(category) is not None,
            takes_category=not above.isdisjoint(self.category_ids.ids),
            order=self.serving_order,
        )

    def _prefer_for(self, category):
        """Let this one of its customer's contracts serve a category."""
        self.ensure_one()
        others = self.search(
            self._domain_serving(self.partner_id, self.company_id)
            & Domain("category_ids", "in", category.ids)
        )
        others.category_ids -= category
        self.category_ids |= category
