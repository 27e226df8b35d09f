from odoo import api, fields, models
from odoo.fields import Domain

# What work takes from its contract before it is rated.
FOUND_BY_WORK = ["work_type_id", "service_contract_id", "charge"]


class ContractContract(models.Model):
    """The open work of a contract, which follows its terms."""

    _inherit = "contract.contract"

    work_entry_ids = fields.Many2many(
        "account.analytic.line",
        compute="_compute_work_entry_ids",
        string="Unsettled Work",
    )

    def _compute_work_entry_ids(self):
        """Open work. No inverse of the entry's contract: logging would maintain it."""
        entries = self.env["account.analytic.line"]
        found = entries.search(
            Domain("service_contract_id", "in", self.ids)
            & entries._not_settled_domain(),
            order="date, id",
        )
        of_contract = found.grouped("service_contract_id")
        for contract in self:
            contract.work_entry_ids = of_contract.get(contract._origin, entries)

    @api.constrains("service_tier_id")
    def _check_rates_of_open_work(self):
        """Open work was logged under rates that the tier must have as well."""
        # sudo: who changes the tier may not see the work of every team
        for contract in self.sudo():
            entries = contract.work_entry_ids if contract.service_tier_id else ()
            for entry in entries:
                entry._check_rate()

    def _serving_changed(self):
        """Open work finds its contract again; settled work keeps its own."""
        result = super()._serving_changed()
        if self.commercial_partner_id:
            # sudo: who makes a contract may not see the work of every team
            entries = self.env["account.analytic.line"].sudo()
            found = entries.search(
                Domain("ticket_id", "any", self._customers_domain())
                & Domain("is_history", "=", False)
                & entries._not_settled_domain()
            )
            for name in FOUND_BY_WORK:
                self.env.add_to_compute(found._fields[name], found)
            found.modified(FOUND_BY_WORK)
        return result
