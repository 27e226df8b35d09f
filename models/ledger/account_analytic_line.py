from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .service_hour_move import LEDGER

# Computed, or written by the settlement alone; never given by anybody.
LEDGER_FIELDS = {
    "billed_minutes",
    "charge",
    "customer_id",
    "decision_id",
    "free_minutes",
    "overage_minutes",
    "package_minutes",
    "rate_id",
    "rating",
    "service_contract_id",
    "settlement_id",
    "shares",
    "worked_minutes",
}

# What a settled entry stands on.
LOCKED_FIELDS = {
    "charge_reason",
    "date",
    "block_entry_id",
    "started_at",
    "unit_amount",
    "ticket_id",
    "work_type_id",
    "service_contract_id",
    "billed_minutes",
    "project_id",
    "employee_id",
    "user_id",
    "waiver",
}

# What may take work beyond the packages.
ASKING_FIELDS = {"date", "started_at", "ticket_id", "unit_amount", "work_type_id"}


class AccountAnalyticLine(models.Model):
    """Where the time of a work entry went, and what settled work keeps as it was."""

    _inherit = "account.analytic.line"

    settlement_id = fields.Many2one(
        "service.settlement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    package_minutes = fields.Integer(string="From Packages", readonly=True, copy=False)
    overage_minutes = fields.Integer(
        string="Beyond Packages", readonly=True, copy=False
    )
    free_minutes = fields.Integer(string="Free", readonly=True, copy=False)
    move_ids = fields.One2many("service.hour.move", "entry_id", string="Hour Moves")
    shares = fields.Json(
        readonly=True,
        copy=False,
        help="Where each part of the billed time went, once it is settled.",
    )
    # What every plan asks for: a contract of many years has few entries that are open.
    # One index for open and settled work, or PostgreSQL takes the wrong one of two.
    _contract_work_idx = models.Index(
        "(service_contract_id, settlement_id, date)"
        " WHERE service_contract_id IS NOT NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_ledger_fields({name for vals in vals_list for name in vals})
        entries = super().create(vals_list)
        entries._ask_about_overage()
        return entries

    def write(self, vals):
        self._check_ledger_fields(vals)
        if LOCKED_FIELDS & set(vals):
            self._check_open()
        result = super().write(vals)
        if ASKING_FIELDS & set(vals):
            self._ask_about_overage()
        return result

    def _settled(self):
        return self.filtered("settlement_id")

    @api.model
    def _settled_domain(self):
        return Domain("settlement_id", "!=", False)

    def _ask_about_overage(self):
        # sudo: the terms of a contract decide, whoever may see them
        contracts = self.sudo().service_contract_id
        if asking := contracts.filtered(lambda c: c.overage_policy == "ask"):
            self.env["service.hour.notice"]._ask_about_overage(asking)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self._check_open()

    def _check_ledger_fields(self, names):
        defaults = {f"default_{name}" for name in LEDGER_FIELDS}
        forged = LEDGER_FIELDS & set(names) or defaults & set(self.env.context)
        if forged and self.env.context.get("hour_ledger") is not LEDGER:
            raise AccessError(
                self.env._("Only the settlement of a contract writes where hours went.")
            )

    def _check_open(self):
        settled = self.filtered("settlement_id")
        if settled and self.env.context.get("hour_ledger") is not LEDGER:
            raise UserError(
                self.env._(
                    "The work of %(day)s on %(ticket)s is settled (%(settlement)s) and "
                    "cannot change any more. Log the difference as a new entry.",
                    day=format_date(self.env, settled[0].date),
                    ticket=settled[0].ticket_id.display_name,
                    settlement=settled[0].settlement_id.sudo().display_name,
                )
            )

    def _is_readonly(self):
        return super()._is_readonly() or bool(self.settlement_id)

    def _is_updatable_timesheet(self):
        return super()._is_updatable_timesheet() and not self.settlement_id
