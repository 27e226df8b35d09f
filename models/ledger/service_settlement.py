from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ...tools.guard import Guard
from .service_hour_move import LEDGER

_lt = LazyTranslate(__name__)
KEPT = Guard(
    seal=LEDGER,
    creation=True,
    change=True,
    deletion=True,
    message=_lt("Settlements are made by the billing of a contract, and stay."),
)


class ServiceSettlement(models.Model):
    """The hours of one contract for one period, posted once and for all.

    It is what the statement shows and what the invoice of the period is made from.
    """

    _name = "service.settlement"
    _inherit = ["service.guarded"]
    _description = "Settlement"
    _order = "date_to desc, id desc"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    commercial_partner_id = fields.Many2one(
        related="contract_id.commercial_partner_id", store=True, string="Customer"
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", required=True, readonly=True)
    late = fields.Boolean(
        readonly=True,
        help="Work logged after all periods of the contract had been settled.",
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        string="Job",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The ticket whose work is settled, where jobs are billed when they are "
        "done.",
    )
    entry_ids = fields.One2many(
        "account.analytic.line", "settlement_id", string="Work Entries", readonly=True
    )
    move_ids = fields.One2many(
        "service.hour.move", "settlement_id", string="Hour Moves", readonly=True
    )
    granted_minutes = fields.Integer(string="Granted", readonly=True)
    free_minutes = fields.Integer(string="Free of Charge", readonly=True)
    used_minutes = fields.Integer(string="Used", readonly=True)
    expired_minutes = fields.Integer(string="Expired", readonly=True)
    overage_minutes = fields.Integer(string="Outside Packages", readonly=True)
    invoice_id = fields.Many2one(
        "account.move", readonly=True, copy=False, index="btree_not_null"
    )
    invoice_name = fields.Char(
        related="invoice_id.name", string="Invoice Number", related_sudo=True
    )
    posted_after_id = fields.Integer(
        readonly=True,
        help="The newest hour move when this settlement was posted: what was known "
        "then.",
    )
    reserved = fields.Json(
        help="Minutes of shared packages kept for open work of the customer's other "
        "contracts, by the day up to which hours were posted and by package."
    )
    nothing_to_bill = fields.Boolean(string="Nothing to Invoice", readonly=True)
    state = fields.Selection(
        [
            ("to_bill", "To invoice"),
            ("billed", "Invoiced"),
            ("nothing", "Nothing to invoice"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
    )

    _period_unique = models.UniqueIndex(
        "(contract_id, date_to) WHERE late IS NOT TRUE AND ticket_id IS NULL",
        "This period of the contract has already been settled.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), KEPT)

    @api.depends("invoice_id", "nothing_to_bill")
    def _compute_state(self):
        for settlement in self:
            if settlement.invoice_id:
                settlement.state = "billed"
            else:
                settlement.state = (
                    "nothing" if settlement.nothing_to_bill else "to_bill"
                )

    @api.depends("contract_id", "date_from", "date_to")
    def _compute_display_name(self):
        for settlement in self:
            contract = settlement.contract_id
            period = contract._period_label(settlement.date_from, settlement.date_to)
            name = contract.code or contract.name or contract.display_name
            settlement.display_name = f"{name}: {period}"

    def _has_packages(self):
        """Whether packages gave or could have given hours to the work of the period."""
        self.ensure_one()
        return bool(self.granted_minutes or self.used_minutes)

    def action_open_invoice(self):
        self.ensure_one()
        return self.invoice_id._get_records_action()
