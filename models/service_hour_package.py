from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.ledger import Package
from .service_hour_move import LEDGER


class ServiceHourPackage(models.Model):
    """Minutes granted to a contract for work done within a window of days.

    The row keeps the totals of its moves, so that the database itself can refuse to
    give an hour twice. Only ``service.hour.move`` writes them.
    """

    _name = "service.hour.package"
    _description = "Hour Package"
    _order = "date_to desc, id desc"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    commercial_partner_id = fields.Many2one(
        related="contract_id.commercial_partner_id", store=True, string="Customer"
    )
    kind = fields.Selection(
        [("allowance", "Monthly allowance"), ("prepaid", "Prepaid")],
        required=True,
        default="allowance",
    )
    date_from = fields.Date(string="Valid From", required=True)
    date_to = fields.Date(string="Valid Until", required=True)
    granted_minutes = fields.Integer(
        string="Granted", required=True, readonly=True, default=0
    )
    consumed_minutes = fields.Integer(
        string="Posted", required=True, readonly=True, default=0
    )
    expired_minutes = fields.Integer(
        string="Expired", required=True, readonly=True, default=0
    )
    remaining_minutes = fields.Integer(
        string="Left in the Ledger", compute="_compute_remaining_minutes", store=True
    )
    move_ids = fields.One2many("service.hour.move", "package_id", string="Hour Moves")

    _allowance_unique = models.UniqueIndex(
        "(contract_id, date_from) WHERE kind = 'allowance'",
        "The allowance of this contract is granted for that period already.",
    )
    _window = models.Constraint(
        "CHECK(date_from <= date_to)", "A package cannot end before it starts."
    )
    # The columns are NOT NULL, for a CHECK lets everything pass that it cannot tell.
    _never_negative = models.Constraint(
        "CHECK(consumed_minutes >= 0 AND expired_minutes >= 0"
        " AND consumed_minutes + expired_minutes <= granted_minutes)",
        "A package cannot give more hours than it was granted.",
    )

    @api.depends("granted_minutes", "consumed_minutes", "expired_minutes")
    def _compute_remaining_minutes(self):
        for package in self:
            package.remaining_minutes = (
                package.granted_minutes
                - package.consumed_minutes
                - package.expired_minutes
            )

    @api.depends("contract_id", "date_from", "date_to")
    def _compute_display_name(self):
        for package in self:
            period = package.contract_id._period_label(
                package.date_from, package.date_to
            )
            package.display_name = f"{package.contract_id.display_name}: {period}"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_ledger()
        return super().create(vals_list)

    def write(self, vals):
        self._check_ledger()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._check_ledger()

    def _check_ledger(self):
        if self.env.context.get("hour_ledger") is not LEDGER:
            raise AccessError(
                self.env._(
                    "Hour packages change only through the hour ledger, by the "
                    "settlement of the contract."
                )
            )

    def _as_tuple(self):
        """The posted figures as ``tools.ledger`` takes them."""
        self.ensure_one()
        return Package(
            self.id,
            self.date_from,
            self.date_to,
            self.granted_minutes,
            self.consumed_minutes,
            self.expired_minutes,
        )

    def _release_expired(self, minutes):
        """Values of the moves that give back ``minutes`` of what has expired."""
        self.ensure_one()
        vals_list = []
        for move in self.move_ids.filtered(lambda move: move.kind == "expire"):
            released = sum(
                self.move_ids.filtered(
                    lambda other, move=move: other.released_id == move
                ).mapped("minutes")
            )
            given_back = min(minutes, -move.minutes - released)
            if given_back > 0:
                minutes -= given_back
                vals_list.append(
                    {
                        "kind": "release",
                        "package_id": self.id,
                        "minutes": given_back,
                        "date": move.date,
                        "released_id": move.id,
                    }
                )
        return vals_list
