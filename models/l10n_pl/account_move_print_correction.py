from odoo import models

from ...tools.correction import changed, left


class AccountMove(models.Model):
    """What a correction changes: before, after and difference, and what is returned."""

    _inherit = "account.move"

    def _printed_changes(self):
        """Rows of the lines, sums, and the money that follows from them."""
        original, earlier = self._corrects(), self._earlier_corrections()
        before = {
            name: original[name] - sum(one._taken(name) for one in earlier)
            if original
            else 0.0
            for name in ("amount_untaxed", "amount_tax", "amount_total")
        }
        taken = {name: self._taken(name) for name in before}
        after = {name: before[name] - taken[name] for name in before}
        paid = original and original._really_paid()
        return {
            "rows": [
                self._printed_change(line, earlier)
                for line in self._service_product_lines()
            ],
            "sums": [
                (before[name], after[name], -taken[name])
                for name in ("amount_untaxed", "amount_tax", "amount_total")
            ],
            "returned": max(0.0, (paid or 0.0) - after["amount_total"]),
            "due": max(0.0, after["amount_total"] - (paid or 0.0)),
        }

    def _taken(self, name):
        """An amount that a correction takes off; what it adds is negative."""
        return self[name] if self.move_type == "out_refund" else -self[name]

    def _earlier_corrections(self):
        """Corrections of the same invoice that were issued before this one."""
        original = self._corrects()
        notes = (original.reversal_move_ids | original.service_raise_ids) - self
        posted = notes.filtered(lambda note: note.state == "posted")
        if self.state != "posted":
            return posted
        return posted.filtered(
            lambda note: (note.invoice_date, note.id) < (self.invoice_date, self.id)
        )

    def _printed_change(self, line, earlier):
        """Quantity, price and net amount before, after, and the difference."""
        origin, credit = self._origin_of(line), line._as_credited()
        if origin:
            before = origin._as_corrected()
        else:  # A line that is new, or of what nobody knows what it is about.
            none = self.move_type == "out_invoice"
            before = credit._replace(quantity=0.0, amount=0.0) if none else credit
        if earlier and origin:
            credits = earlier.invoice_line_ids.filtered(
                lambda one: self._origin_of(one) == origin
            )
            rest = left(before, [one._as_credited() for one in credits])
            before = before._replace(quantity=rest.quantity, amount=rest.amount)
        after = changed(before, credit)
        return {
            "name": line.name,
            "unit": self._printed_unit(line),
            "before": before,
            "after": after,
            "quantity": after.quantity - before.quantity,
            "amount": after.amount - before.amount,
        }

    def _origin_of(self, line):
        """The line that a correction is about; of other invoices Odoo keeps no link."""
        if linked := line.service_origin_line_id or line.service_raised_line_id:
            return linked
        if line.move_id.service_raised_id:
            return line.browse()  # It was added by hand, and is new.
        same = self._corrects().invoice_line_ids.filtered(
            lambda one: (
                one.display_type == "product"
                and (one.product_id, one.name) == (line.product_id, line.name)
            )
        )
        return same[:1]

    def _really_paid(self):
        """What was paid in money, and not settled by another invoice or correction."""
        paid = 0.0
        for partial in self._get_all_reconciled_invoice_partials():
            if not partial["is_exchange"] and not partial["aml"].move_id.is_invoice(
                include_receipts=True
            ):
                paid += partial["amount"]
        return paid
