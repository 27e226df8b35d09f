from datetime import date

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime
from odoo.tools.misc import formatLang

from ...tools.charging import Charge
from ...tools.duration import to_clock

SEES_PRICES = (
    "helpdesk_service_contract.group_back_office",
    "contract.group_account_invoice",
    "contract.group_account_readonly",
)
PANEL = "helpdesk_service_contract.coverage_panel"
HOUR = 60
COLOURS = {
    Charge.FULL: "info",
    Charge.FREE: "success",
    Charge.HOLD: "warning",
    Charge.MONEY: "danger",
}


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
        """What the panel shows to the user, or None without a decision."""
        # sudo: everybody who may read the ticket may read who pays for it
        decision = self.sudo().coverage_decision_id
        if not decision:
            return None
        charge = decision._effect().charge
        today = self.company_id.sudo()._service_day()
        payer = self.sudo()._payer(today)
        return {
            "title": decision._label(),
            "colour": COLOURS[charge],
            "meaning": self._charge_meaning(payer),
            "conditions": [
                (met, self._condition_label(name, fact))
                for name, met, fact in decision.conditions
            ],
            "facts": [*self._panel_facts(decision, payer)],
            "decided": self._who_decided(decision),
            "reason": decision.reason,
        }

    def _charge_meaning(self, payer):
        if payer.charge == Charge.MONEY and not self.sudo()._paying_tier():
            return self.env._("Logged, but not billed: there is no price list tier.")
        if self.coverage_code == "quote":
            return self.env._("Work starts when the customer has accepted a quote.")
        return {
            Charge.FULL: self.env._("Hours of the contract, then the price per hour"),
            Charge.MONEY: self.env._("Charged, hours of packages do not pay"),
            Charge.FREE: self.env._("Free for the customer, takes no hours"),
            Charge.HOLD: self.env._("On hold: nothing is billed before it is decided"),
        }[payer.charge]

    def _panel_facts(self, decision, payer):
        """Pairs of a label and a value below the conditions."""
        if decision.tier_id:
            yield self.env._("Tier"), decision.tier_id.name
        if payer.charge == Charge.FULL and payer.contract:
            left = to_clock(payer.contract.hours_available)
            yield self.env._("Hours left"), left
        if price := self._next_hour(payer):
            yield self.env._("Next hour costs"), price

    def _next_hour(self, payer):
        """What one more hour costs, for those who may see prices."""
        if not any(self.env.user.has_group(group) for group in SEES_PRICES):
            return None
        if not payer.charge.costs_money:
            return None
        if payer.charge == Charge.FULL and payer.contract.hours_available >= HOUR:
            return self.env._("an hour of the package")
        tier = self.sudo()._paying_tier()
        rate = tier.rate_ids[:1]
        if not rate:
            return None
        today = self.company_id.sudo()._service_day()
        # Before the first work there is no contract yet, but its price is known.
        whose = {"partner_id": self.partner_id.id, "company_id": self.company_id.id}
        contract = payer.contract or payer.contract.new(whose)
        price = self.env["service.price"]._price(rate.product_id, contract, today)
        percent = 100 + (tier.express_percent if self._express_on(today) else 0)
        currency = contract.currency_id or self.company_currency_id
        amount = price.amount * percent / 100
        return self.env._("%s net", formatLang(self.env, amount, currency_obj=currency))

    def _condition_label(self, name, fact):
        """A condition in words, with the fact it stands on."""
        if name in {"warranty", "basic"}:
            fact = format_date(self.env, date.fromisoformat(fact))
        if name.endswith("_scope"):
            scopes = self.env["service.tier.scope"]._fields["treatment"]
            fact = dict(scopes._description_selection(self.env))[fact]
        if name == "complaint":
            verdicts = self._fields["complaint_verdict"]
            fact = dict(verdicts._description_selection(self.env))[fact]
        labels = {
            "complaint": self.env._("Complaint: %s", fact),
            "warranty": self.env._("Warranty until %s", fact),
            "warranty_scope": self.env._("Category under warranty: %s", fact),
            "contract": self.env._("A contract was in force on the day of the report"),
            "contract_item": self.env._("The item is listed on the contract"),
            "contract_scope": self.env._("Category under the contract: %s", fact),
            "contract_place": self.env._(
                "Place of service in the contract: %s", fact or self.env._("not given")
            ),
            "basic": self.env._("Basic support until %s", fact),
            "basic_scope": self.env._("Category in basic support: %s", fact),
            "basic_channel": self.env._("Reported by a channel of basic support"),
            "unjustified": self.env._(
                "Unjustified report %s of the free ones this month", fact
            ),
            "objection": self.env._("The customer objects to the verdict"),
            "ad_hoc_free": self.env._("Free by the price list"),
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
