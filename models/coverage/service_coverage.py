from odoo import api, models
from odoo.fields import Date, Domain

from ...tools import coverage
from ...tools.coverage import Condition, TicketFacts, Verdict
from ...tools.coverage_effects import Code
from ...tools.periods import month_of
from .service_coverage_decision import DECIDING

# A decision that differs in none of these is the same.
COMPARED = ("code", "conditions", "contract_id", "off_place", "serving", "tier_id")


class ServiceCoverage(models.AbstractModel):
    """Gathers what is known about tickets, and keeps what the rules say of it."""

    _name = "service.coverage"
    _description = "Coverage"

    @api.model
    def _decide(self, tickets, *, fresh=False):
        """Decide about tickets again; a new decision is made where it differs.

        What somebody overrode stays. Work that is billed stays as it was billed, and
        back office is asked to settle the difference.

        :param fresh: they were just made, and the customer is told of that next
        """
        # sudo: rules look at contracts and items of the customer, whoever reports
        tickets = tickets.sudo()
        known = tickets.filtered("partner_id")
        ad_hoc_contracts = self._ad_hoc_contracts(known)
        changes = []
        for ticket in known:
            current = ticket.coverage_decision_id
            if current.overridden:
                continue
            vals = self._decision_vals(ticket, ad_hoc_contracts)
            if not current or any(
                self._comparable(current, name) != vals[name] for name in COMPARED
            ):
                changes.append(vals)
        self._record(changes)
        for ticket in known:
            ticket._tell_right_channel(fresh=fresh)
        for ticket in tickets - known:
            if ticket.coverage_decision_id and not ticket.timesheet_ids:
                ticket._apply_decision(self.env["service.coverage.decision"])
                self._decided(ticket)

    @api.model
    def _override(self, ticket, code, reason):
        """Decide against the rules, for a reason; the callers check the right."""
        # sudo: as above
        ticket = ticket.sudo()
        vals = self._decision_vals(ticket, self._ad_hoc_contracts(ticket))
        by_hand = {
            "code": code,
            "overridden": True,
            "reason": reason,
            "rule": "override",
            "tier_id": self._tier_of(ticket, code).id,
        }
        self._record([vals | by_hand])

    @api.model
    def _tier_of(self, ticket, code):
        """The tier under which a ticket is served by a decision somebody makes."""
        if code.startswith("contract"):
            return self._contract(ticket).service_tier_id
        kind = code if code in {"warranty", "basic"} else "ad_hoc"
        return self.env["service.tier"].sudo()._first(ticket.company_id, kind)

    @api.model
    def _withdraw_override(self, ticket):
        """Let the rules decide again."""
        # sudo: as above
        ticket = ticket.sudo()
        self._record([self._decision_vals(ticket, self._ad_hoc_contracts(ticket))])

    @api.model
    def _record(self, vals_list):
        """Keep decisions, and let their tickets and the work there follow them."""
        # sudo: nobody has the right to write decisions
        decisions = self.env["service.coverage.decision"].sudo()
        tickets = decisions.ticket_id.browse(vals["ticket_id"] for vals in vals_list)
        before = {ticket: ticket.coverage_decision_id for ticket in tickets}
        made = decisions.with_context(**DECIDING.opened).create(vals_list)
        for decision in made.with_env(decisions.env):
            ticket = decision.ticket_id
            ticket._apply_decision(decision)
            ticket._decided_otherwise(before[ticket], decision)
        self._decided(tickets)

    @api.model
    def _decided(self, tickets):
        """Hook: who pays for these tickets, and under which tier, was decided again."""

    @api.model
    def _ad_hoc_contracts(self, tickets):
        """Accounts for work by the price list, by company and customer."""
        contracts = (
            self.env["contract.contract"]
            .sudo()
            ._ad_hoc_contracts(tickets.commercial_partner_id, tickets.company_id)
        )
        return {
            (contract.company_id, contract.commercial_partner_id): contract
            for contract in reversed(contracts)
        }

    @api.model
    def _decision_vals(self, ticket, ad_hoc_contracts):
        contract = self._contract(ticket)
        facts = self._facts(ticket, contract, ad_hoc_contracts)
        found = coverage.decide(facts)
        conditions = [*found.conditions]
        covers_place = None
        of_contract = found.code in {Code.CONTRACT, Code.CONTRACT_FREE}
        if of_contract and contract.place_ids:
            covers_place = contract._covers_place(ticket.place_id)
            place = ticket.place_id.display_name or None
            conditions.append(Condition("contract_place", covers_place, place))
        if chooser := ticket.contract_chosen_by_id:
            conditions.insert(0, Condition("contract_chosen", True, chooser.name))
        serving = ticket.contract_serving or {}
        return {
            "ticket_id": ticket.id,
            "code": str(found.code),
            "rule": found.rule,
            "facts": self._as_json(facts),
            "conditions": [list(condition) for condition in conditions],
            "tier_id": found.tier_id or False,
            "contract_id": contract.id,
            "serving": serving if serving.get("fits") else False,
            "off_place": of_contract and covers_place is False,
            "user_id": self.env.uid,
        }

    @api.model
    def _comparable(self, decision, name):
        value = decision[name]
        return value.id if isinstance(value, models.Model) else value or False

    @api.model
    def _as_json(self, facts):
        def plain(value):
            if isinstance(value, tuple):
                return [plain(part) for part in value]
            return value if isinstance(value, int | None) else str(value)

        return {name: plain(value) for name, value in facts._asdict().items()}

    @api.model
    def _contract(self, ticket):
        """The service contract in force when the ticket came to be served, or none."""
        contract = ticket.service_contract_id
        in_force = contract and contract._in_force(ticket._served_day())
        return contract if in_force and contract._is_service() else contract.browse()

    @api.model
    def _facts(self, ticket, contract, ad_hoc_contracts):
        tiers = self.env["service.tier"].sudo()
        company, item = ticket.company_id, ticket.item_id
        of_ticket = ticket.category_id, ticket.channel_id
        reported = ticket._reported_day()
        basic, ad_hoc = (tiers._first(company, kind) for kind in ("basic", "ad_hoc"))
        ad_hoc_contract = ad_hoc_contracts.get((company, ticket.commercial_partner_id))
        ad_hoc_tier = ad_hoc_contract.service_tier_id if ad_hoc_contract else ad_hoc
        return TicketFacts(
            reported=reported,
            complaint=self._complaint_verdict(ticket),
            unjustified=self._report_verdict(ticket),
            unjustified_number=self._unjustified_number(ticket),
            warranty_until=item.warranty_date or None,
            warranty=tiers._first(company, "warranty")._offer(*of_ticket),
            **self._facts_of_contract(ticket, contract),
            entitled_until=coverage.entitled_until(
                basic._coverage_rules().basic_months if basic else 0,
                [item.licence_bought_on, item.licence_upgraded_on],
                reported,
            ),
            basic=basic._offer(*of_ticket),
            ad_hoc=ad_hoc_tier._offer(*of_ticket),
            quote_required=bool(ad_hoc_tier)
            and ad_hoc_tier._coverage_rules().quote_required,
            quote_accepted=ticket._has_accepted_quote(),
            quote_first=ticket.sudo().quote_first,
        )

    @api.model
    def _facts_of_contract(self, ticket, contract):
        """What a contract offers; who chose it for a ticket that names no item or
        category vouched that the ticket is about what it covers."""
        tier, item = contract.service_tier_id, ticket.item_id
        category = ticket.category_id
        chosen = contract and contract == ticket._chosen_on(ticket._served_day())
        offer = tier._offer(category, ticket.channel_id)
        if chosen and tier._treatment(category) is None:
            offer = offer._replace(treatment=coverage.Treatment.COVERED)
        return {
            "contract": offer,
            "contract_open": ticket.contract_to_choose,
            "covers_item": not contract
            or contract._covers_item(item)
            or (chosen and not item),
        }

    @api.model
    def _complaint_verdict(self, ticket):
        if not ticket.complaint_of_id:
            return None
        return Verdict(ticket.complaint_verdict or "pending")

    @api.model
    def _report_verdict(self, ticket):
        if ticket.report_verdict != "unjustified":
            return None
        return {"open": Verdict.PENDING, "upheld": Verdict.JUSTIFIED}.get(
            ticket.objection, Verdict.UNJUSTIFIED
        )

    @api.model
    def _unjustified_number(self, ticket):
        """Which unjustified report of its month and contract the ticket is."""
        if ticket.report_verdict != "unjustified":
            return 1
        same = self._unjustified_of_the_month(ticket)
        return len(
            same.filtered(
                lambda other: (
                    (other.reported_at, other.id) <= (ticket.reported_at, ticket.id)
                )
            )
        )

    @api.model
    def _unjustified_of_the_month(self, ticket):
        """Unjustified reports that share their free number with that of the ticket."""
        company = ticket.company_id
        month = month_of(ticket._reported_day())
        found = ticket.with_context(active_test=False).search(
            Domain("company_id", "=", company.id)
            & Domain("commercial_partner_id", "=", ticket.commercial_partner_id.id)
            & Domain("service_contract_id", "=", ticket.service_contract_id.id)
            & Domain("report_verdict", "=", "unjustified")
            & Domain("objection", "!=", "upheld")
            # Days of the company's clock are compared below.
            & Domain("reported_at", ">=", Date.add(month.first, days=-1))
            & Domain("reported_at", "<=", Date.add(month.last, days=2))
        )
        return found.filtered(
            lambda other: month.first <= other._reported_day() <= month.last
        )

    @api.model
    def _decide_open_tickets(self, domain):
        """Decide again about tickets that are still worked on."""
        # sudo: a fact of one team's tickets may be changed by somebody of another
        tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        found = tickets.search(
            domain & Domain("coverage_code", "!=", False) & self._undecided_domain()
        )
        # A ticket keeps the contract it has; one without looks for it again.
        without = found.filtered(lambda ticket: not ticket.service_contract_id)
        without._find_contract_again()
        self._decide(found)

    @api.model
    def _undecided_domain(self):
        """Tickets that a change of facts still matters to."""
        return Domain("closed_date", "=", False)
