from odoo import models
from odoo.fields import Domain


class ContractContract(models.Model):
    """A contract promises an answer on all tickets of its customer."""

    _inherit = "contract.contract"

    def _coverage_changed(self):
        result = super()._coverage_changed()
        # sudo: what is promised counts, whoever changes the contract
        tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        open_tickets = tickets.search(
            (
                Domain("coverage_decision_id.contract_id", "in", self.ids)
                | (Domain("service_contract_id", "=", False) & self._customers_domain())
            )
            & Domain("closed_date", "=", False)
        )
        self.env["service.sla"]._follow(open_tickets)
        return result
