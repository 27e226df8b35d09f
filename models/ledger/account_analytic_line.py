from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_date

from ...tools.guard import Guard
from .service_hour_move import LEDGER

_lt = LazyTranslate(__name__)
SETTLED = Guard(
    frozenset(
        {
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
    ),
    LEDGER,
    message=_lt("Only the settlement of a contract records where its hours went."),
)

# What a settled entry stands on, and what its statement prints.
LOCKED_FIELDS = {
    "amount",
    "charge_reason",
    "code",
    "company_id",
    "date",
    "block_entry_id",
    "employee_id",
    "name",
    "partner_id",
    "product_id",
    "product_uom_id",
    "project_id",
    "ref",
    "started_at",
    "ticket_id",
    "unit_amount",
    "user_id",
    "waiver",
    "work_type_id",
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
        string="Outside Packages", readonly=True, copy=False
    )
    free_minutes = fields.Integer(string="Free", readonly=True, copy=False)
    move_ids = fields.One2many("service.hour.move", "entry_id", string="Hour Moves")
    shares = fields.Json(
        readonly=True,
        copy=False,
        help="Where each part of the billable time went, once it is settled.",
    )
    # What every plan asks for: a contract of many years has few entries that are open.
    # One index for open and settled work, or PostgreSQL takes the wrong one of two.
    _contract_work_idx = models.Index(
        "(service_contract_id, settlement_id, date)"
        " WHERE service_contract_id IS NOT NULL"
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), SETTLED)

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._ask_about_overage()
        return entries

    def write(self, vals):
        if LOCKED_FIELDS & set(vals):
            self._check_open()
        result = super().write(vals)
        if ASKING_FIELDS & set(vals):
            self._ask_about_overage()
        return result

    def _compute_user_id(self):
        """Who did settled work stays, whoever the employee is by now."""
        settled = self._settled()
        result = super(AccountAnalyticLine, self - settled)._compute_user_id()
        for entry in settled:
            entry.user_id = entry.user_id
        return result

    def _settled(self):
        return self.filtered("settlement_id")

    @api.model
    def _settled_domain(self):
        return Domain("settlement_id", "!=", False)

    def _ask_about_overage(self):
        # sudo: the terms of a contract decide, visible or not
        contracts = self.sudo().service_contract_id
        if asking := contracts.filtered(lambda c: c.overage_policy == "ask"):
            self.env["service.hour.notice"]._ask_about_overage(asking)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self._check_open()

    def _check_open(self):
        settled = self._settled()
        if settled:
            raise UserError(
                self.env._(
                    "The work of %(day)s on %(ticket)s is settled (%(settlement)s) "
                    "and can no longer be changed. Log the difference as a new "
                    "entry.",
                    day=format_date(self.env, settled[0].date),
                    ticket=settled[0].ticket_id.display_name,
                    settlement=settled[0].settlement_id.sudo().display_name,
                )
            )

    def _notices(self):
        yield from super()._notices()
        # sudo: until when a contract is settled is no secret of its work
        settled_until = self.sudo().service_contract_id.settled_until
        if settled_until and self.date <= settled_until and not self.settlement_id:
            yield self.env._(
                "Everything until %s is billed. This entry comes late: the next bill "
                "takes it.",
                format_date(self.env, settled_until),
            )

    @api.model
    def _check_nothing_settled(self, name, records):
        """Refuse to delete what settled work names in a field, as it would lose it."""
        # sudo: settled work counts, visible or not
        named = Domain(name, "in", records.ids) & self._settled_domain()
        if settled := self.sudo().search(named, limit=1):
            raise UserError(
                self.env._(
                    "Work that is settled names “%s”, and stays as it was billed. "
                    "Archive it instead.",
                    settled[name].display_name,
                )
            )

    def _is_readonly(self):
        return super()._is_readonly() or bool(self._settled())

    def _is_updatable_timesheet(self):
        return super()._is_updatable_timesheet() and not self._settled()
