from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_date

from ...tools.duration import MINUTES_PER_DAY, to_clock, to_minutes

BACK_OFFICE = "helpdesk_service_contract.group_back_office"
WORK_TICKET_FIELDS = [
    "ad_hoc_contract_id",
    "commercial_partner_id",
    "company_id",
    "coverage_code",
    "express",
    "express_agreed_on",
    "off_place",
    "partner_id",
    "project_id",
    "service_contract_id",
    "team_id",
]
# What only back office decides.
CHARGE_FIELDS = {"waiver", "charge_reason"}


class AccountAnalyticLine(models.Model):
    """What a work entry may be, and what nobody may change of it."""

    _inherit = "account.analytic.line"

    @api.constrains("ticket_id", "unit_amount", "date", "work_type_id")
    def _check_work(self):
        entries = self.filtered("ticket_id")
        todays = {c: c.sudo()._service_day() for c in entries.company_id}
        for entry in entries:
            if not 0 < entry.worked_minutes <= MINUTES_PER_DAY:
                raise ValidationError(
                    self.env._(
                        "The time of a work entry must be between one minute and 24 "
                        "hours; %s was entered. Half an hour is typed 0:30.",
                        to_clock(to_minutes(entry.unit_amount)),
                    )
                )
            today = todays[entry.company_id]
            if entry.date > today:
                raise ValidationError(
                    self.env._(
                        "Work cannot be logged in advance. Choose a date until today, "
                        "%s.",
                        fields.Date.to_string(today),
                    )
                )
            tier = entry.service_contract_id.service_tier_id
            companies = entry.ticket_id.company_id
            if tier:
                # Its work types are of its company, as the ticket's contract is.
                tier._rules_for(entry.work_type_id)
            else:
                companies |= entry.work_type_id.company_id
            if companies - entry.company_id:
                raise ValidationError(
                    self.env._(
                        "The ticket or the work type belongs to another company than "
                        "the work. Choose those of %s.",
                        entry.company_id.name,
                    )
                )

    @api.constrains("ticket_id", "date", "started_at")
    def _check_start(self):
        for entry in self.filtered("started_at"):
            day = entry.company_id.sudo()._service_day(entry.started_at)
            if entry.ticket_id and day != entry.date:
                raise ValidationError(
                    self.env._(
                        "The work started on %(start)s, but its date is %(day)s. "
                        "Correct one of them; work past midnight belongs to the day it "
                        "started on.",
                        start=format_date(self.env, day),
                        day=format_date(self.env, entry.date),
                    )
                )

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
                            "Choose the first entry of the session to continue: on "
                            "the same ticket, of the same kind of work and under the "
                            "same contract."
                        )
                    )

    @api.constrains("waiver", "charge_reason")
    def _check_charge_reason(self):
        for entry in self:
            if entry.waiver and not (entry.charge_reason or "").strip():
                raise ValidationError(
                    self.env._("Say why the work is not charged: the customer may ask.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_charge_right(vals)
        return super().create(
            [self._with_day(vals) for vals in self._with_projects(vals_list)]
        )

    @api.model
    def _with_projects(self, vals_list):
        """A line is a timesheet only on a project; the ticket knows which."""
        default = self.env.context.get("default_ticket_id")
        ticket_ids = [vals.get("ticket_id") or default for vals in vals_list]
        tickets = self.env["helpdesk.ticket"].browse(filter(None, ticket_ids))
        # Together, and only what work needs of a ticket; one that the user may not see
        # is refused here.
        tickets.fetch(WORK_TICKET_FIELDS)
        tickets._prepare_for_work()
        # sudo: a technician need not be allowed to read the settings of the project
        projects = {
            ticket.id: {"project_id": ticket._work_project().id}
            for ticket in tickets.sudo()
        }
        return [
            projects.get(ticket_id, {}) | vals
            for ticket_id, vals in zip(ticket_ids, vals_list, strict=True)
        ]

    @api.model
    def _with_day(self, vals):
        """Work that says when it started need not say on which day as well."""
        if not vals.get("started_at") or vals.get("date"):
            return vals
        company = self.env["res.company"].browse(vals.get("company_id"))
        start = fields.Datetime.to_datetime(vals["started_at"])
        company = (company or self.env.company).sudo()
        return vals | {"date": company._service_day(start)}

    def write(self, vals):
        if CHARGE_FIELDS & set(vals):
            self._check_charge_right({"waiver": "changes"})
        result = super().write(self._with_day(vals))
        if "ticket_id" in vals:
            self.ticket_id.check_access("read")
        return result

    def unlink(self):
        # sudo: a session stays one, also where colleagues continued it
        self.sudo()._pass_blocks_on()
        return super().unlink()

    def _pass_blocks_on(self):
        """Let the next entry of a session stand for it when its first one goes."""
        for entry in self:
            members = entry.block_entry_ids - self
            if members:
                first = min(members, key=lambda member: (member.date, member.id))
                first.block_entry_id = False
                (members - first).block_entry_id = first

    @api.model
    def _check_charge_right(self, vals):
        """What is not charged is money given away, which is for back office."""
        context = self.env.context
        waiver = vals.get("waiver") or context.get("default_waiver")
        reason = vals.get("charge_reason") or context.get("default_charge_reason")
        allowed = self.env.su or self.env.user.has_group(BACK_OFFICE)
        if (waiver or reason) and not allowed:
            raise AccessError(
                self.env._(
                    "Only back office decides that work is free of charge. Ask them, "
                    "and log the work as usual meanwhile."
                )
            )
