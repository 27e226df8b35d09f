from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ...tools.duration import to_clock
from ...tools.groups import MANAGER
from ...tools.guard import Guard
from ...tools.package import Package
from .service_hour_move import LEDGER

# Which of two packages with one window gives first.
RANKS = {"allowance": 0, "rollover": 1, "prepaid": 2}
_lt = LazyTranslate(__name__)
KEPT = Guard(
    seal=LEDGER,
    creation=True,
    change=True,
    deletion=True,
    message=_lt(
        "Hour packages change only through the hour ledger: by a sale, an adjustment, "
        "or the settlement of the contract."
    ),
)


class ServiceHourPackage(models.Model):
    """Minutes granted for work done within a window of days.

    The row keeps the totals of its moves, so that the database itself can refuse to
    give an hour twice. Only ``service.hour.move`` writes them.
    """

    _name = "service.hour.package"
    _inherit = ["service.guarded"]
    _description = "Hour Package"
    _order = "date_to desc, id desc"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "contract.contract",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Without a contract, the package covers all contracts of the customer.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("allowance", "Allowance"),
            ("prepaid", "Prepaid"),
            ("rollover", "Carried over"),
        ],
        required=True,
        default="allowance",
    )
    date_from = fields.Date(string="Valid From", required=True)
    date_to = fields.Date(string="Valid Until", required=True)
    granted_minutes = fields.Integer(
        string="Granted", required=True, readonly=True, default=0
    )
    used_minutes = fields.Integer(
        string="Used", required=True, readonly=True, default=0
    )
    expired_minutes = fields.Integer(
        string="Expired", required=True, readonly=True, default=0
    )
    carried_minutes = fields.Integer(
        string="Carried Over",
        required=True,
        readonly=True,
        default=0,
        help="The part of the expired hours that was carried over to the next period.",
    )
    whole_minutes = fields.Integer(
        string="Of a Whole Period",
        readonly=True,
        help="What the contract included for a whole period when it was granted.",
    )
    rollover_minutes = fields.Integer(
        string="Carry-Over Limit",
        required=True,
        default=0,
        help="Unused hours, up to this limit, can be used for one more period.",
    )
    origin_id = fields.Many2one(
        "service.hour.package",
        string="Carried Over From",
        index="btree_not_null",
        ondelete="restrict",
    )
    remaining_minutes = fields.Integer(
        string="Ledger Balance", compute="_compute_remaining_minutes", store=True
    )
    pending_minutes = fields.Integer(
        string="Pending",
        compute="_compute_pending_minutes",
        help="How much open work will use when its period is settled.",
    )
    available_minutes = fields.Integer(
        string="Available", compute="_compute_pending_minutes"
    )
    move_ids = fields.One2many("service.hour.move", "package_id", string="Hour Moves")

    _allowance_unique = models.UniqueIndex(
        "(contract_id, date_from) WHERE kind = 'allowance'",
        "The allowance of this contract has already been granted for that period.",
    )
    _origin_unique = models.UniqueIndex(
        "(origin_id) WHERE origin_id IS NOT NULL",
        "The hours of this package have already been carried over.",
    )
    _only_sold_to_customers = models.Constraint(
        "CHECK(kind <> 'allowance' OR contract_id IS NOT NULL)",
        "An allowance must belong to a contract.",
    )
    _window = models.Constraint(
        "CHECK(date_from <= date_to)", "A package cannot end before it starts."
    )
    # The columns are NOT NULL, for a CHECK lets everything pass that it cannot tell.
    _never_negative = models.Constraint(
        "CHECK(used_minutes >= 0 AND carried_minutes >= 0"
        " AND carried_minutes <= expired_minutes"
        " AND used_minutes + expired_minutes <= granted_minutes)",
        "No more hours can be used from a package than were granted.",
    )

    @api.depends("granted_minutes", "used_minutes", "expired_minutes")
    def _compute_remaining_minutes(self):
        for package in self:
            package.remaining_minutes = (
                package.granted_minutes - package.used_minutes - package.expired_minutes
            )

    @api.depends_context("uid")
    @api.depends("remaining_minutes")
    def _compute_pending_minutes(self):
        """The three figures of one package, as on every other screen."""
        pending = self.env["service.hour.ledger"]._pending(self._origin)
        for package in self:
            package.pending_minutes = pending[package._origin.id]
            package.available_minutes = max(
                0, package.remaining_minutes - package.pending_minutes
            )

    @api.depends("commercial_partner_id", "contract_id", "date_from", "date_to")
    def _compute_display_name(self):
        for package in self:
            whose = package.contract_id or package.commercial_partner_id
            # sudo: a customer's name for those who may see the package
            whose = whose.sudo().display_name
            package.display_name = f"{whose}: {package._period_label()}"

    @api.model
    def _guards(self):
        return (*super()._guards(), KEPT)

    def _adjust(self, minutes, reason):
        """Add minutes by a manager's decision, or take away some that are left.

        :param reason: why; it stands in the ledger for good
        """
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._("Only service managers can adjust the hours of a package.")
            )
        self.check_access("read")
        if not (reason or "").strip():
            raise UserError(self.env._("Enter the reason for adjusting the hours."))
        if not minutes:
            raise UserError(
                self.env._(
                    "Enter the hours to add, or a negative number to take hours away."
                )
            )
        # sudo: only the ledger writes packages, for anybody it lets through
        package = self.sudo()
        self.env["service.settlement"]._lock(package._contracts_served())
        if package.remaining_minutes + minutes < 0:
            raise UserError(
                self.env._(
                    "Only %(left)s are left in the package %(package)s; no more "
                    "can be deducted.",
                    left=to_clock(package.remaining_minutes),
                    package=package.display_name,
                )
            )
        package.env["service.hour.move"]._post(
            [
                {
                    "kind": "adjust",
                    "package_id": package.id,
                    "minutes": minutes,
                    "date": package.company_id._service_day(),
                    "reason": reason.strip(),
                }
            ]
        )

    def action_adjust(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_hour_adjustment_action"
        ) | {"context": {"default_package_id": self.id}}

    def action_open_invoice(self):
        self.ensure_one()
        invoices = self.sudo().invoice_line_ids.move_id.sudo(False)
        invoices.check_access("read")
        return invoices._get_records_action()

    def _period_label(self):
        self.ensure_one()
        contracts = self.env["contract.contract"]
        partner = self.commercial_partner_id.sudo()
        return contracts._days_label(self.date_from, self.date_to, partner.lang)

    def _pool_key(self):
        """Whose open work the package serves: a contract, or all of a customer's."""
        self.ensure_one()
        return self.contract_id.id or (self.company_id.id, self._customer().id)

    def _customer(self):
        """Whose package it is today: a customer may have joined a group since."""
        self.ensure_one()
        return (self.contract_id or self.commercial_partner_id).commercial_partner_id

    @api.model
    def _serving_domain(self, contracts):
        """Packages that may pay for work of contracts: their own, and shared ones."""
        own = Domain("contract_id", "in", contracts.ids)
        return own | self._shared_domain(contracts)

    @api.model
    def _shared_domain(self, contracts):
        """Packages that serve all contracts of these contracts' customers."""
        return (
            Domain("contract_id", "=", False)
            & Domain(
                "commercial_partner_id.commercial_partner_id",
                "in",
                contracts.commercial_partner_id.ids,
            )
            & Domain("company_id", "in", contracts.company_id.ids)
        )

    def _contracts_served(self):
        """Contracts whose work the packages may pay for."""
        shared = self.filtered(lambda package: not package.contract_id)
        customers = shared.commercial_partner_id.commercial_partner_id
        # sudo: hours are shared, visible or not
        contracts = self.env["contract.contract"].sudo()
        if shared:
            contracts = contracts._of_customers(customers, shared.company_id)
        return contracts | self.contract_id.sudo()

    def _last_day(self):
        """The last day of the window; an allowance ends with its contract."""
        self.ensure_one()
        if self.kind == "allowance":
            return self.contract_id._cut(self.date_to)
        return self.date_to

    def _as_tuple(self):
        """The posted figures as ``tools.ledger`` takes them."""
        self.ensure_one()
        return Package(
            id=self.id,
            first_day=self.date_from,
            last_day=self._last_day(),
            granted=self.granted_minutes,
            used=self.used_minutes,
            expired=self.expired_minutes,
            carried=self.carried_minutes,
            rollover=self.rollover_minutes,
            contract_id=self.contract_id.id or None,
            rank=RANKS[self.kind],
            rollover_until=self._rollover_until(),
        )
