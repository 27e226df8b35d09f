from odoo import api, models

from ...tools.cost import State
from ...tools.duration import to_clock


class ServiceCost(models.AbstractModel):
    """What work costs, in words for our people: without amounts."""

    _inherit = "service.cost"

    @api.model
    def _label(self, cost):
        """A few words for a badge."""
        left = to_clock(cost.left)
        labels = {
            State.FREE: self.env._("No charge"),
            State.PACKAGE: self.env._("From the package, %s left", left),
            State.SURCHARGE: self.env._("From the package, plus a surcharge"),
            State.PARTLY: self.env._("Partly charged, %s left", left),
            State.CHARGED: self.env._("Charged"),
            State.QUOTED: self.env._("Charged by the accepted quote"),
            State.UNCOVERED: self.env._("Hours used up, more is not covered")
            if cost.has_packages
            else self.env._("Not covered by the contract"),
            State.NEEDS_QUOTE: self.env._("Needs an accepted quote"),
            State.UNDECIDED: self.env._("Not decided yet"),
            State.UNPRICED: self.env._("Not billed: no price"),
        }
        return labels[cost.state]

    @api.model
    def _label_of_work(self, cost):
        """The same for work that is done, or on a form."""
        if cost.packages and cost.charged:
            return self.env._(
                "%(packages)s from the package, %(charged)s charged",
                packages=to_clock(cost.packages),
                charged=to_clock(cost.charged),
            )
        if cost.fees:
            return self.env._("A flat fee is charged")
        if cost.state == State.PACKAGE:
            return self.env._("From the package")
        return self._label(cost)

    @api.model
    def _meaning(self, ticket, cost):
        """A sentence for people who work on the ticket; it holds no amount."""
        if not ticket.coverage_code:
            return self.env._("Choose the customer to find out who pays.")
        if cost.state == State.PARTLY and ticket.overage_policy == "ask":
            return self.env._(
                "More than %s is not covered. Ask back office first.",
                to_clock(cost.left),
            )
        sentences = {
            State.FREE: self.env._("The customer pays nothing, no hours are taken."),
            State.PACKAGE: self.env._("Hours of the contract pay."),
            State.SURCHARGE: self.env._(
                "Hours of the contract pay; the surcharge is charged on top."
            ),
            State.PARTLY: self.env._(
                "Hours of the contract pay first; what goes beyond them is charged."
            ),
            State.CHARGED: self.env._("The customer pays for this work."),
            State.QUOTED: self.env._(
                "The customer pays the price of the quote %s.", self._quotes(ticket)
            ),
            State.UNCOVERED: self.env._("Ask back office before you work on."),
            State.NEEDS_QUOTE: self.env._(
                "Work starts when the customer has accepted a quote."
            ),
            State.UNDECIDED: self.env._("Nothing is billed before it is decided."),
            State.UNPRICED: self.env._("There is no price list tier."),
        }
        return sentences[cost.state]

    @api.model
    def _quotes(self, ticket):
        # sudo: the number of a quote is no secret of its ticket; its price is
        quotes = ticket.sudo()._customers_quotes("sale")
        return ", ".join(quotes.mapped("name"))
