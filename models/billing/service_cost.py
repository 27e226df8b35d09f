from collections import Counter
from typing import NamedTuple

from odoo import api, models

from ...tools.charging import Unit
from ...tools.cost import Facts, Quote, State, next_unit, state
from ...tools.moments import this_minute

HOUR = 60
PERCENT = 100
QUOTES = {"quote": Quote.NEEDED, "quote_accepted": Quote.ACCEPTED}


class Cost(NamedTuple):
    """What work costs. ``left`` are the minutes that packages still hold, where
    ``has_packages`` says that there are such.

    Of work that is done: the minutes that packages pay for, those that are charged by
    the hour, and the number of flat fees.
    """

    state: State
    left: int = 0
    has_packages: bool = False
    packages: int = 0
    charged: int = 0
    fees: int = 0


class ServiceCost(models.AbstractModel):
    """Gathers what ``tools.cost`` needs to tell what work costs the customer.

    Every screen, page and mail that says who pays asks here.
    """

    _name = "service.cost"
    _description = "Cost of Work"

    @api.model
    def _of_next_unit(self, tickets, work_type=None):
        """What the next started unit costs, of a work type or of the usual one, by
        ticket."""
        # sudo: who may read a ticket may know who pays for it; no amount is told
        tickets = tickets.sudo()
        days = {company: company._service_day() for company in tickets.company_id}
        payers = {
            ticket: ticket._charged_on(
                days[ticket.company_id], on_site=bool(work_type and work_type.on_site)
            )
            for ticket in tickets
        }
        contracts = self.env["contract.contract"].sudo().browse()
        contracts = contracts.union(*(payer.contract for payer in payers.values()))
        balances = self.env["service.hour.ledger"]._balances(contracts)
        costs = {}
        for ticket, payer in payers.items():
            balance = balances.get(payer.contract.id)
            left = balance.available if balance else 0
            facts = self._facts_of_next_unit(ticket, payer, left, work_type)
            pays = payer.charge == "full" and payer.contract.has_packages
            costs[ticket] = Cost(state(facts), left, pays)
        return costs

    @api.model
    def _facts_of_next_unit(self, ticket, payer, left, work_type):
        waits = payer.charge == "hold" or not ticket.coverage_code
        if waits or payer.charge == "free":
            quote = QUOTES.get(ticket.coverage_code, Quote.NONE)
            return Facts(on_hold=waits, quote=quote)
        tier = payer.contract.service_tier_id or self._price_list_tier(ticket)
        rules = tier._rules()
        rate = rules.rates.get((work_type or tier._usual_work_type()).id)
        if not rate:
            return Facts(overage=HOUR, priced=False)
        unit = max(HOUR, *rate.rounding)
        part = rules.part(rate, unit, **self._circumstances(ticket, tier))
        uses_packages = payer.charge == "full" and rate.uses_packages
        lost = -(-unit * part.factor // PERCENT)
        following = next_unit(lost, left if uses_packages else None)
        contract = payer.contract
        return Facts(
            *following,
            surcharged=not rules.burns and bool(part.express or part.after_hours),
            bills_overage=not uses_packages or contract.overage_policy == "bill",
        )

    @api.model
    def _price_list_tier(self, ticket):
        own = ticket.ad_hoc_contract_id.service_tier_id
        return own or self.env["service.tier"]._first(ticket.company_id, "ad_hoc")

    @api.model
    def _circumstances(self, ticket, tier):
        """What decides on the surcharges of work that is done now."""
        company = ticket.company_id
        in_service = True
        if tier.after_hours_percent:
            hours = tier.calendar_id._working_time(company)
            in_service = hours.is_open(this_minute())
        return {
            "express": ticket._express_on(company._service_day()),
            "in_service": in_service,
        }

    @api.model
    def _of_entries(self, entries):
        """What work entries cost, by id; those without a contract have no price."""
        costs = {}
        # sudo: as above
        for entry in entries.sudo().filtered("ticket_id"):
            waits = entry.charge == "hold"
            quote = self._quote_of(entry)
            if waits or quote != Quote.NONE:
                costs[entry.id] = Cost(state(Facts(on_hold=waits, quote=quote)))
            elif not entry.service_contract_id:
                costs[entry.id] = Cost(State.UNPRICED)
        others = entries.filtered(lambda entry: entry.id not in costs)
        for entry, plan in self.env["service.explanation"]._with_plans(others):
            costs[entry.id] = self._of_plan(entry, plan)
        return costs

    @api.model
    def _quote_of(self, entry):
        """What a quote means for an entry; back office may have waived it."""
        if entry.waiver:
            return Quote.NONE
        decision = entry._decision()
        return QUOTES.get(decision.code, Quote.NONE)

    @api.model
    def _of_plan(self, entry, plan):
        work = next(w for w in plan.facts.works if w.id == entry._rating_id())
        total = plan.total(work.id)
        items = self.env["service.price"]._items(plan, work)
        on_top = [item for item in items if item.express or item.after_hours]
        charged = Counter()
        for item in items:
            if item not in on_top:
                charged[item.unit] += item.quantity
        uses_packages = plan.facts.payments[work.id].uses_packages
        # sudo: as above
        contract = entry.sudo().service_contract_id
        policy = contract.overage_policy
        facts = Facts(
            packages=total.packages,
            overage=total.overage,
            surcharged=bool(on_top),
            bills_overage=not uses_packages or policy == "bill",
        )
        return Cost(
            state(facts),
            has_packages=uses_packages and contract.has_packages,
            packages=total.packages,
            charged=charged[Unit.MINUTE],
            fees=charged[Unit.FLAT],
        )
