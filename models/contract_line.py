from odoo import api, fields, models

HEADER_FIELDS = (
    "recurring_rule_type",
    "recurring_invoicing_type",
    "recurring_interval",
    "date_start",
    "date_end",
)


class ContractLine(models.Model):
    _inherit = "contract.line"

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
        return defaults | vals

    def _compute_automatic_price(self):
        """The form offers the product's price first, or a fee would cost nothing."""
        result = super()._compute_automatic_price()
        for line in self.filtered(lambda line: not line._origin):
            if line.contract_id.service_tier_id and not line.price_unit:
                line.automatic_price = True
        return result

    def write(self, vals):
        """An end that is given on the line moves that of the contract."""
        result = super().write(vals)
        if "date_end" in vals:
            self.contract_id.filtered("service_tier_id")._find_work()
        return result

    def _end_on(self, end):
        """End the fee on a day, or never, and plan its next invoice anew.

        OCA contract keeps the planned date, from which it would then derive a period
        that is too long, or is over before it starts.
        """
        self.ensure_one()
        start = self.date_start
        if self.last_date_invoiced:
            start = fields.Date.add(self.last_date_invoiced, days=1)
        next_date = self.get_next_invoice_date(
            start,
            self.recurring_invoicing_type,
            self.recurring_invoicing_offset,
            self.recurring_rule_type,
            self.recurring_interval,
            max_date_end=end,
        )
        self.write({"date_end": end, "recurring_next_date": next_date})

    @api.constrains("recurring_invoicing_type")
    def _check_billed_after_the_period(self):
        self.contract_id._check_billed_after_the_period()

    def _prepare_invoice_line(self):
        """Keep the period of a fee, and say it on the invoice in any case.

        It is caught here because OCA contract moves on to the next period right after.
        """
        vals = super()._prepare_invoice_line()
        contract = self.contract_id
        if vals and contract.service_tier_id and not self.display_type:
            first, last = self.next_period_date_start, self.next_period_date_end
            vals |= {"service_period_from": first, "service_period_to": last}
            if "#START#" not in self.name:
                vals["name"] += f"\n{contract._period_label(first, last)}"
        return vals
