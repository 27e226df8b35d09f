from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ServiceBilling(models.AbstractModel):
    """Fees of contracts as lines of invoices, and how they become due again.

    Apart from how an invoice is made, so that either file is read in one go.
    """

    _inherit = "service.billing"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _fee_lines(self, settlement):
        """Values for the contract's fees whose periods end within the settled one.

        What each fee was billed until before is kept on the settlement, so that it
        can be given back.
        """
        contract = settlement.contract_id
        # OCA contract plans the invoice of a period for its last day or the day after.
        day_after = fields.Date.add(settlement.date_to, days=1)
        values = []
        before = {}
        while due := contract._get_lines_to_invoice(day_after).filtered(
            lambda line: not line.display_type
        ):
            for line in due:
                self._check_fee_period(line)
                before.setdefault(str(line.id), str(line.last_date_invoiced or ""))
                vals = line._prepare_invoice_line()
                if vals and vals["quantity"]:
                    values.append(vals)
                line._update_last_date_invoiced()
        contract._compute_recurring_next_date()
        settlement.fees_before = before
        return values

    @api.model
    def _check_fee_period(self, line):
        """Refuse a period that ends before it begins, and so bills a fee once more.

        OCA contract derives the end from the date of the next invoice, and people may
        move that.
        """
        if line.next_period_date_end < line.next_period_date_start:
            raise ValidationError(
                self.env._(
                    "The next invoice of the fee “%(fee)s” is planned for %(day)s, but "
                    "its next period only begins on %(start)s. Correct the date of the "
                    "next invoice on the contract.",
                    fee=line.name,
                    day=line.recurring_next_date,
                    start=line.next_period_date_start,
                )
            )

    @api.model
    def _rewind_fees(self, settlement):
        for id_, day in (settlement.fees_before or {}).items():
            fee = self.env["contract.line"].browse(int(id_)).exists()
            if fee.last_date_invoiced and fee.last_date_invoiced > settlement.date_to:
                raise UserError(
                    self.env._(
                        "A later period of the contract “%s” is billed already. Cancel "
                        "its newest invoice first, then this one.",
                        settlement.contract_id.display_name,
                    )
                )
            fee.last_date_invoiced = fields.Date.to_date(day)
