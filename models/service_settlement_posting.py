from odoo import api, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain

from ..tools import ledger
from ..tools.closing import closings, steps
from ..tools.duration import to_clock
from .service_hour_move import LEDGER


class ServiceSettlement(models.Model):
    """How a settlement is made: the plan of a period becomes rows of the ledger.

    Apart from what a settlement is, so that either file is read in one go.
    """

    _inherit = "service.settlement"  # pylint: disable=consider-merging-classes-inherited

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
    def _lock(self, contracts):
        """Keep other settlements out; work that refers to the contracts goes on."""
        try:
            contracts.sorted("id").lock_for_update(allow_referencing=True)
        except LockError:
            raise LockError(
                self.env._(
                    "Somebody else is billing the contract “%s” at this moment. Try "
                    "again in a minute.",
                    ", ".join(contracts.mapped("display_name")),
                )
            ) from None

    @api.model
    def _post(self, contract, period, late=False):
        """Post the plan of everything open until the end of the period."""
        first_day, last_day = period
        self._lock_shared_packages(contract)
        newest = self.env["service.hour.move"].search([], order="id desc", limit=1)
        settlement = self.create(
            {
                "contract_id": contract.id,
                "date_from": first_day,
                "date_to": last_day,
                "late": late,
                "posted_after_id": newest.id,
            }
        )
        settlement._grant_allowances()
        packages = settlement._packages_to_close()
        for day in steps([package._as_tuple() for package in packages], last_day):
            settlement._post_until(day)
        contract.with_context(hour_ledger=LEDGER).settled_until = last_day
        settlement._store_totals()
        return settlement

    @api.model
    def _lock_shared_packages(self, contract):
        """Packages of the whole customer are emptied by one settlement at a time."""
        packages = self.env["service.hour.package"].search(
            [
                ("contract_id", "=", False),
                ("company_id", "=", contract.company_id.id),
                (
                    "commercial_partner_id.commercial_partner_id",
                    "=",
                    contract.commercial_partner_id.id,
                ),
            ],
            order="id",
        )
        try:
            packages.lock_for_update(allow_referencing=True)
        except LockError:
            raise LockError(
                self.env._(
                    "Somebody else is billing another contract of %s at this moment. "
                    "Try again in a minute.",
                    contract.commercial_partner_id.display_name,
                )
            ) from None

    def _grant_allowances(self):
        """Make the allowances that are due into packages with their grant."""
        contract = self.contract_id
        due = [] if self.late else contract._allowances_due(self.date_to)
        if not due:
            return
        packages = (
            self.env["service.hour.package"]
            .with_context(hour_ledger=LEDGER)
            .create(
                [
                    {
                        "contract_id": contract.id,
                        "company_id": contract.company_id.id,
                        "commercial_partner_id": contract.commercial_partner_id.id,
                        "kind": "allowance",
                        "date_from": period.first,
                        "date_to": period.last,
                        "rollover_minutes": contract.rollover_minutes,
                    }
                    for period in due
                ]
            )
        )
        self._post_to_ledger(
            {
                "kind": "grant",
                "package_id": package.id,
                "minutes": contract.allowance_minutes,
                "date": package.date_from,
            }
            for package in packages
        )
        contract.with_context(hour_ledger=LEDGER).granted_until = due[-1].last

    def _post_until(self, day):
        """Post the open work until ``day``, and what ends by then.

        In the order release, consume, expire no move takes more than there is.
        """
        plan = self._plan_until(day)
        self._check_overage_allowed(plan)
        packages = self._packages_to_close(part.bucket_id for part in plan.slices)
        closed = closings(
            [package._as_tuple() for package in packages], plan.slices, day
        )
        ending = [(packages.browse(closing.package_id), closing) for closing in closed]
        for package, closing in ending:
            self._post_to_ledger(package._release_expired(closing.released))
        self._post_to_ledger(self._consumed(plan))
        for package, closing in ending:
            self._post_to_ledger(package._expire(closing))
        self._lock_entries(plan)

    def _plan_until(self, day):
        """The plan of the own work; other contracts may be kept some shared hours."""
        contract = self.contract_id
        planned = self.env["service.hour.ledger"]._planned(contract, day)[contract.id]
        payments = planned.facts.payments
        own = {
            id_ for id_, payment in payments.items() if payment.account == contract.id
        }
        if others := planned.of(payments.keys() - own).slices:
            kept = ledger.minutes_by("bucket_id", others, of="burned")
            self.reserved = (self.reserved or {}) | {str(day): kept}
        return planned.of(own)

    def _check_overage_allowed(self, plan):
        if self.contract_id.overage_policy == "bill":
            return
        if over := plan.uncovered():
            raise UserError(
                self.env._(
                    "The contract “%(contract)s” does not cover hours beyond its "
                    "packages, and %(hours)s are beyond them. Sell a package for the "
                    "days of this work, or waive these hours on their entries.",
                    contract=self.contract_id.display_name,
                    hours=to_clock(over),
                )
            )

    def _packages_to_close(self, used_ids=()):
        """Packages that give something in the period, or may end in it."""
        contract = self.contract_id
        customer = contract.commercial_partner_id
        return self.env["service.hour.package"].search(
            Domain("id", "in", list(used_ids))
            | (
                Domain("contract_id", "=", contract.id)
                | Domain("contract_id", "=", False)
                & Domain(
                    "commercial_partner_id.commercial_partner_id", "=", customer.id
                )
                & Domain("company_id", "=", self.company_id.id)
            )
            & Domain("remaining_minutes", ">", 0)
            & Domain("date_from", "<=", self.date_to)
        )

    def _consumed(self, plan):
        days = {work.id: work.day for work in plan.facts.works}
        return [
            {
                "kind": "consume",
                "package_id": part.bucket.id,
                "minutes": -part.burned,
                "date": days[entry_id],
                "entry_id": entry_id,
                "contract_id": self.contract_id.id,
            }
            for entry_id, parts in ledger.taken(plan.slices).items()
            for part in parts
        ]

    def _post_to_ledger(self, vals_list):
        vals_list = [{"settlement_id": self.id} | vals for vals in vals_list]
        if vals_list:
            self.env["service.hour.move"]._post(vals_list)

    def _lock_entries(self, plan):
        """Store on each entry where its time went; from now on it is locked."""
        entries = self.env["account.analytic.line"].with_context(hour_ledger=LEDGER)
        rating = self.env["service.rating"]
        taken = ledger.taken(plan.slices)
        for work in plan.facts.works:
            total = plan.total(work.id)
            entry = entries.browse(work.id)
            entry.write(
                {
                    "settlement_id": self.id,
                    "billed_minutes": total.billed,
                    "package_minutes": total.packages,
                    "overage_minutes": total.overage,
                    "free_minutes": total.free,
                    "rate_id": work.group.rate_id,
                    "decision_id": entry.ticket_id.coverage_decision_id.id,
                    "rating": rating._record(
                        work, plan.facts.payments[work.id], plan.rated[work.id]
                    ),
                    "shares": rating._record_shares(
                        plan.shares[work.id], taken.get(work.id, ())
                    ),
                }
            )

    def _store_totals(self):
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
                "overage_minutes": sum(self.entry_ids.mapped("overage_minutes")),
                "free_minutes": sum(self.entry_ids.mapped("free_minutes")),
            }
        )
