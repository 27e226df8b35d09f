from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ...tools.coverage_effects import EFFECTS, Code
from ...tools.guard import Guard, Seal

_lt = LazyTranslate(__name__)

CODES = [
    ("complaint_pending", "Complaint awaiting the verdict"),
    ("complaint_justified", "Justified complaint"),
    ("complaint_unjustified", "Unjustified complaint"),
    ("unjustified_pending", "Unjustified report, objection pending"),
    ("unjustified_free", "Unjustified report within the free limit"),
    ("unjustified_charged", "Unjustified report beyond the free limit"),
    ("warranty", "Under warranty"),
    ("contract", "By the contract"),
    ("contract_free", "Free under the contract"),
    ("contract_open", "By a contract that has to be chosen"),
    ("basic", "Basic support"),
    ("quote", "Needs an accepted quote"),
    ("quote_accepted", "Billed according to the accepted quote"),
    ("ad_hoc", "Ad hoc, by the price list"),
    ("ad_hoc_free", "Free under the price list"),
]
DECIDING = Seal("deciding")
BY_THE_RULES = _lt("Who pays is decided by the rules, or by an override with a reason.")
GUARDS = (
    Guard(seal=DECIDING, creation=True, change=True, message=BY_THE_RULES),
    Guard(
        deletion=True,
        message=_lt("Decisions cannot be deleted. A new one supersedes them."),
    ),
)


class ServiceCoverageDecision(models.Model):
    """Who pays for a ticket, why, and who said so. Never edited: superseded."""

    _name = "service.coverage.decision"
    _inherit = ["service.guarded"]
    _description = "Coverage Decision"
    _order = "id desc"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, index=True, precompute=True
    )
    code = fields.Selection(CODES, required=True, readonly=True)
    rule = fields.Char(required=True, readonly=True)
    facts = fields.Json(
        readonly=True, help="What was known when the decision was made."
    )
    conditions = fields.Json(
        readonly=True, help="What was checked: name, whether it is met, the fact."
    )
    tier_id = fields.Many2one("service.tier", readonly=True, ondelete="restrict")
    contract_id = fields.Many2one(
        "contract.contract", readonly=True, ondelete="restrict"
    )
    serving = fields.Json(
        readonly=True,
        help="Which contracts of the customer fit best, and why, where it has several.",
    )
    off_place = fields.Boolean(
        string="Outside Covered Sites",
        readonly=True,
        help="On-site work at this site is not covered.",
    )
    user_id = fields.Many2one("res.users", string="Decided By", readonly=True)
    overridden = fields.Boolean(readonly=True)
    reason = fields.Text(readonly=True)
    superseded_by_id = fields.Many2one(
        "service.coverage.decision", readonly=True, index="btree_not_null"
    )

    _override_needs_reason = models.Constraint(
        "CHECK(overridden IS NOT TRUE OR COALESCE(TRIM(reason), '') <> '')",
        "Enter the reason for overriding the rules.",
    )

    @api.depends("code")
    def _compute_display_name(self):
        for decision in self:
            decision.display_name = decision._label()

    def _label(self):
        """The decision in a few words, in the language of who reads it."""
        self.ensure_one()
        return dict(self._fields["code"]._description_selection(self.env))[self.code]

    def _contracts(self):
        """The contract that serves the ticket, or those that may."""
        serving = self.serving or {}
        fits = serving.get("best") or [fit[0] for fit in serving.get("fits", ())]
        return self.contract_id or self.contract_id.browse(fits)

    def _effect(self):
        """Account and charge; see ``tools.coverage_effects.Effect``."""
        self.ensure_one()
        return EFFECTS[Code(self.code)]

    @api.model
    def _guards(self):
        return (*super()._guards(), *GUARDS)

    @api.model_create_multi
    def create(self, vals_list):
        decisions = super().create(vals_list)
        for decision in decisions:
            if earlier := decision.ticket_id.coverage_decision_id:
                earlier.superseded_by_id = decision
        return decisions
