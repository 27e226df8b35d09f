from odoo import api, fields, models


class ContractTemplate(models.Model):
    """What an offer costs, and which packages of hours go with it."""

    _inherit = "contract.template"

    offered_package_ids = fields.One2many(
        "service.offer.package",
        "template_id",
        string="Packages to Sell",
        copy=True,
    )
    sla_report_with_statement = fields.Boolean(
        string="Attach the SLA Report",
        help="A report on the SLA targets of the customer's tickets is attached to the "
        "invoice of a period, beside the statement of hours.",
    )
    offer_fee = fields.Monetary(
        string="Fee",
        compute="_compute_offer_fee",
        currency_field="offer_currency_id",
        help="Net, for one period of invoicing.",
    )
    offer_currency_id = fields.Many2one(
        "res.currency", compute="_compute_offer_fee", string="Currency of the Fee"
    )

    @api.depends("contract_line_ids.price_subtotal", "pricelist_id", "company_id")
    def _compute_offer_fee(self):
        for offer in self:
            offer.offer_fee = sum(offer.contract_line_ids.mapped("price_subtotal"))
            offer.offer_currency_id = (
                offer.pricelist_id.currency_id or offer.company_id.currency_id
            )

    @api.model
    def _offered_terms(self):
        return (*super()._offered_terms(), "sla_report_with_statement")

    def action_new_contract(self):
        """A new contract from this offer; only its customer is to be chosen."""
        self.ensure_one()
        return self._new_contract_action()

    def _new_contract_action(self):
        """The form of a new contract, from this offer or from one still to choose."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_contract_action"
        )
        view = self.env.ref("contract.contract_contract_customer_form_view")
        return action | {
            "views": [(view.id, "form")],
            "context": {
                "service_contract": True,
                "default_contract_type": "sale",
                "default_contract_template_id": self.id,
            },
        }
