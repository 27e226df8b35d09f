from odoo import api, fields, models

from ...tools.cost import LEVELS
from ...tools.coverage_effects import Code
from ...tools.groups import OFFICE
from .helpdesk_ticket_cost import LEVEL_NAMES

# Decisions by which the work costs money, whatever is left in packages.
CHARGED_ANYWAY = {Code.UNJUSTIFIED_CHARGED, Code.COMPLAINT_UNJUSTIFIED}


class AccountAnalyticLine(models.Model):
    """Each entry says how it is billed, and what for."""

    _inherit = "account.analytic.line"

    explanation = fields.Text(
        compute="_compute_explanation",
        help="How the billable time was calculated and where it goes. Until the period "
        "is settled, this is a plan that changes with other work of the period.",
    )
    price_note = fields.Text(
        string="Price", compute="_compute_price_note", groups=OFFICE
    )
    contract_currency_id = fields.Many2one(
        related="service_contract_id.currency_id", string="Contract Currency"
    )
    net_amount = fields.Monetary(
        string="Net",
        compute="_compute_price_note",
        currency_field="contract_currency_id",
        groups=OFFICE,
        help="What is charged for the work, beside the hours that packages pay.",
    )

    cost_level = fields.Selection(LEVEL_NAMES, compute="_compute_cost")
    cost_label = fields.Char(
        string="Cost", compute="_compute_cost", help="What the work costs the customer."
    )

    @api.depends_context("lang")
    @api.depends("rating", "shares", "charge")
    def _compute_cost(self):
        costs = self.env["service.cost"]
        found = costs._of_entries(self)
        for entry in self:
            cost = found.get(entry.id)
            entry.cost_level = cost and LEVELS[cost.state]
            entry.cost_label = cost and costs._label_of_work(cost)

    @api.depends("rating", "shares", "charge", "charge_reason")
    def _compute_explanation(self):
        explanations = self.env["service.explanation"]._explain(self)
        for entry in self:
            entry.explanation = explanations.get(entry.id, False)

    def _decision(self):
        """The decision the entry was settled by, or that stands for its ticket."""
        # sudo: who reads the entry may read why it costs what it costs
        entry = self.sudo()
        return entry.decision_id or entry.ticket_id.coverage_decision_id

    def _charged_anyway(self):
        """Why packages do not pay for the entry: the code of a decision, or empty."""
        code = self.charge == "money" and self._decision().code
        return Code(code) if code in CHARGED_ANYWAY else ""

    @api.depends("rating", "shares")
    def _compute_price_note(self):
        notes, amounts = self.env["service.explanation"]._price_notes(self)
        for entry in self:
            entry.price_note = notes.get(entry.id, False)
            entry.net_amount = amounts.get(entry.id, 0.0)
