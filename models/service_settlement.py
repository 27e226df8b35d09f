from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.fields import Domain

from ..tools import ledger
from .service_hour_move import LEDGER

STATEMENT = "helpdesk_service_contract.report_statement"


class ServiceSettlement(models.Model):
    """The hours of one contract for one period, posted once and for all.

    It is what the statement shows and what the invoice of the period is made from.
    """

    _name = "service.settlement"
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
        help="Work that was logged when all periods of the contract were settled.",
    )
    entry_ids = fields.One2many(
        "account.analytic.line", "settlement_id", string="Work Entries", readonly=True
    )
    move_ids = fields.One2many(
        "service.hour.move", "settlement_id", string="Hour Moves", readonly=True
    )
    granted_minutes = fields.Integer(string="Granted", readonly=True)
    used_minutes = fields.Integer(string="Used", readonly=True)
    expired_minutes = fields.Integer(string="Expired", readonly=True)
    overage_minutes = fields.Integer(string="Beyond Packages", readonly=True)
    invoice_id = fields.Many2one(
        "account.move", readonly=True, copy=False, index="btree_not_null"
    )
    invoice_name = fields.Char(
        related="invoice_id.name", string="Invoice Number", related_sudo=True
    )
    statement_id = fields.Many2one("ir.attachment", readonly=True, copy=False)
    fees_before = fields.Json(
        help="Until when each fee on the invoice was billed before it, by line."
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
        "(contract_id, date_to) WHERE late IS NOT TRUE",
        "This period of the contract is settled already.",
    )

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

    @api.model
    def _settle(self, contract, last_day):
        """Settle every period of ``contract`` that ended by ``last_day``.

        Takes the lock on the contract, so that no two settlements of it ever run at
        once; the loser gets a ``LockError``, or has its transaction repeated and finds
        nothing left to do.
        """
        contract.ensure_one()
        self._lock(contract)
        settlements = self.browse()
        for month in contract._periods_over(last_day):
            settlements |= self._post(contract, month)
        if late := contract._late_entries():
            span = (min(late.mapped("date")), contract.settled_until)
            settlements |= self._post(contract, span, late=True)
        return settlements

    @api.model
    def _lock(self, contract):
        """Keep other settlements out; work that refers to the contract goes on."""
        try:
            contract.lock_for_update(allow_referencing=True)
        except LockError:
            raise LockError(
                self.env._(
                    "Somebody else is billing the contract “%s” at this moment. Try "
                    "again in a minute.",
                    contract.display_name,
                )
            ) from None

    @api.model
    def _post(self, contract, period, late=False):
        """Post the plan of everything open until the end of the period."""
        first_day, last_day = period
        settlement = self.create(
            {
                "contract_id": contract.id,
                "date_from": first_day,
                "date_to": last_day,
                "late": late,
            }
        )
        settlement._grant_allowances()
        plan = self.env["service.hour.ledger"]._plans(contract, last_day)[contract.id]
        settlement._post_moves(plan)
        settlement._lock_entries(plan)
        contract.with_context(hour_ledger=LEDGER).settled_until = last_day
        settlement._store_totals(plan)
        return settlement

    def _grant_allowances(self):
        """Make the allowances that are due into packages with their grant."""
        contract = self.contract_id
        due = [] if self.late else contract._allowances_due(self.date_to)
        packages = (
            self.env["service.hour.package"]
            .with_context(hour_ledger=LEDGER)
            .create(
                [
                    {
                        "contract_id": contract.id,
                        "kind": "allowance",
                        "date_from": month.first,
                        "date_to": month.last,
                    }
                    for month, _minutes in due
                ]
            )
        )
        self._post_to_ledger(
            [
                {"kind": "grant", "minutes": minutes, "date": month.first}
                | {"package_id": package.id}
                for package, (month, minutes) in zip(packages, due, strict=True)
            ]
        )

    def _post_moves(self, plan):
        """Post what the plan takes from packages, and then what expired."""
        entries = self.env["account.analytic.line"].browse(plan.billed)
        days = {entry.id: entry.date for entry in entries}
        used = ledger.minutes_by("bucket_id", plan.slices)
        packages = self.env["service.hour.package"].search(
            Domain("contract_id", "=", self.contract_id.id)
            & (
                Domain("id", "in", list(used))
                | Domain("date_to", "<=", self.date_to)
                & Domain("remaining_minutes", ">", 0)
            )
        )
        given_back = []
        expired = []
        for package in packages:
            left = package.granted_minutes - package.consumed_minutes - used[package.id]
            over = package.date_to <= self.date_to
            change = (left if over else 0) - package.expired_minutes
            if change > 0:
                expired.append(
                    {
                        "kind": "expire",
                        "package_id": package.id,
                        "minutes": -change,
                        "date": package.date_to,
                    }
                )
            elif change < 0:
                given_back += package._release_expired(-change)
        consumed = [
            {
                "kind": "consume",
                "package_id": part.bucket_id,
                "minutes": -part.minutes,
                "date": days[part.demand_id],
                "entry_id": part.demand_id,
            }
            for part in plan.slices
        ]
        # In this order no step takes more from a package than it holds.
        for moves in (given_back, consumed, expired):
            self._post_to_ledger(moves)

    def _post_to_ledger(self, vals_list):
        common = {
            "settlement_id": self.id,
            "contract_id": self.contract_id.id,
            "company_id": self.company_id.id,
        }
        self.env["service.hour.move"]._post([common | vals for vals in vals_list])

    def _lock_entries(self, plan):
        """Store on each entry where its time went; from now on it is locked."""
        paid = ledger.minutes_by("demand_id", plan.slices)
        by_figures = {}
        for id_, billed in plan.billed.items():
            by_figures.setdefault((billed, paid[id_], plan.overage[id_]), []).append(
                id_
            )
        entries = self.env["account.analytic.line"].with_context(hour_ledger=LEDGER)
        for (billed, from_packages, overage), ids in by_figures.items():
            entries.browse(ids).write(
                {
                    "settlement_id": self.id,
                    "billed_minutes": billed,
                    "package_minutes": from_packages,
                    "overage_minutes": overage,
                }
            )

    def _store_totals(self, plan):
        moved = dict(
            self.move_ids._read_group(
                [("settlement_id", "=", self.id)], ["kind"], ["minutes:sum"]
            )
        )
        self.write(
            {
                "granted_minutes": moved.get("grant", 0),
                "used_minutes": -moved.get("consume", 0),
                "expired_minutes": -moved.get("expire", 0) - moved.get("release", 0),
                "overage_minutes": sum(plan.overage.values()),
            }
        )

    def _attach_statements(self):
        """Put the statement on the invoice, so that they go and stay together."""
        reports = self.env["ir.actions.report"]
        for settlement in self:
            if reports.get_wkhtmltopdf_state() == "install":
                settlement.invoice_id.message_post(
                    body=self.env._(
                        "The statement of hours is not attached, because this server "
                        "has no wkhtmltopdf to make PDF files."
                    )
                )
                continue
            pdf, file_type = reports._render_qweb_pdf(STATEMENT, settlement.ids)
            settlement.statement_id.unlink()
            settlement.statement_id = self.env["ir.attachment"].create(
                {
                    "name": f"{settlement._statement_name()}.{file_type}",
                    "raw": pdf,
                    "res_model": "account.move",
                    "res_id": settlement.invoice_id.id,
                }
            )

    def _statement_name(self):
        """File name of the statement, in the customer's language."""
        self.ensure_one()
        in_language = self.with_context(lang=self.contract_id.partner_id.lang)
        return in_language.env._(
            "Statement of hours %(contract)s %(month)s",
            contract=self.contract_id.code or self.contract_id.name,
            month=self.date_to.strftime("%Y-%m"),
        ).replace("/", "-")

    def action_print_statement(self):
        return self.env.ref(STATEMENT).report_action(self)

    def action_open_invoice(self):
        self.ensure_one()
        return self.invoice_id._get_records_action()
