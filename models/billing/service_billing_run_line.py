from odoo import api, fields, models

from ...tools.guard import Guard
from .service_billing_run import BY_THE_RUN, RUNNING

RECORDED = Guard(
    frozenset(
        {
            "again",
            "contract_id",
            "fees",
            "held",
            "invoiced",
            "packages",
            "period_count",
            "reason",
            "run_id",
            "state",
            "work",
        }
    ),
    RUNNING,
    creation=True,
    deletion=True,
    message=BY_THE_RUN,
)


class ServiceBillingRunLine(models.Model):
    """One contract in a billing run: what it will be billed, and what came of it."""

    _name = "service.billing.run.line"
    _inherit = ["service.guarded"]
    _description = "Billing Run Line"
    _order = "state_order, total desc, id"

    run_id = fields.Many2one(
        "service.billing.run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        related="contract_id.partner_id", string="Customer", store=True
    )
    service_tier_id = fields.Many2one(related="contract_id.service_tier_id")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    selected = fields.Boolean(
        string="Bill",
        default=True,
        help="Switch off to leave this for another run or the next period.",
    )
    state = fields.Selection(
        [
            ("ready", "To be billed"),
            ("held", "On hold"),
            ("billed", "Invoiced"),
            ("nothing", "Nothing to invoice"),
            ("left_out", "Left for later"),
            ("failed", "Not billed"),
            ("left_out", "Left out"),
        ],
        required=True,
        readonly=True,
        default="ready",
        index=True,
    )
    # What needs a person comes first.
    state_order = fields.Integer(compute="_compute_state_order", store=True)
    period_count = fields.Integer(string="Periods", readonly=True)
    fees = fields.Monetary(readonly=True)
    work = fields.Monetary(readonly=True, help="Work that no package covers.")
    packages = fields.Monetary(string="Hour Packages", readonly=True)
    again = fields.Monetary(
        string="Billed Again",
        readonly=True,
        help="Credited items to be billed again.",
    )
    total = fields.Monetary(string="Net", compute="_compute_total", store=True)
    held = fields.Text(string="On Hold Because", readonly=True)
    reason = fields.Text("Refusal", readonly=True)
    note = fields.Text(string="Reason", compute="_compute_note")
    invoiced = fields.Monetary(string="Invoiced Net", readonly=True)

    @api.model
    def _guards(self):
        return (*super()._guards(), RECORDED)

    @api.depends("state")
    def _compute_state_order(self):
        order = ("failed", "ready", "held", "billed", "left_out", "nothing")
        for line in self:
            line.state_order = order.index(line.state)

    @api.depends("fees", "work", "packages", "again")
    def _compute_total(self):
        for line in self:
            line.total = line.fees + line.work + line.packages + line.again

    @api.depends("held", "reason")
    def _compute_note(self):
        for line in self:
            line.note = "\n".join(filter(None, [line.reason, line.held])) or False
