from odoo import api, models
from odoo.fields import Date

# Terms by which tickets and work find their contract.
FINDING_FIELDS = {
    "active",
    "company_id",
    "date_end",
    "date_start",
    "partner_id",
    "service_state",
    "service_tier_id",
}


class ContractContract(models.Model):
    """What follows from a change of a service contract's terms, and what may not."""

    _inherit = "contract.contract"

    @api.onchange("date_start")
    def _onchange_date_start(self):
        """Fees that are typed on the form already start with the contract."""
        fees = self.contract_line_fixed_ids.filtered(
            lambda line: not line._origin and line.date_start
        )
        if not (self.service_tier_id and self.date_start and fees):
            return
        first = min(fees.mapped("date_start"))
        for fee in fees:
            if fee.date_start == first or fee.date_start < self.date_start:
                fee.date_start = self.date_start

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.new({"name": vals.get("name")})._check_given_days(vals)
        contracts = super().create(vals_list)
        for contract, vals in zip(contracts, vals_list, strict=True):
            if vals.get("date_end"):
                contract._pass_end_to_lines(vals["date_end"])
        contracts._serving_changed()
        return contracts

    def write(self, vals):
        for contract in self:
            contract._check_given_days(vals)
        ends = {contract: contract.date_end for contract in self}
        starts = {
            record: record.date_start
            for record in (*self, *self.contract_line_ids)
            if "date_start" in vals
        }
        result = super().write(vals)
        if "date_start" in vals:
            for contract in self.filtered("service_tier_id"):
                contract._keep_later_starts(starts)
        if "date_end" in vals:
            for contract, end in ends.items():
                contract._pass_end_to_lines(vals["date_end"], end)
        if FINDING_FIELDS & set(vals):
            self._serving_changed()
        return result

    def _check_given_days(self, vals):
        """Before the lines follow: OCA contract would ask them for other dates."""
        if vals.get("service_tier_id", self.service_tier_id):
            start = vals.get("date_start", self.date_start)
            end = vals.get("date_end", self.date_end)
            self._check_order_of_days(Date.to_date(start), Date.to_date(end))

    def _pass_end_to_lines(self, end, end_before=False):
        """Let fees end with the contract, and go on with it when it is extended."""
        self.ensure_one()
        if not self.service_tier_id:
            return
        end = Date.to_date(end)
        for line in self.contract_line_ids:
            follows = line.date_end == end_before
            too_long = end and (not line.date_end or line.date_end > end)
            unbegun = end and line.date_start > end
            if (follows or too_long) and line.date_end != end and not unbegun:
                line.date_end = end

    def _keep_later_starts(self, starts):
        """OCA contract moves all lines with the header, but some start later than it.

        :param starts: of a contract and all its lines, as they were before
        """
        for line in self.contract_line_ids:
            before = starts.get(line)
            if before and before != starts[self]:
                line.date_start = max(before, self.date_start)

    def _serving_changed(self):
        """Hook: tickets and work of the customers may find another contract now."""
