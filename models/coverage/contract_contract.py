from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ContractContract(models.Model):
    """Tickets are decided again when the contracts of their customer change."""

    _inherit = "contract.contract"

    def _serving_changed(self):
        """A ticket keeps the contract it has; one without looks for it again."""
        result = super()._serving_changed()
        if self.commercial_partner_id:
            # sudo: who makes a contract may not see the tickets of every team
            tickets = self.env["helpdesk.ticket"].sudo()
            found = tickets.search(
                self._customers_domain()
                & Domain("service_contract_id", "=", False)
                & tickets._not_resting_domain()
            )
            found._find_contract_again()
            self._coverage_changed()
        return result

    def _coverage_changed(self):
        result = super()._coverage_changed()
        self.env["service.coverage"]._decide_open_tickets(
            self._customers_domain() & Domain("company_id", "in", self.company_id.ids)
        )
        return result

    def _check_nothing_happened(self):
        result = super()._check_nothing_happened()
        # sudo: tickets count, visible or not
        tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        if ticket := tickets.search([("service_contract_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Ticket %s is served under the contract, so it stays in force. Set "
                    "its end date instead.",
                    ticket.number,
                )
            )
        return result

    def _customers_domain(self):
        """Tickets of the customers of these contracts."""
        return Domain("commercial_partner_id", "in", self.commercial_partner_id.ids)
