from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_date, format_datetime

from ...tools.duration import MINUTES_PER_DAY, to_clock, to_minutes
from ...tools.guard import Guard

_lt = LazyTranslate(__name__)
# What is not charged is money given away.
WAIVED = Guard(
    frozenset({"charge_reason", "waiver"}),
    group="helpdesk_service_contract.group_back_office",
    message=_lt(
        "Only back office can make work free of charge. Ask them, and log the work "
        "as usual for now."
    ),
)


class AccountAnalyticLine(models.Model):
    """What a work entry may be, and what nobody may change of it."""

    _inherit = "account.analytic.line"

    @api.constrains("ticket_id", "unit_amount", "date", "work_type_id")
    def _check_work(self):
        entries = self.filtered(lambda entry: entry.ticket_id and not entry.is_history)
        todays = {c: c.sudo()._service_day() for c in entries.company_id}
        for entry in entries:
            if not 0 < entry.worked_minutes <= MINUTES_PER_DAY:
                raise ValidationError(
                    self.env._(
                        "The time of a work entry must be between one minute and "
                        "24 hours; %s was entered. For half an hour, enter 0:30.",
                        to_clock(to_minutes(entry.unit_amount)),
                    )
                )
            today = todays[entry.company_id]
            if entry.date > today:
                raise ValidationError(
                    self.env._(
                        "Work cannot be logged in advance. Choose a date no later "
                        "than today, %s.",
                        format_date(self.env, today),
                    )
                )
            companies = entry.ticket_id.company_id
            if entry.service_contract_id.service_tier_id:
                # Its work types are of its company, as the ticket's contract is.
                entry._check_rate()
            else:
                companies |= entry.work_type_id.company_id
            if companies - entry.company_id:
                raise ValidationError(
                    self.env._(
                        "The ticket or the work type belongs to another company than "
                        "the work. Choose those of “%s”.",
                        entry.company_id.name,
                    )
                )

    def _check_rate(self):
        """Refuse a kind of work that nothing says the price of."""
        tier, rules = self._rate()
        if not rules:
            tier._rules_for(self.work_type_id)

    @api.constrains("ticket_id", "date", "started_at")
    def _check_start(self):
        for entry in self.filtered(lambda entry: entry.ticket_id and entry.started_at):
            if entry.started_at > fields.Datetime.now():
                raise ValidationError(
                    self.env._(
                        "Work cannot be logged before it begins: %s is still to come.",
                        entry._start_label(),
                    )
                )
            day = entry.company_id.sudo()._service_day(entry.started_at)
            if day != entry.date:
                raise ValidationError(
                    self.env._(
                        "The work started on %(start)s, but its date is %(day)s. "
                        "Correct one of them; work past midnight belongs to the day it "
                        "started on.",
                        start=format_date(self.env, day),
                        day=format_date(self.env, entry.date),
                    )
                )

    def _start_label(self):
        """When the work began, by the company's clock."""
        zone = str(self.company_id.sudo()._service_zone())
        return format_datetime(self.env, self.started_at, tz=zone, dt_format="short")

    @api.onchange("date", "employee_id", "ticket_id", "unit_amount")
    def _onchange_long_day(self):
        """Say that nobody works more than a day has hours; it may be right all the
        same, where the work of several people is logged by one."""
        if not (self.ticket_id and self.employee_id and self.date):
            return None
        # sudo: the day is as long, on whichever projects it was worked
        others = self.sudo().search(
            Domain("employee_id", "=", self.employee_id.id)
            & Domain("date", "=", self.date)
            & Domain("id", "!=", self._origin.id)
        )
        minutes = to_minutes(sum(others.mapped("unit_amount")) + self.unit_amount)
        if minutes <= MINUTES_PER_DAY:
            return None
        return {
            "warning": {
                "title": self.env._("More Than a Day"),
                "message": self.env._(
                    "With this entry, %(hours)s h of work by %(employee)s are logged "
                    "for %(day)s. Check the time and the date before you save.",
                    hours=to_clock(minutes),
                    employee=self.employee_id.name,
                    day=format_date(self.env, self.date),
                ),
            }
        }

    # Not on the contract: it is computed on the way to a work type that is open then.
    @api.constrains("block_entry_id", "ticket_id", "work_type_id")
    def _check_block(self):
        """One rounded total is of one ticket, one kind of work and one contract."""
        for entry in self:
            for other in entry.block_entry_id | entry.block_entry_ids:
                same = all(
                    entry[name] == other[name]
                    for name in ("ticket_id", "work_type_id", "service_contract_id")
                )
                chained = entry.block_entry_id and (
                    entry.block_entry_id.block_entry_id or entry.block_entry_ids
                )
                if not same or chained:
                    raise ValidationError(
                        self.env._(
                            "Choose the first entry of the session or visit to "
                            "continue: on the same ticket, with the same work type "
                            "and under the same contract."
                        )
                    )

    @api.constrains("waiver", "charge_reason")
    def _check_charge_reason(self):
        for entry in self:
            if entry.waiver and not (entry.charge_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "Enter why the work is not charged: the customer may ask."
                    )
                )

    @api.model
    def _guards(self):
        return (*super()._guards(), WAIVED)

    def _compute_readonly_timesheet(self):
        """What the user may not change looks so: on tickets people see all work."""
        result = super()._compute_readonly_timesheet()
        others = self.filtered(lambda entry: entry.ticket_id and entry._origin)
        # Odoo computes it as superuser, who may change everything.
        writable = others._origin.sudo(False)._filtered_access("write")
        for entry in others:
            if entry._origin not in writable:
                entry.readonly_timesheet = True
        return result
