from odoo import api, fields, models
from odoo.tools import html_escape

from ...tools import periods
from ...tools.duration import to_clock, to_hours, to_minutes
from ...tools.groups import BACK_OFFICE, OFFICE
from ..ledger.service_hour_move import LEDGER
from ..tier.service_tier_rate import HOUR
from .account_move_line import BILLING

PAID_STATES = {"in_payment", "paid", "partial_refund"}
USABLE = [
    ("at_once", "At once"),
    ("posted", "When its invoice is posted"),
    ("paid", "When its invoice is paid"),
]
BILL_WITH = [
    ("own", "Separate invoice, now"),
    ("contract", "The contract's next invoice"),
]
LONGEST_MONTHS = 12


class ServiceHourPackage(models.Model):
    """What a prepaid package has beside an allowance: a price, an invoice, a policy.

    A package is usable once its hours are granted, so the policy of when that happens
    needs no other rule: until then there is nothing to take.
    """

    _inherit = "service.hour.package"

    months = fields.Integer(string="Valid For (Months)")
    sold_minutes = fields.Integer(string="Sold", readonly=True)
    usable = fields.Selection(
        USABLE,
        default="at_once",
        help="When the hours of a prepaid package can be used.",
    )
    product_id = fields.Many2one(
        "product.product", ondelete="restrict", check_company=True, groups=OFFICE
    )
    currency_id = fields.Many2one("res.currency")
    hour_price = fields.Monetary(
        string="Price per Hour",
        groups=OFFICE,
    )
    bill_with = fields.Selection(
        BILL_WITH,
        string="Invoicing",
    )
    invoice_line_ids = fields.One2many(
        "account.move.line",
        "service_package_id",
        string="Invoice Lines",
        groups=OFFICE,
    )
    sale_cancelled = fields.Boolean(readonly=True)
    overused_minutes = fields.Integer(
        string="Credited but Used",
        readonly=True,
        help="Hours that were credited although they had already been used. Someone "
        "has to settle them with the customer.",
    )
    state = fields.Selection(
        [
            ("waiting", "Not usable yet"),
            ("usable", "Usable"),
            ("ended", "Ended"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
    )

    _months_in_range = models.Constraint(
        "CHECK(kind <> 'prepaid'"
        f" OR COALESCE(months, 0) BETWEEN 1 AND {LONGEST_MONTHS})",
        "A package is valid for 1 to 12 months.",
    )
    _sold_positive = models.Constraint(
        "CHECK(kind <> 'prepaid' OR COALESCE(sold_minutes, 0) > 0)",
        "A package must contain at least one minute.",
    )

    @api.depends("sale_cancelled", "granted_minutes", "date_to")
    def _compute_state(self):
        for package in self:
            today = package.company_id.sudo()._service_day()
            if package.sale_cancelled:
                package.state = "cancelled"
            elif package.date_to and package.date_to < today:
                package.state = "ended"
            elif package.kind == "prepaid" and not package.granted_minutes:
                package.state = "waiting"
            else:
                package.state = "usable"

    @api.model
    def _sell(self, vals_list):
        """Make prepaid packages, each valid for its months from ``date_from``.

        Those with an invoice of their own get its draft at once.
        """
        packages = self.with_context(**LEDGER.opened).create(
            [
                vals
                | {
                    "kind": "prepaid",
                    "date_to": periods.window(vals["date_from"], vals["months"]).last,
                }
                for vals in vals_list
            ]
        )
        packages = packages.with_env(self.env)
        for package in packages:
            if package.bill_with == "own":
                package._create_invoice()
        packages._sync_grant()
        return packages

    def _create_invoice(self):
        """The draft of the invoice this package is sold with."""
        self.ensure_one()
        contract = self.contract_id
        if contract:
            vals = contract._prepare_invoice(self.date_from)
        else:
            vals = {
                "move_type": "out_invoice",
                "partner_id": self.commercial_partner_id.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
            }
        vals |= {
            "invoice_date": False,
            "service_contract_id": contract.id,
            "service_order_ref": contract.client_order_ref,
            "service_period_from": self.date_from,
            "service_period_to": self.date_to,
            "invoice_line_ids": [fields.Command.create(self._invoice_line())],
        }
        moves = self.env["account.move"].with_context(**BILLING.opened)
        invoice = moves.with_company(self.company_id).create(vals).with_env(self.env)
        if contract:
            contract._add_contract_origin(invoice)
        return invoice

    def _invoice_line(self):
        """Values of the line the package is sold on: its hours at the price of one."""
        self.ensure_one()
        self.product_id._check_service_tax(self.company_id)
        partner = self.contract_id.invoice_partner_id or self.commercial_partner_id
        in_language = self.with_context(lang=partner.lang or self.env.lang)
        return {
            "product_id": self.product_id.id,
            "name": in_language.env._(
                "Hour package: %(hours)s h\n%(period)s",
                hours=to_clock(self.sold_minutes),
                period=self._period_label(),
            ),
            "quantity": to_hours(self.sold_minutes),
            "product_uom_id": self.env.ref(HOUR).id,
            "price_unit": self.hour_price,
            "service_period_from": self.date_from,
            "service_period_to": self.date_to,
            "service_package_id": self.id,
        }

    def _sale_lines(self):
        return self.invoice_line_ids.filtered(
            lambda line: (
                line.move_id.move_type == "out_invoice"
                and line.parent_state != "cancel"
            )
        )

    def _sync_grant(self):
        """Grant what the sale, its invoice and its credit notes say now.

        Safe to repeat. Hours that are used already stay granted; they are counted as
        overused and back office is asked to settle them with the customer.
        """
        moves = self.env["service.hour.move"]
        for package in self.with_context(**LEDGER.opened):
            cancelled = package.bill_with == "own" and not package._sale_lines()
            if cancelled != package.sale_cancelled:
                package.sale_cancelled = cancelled
            by_sale = package.move_ids.filtered("by_terms")
            carried = package.move_ids.successor_id.move_ids.filtered("by_terms")
            change = package._due_minutes() - sum((by_sale | carried).mapped("minutes"))
            if change:
                self.env["service.settlement"]._lock(package._contracts_served())
            left = (
                package.granted_minutes - package.used_minutes - package.carried_minutes
            )
            # What a manager added is not the sale's to take.
            of_sale = sum(by_sale.mapped("minutes")) - package.used_minutes
            taken_back = min(max(0, -change), left, max(0, of_sale))
            overused = max(0, -change) - taken_back
            if taken_back:
                short = taken_back - package.remaining_minutes
                moves._post(package._release_expired(max(0, short)))
                change = -taken_back
            if change > 0 or taken_back:
                moves._post([package._sale_move(change)])
            if overused:
                overused -= package._take_back_carried(overused)
            if overused != package.overused_minutes:
                package.overused_minutes = overused
                package._ask_about_overused()

    def _take_back_carried(self, minutes):
        """Take hours back that were carried over and are not used: how many."""
        self.ensure_one()
        successor = self.move_ids.successor_id
        taken = min(minutes, successor.remaining_minutes)
        if taken > 0:
            vals = self._sale_move(-taken) | {"package_id": successor.id}
            self.env["service.hour.move"]._post([vals])
        return taken

    def _due_minutes(self):
        """The minutes the customer is entitled to by the state of the sale."""
        self.ensure_one()
        lines = self._sale_lines()
        if self.sale_cancelled:
            return 0
        if not lines:
            return self.sold_minutes if self.usable == "at_once" else 0
        usable = self._usable_lines(lines)
        return sum(
            to_minutes(max(0.0, line._left_to_credit().quantity)) for line in usable
        )

    def _usable_lines(self, lines):
        """The sale lines whose hours can be used by now.

        What is billed again counts once its credit note took the hours back.
        """
        lines = lines.filtered(
            lambda line: line.service_credit_line_id.parent_state in (False, "posted")
        )
        posted = lines.filtered(lambda line: line.parent_state == "posted")
        paid = posted.filtered(
            lambda line: line.move_id.payment_state in PAID_STATES | {"reversed"}
        )
        return {
            "at_once": lines,
            # What replaces a posted invoice is usable without a gap.
            "posted": lines if posted else posted,
            "paid": paid,
        }[self.usable]

    def _sale_move(self, minutes):
        """Values of the move that grants or takes back minutes because of the sale."""
        self.ensure_one()
        vals = {"package_id": self.id, "minutes": minutes, "by_terms": True}
        if not self.move_ids.filtered("by_terms"):
            return vals | {"kind": "grant", "date": self.date_from}
        newest = self.invoice_line_ids.move_id.sorted("write_date")[-1:]
        reason = self.env._("Invoice or credit note: %s", newest.name or "–")
        today = self.company_id.sudo()._service_day()
        return vals | {"kind": "adjust", "date": today, "reason": reason}

    def _ask_about_overused(self):
        self.ensure_one()
        if not self.overused_minutes:
            return
        subject = self.contract_id or self.commercial_partner_id
        # sudo: an accountant posts the credit note; the task is for back office
        subject.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.company_id._responsible(
                BACK_OFFICE, self.contract_id.user_id, self.env.user
            ).id,
            summary=self.env._("Credited hours already used"),
            note=html_escape(
                self.env._(
                    "%(hours)s h of package %(package)s were credited although "
                    "they had already been used. Agree with the customer how to "
                    "settle them.",
                    hours=to_clock(self.overused_minutes),
                    package=self.display_name,
                )
            ),
        )
