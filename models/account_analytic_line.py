from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.duration import MINUTES_PER_DAY, to_clock, to_minutes
from ..tools.ledger import minutes_by
from ..tools.rating import rate
from .service_hour_move import LEDGER

# Computed, or written by the settlement alone; never given by anybody.
LEDGER_FIELDS = {
    "billed_minutes",
    "overage_minutes",
    "package_minutes",
    "service_contract_id",
    "settlement_id",
    "worked_minutes",
}
# What a settled entry stands on.
LOCKED_FIELDS = {
    "date",
    "unit_amount",
    "ticket_id",
    "work_type_id",
    "service_contract_id",
    "billed_minutes",
    "project_id",
    "employee_id",
    "user_id",
}


class AccountAnalyticLine(models.Model):
    """A timesheet line on a ticket is a work entry: rated at once, settled later."""

    _inherit = "account.analytic.line"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    work_type_id = fields.Many2one(
        "service.work.type",
        compute="_compute_work_type_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        check_company=True,
    )
    service_contract_id = fields.Many2one(
        "contract.contract",
        compute="_compute_service_contract_id",
        store=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Pays for this work: the ticket's contract, or the one in force on the "
        "day of the work if that has ended.",
    )
    worked_minutes = fields.Integer(compute="_compute_worked_minutes", store=True)
    billed_minutes = fields.Integer(
        string="Billed",
        compute="_compute_billed_minutes",
        store=True,
        help="Rounded by the tier's rate: what the work adds to the rounded total.",
    )
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
    usage = fields.Char(
        compute="_compute_usage",
        help="Where the billed time goes. Until the period is settled, this is a plan "
        "that changes with other work of the period.",
    )

    @api.depends("service_contract_id")
    def _compute_work_type_id(self):
        for entry in self:
            if not entry.ticket_id:
                entry.work_type_id = False
            elif not entry.work_type_id:
                tier = entry.service_contract_id.service_tier_id
                entry.work_type_id = tier.rate_ids[:1].work_type_id

    @api.depends("ticket_id.service_contract_id", "date")
    def _compute_service_contract_id(self):
        for entry in self.filtered(lambda entry: not entry.settlement_id):
            if entry.ticket_id:
                entry.service_contract_id = entry.ticket_id._contract_on(entry.date)
            else:
                entry.service_contract_id = False

    @api.depends("unit_amount", "ticket_id")
    def _compute_worked_minutes(self):
        for entry in self:
            entry.worked_minutes = (
                to_minutes(entry.unit_amount) if entry.ticket_id else 0
            )

    @api.depends(
        "work_type_id",
        "service_contract_id.service_tier_id",
        "ticket_id.timesheet_ids.worked_minutes",
        "ticket_id.timesheet_ids.date",
        "ticket_id.timesheet_ids.work_type_id",
        "ticket_id.timesheet_ids.service_contract_id",
    )
    def _compute_billed_minutes(self):
        """Rate the open entries of a ticket together, for they share rounded totals."""
        ledger = self.env["service.hour.ledger"]
        open_entries = self.filtered(lambda entry: not entry.settlement_id)
        rated = self.ticket_id.timesheet_ids.filtered(
            lambda entry: entry.service_contract_id and not entry.settlement_id
        )
        settled = ledger._settled_minutes(rated)
        billed = {}
        for contract_id, works in ledger._works(rated).items():
            billed |= rate([work for work, _rate in works], settled[contract_id])
        # Assigned once, so that only figures that change are written: people who log
        # on one ticket at once must not collide over each other's entries.
        for entry in open_entries:
            entry.billed_minutes = billed.get(entry.id, 0)

    @api.depends("billed_minutes", "package_minutes", "overage_minutes")
    def _compute_usage(self):
        ledger = self.env["service.hour.ledger"]
        open_entries = self.filtered(lambda entry: not entry.settlement_id)
        contracts = open_entries._origin.service_contract_id
        # Work of later days takes nothing from that of earlier ones.
        last_day = max(open_entries.mapped("date"), default=False)
        plans = ledger._plans(contracts, last_day) if contracts else {}
        paid_of = Counter()
        overage_of = {}
        for plan in plans.values():
            paid_of.update(minutes_by("demand_id", plan.slices))
            overage_of |= plan.overage
        for entry in self:
            id_ = entry._origin.id
            if entry.settlement_id:
                paid, over = entry.package_minutes, entry.overage_minutes
            elif id_ in overage_of:
                paid, over = paid_of[id_], overage_of[id_]
            else:
                entry.usage = False
                continue
            entry.usage = self._usage_label(paid, over)

    def _usage_label(self, paid, over):
        parts = []
        if paid:
            parts.append(self.env._("package %s", to_clock(paid)))
        if over:
            parts.append(self.env._("beyond %s", to_clock(over)))
        return ", ".join(parts) or self.env._("in time billed before")

    @api.constrains("ticket_id", "unit_amount", "date", "work_type_id")
    def _check_work(self):
        for entry in self.filtered("ticket_id"):
            today = entry.company_id.sudo()._service_day()
            if not 0 < entry.worked_minutes <= MINUTES_PER_DAY:
                raise ValidationError(
                    self.env._(
                        "The time of a work entry must be between one minute and 24 "
                        "hours; %s was entered. Half an hour is typed 0:30.",
                        to_clock(to_minutes(entry.unit_amount)),
                    )
                )
            if entry.date > today:
                raise ValidationError(
                    self.env._(
                        "Work cannot be logged in advance. Choose a date until today, "
                        "%s.",
                        fields.Date.to_string(today),
                    )
                )
            if entry.service_contract_id:
                entry.service_contract_id.service_tier_id._rate_for(entry.work_type_id)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_ledger_fields({name for vals in vals_list for name in vals})
        entries = super().create([self._with_project(vals) for vals in vals_list])
        entries.ticket_id.check_access("read")
        return entries

    @api.model
    def _with_project(self, vals):
        """A line is a timesheet only on a project; the ticket knows which."""
        ticket_id = vals.get("ticket_id") or self.env.context.get("default_ticket_id")
        if not ticket_id or vals.get("project_id"):
            return vals
        # sudo: a technician need not be allowed to read the settings of the project
        ticket = self.env["helpdesk.ticket"].sudo().browse(ticket_id)
        return vals | {"project_id": ticket._work_project().id}

    def write(self, vals):
        self._check_ledger_fields(vals)
        if LOCKED_FIELDS & set(vals):
            self._check_open()
        result = super().write(vals)
        if "ticket_id" in vals:
            self.ticket_id.check_access("read")
        return result

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
                    day=settled[0].date,
                    ticket=settled[0].ticket_id.display_name,
                    settlement=settled[0].settlement_id.sudo().display_name,
                )
            )

    def _is_readonly(self):
        return super()._is_readonly() or bool(self.settlement_id)

    def _is_updatable_timesheet(self):
        return super()._is_updatable_timesheet() and not self.settlement_id
