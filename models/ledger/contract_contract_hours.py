from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools.ledger import Balance
from ...tools.periods import Period
from ...tools.proration import Recurrence, minutes_of_part

RECENT_MOVES = 40
NO_HOURS = Balance(None, 0, 0, 0, 0, 0, 0)


class Allowance(NamedTuple):
    """The hours that a contract includes for a period of its own, in minutes."""

    period: Period
    minutes: int


class ContractContract(models.Model):
    """The hours of a service contract: what is granted, used, and still to settle."""

    _inherit = "contract.contract"

    # The terms of an offer, which are the contract's own once it is made.
    allowance_minutes = fields.Integer(copy=False, tracking=True)
    allowance_months = fields.Selection(tracking=True)
    allowance_anchor = fields.Selection(tracking=True)
    rollover_minutes = fields.Integer(tracking=True)
    whole_allowances = fields.Boolean(tracking=True)
    overage_policy = fields.Selection(tracking=True)
    package_ids = fields.One2many("service.hour.package", "contract_id")
    move_ids = fields.One2many("service.hour.move", "contract_id")
    recent_move_ids = fields.Many2many(
        "service.hour.move",
        compute="_compute_recent_move_ids",
        string="Latest Hour Moves",
    )
    settlement_ids = fields.One2many("service.settlement", "contract_id")
    settled_until = fields.Date(
        readonly=True,
        copy=False,
        help="Hours are settled up to and including this day. Work logged later for an "
        "earlier day goes into the next settlement.",
    )
    granted_until = fields.Date(
        readonly=True,
        copy=False,
        help="Allowances are granted for the periods up to this day.",
    )
    has_packages = fields.Boolean(
        compute="_compute_has_packages",
        help="Hours are included, or were sold: now, before, or for later.",
    )
    hours_until = fields.Date(compute="_compute_hours")
    hours_granted = fields.Integer(compute="_compute_hours")
    hours_used = fields.Integer(compute="_compute_hours")
    hours_pending = fields.Integer(compute="_compute_hours")
    hours_expired = fields.Integer(compute="_compute_hours")
    hours_available = fields.Integer(compute="_compute_hours")
    hours_overage = fields.Integer(compute="_compute_hours")

    @api.constrains("allowance_minutes", "service_tier_id")
    def _check_hours_are_of_a_tier(self):
        for contract in self:
            if contract.allowance_minutes and not contract.service_tier_id:
                raise ValidationError(
                    self.env._(
                        "The contract “%s” includes hours but has no service tier, so "
                        "nobody is served under it. Choose its tier, or take the hours "
                        "out.",
                        contract.display_name,
                    )
                )

    def _compute_recent_move_ids(self):
        """What a screen can show at once; a contract of years has thousands."""
        moves = self.env["service.hour.move"]
        for contract in self:
            contract.recent_move_ids = moves.search(
                [("contract_id", "=", contract._origin.id)], limit=RECENT_MOVES
            )

    @api.depends("allowance_minutes", "package_ids")
    def _compute_has_packages(self):
        # sudo: the user who may see a contract may know whether it has hours
        packages = self.env["service.hour.package"].sudo()
        rows = packages._read_group(
            Domain("contract_id", "in", self._origin.ids)
            | Domain("contract_id", "=", False)
            & Domain(
                "commercial_partner_id.commercial_partner_id",
                "in",
                self.commercial_partner_id.ids,
            ),
            ["contract_id", "commercial_partner_id", "company_id"],
        )
        own = {contract for contract, _customer, _company in rows}
        shared = {
            (customer.commercial_partner_id, company)
            for contract, customer, company in rows
            if not contract
        }
        for contract in self:
            customer = contract.commercial_partner_id, contract.company_id
            contract.has_packages = (
                contract.allowance_minutes > 0
                or contract._origin.sudo() in own
                or customer in shared
            )

    @api.depends_context("uid")
    def _compute_hours(self):
        """The figures of today's packages; see ``service.hour.ledger``."""
        balances = self.env["service.hour.ledger"]._balances(self._origin)
        for contract in self:
            balance = balances.get(contract._origin.id) or NO_HOURS
            for name, value in balance._asdict().items():
                contract[f"hours_{name}"] = value

    def _allowances_due(self, last_day):
        """Allowances of periods that begin by ``last_day`` and are not granted yet.

        A period is granted once; where the end of the contract moves, its hours follow.
        """
        self.ensure_one()
        if not (self.allowance_minutes and self._is_agreed()):
            return []
        granted = max(
            filter(None, [self.granted_until, self.settled_until]), default=None
        )
        first = self._first_day()
        if granted:
            first = max(first, fields.Date.add(granted, days=1))
        periods = self._allowance_recurrence().touching(first, self._cut(last_day))
        return [
            Allowance(period, self._allowance_of(period, self.allowance_minutes))
            for period in periods
        ]

    def _check_nothing_happened(self):
        result = super()._check_nothing_happened()
        # sudo: the ledger counts, visible or not
        if self.sudo().package_ids or self.sudo().settlement_ids:
            raise UserError(
                self.env._(
                    "Hours of the contract are granted or settled, so it stays in "
                    "force. Set its end date instead."
                )
            )
        return result

    def _allowance_recurrence(self):
        self.ensure_one()
        by_calendar = self.allowance_anchor == "calendar"
        begin = self.date_start.replace(month=1, day=1)
        anchor = begin if by_calendar else self.date_start
        return Recurrence(anchor, months=int(self.allowance_months))

    def _allowance_of(self, period, minutes):
        """The hours of a period that has ``minutes`` if it is a whole one.

        The contract's part of them, where its fees go by days as well.
        """
        if self.whole_allowances or not self.prorate_fees:
            return minutes
        parts = self._allowance_recurrence().parts(period.first)
        first = max(parts[0].first, self._first_day())
        return minutes_of_part(minutes, parts, first, self._cut(period.last))

    def _part_allowances(self):
        """Periods that the start or the end of the contract cuts, with their hours."""
        self.ensure_one()
        shared = self.prorate_fees and not self.whole_allowances
        if not (shared and self.allowance_minutes and self.date_start):
            return {}
        recurrence = self._allowance_recurrence()
        found = {}
        for day in filter(None, [self._first_day(), self.date_end]):
            whole = recurrence.period(day)
            period = Period(max(whole.first, self._first_day()), self._cut(whole.last))
            if period != whole and period.first <= period.last:
                minutes = self._allowance_of(period, self.allowance_minutes)
                found[period] = minutes
        return found

    def _move_end_of_allowances(self, end_before):
        """Let the hours that are granted follow an end of the contract that moved."""
        self.ensure_one()
        if self.date_end == end_before:
            return
        first = min(filter(None, [self.date_end, end_before]))
        goes_on = not self.date_end or bool(end_before and self.date_end > end_before)
        # sudo: only the ledger writes packages; back office may end a contract
        packages = self.sudo().package_ids.filtered(
            lambda package: package.kind == "allowance" and package.date_to > first
        )
        if packages:
            packages.env["service.settlement"]._lock(packages.contract_id)
        for package in packages:
            package._move_end(goes_on=goes_on)

    def _rollover_until(self, last_day):
        """The last day for hours that an allowance carries over on ``last_day``."""
        self.ensure_one()
        following = fields.Date.add(last_day, days=1)
        return self._allowance_recurrence().period(following).last

    def _settles_again(self, day):
        """Whether a settlement of work until ``day`` is still to come."""
        self.ensure_one()
        last = self._cut(day)
        settled = self.settled_until and self.settled_until >= last
        if self._is_work_only() and not self._open_work():
            return False
        return self._first_day() <= last and not settled

    def _cut(self, day):
        """``day``, or the end of the contract if that comes first."""
        self.ensure_one()
        return min(day, self.date_end or day)

    @api.model
    def _of_customers(self, customers, companies):
        """All contracts that the shared packages of customers may serve."""
        # An archived contract serves nobody any more, but its work is still owed.
        return self.with_context(active_test=False).search(
            Domain("service_tier_id", "!=", False)
            & Domain("commercial_partner_id", "in", customers.ids)
            & Domain("company_id", "in", companies.ids)
        )

    def action_sell_package(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_package_sale_action"
        ) | {"context": {"default_contract_id": self.id}}

    def action_open_moves(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_hour_move_action"
        ) | {"domain": [("contract_id", "=", self.id)]}

    def action_open_packages(self):
        """Packages of this contract, and those all contracts of the customer share."""
        self.ensure_one()
        serving = self.env["service.hour.package"]._serving_domain(self)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_hour_package_action"
        ) | {"domain": list(serving)}
