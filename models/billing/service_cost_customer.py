from collections import Counter

from odoo import api, models

from ...tools.cost import State
from ...tools.duration import to_clock
from .service_cost import Cost


class ServiceCost(models.AbstractModel):
    """What work costs, in words for customers: with their own price."""

    _inherit = "service.cost"

    @api.model
    def _for_customer(self, ticket, work_type=None):
        """A sentence for the customer of a ticket, with the price of a kind of work."""
        # sudo: a customer may know their own prices, but reads no tiers and products
        ticket = ticket.sudo()
        cost = self._of_next_unit(ticket, work_type)[ticket]
        if cost.state == State.PARTLY and ticket.overage_policy == "ask":
            cost = cost._replace(state=State.PACKAGE)
        told = {
            "left": to_clock(cost.left),
            "price": self._price_words(ticket, work_type, gross=True),
            "quotes": self._quotes(ticket),
            "why": ticket.coverage_code and ticket.coverage_decision_id._label(),
        }
        sentences = {
            State.FREE: self.env._("You pay nothing for this: %(why)s.", **told),
            State.PACKAGE: self.env._(
                "The hours of your contract pay for it; %(left)s are left.", **told
            ),
            State.SURCHARGE: self.env._(
                "The hours of your contract pay for it; %(left)s are left. A surcharge "
                "is charged on top.",
                **told,
            ),
            State.PARTLY: self.env._(
                "The hours of your contract pay first; %(left)s are left. What goes "
                "beyond them is charged: %(price)s.",
                **told,
            ),
            State.CHARGED: self.env._("It is charged: %(price)s.", **told),
            State.QUOTED: self.env._(
                "You pay the price of the quote you accepted: %(quotes)s.", **told
            ),
            State.UNCOVERED: self._uncovered_for_customer(cost),
            State.NEEDS_QUOTE: self.env._("Work starts when you accept our quote."),
            State.UNDECIDED: self.env._(
                "It is not decided yet who pays. Nothing is charged before that."
            ),
            State.UNPRICED: self.env._("There is no price for this yet."),
        }
        return sentences[cost.state]

    @api.model
    def _uncovered_for_customer(self, cost):
        if cost.has_packages:
            return self.env._(
                "The hours of your contract are used up. We ask you before we work on."
            )
        return self.env._(
            "Your contract does not cover this. We ask you before we work."
        )

    @api.model
    def _of_closed_for_customer(self, ticket, but=()):
        """What the work on a closed ticket came to: pairs of a label and an amount of
        time, or a number of fees.

        :param but: states that are told elsewhere, with their amounts
        """
        # sudo: a customer may know what work costs them, but reads no entries
        entries = ticket.sudo().timesheet_ids
        costs = self._of_entries(entries)
        minutes, fees = Counter(), 0
        for entry in entries:
            cost = costs.get(entry.id, Cost(State.UNPRICED))
            minutes[State.PACKAGE] += cost.packages
            minutes[State.CHARGED] += cost.charged
            fees += cost.fees
            if not (cost.packages or cost.charged or cost.fees):
                minutes[cost.state] += entry.billed_minutes or entry.worked_minutes
        labels = {
            State.PACKAGE: self.env._("From the hours of your contract"),
            State.CHARGED: self.env._("Charged"),
            State.QUOTED: self.env._("By the quote you accepted"),
            State.FREE: self._free_label(ticket.sudo(), entries),
            State.UNDECIDED: self.env._("Not decided yet"),
            State.UNPRICED: self.env._("Not charged"),
        }
        told = [
            (label, to_clock(minutes[state]))
            for state, label in labels.items()
            if minutes[state] and state not in but
        ]
        if fees and State.CHARGED not in but:
            told.append((self.env._("Flat fees"), str(fees)))
        return told

    @api.model
    def _free_label(self, ticket, entries):
        """Why work is free, where the decision on the ticket makes it so."""
        if entries.filtered("waiver") or not ticket.coverage_decision_id:
            return self.env._("Free of charge")
        return self.env._("Free of charge (%s)", ticket.coverage_decision_id._label())
