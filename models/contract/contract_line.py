from odoo import api, models

HEADER_FIELDS = (
    "recurring_rule_type",
    "recurring_invoicing_type",
    "recurring_interval",
    "date_start",
    "date_end",
)


class ContractLine(models.Model):
    _name = "contract.line"
    _inherit = ["service.guarded", "contract.line"]

    @api.model_create_multi
    def create(self, vals_list):
        """Let lines of a service contract follow its header from the first moment.

        The defaults of the recurrence mixin win over the header when a line is
        created in code or over RPC, so that it would be pre-paid from today on.
        """
        return super().create([self._with_header(vals) for vals in vals_list])

    @api.model
    def _with_header(self, vals):
        contract = self.env["contract.contract"].browse(vals.get("contract_id"))
        if not contract.service_tier_id or contract.line_recurrence:
            return vals
        defaults = {name: contract[name] for name in HEADER_FIELDS}
        # Where nobody named a price, the product's counts.
        priced = {"specific_price", "price_unit"} & set(vals)
        defaults["automatic_price"] = bool(vals.get("product_id")) and not priced
        vals = dict(vals)
        # The form offers the date of the contract's next invoice, but a fee that starts
        # later is planned by its own days.
        vals.pop("recurring_next_date", None)
        if not vals.get("date_end"):
            vals.pop("date_end", None)
        return defaults | vals

    def _compute_date_start(self):
        """Lines that start later than the contract keep their day in its form."""
        own = {
            line: line.date_start
            for line in self._of_service()
            if not line.id
            and line._origin.date_start
            and line._origin.date_start != line.contract_id._origin.date_start
        }
        result = super()._compute_date_start()
        for line, start in own.items():
            line.date_start = max(start, line.contract_id.date_start or start)
        return result

    def _compute_automatic_price(self):
        """The form offers the product's price first, or a fee would cost nothing."""
        result = super()._compute_automatic_price()
        for line in self.filtered(lambda line: not line._origin):
            if line.contract_id.service_tier_id and not line.price_unit:
                line.automatic_price = True
        return result
