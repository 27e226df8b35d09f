from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.guard import Guard, Seal
from .account_move_line import BILLING, BY_BILLING
from .service_settlement_statement import STATEMENT

BILLED = Guard(
    frozenset(
        {
            "service_contract_id",
            "service_fees_before",
            "service_given_back",
            "service_period_from",
            "service_period_to",
            "service_run_id",
        }
    ),
    BILLING,
    message=BY_BILLING,
)
# Held by the buttons that post an invoice, cancel it or make it a draft again.
ISSUING = Seal("issuing")


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["service.guarded", "account.move"]

    # Back office opens the drafts it makes, and needs no right on payments for that.
    payment_count = fields.Integer(compute_sudo=True)
    service_contract_id = fields.Many2one(
        "contract.contract",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The service contract whose period, job or package is billed.",
    )
    service_run_id = fields.Many2one(
        "service.billing.run",
        string="Billing Run",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    service_order_ref = fields.Char(
        string="Customer's Order Number",
        copy=False,
        help="The customer's order number for this, if there is one.",
    )
    service_period_from = fields.Date(readonly=True, copy=False)
    service_period_to = fields.Date(readonly=True, copy=False)
    service_fees_before = fields.Json(
        readonly=True,
        copy=False,
        help="Until when each fee on the invoice was billed before it, by line.",
    )
    settlement_ids = fields.One2many(
        "service.settlement", "invoice_id", string="Settlements"
    )
    settlement_count = fields.Integer(
        compute="_compute_settlement_count", compute_sudo=True
    )
    service_given_back = fields.Boolean(
        readonly=True,
        copy=False,
        help="The period went back to be billed by another invoice.",
    )
    service_entry_ids = fields.Many2many(
        "account.analytic.line",
        string="Work Entries",
        compute="_compute_service_entry_ids",
    )
    service_line_count = fields.Integer(
        string="Number of Lines", compute="_compute_service_line_count"
    )

    def _has_to_be_paid(self):
        """No button to pay online where there is no way to do so."""
        return super()._has_to_be_paid() and self.company_id._is_paid_online()

    @api.model
    def _guards(self):
        return (*super()._guards(), BILLED)

    def _compute_settlement_count(self):
        for move in self:
            move.settlement_count = len(move._service_settlements())

    def write(self, vals):
        if "state" in vals and not ISSUING.is_open(self.env.context):
            self._check_state_kept(vals["state"])
        return super().write(vals)

    def _check_state_kept(self, state):
        """What a button checks is not to be passed by."""
        if moved := self.filtered(lambda m: m._bills_service() and m.state != state):
            raise AccessError(
                self.env._(
                    "Post, cancel or reset %s to draft with its buttons.",
                    moved[0].display_name,
                )
            )

    def _bills_service(self):
        """Whether the invoice or credit note is about service contracts or packages."""
        self.ensure_one()
        return bool(self.service_contract_id or self.line_ids.service_package_id)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        self._check_not_issued()

    def _check_not_issued(self):
        if issued := self.filtered(
            lambda m: m.state == "posted" and m._bills_service()
        ):
            raise UserError(
                self.env._(
                    "%s is issued, so it stays as it is. Correct it by a credit note.",
                    issued[0].display_name,
                )
            )

    def _post(self, soft=True):
        issuing = self.with_context(**ISSUING.opened)
        posted = super(AccountMove, issuing)._post(soft).with_env(self.env)
        posted._sync_hour_packages()
        return posted

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._sync_hour_packages()
        return result

    def unlink(self):
        if not self:
            return super().unlink()
        self._give_back_service_periods()
        packages = self._hour_packages()
        result = super().unlink()
        packages._sync_grant()
        return result

    def button_cancel(self):
        issuing = self.with_context(**ISSUING.opened)
        result = super(AccountMove, issuing).button_cancel()
        self._give_back_service_periods()
        self._sync_hour_packages()
        return result

    def button_draft(self):
        given_back = self.filtered("service_given_back")
        if given_back:
            raise UserError(
                self.env._(
                    "%s was cancelled and its period went back to be billed by "
                    "another invoice. Run the billing of the contract instead.",
                    given_back[0].display_name,
                )
            )
        issuing = self.with_context(**ISSUING.opened)
        result = super(AccountMove, issuing).button_draft()
        self._sync_hour_packages()
        return result

    def _hour_packages(self):
        """Packages that are sold on these invoices or credited with these notes."""
        # sudo: an accountant moves invoices, and the ledger of hours follows by itself
        return self.sudo().line_ids.service_package_id

    def _sync_hour_packages(self):
        self._hour_packages()._sync_grant()

    def _give_back_service_periods(self):
        """Let the period of an invoice that will not be issued be billed again."""
        # sudo: an accountant may drop a draft but has no rights on contracts
        billed = self.sudo().filtered(
            lambda move: move.settlement_ids or move.service_fees_before
        )
        billed.with_context(**BILLING.opened).service_given_back = True
        self.env["service.billing"].sudo()._give_back(billed)

    def action_open_settlements(self):
        self.ensure_one()
        settlements = self._service_settlements()
        return settlements._get_records_action(name=self.env._("Settlements"))

    def _served(self):
        """The invoice that knows what was served: a correction may leave that to the
        one it corrects."""
        return self if self.service_contract_id else self.reversed_entry_id or self

    def _served_contract(self):
        # sudo: what stands on an invoice does not depend on who looks at it
        return self._served().service_contract_id.sudo()

    def _service_contract_number(self):
        """The number of the contract; an account of the price list has none."""
        contract = self._served_contract()
        if contract.service_tier_id.kind == "ad_hoc":
            return ""
        return (contract.code or contract.name or "").strip()

    def _is_job(self):
        """Whether it bills a job that was done, and no period of a contract."""
        contract = self._served_contract()
        by_list = contract.service_tier_id.kind == "ad_hoc"
        return by_list and contract.job_billing == "job"

    def _supply_date(self):
        """Day of supply of an invoice that no period and no job stands behind."""
        return self.delivery_date or self.taxable_supply_date

    @api.depends(
        "settlement_ids.entry_ids", "service_corrected_id.settlement_ids.entry_ids"
    )
    def _compute_service_entry_ids(self):
        for move in self:
            entries = move._service_settlements().entry_ids
            move.service_entry_ids = entries.sorted(
                lambda entry: (entry.date, entry.id)
            )

    @api.depends("invoice_line_ids.display_type")
    def _compute_service_line_count(self):
        counts = dict(
            self.env["account.move.line"]._read_group(
                [("move_id", "in", self.ids), ("display_type", "=", "product")],
                ["move_id"],
                ["__count"],
            )
        )
        for move in self:
            move.service_line_count = counts.get(move._origin, 0)

    def action_print_statement(self):
        """Print the statements of hours behind the invoices."""
        return self.env.ref(STATEMENT).report_action(self._service_settlements())
