from collections import defaultdict, deque

from odoo import api, models
from odoo.exceptions import LockError, UserError

from ...tools import ledger
from ...tools.duration import to_clock
from ...tools.failure import about
from ...tools.package import closings, steps
from .service_hour_move import LEDGER

KINDS = ("grant", "consume", "expire", "release")


class ServiceSettlement(models.Model):
    """How a settlement is made: the plan of a period becomes rows of the ledger.

    Many
    contracts are settled at once, with as many queries as for one.
    """

    _inherit = "service.settlement"

    @api.model
    def _settle(self, contracts, last_day, jobs_until=None):
        """Settle what ended by ``last_day``: periods, and jobs that are done.

        Takes the lock on the contracts, so that no two settlements of one ever run at
        once; the loser gets a ``LockError``, or has its transaction repeated and finds
        nothing left to do. An error says which contract it is about.
        """
        self._lock(contracts)
        settlements = self.browse()
        for batch in self._batches(contracts._due_periods(last_day, jobs_until)):
            settlements |= self._post(batch)
        return settlements

    @api.model
    def _batches(self, dues):
        """Lists of what can be settled at once.

        Periods of a contract follow one another, and so do those of all contracts of a
        customer who has packages for all of them.
        """
        contracts = self.env["contract.contract"].union(*(due.contract for due in dues))
        customers = {
            (package.company_id, package._customer())
            for package in self._shared_packages(contracts)
        }
        queues = defaultdict(deque)
        for due in sorted(dues, key=lambda due: (due.last, due.contract.id)):
            customer = due.contract.company_id, due.contract.commercial_partner_id
            queues[customer if customer in customers else due.contract].append(due)
        while queues:
            yield [queue.popleft() for queue in queues.values()]
            queues = {key: queue for key, queue in queues.items() if queue}

    @api.model
    def _lock(self, contracts):
        """Keep other settlements out; work that refers to the contracts goes on."""
        try:
            contracts.sorted("id").lock_for_update(allow_referencing=True)
        except LockError:
            raise LockError(
                self.env._(
                    "Someone else is billing the contract “%s” right now. Try "
                    "again in a minute.",
                    ", ".join(contracts.mapped("display_name")),
                )
            ) from None

    @api.model
    def _post(self, dues):
        """Post the plan of everything open until the end of each period.

        No contract is there twice.
        """
        contracts = self.env["contract.contract"].union(*(due.contract for due in dues))
        self._lock_shared_packages(contracts)
        newest = self.env["service.hour.move"].search([], order="id desc", limit=1)
        # All of the posting below holds the seal, through these records.
        settlements = self.with_context(**LEDGER.opened).create(
            [
                {
                    "contract_id": due.contract.id,
                    "ticket_id": due.ticket_id,
                    "date_from": due.first,
                    "date_to": due.last,
                    "late": due.late,
                    "posted_after_id": newest.id,
                }
                for due in dues
            ]
        )
        settlements._grant_allowances()
        for day, same in settlements._by_step():
            same._post_until(day)
        periods = settlements.filtered(lambda settlement: not settlement.ticket_id)
        for day, same in periods.grouped("date_to").items():
            same.contract_id.settled_until = day
        for settlement, totals in settlements._totals().items():
            settlement.write(totals)
        return settlements.with_env(self.env)

    def _by_step(self):
        """Days up to which open work is served, each with its settlements."""
        packages = self._packages_to_close()
        by_day = defaultdict(self.browse)
        for settlement in self:
            posted = [package._as_tuple() for package in packages[settlement]]
            for day in steps(posted, settlement.date_to):
                by_day[day] |= settlement
        return sorted(by_day.items())

    def _post_until(self, day):
        """Post the open work until ``day``, and what ends by then.

        In the order release, consume, expire no move takes more than there is.
        """
        plans = self._plans_until(day)
        used = {
            settlement: {part.bucket_id for part in plan.slices}
            for settlement, plan in plans.items()
        }
        packages = self._packages_to_close(used)
        released, used, expired = [], [], []
        for settlement, plan in plans.items():
            with about(settlement.contract_id):
                settlement._check_overage_allowed(plan)
            used += settlement._used(plan)
            own = packages[settlement]
            closed = closings(
                [package._as_tuple() for package in own], plan.slices, day
            )
            for closing in closed:
                package = own.browse(closing.package_id)
                given_back = package._release_expired(closing.released)
                released += settlement._of_settlement(given_back)
                expired += settlement._of_settlement(package._expire(closing))
        self.env["service.hour.move"]._post(released + used + expired)
        self._lock_entries(plans)

    def _plans_until(self, day):
        """The plan of the own work; others may be kept some shared hours."""
        planned = self.env["service.hour.ledger"]._planned(self.contract_id, day)
        plans = {}
        for settlement in self:
            whole = planned[settlement.contract_id.id]
            own = settlement._own_work(whole)
            plans[settlement] = whole.of(own)
            if others := whole.of(whole.facts.payments.keys() - own).slices:
                kept = ledger.minutes_by("bucket_id", others, of="burned")
                settlement.reserved = (settlement.reserved or {}) | {str(day): kept}
        return plans

    def _own_work(self, planned):
        """Ids of the entries that are settled: of the contract, or of the job."""
        self.ensure_one()
        works = {
            id_
            for id_, payment in planned.facts.payments.items()
            if payment.contract_id == self.contract_id.id
        }
        if self.ticket_id:
            works &= set(self.ticket_id.timesheet_ids.ids)
        return works

    def _check_overage_allowed(self, plan):
        if self.contract_id.overage_policy == "bill":
            return
        if over := plan.uncovered():
            raise UserError(
                self.env._(
                    "The contract “%(contract)s” does not cover hours outside "
                    "packages, and %(hours)s of this work are outside them. Sell a "
                    "package for these days, or waive these hours on their entries.",
                    contract=self.contract_id.display_name,
                    hours=to_clock(over),
                )
            )

    def _used(self, plan):
        days = {work.id: work.day for work in plan.facts.works}
        return self._of_settlement(
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
        )

    def _of_settlement(self, vals_list):
        return [{"settlement_id": self.id} | vals for vals in vals_list]

    def _lock_entries(self, plans):
        """Store on each entry where its time went; from now on it is locked."""
        rating = self.env["service.rating"]
        entries = self.env["account.analytic.line"]
        entries = entries.browse(
            work.id for plan in plans.values() for work in plan.facts.works
        )
        for settlement, plan in plans.items():
            taken = ledger.taken(plan.slices)
            for work in plan.facts.works:
                total = plan.total(work.id)
                entry = entries.browse(work.id).with_prefetch(entries.ids)
                entry.write(
                    {
                        "settlement_id": settlement.id,
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

    def _totals(self):
        """What the moves and entries of settlements come to, by settlement."""
        moved = {
            (settlement, kind): minutes
            for settlement, kind, minutes in self.env["service.hour.move"]._read_group(
                [("settlement_id", "in", self.ids)],
                ["settlement_id", "kind"],
                ["minutes:sum"],
            )
        }
        worked = {
            settlement: minutes
            for settlement, *minutes in self.env["account.analytic.line"]._read_group(
                [("settlement_id", "in", self.ids)],
                ["settlement_id"],
                ["overage_minutes:sum", "free_minutes:sum"],
            )
        }
        totals = {}
        for settlement in self:
            minutes = {kind: moved.get((settlement, kind), 0) for kind in KINDS}
            overage, free = worked.get(settlement, (0, 0))
            totals[settlement] = {
                "granted_minutes": minutes["grant"],
                "used_minutes": -minutes["consume"],
                "expired_minutes": -minutes["expire"] - minutes["release"],
                "overage_minutes": overage,
                "free_minutes": free,
            }
        return totals
