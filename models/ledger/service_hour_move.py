from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ...tools.guard import Guard, Seal

_lt = LazyTranslate(__name__)
LEDGER = Seal("hour_ledger")
GUARDS = (
    Guard(
        seal=LEDGER,
        creation=True,
        message=_lt(
            "Hour moves are only posted by settling a contract, selling a package or "
            "adjusting its hours."
        ),
    ),
    Guard(
        change=True,
        deletion=True,
        message=_lt("Hour moves never change and stay. What undoes one is a new move."),
    ),
)

# The total on the package that a move of a kind adds to, and the sign it has there; the
# second one only where the hours are carried over.
TOTALS = {
    "grant": (["granted_minutes"], 1),
    "adjust": (["granted_minutes"], 1),
    "consume": (["used_minutes"], -1),
    "expire": (["expired_minutes", "carried_minutes"], -1),
}


class ServiceHourMove(models.Model):
    """One row of the hour ledger; never changed, never deleted.

    ``minutes`` is the effect on what is left in the package: a grant adds, work and
    expiry take away. To undo is to add a move that points at the one it releases.
    """

    _name = "service.hour.move"
    _inherit = ["service.guarded"]
    _description = "Hour Move"
    _order = "date desc, id desc"

    package_id = fields.Many2one(
        "service.hour.package", required=True, index=True, ondelete="restrict"
    )
    contract_id = fields.Many2one(
        "contract.contract",
        index="btree_not_null",
        ondelete="restrict",
        help="The contract whose work used the hours, or that was granted them.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("grant", "Granted"),
            ("consume", "Used"),
            ("release", "Returned"),
            ("expire", "Expired"),
            ("adjust", "Adjusted"),
        ],
        required=True,
    )
    minutes = fields.Integer(string="Hours", required=True)
    date = fields.Date(
        required=True, help="The day the hours were granted, worked or lost."
    )
    entry_id = fields.Many2one(
        "account.analytic.line",
        string="Work Entry",
        index="btree_not_null",
        ondelete="restrict",
    )
    ticket_id = fields.Many2one(related="entry_id.ticket_id")
    settlement_id = fields.Many2one(
        "service.settlement", index="btree_not_null", ondelete="restrict"
    )
    released_id = fields.Many2one(
        "service.hour.move",
        string="Reversed Move",
        index="btree_not_null",
        ondelete="restrict",
    )
    successor_id = fields.Many2one(
        "service.hour.package",
        string="Carried Over To",
        index="btree_not_null",
        ondelete="restrict",
        help="The hours did not expire but were carried over to this package.",
    )
    by_terms = fields.Boolean(
        readonly=True,
        help="Follows from the sale of the package or from the contract, not from what "
        "a person decided.",
    )
    reason = fields.Char(help="Why a person or a credit note changed the hours.")
    create_date = fields.Datetime(string="Posted On", readonly=True)

    # The latest moves of a contract of many years are found as quickly as the first.
    _contract_date_idx = models.Index(
        "(contract_id, date DESC, id DESC) WHERE contract_id IS NOT NULL"
    )
    _sign = models.Constraint(
        "CHECK(minutes <> 0 AND (kind = 'adjust'"
        " OR (kind IN ('grant', 'release')) = (minutes > 0)))",
        "Grants and returned hours must add hours; work and expiry must subtract them.",
    )
    _release_names_move = models.Constraint(
        "CHECK((kind = 'release') = (released_id IS NOT NULL))",
        "Returned hours must refer to the move that used them.",
    )
    _consume_names_entry = models.Constraint(
        "CHECK(kind <> 'consume' OR entry_id IS NOT NULL)",
        "Used hours must refer to a work entry.",
    )

    _adjustment_needs_reason = models.Constraint(
        "CHECK(kind <> 'adjust' OR COALESCE(TRIM(reason), '') <> '')",
        "Enter the reason for adjusting the hours.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), *GUARDS)

    @api.model
    def _post(self, vals_list):
        """Post moves and bring the totals of their packages up to date.

        The one writer of the ledger. Callers hold the lock on the contract.
        """
        packages = self.env["service.hour.package"]
        for vals in vals_list:
            package = packages.browse(vals["package_id"])
            vals["company_id"] = package.company_id.id
            vals["commercial_partner_id"] = package.commercial_partner_id.id
            vals.setdefault("contract_id", package.contract_id.id)
        moves = self.with_context(**LEDGER.opened).create(vals_list)
        for package, package_moves in moves.grouped("package_id").items():
            totals = {}
            for move in package_moves:
                kind = move.released_id.kind if move.released_id else move.kind
                names, sign = TOTALS[kind]
                for name in names if move.successor_id else names[:1]:
                    totals[name] = totals.get(name, package[name]) + sign * move.minutes
            package.write(totals)
        return moves
