from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, mute_logger

from ...tools.duration import to_clock
from ...tools.groups import BACK_OFFICE
from ...tools.ledger import minutes_by
from ...tools.machine_mail import OURS

TEMPLATES = {
    "low": "helpdesk_service_contract.mail_template_low_balance",
    "expiry": "helpdesk_service_contract.mail_template_expiry",
}
PERCENT = 100


class ServiceHourNotice(models.Model):
    """Tells back office, and the customer if agreed, that hours run out or end.

    The row is what was told; its key keeps anybody from being told twice.
    """

    _name = "service.hour.notice"
    _description = "Hour Balance Notice"
    _order = "id desc"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    partner_id = fields.Many2one(related="contract_id.partner_id")
    kind = fields.Selection(
        [
            ("low", "Few hours left"),
            ("expiry", "Hours expire soon"),
            ("overage", "Hours outside packages are not covered"),
        ],
        required=True,
    )
    key = fields.Char(
        required=True, help="The package, or the period, the notice is about."
    )
    date_to = fields.Date(string="Valid Until")
    granted_minutes = fields.Integer(string="Granted")
    available_minutes = fields.Integer(string="Available")
    overage_minutes = fields.Integer(string="Outside Packages")

    _once = models.Constraint(
        "UNIQUE(kind, key)", "This notice about the package has already been sent."
    )

    @api.model
    def _cron_notify(self):
        """Look at the packages of all contracts in force, one company at a time."""
        companies = self.env["contract.contract"]._read_group(
            [("service_tier_id", "!=", False)], ["company_id"]
        )
        for (company,) in companies:
            today = company._service_day()
            contracts = self.env["contract.contract"]
            contracts = contracts.search(
                contracts._in_force_domain(today, today)
                & Domain("company_id", "=", company.id)
            )
            self.with_company(company)._notify(contracts, today)

    @api.model
    def _notify(self, contracts, today):
        """Make the notices that are due today: the new ones."""
        due = {}
        plans = self.env["service.hour.ledger"]._planned(contracts, today)
        for contract in contracts:
            for vals in self._due(contract, plans[contract.id], today):
                due.setdefault((vals["kind"], vals["key"]), vals)
        return self._send(list(due.values()))

    @api.model
    def _send(self, vals_list):
        told = {
            (notice.kind, notice.key)
            for notice in self.search([("key", "in", [v["key"] for v in vals_list])])
        }
        fresh = [vals for vals in vals_list if (vals["kind"], vals["key"]) not in told]
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                notices = self.create(fresh)
        except UniqueViolation:
            # Somebody else is telling at this very moment: the work must not be lost.
            return self.browse()
        for notice in notices:
            notice._tell_back_office()
            if notice.contract_id.notify_customer and notice.kind in TEMPLATES:
                self.env.ref(TEMPLATES[notice.kind]).send_mail(
                    notice.id, email_values={"headers": repr(OURS)}
                )
        return notices

    @api.model
    def _due(self, contract, planned, today):
        """Values of the notices about the packages a contract may use today."""
        pending = minutes_by("bucket_id", planned.slices, of="burned")
        stored = self.env["service.hour.package"].browse(
            package.id for package in planned.facts.packages if package.id > 0
        )
        kinds = {package.id: package.kind for package in stored}
        soon = today + timedelta(days=contract.expiry_notice_days)
        for package in planned.facts.packages:
            if package.contract_id not in (None, contract.id) or not package.granted:
                continue
            if not package.first_day <= today <= package.last_day:
                continue
            allowance = kinds.get(package.id, "allowance") == "allowance"
            available = package.remaining - pending[package.id]
            vals = {
                "contract_id": contract.id,
                # An allowance has no row of its own before its period is settled.
                "key": f"allowance/{contract.id}/{package.first_day}/{package.last_day}"
                if allowance
                else f"package/{package.id}",
                "date_to": package.last_day,
                "granted_minutes": package.granted,
                "available_minutes": available,
            }
            limit = package.granted * contract.low_balance_percent
            if contract.low_balance_percent and available * PERCENT <= limit:
                yield vals | {"kind": "low"}
            # That an allowance ends with its period is no news.
            ends = contract.expiry_notice_days and package.last_day <= soon
            if ends and available and not allowance:
                yield vals | {"kind": "expiry"}

    @api.model
    def _ask_about_overage(self, contracts):
        """Ask back office to sell a package or to waive, once a month and contract."""
        contracts = contracts.filtered(lambda c: c.overage_policy == "ask")
        for company, same in contracts.grouped("company_id").items():
            today = company.sudo()._service_day()
            plans = self.env["service.hour.ledger"]._plans(same, today)
            # sudo: a technician logs the work, the question is the system's
            self.sudo()._send(
                [
                    {
                        "kind": "overage",
                        "contract_id": contract.id,
                        "key": f"overage/{contract.id}/{today:%Y-%m}",
                        "overage_minutes": plans[contract.id].uncovered(),
                    }
                    for contract in same
                    if plans[contract.id].uncovered()
                ]
            )

    def _clock(self, name):
        """A figure of the notice as people read it, for the e-mail."""
        return to_clock(self[name])

    def _tell_back_office(self):
        self.ensure_one()
        # sudo: any technician's entry may lead here, and contracts are back office's
        contract = self.contract_id.sudo()
        user = contract.company_id._responsible(BACK_OFFICE, contract.user_id)
        notice = self.with_context(lang=user.lang)
        figures = {
            "available": to_clock(self.available_minutes),
            "granted": to_clock(self.granted_minutes),
            "over": to_clock(self.overage_minutes),
            "day": format_date(notice.env, self.date_to),
        }
        notes = {
            "low": notice.env._(
                "%(available)s of %(granted)s hours are left until %(day)s. Offer "
                "the customer a package.",
                **figures,
            ),
            "expiry": notice.env._(
                "%(available)s of %(granted)s hours expire after %(day)s. Tell the "
                "customer.",
                **figures,
            ),
            "overage": notice.env._(
                "%(over)s h of work are not covered by the contract or by a "
                "package. Sell a package for those days, or waive the hours.",
                **figures,
            ),
        }
        kinds = dict(notice._fields["kind"]._description_selection(notice.env))
        contract.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=kinds[self.kind],
            note=notes[self.kind],
        )
