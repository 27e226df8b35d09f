from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.periods import month_of


class ServiceBillingRun(models.TransientModel):
    """Back office bills the periods that are over, after a look at whose they are."""

    _name = "service.billing.run"
    _description = "Billing Run"

    def _default_last_day(self):
        this_month = month_of(fields.Date.context_today(self))
        return fields.Date.subtract(this_month.first, days=1)

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    last_day = fields.Date(
        string="Periods Until",
        required=True,
        default=lambda self: self._default_last_day(),
        help="Bills every period that ended by this day and is not billed yet.",
    )
    contract_ids = fields.Many2many(
        "contract.contract",
        string="Contracts to Bill",
        context={"active_test": False},
        compute="_compute_contract_ids",
        store=True,
        readonly=False,
    )
    contract_count = fields.Integer(compute="_compute_contract_count")

    @api.depends("last_day", "company_id")
    def _compute_contract_ids(self):
        for run in self:
            billing = self.env["service.billing"].with_company(run.company_id)
            run.contract_ids = billing._due_contracts(
                run.company_id, billing._last_billable_day(run.last_day)
            )

    @api.depends("contract_ids")
    def _compute_contract_count(self):
        for run in self:
            run.contract_count = len(run.contract_ids)

    def action_bill(self):
        """Make the draft invoices and show them, with a word on what failed."""
        self.ensure_one()
        self.contract_ids.check_access("write")
        # sudo: back office runs the billing but need not be an accountant, who alone
        # posts; the drafts are made by this method only, from contracts it may write.
        billing = self.env["service.billing"].sudo().with_company(self.company_id)
        last_day = billing._last_billable_day(self.last_day)
        contracts = self.contract_ids.sudo().filtered(
            lambda contract: (
                contract.service_tier_id and contract.company_id == self.company_id
            )
        )
        settled_before = contracts.settlement_ids
        invoices, failed = billing._run(contracts, last_day)
        if not (invoices or failed or contracts.settlement_ids - settled_before):
            raise UserError(
                self.env._("There is nothing to bill until %s.", self.last_day)
            )
        return self._show(invoices, failed)

    def _show(self, invoices, failed):
        message = self.env._("%s draft invoices were made.", len(invoices))
        if failed:
            message += " " + self.env._(
                "Not billed, with the reason on each contract: %s.",
                ", ".join(failed.mapped("display_name")),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if failed else "success",
                "sticky": bool(failed),
                "next": self._show_settlements(invoices),
            },
        }

    def _show_settlements(self, invoices):
        settlements = self.env["service.settlement"].search(
            [("invoice_id", "in", invoices.ids)]
        )
        return settlements._get_records_action(name=self.env._("Settlements"))
