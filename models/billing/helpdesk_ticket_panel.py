from datetime import date

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

from ...tools.cost import LEVELS, State
from ...tools.duration import to_clock
from ...tools.groups import OFFICE

PANEL = "helpdesk_service_contract.coverage_panel"


class HelpdeskTicket(models.Model):
    """The panel that answers who pays, before anybody logs time."""

    _inherit = "helpdesk.ticket"

    coverage_panel = fields.Html(
        compute="_compute_coverage_panel",
        sanitize=False,
        help="Who pays for the work on this ticket, and why.",
    )

    @api.depends_context("uid", "lang")
    @api.depends(
        "coverage_decision_id",
        "express",
        "partner_id",
        "timesheet_ids.billed_minutes",
    )
    def _compute_coverage_panel(self):
        for ticket in self:
            panel = ticket._origin._panel() if ticket._origin else None
            ticket.coverage_panel = panel and self.env["ir.qweb"]._render(PANEL, panel)

    def _panel(self):
        """What the panel shows to the user."""
        # sudo: everybody who may read the ticket may read who pays for it
        decision = self.sudo().coverage_decision_id
        costs = self.env["service.cost"]
        cost = costs._of_next_unit(self)[self]
        return {
            "title": costs._label(cost),
            "level": LEVELS[cost.state],
            "meaning": costs._meaning(self, cost),
            "why": decision and decision._label(),
            "conditions": [
                (met, self._condition_label(name, met, fact))
                for name, met, fact in decision.conditions or ()
                if not (met and name in self._unasked())
            ],
            "contracts": [*self._panel_contracts(decision)],
            "facts": [*self._panel_facts(decision, cost)],
            "decided": decision and self._who_decided(decision),
            "reason": decision.reason,
        }

    def _panel_contracts(self, decision):
        """Each contract of the customer: whether it fits, its name, and why."""
        fits = (decision.serving or {}).get("fits", ())
        contracts = decision.contract_id.browse([fit[0] for fit in fits]).exists()
        of_contract = {id_: (met, conditions) for id_, met, conditions in fits}
        for contract in contracts:
            met, conditions = of_contract[contract.id]
            yield (
                met,
                contract == decision.contract_id,
                contract.display_name,
                [
                    self._condition_label(*condition)
                    for condition in self._with_names(conditions)
                ],
            )

    def _with_names(self, conditions):
        """The rules know sites and items by what contracts say of them, people by
        their names."""
        # sudo: items decide who pays, visible or not
        ticket = self.sudo()
        named = {
            "contract_item": ("contract_items", ticket.item_id.name),
            "contract_place": ("contract_place", ticket.place_id.display_name),
        }
        for name, met, fact in conditions:
            label, of_ticket = named.get(name, (name, fact))
            yield label, met, of_ticket

    def _unasked(self):
        """Conditions that say nothing where they are met: nobody named a category."""
        if self.category_id:
            return set()
        return {"warranty_scope", "contract_scope", "basic_scope"}

    def _panel_facts(self, decision, cost):
        """Pairs of a label and a value below the conditions."""
        if decision.tier_id:
            yield self.env._("Tier"), decision.tier_id.name
        if cost.has_packages:
            yield self.env._("Hours left"), to_clock(cost.left)
        costs = self.env["service.cost"]
        # sudo: rates decide, visible or not
        visits = costs._price_list_tier(self.sudo())._visit_rates()[:1].work_type_id
        if self.off_place and visits:
            yield visits.name, costs._label(costs._of_next_unit(self, visits)[self])
        if price := self._next_hour(cost):
            yield self.env._("Next hour costs"), price

    def _next_hour(self, cost):
        """What one more hour costs, for those who may see prices."""
        if not self.env.user.has_groups(OFFICE):
            return None
        if cost.state == State.PACKAGE:
            return self.env._("one hour from the package")
        if cost.state not in {State.SURCHARGE, State.PARTLY, State.CHARGED}:
            return None
        # sudo: products of rates are hidden from some who may know prices
        return self.env["service.cost"]._price_words(self.sudo())

    def _condition_label(self, name, met, fact):
        """A condition in words, with the fact it stands on."""
        if name in {"warranty", "basic"}:
            fact = format_date(self.env, date.fromisoformat(fact))
        if name.endswith("_scope"):
            scopes = self.env["service.tier.scope"]._fields["treatment"]
            treatments = dict(scopes._description_selection(self.env))
            fact = treatments[fact] if fact else self.env._("not given")
        if name == "complaint":
            verdicts = self._fields["complaint_verdict"]
            fact = dict(verdicts._description_selection(self.env))[fact]
        labels = {
            "complaint": self.env._("Complaint: %s", fact),
            "warranty": self.env._("Warranty until %s", fact),
            "warranty_scope": self.env._("Category under warranty: %s", fact),
            "contract": self.env._("A contract was in force on the day of the report")
            if met
            else self.env._("No contract was in force on the day of the report"),
            "contract_open": self.env._(
                "Several contracts of the customer fit equally"
            ),
            "contract_chosen": self.env._("The contract was chosen by %s", fact),
            "contract_item": self.env._("The item is listed on the contract"),
            "contract_items": self.env._(
                "Item listed on the contract: %s", fact or self.env._("not given")
            ),
            "contract_category": self.env._("Preferred for this category"),
            "contract_scope": self.env._("Category under the contract: %s", fact),
            "contract_place": self.env._(
                "Site covered by the contract: %s", fact or self.env._("not given")
            ),
            "basic": self.env._("Basic support until %s", fact),
            "basic_scope": self.env._("Category in basic support: %s", fact),
            "basic_channel": self.env._("Reported through a channel of basic support"),
            "unjustified": self.env._("Free unjustified reports this month: %s", fact),
            "objection": self.env._("The customer objects to the verdict"),
            "ad_hoc_free": self.env._("Free under the price list"),
            "quote": self.env._("The customer has accepted a quote"),
        }
        return labels[name]

    def _who_decided(self, decision):
        when = format_datetime(
            self.env,
            decision.create_date,
            tz=str(self.company_id.sudo()._service_zone()),
            dt_format="short",
        )
        if decision.overridden:
            return self.env._(
                "Decided by %(who)s, %(when)s", who=decision.user_id.name, when=when
            )
        return self.env._("Decided by the rules, %s", when)

    def action_override_coverage(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_coverage_override_action"
        ) | {"context": {"default_ticket_id": self.id}}

    def action_open_decisions(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_coverage_decision_action"
        ) | {"domain": [("ticket_id", "=", self.id)]}

    def action_judge(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_verdict_action"
        ) | {"context": {"default_ticket_id": self.id}}
