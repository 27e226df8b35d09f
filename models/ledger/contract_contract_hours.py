from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import periods
from ...tools.ledger import Balance

RECENT_MOVES = 40
NO_HOURS = Balance(None, 0, 0, 0, 0, 0, 0)


class ContractContract(models.Model):
    """The hours of a service contract: what is granted, used, and still to settle."""

    _inherit = "contract.contract"

    allowance_minutes = fields.Integer(
        string="Included Hours",
        tracking=True,
        help="Included in the fee, granted for each allowance period. What is not used "
        "by its end is lost, unless the contract lets some of it carry over.",
    )
    allowance_months = fields.Selection(
        [("1", "Each month"), ("3", "Each quarter"), ("12", "Each year")],
        string="Allowance Period",
        required=True,
        default="1",
        tracking=True,
    )
    allowance_anchor = fields.Selection(
        [("calendar", "By the calendar"), ("start", "From the contract's start")],
        string="Periods Begin",
        required=True,
        default="calendar",
        tracking=True,
        help="Whether a month begins on its first day, or on the day of the month the "
        "contract started on.",
    )
    rollover_minutes = fields.Integer(
        string="Carry Over up to",
        tracking=True,
        help="Unused hours, up to this many, may be used for one more period.",
    )
    overage_policy = fields.Selection(
        [
            ("bill", "Are billed"),
            ("ask", "Are not covered: sell a package or waive them"),
        ],
        string="Hours beyond Packages",
        required=True,
        default="bill",
        tracking=True,
    )
    low_balance_percent = fields.Integer(
        string="Notify When Left",
        default=20,
        help="Back office is told once when a package has no more than this part left; "
        "0 switches it off.",
    )
    expiry_notice_days = fields.Integer(
        string="Notify Before the End",
        default=14,
        help="Back office is told once, this many days before a prepaid package with "
        "hours left ends; 0 switches it off.",
    )
    notify_customer = fields.Boolean(
        string="Notify the Customer Too", help="By e-mail, at the same moments."
    )
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
        help="Hours are settled up to and including this day. Work that is logged for "
        "an earlier day is taken by the next settlement.",
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

    _allowance_not_negative = models.Constraint(
        "CHECK(allowance_minutes >= 0)", "Included hours cannot be negative."
    )
    _rollover_not_negative = models.Constraint(
        "CHECK(rollover_minutes >= 0)", "Hours to carry over cannot be negative."
    )

    _notices_in_range = models.Constraint(
        "CHECK(COALESCE(low_balance_percent, 0) BETWEEN 0 AND 100"
        " AND COALESCE(expiry_notice_days, 0) BETWEEN 0 AND 365)",
        "Notices are due at 0 to 100 percent, and 0 to 365 days before the end.",
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
        # sudo: whoever may see a contract may know whether it has hours
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
        """Allowance periods that begin by ``last_day`` and are not granted yet.

        A period is granted once, and whole, also where a contract that ended in it
        goes on.
        """
        self.ensure_one()
        if not self.allowance_minutes:
            return []
        granted = max(
            filter(None, [self.granted_until, self.settled_until]), default=None
        )
        first = self.date_start
        if granted:
            first = max(first, fields.Date.add(granted, days=1))
        by_calendar = self.allowance_anchor == "calendar"
        anchor = first.replace(month=1, day=1) if by_calendar else self.date_start
        last = self._cut(last_day)
        return list(periods.recurring(anchor, int(self.allowance_months), first, last))

    def _revive_allowances(self, end_before):
        """A contract that goes on has the hours again that its end had cut off."""
        self.ensure_one()
        later = not self.date_end or (end_before and self.date_end > end_before)
        if not end_before or not later:
            return
        # sudo: only the ledger writes packages; back office may extend a contract
        packages = self.sudo().package_ids.filtered(
            lambda package: package.kind == "allowance" and package.date_to > end_before
        )
        for package in packages:
            lost = package.expired_minutes - package.carried_minutes
            reason = {"reason": self.env._("The contract goes on")}
            package.env["service.hour.move"]._post(
                [vals | reason for vals in package._release_expired(lost)]
            )

    def _rollover_until(self, last_day):
        """The last day for hours that an allowance carries over on ``last_day``."""
        self.ensure_one()
        return periods.after(last_day, int(self.allowance_months))

    def _settles_again(self, day):
        """Whether a settlement of work until ``day`` is still to come."""
        self.ensure_one()
        last = self._cut(day)
        settled = self.settled_until and self.settled_until >= last
        if self._is_work_only() and not self._open_work():
            return False
        return self.date_start <= last and not settled

    def _cut(self, day):
        """``day``, or the end of the contract if that comes first."""
        self.ensure_one()
        return min(day, self.date_end or day)

    def _of_the_same_customers(self):
        """All contracts that packages of these contracts' customers may serve."""
        # An archived contract serves nobody any more, but its work is still owed.
        return self.with_context(active_test=False).search(
            Domain("service_tier_id", "!=", False)
            & Domain("commercial_partner_id", "in", self.commercial_partner_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
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
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_hour_package_action"
        ) | {
            "domain": [
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
                ("contract_id", "in", [self.id, False]),
            ]
        }
