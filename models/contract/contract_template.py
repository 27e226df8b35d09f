from odoo import api, fields, models
from odoo.fields import Command

# What a new line of a contract takes from the line of its offer.
LINE_FIELDS = (
    "automatic_price",
    "discount",
    "display_type",
    "name",
    "note_invoicing_mode",
    "quantity",
    "sequence",
    "specific_price",
)


class ContractTemplate(models.Model):
    """An offer, where it names a tier: all that a contract with a customer says.

    OCA contract takes its contracts from the same model, so they have these fields too.
    """

    _inherit = "contract.template"

    service_tier_id = fields.Many2one(
        "service.tier",
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Makes this an offer of service: contracts made from it serve tickets "
        "under this tier.",
    )
    prorate_fees = fields.Boolean(
        default=True,
        help="A fee that starts or ends within a billing period is prorated: each "
        "month of the period counts the same, and part of a month is counted by "
        "days. If switched off, a period that has begun is charged in full.",
    )
    offer_text = fields.Html(
        string="In the Customer's Words",
        translate=True,
        help="What the customer gets, as the printed contract and a quote say it.",
    )

    @api.constrains("contract_line_ids", "service_tier_id")
    def _check_offer_lines(self):
        self.contract_line_ids._check_tax_of_fee()

    @api.model
    def _offered_terms(self):
        """Hook: the fields that a contract takes from its offer as they are."""
        return (
            "offer_text",
            "pricelist_id",
            "prorate_fees",
            "recurring_interval",
            "recurring_invoicing_type",
            "recurring_rule_type",
            "service_tier_id",
        )

    def _contract_values(self):
        """Values of a new contract with these terms; customer and days are its own."""
        self.ensure_one()
        vals = {name: self[name] for name in self._offered_terms()}
        # A customer's own prices count where the offer has none.
        if not self.pricelist_id:
            del vals["pricelist_id"]
        lines = [Command.create(line._line_values()) for line in self.contract_line_ids]
        return self._convert_to_write(vals) | {
            "contract_template_id": self.id,
            "line_recurrence": False,
            "contract_line_fixed_ids": lines,
        }


class ContractTemplateLine(models.Model):
    """A fee of an offer."""

    _inherit = "contract.template.line"

    def _line_values(self):
        self.ensure_one()
        vals = {name: self[name] for name in LINE_FIELDS}
        return vals | {"product_id": self.product_id.id, "uom_id": self.uom_id.id}

    @api.constrains("company_id", "product_id")
    def _check_tax_of_fee(self):
        for line in self.filtered("contract_id.service_tier_id"):
            line.product_id._check_service_tax(line.company_id)
