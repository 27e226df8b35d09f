from odoo import api, fields, models
from odoo.exceptions import AccessError


class ServiceBillingRunLine(models.Model):
    """One contract in a billing run: what it will be billed, and what came of it."""

    _name = "service.billing.run.line"
    _description = "Contract in a Billing Run"
    _order = "state_order, id"

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
        help="Switch off what is to wait for another run, or for the next period.",
    )
    state = fields.Selection(
        [
            ("ready", "To be billed"),
            ("held", "On hold"),
            ("billed", "Invoiced"),
            ("nothing", "Nothing to invoice"),
            ("failed", "Not billed"),
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
    work = fields.Monetary(readonly=True, help="Work that no package pays for.")
    packages = fields.Monetary(string="Hour Packages", readonly=True)
    again = fields.Monetary(
        string="Billed Again",
        readonly=True,
        help="What credit notes gave back to be billed once more.",
    )
    total = fields.Monetary(string="Net", compute="_compute_total", store=True)
    held = fields.Text(string="Waits", readonly=True)
    reason = fields.Text(readonly=True)
    note = fields.Text(string="Why Not", compute="_compute_note")
    invoiced = fields.Monetary(string="Invoiced Net", readonly=True)

    def write(self, vals):
        if not self.env.su and set(vals) - {"selected"}:
            raise AccessError(self.env._("Only a billing run writes what it did."))
        return super().write(vals)

    @api.depends("state")
    def _compute_state_order(self):
        order = ("failed", "ready", "held", "billed", "nothing")
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
