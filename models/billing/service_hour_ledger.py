from collections import Counter

from odoo import api, models

from ...tools.charging import Unit
from ...tools.duration import to_hours


class ServiceHourLedger(models.AbstractModel):
    """The proof of the ledger goes on to the invoices of what was settled."""

    _inherit = "service.hour.ledger"

    @api.model
    def _settlement_differences(self, settlements):
        yield from super()._settlement_differences(settlements)
        invoices = settlements.invoice_id
        for invoice in invoices.filtered(lambda move: move.state != "cancel"):
            lines = invoice.invoice_line_ids.filtered("service_charges")
            yield from self._charge_differences(invoice, lines)
            yield from self._quantity_differences(lines)

    @api.model
    def _charge_differences(self, invoice, lines):
        """What an invoice charges for each entry, against what is to be charged."""
        entries = invoice.settlement_ids.entry_ids
        plan = self.env["service.rating"]._settled_plan(entries)
        owed, charged = Counter(), Counter()
        for work in plan.facts.works:
            for item in self.env["service.price"]._items(plan, work):
                owed[work.id, item.unit] += item.quantity
        for line in lines:
            for entry_id, quantity in line.service_charges["entries"]:
                charged[entry_id, Unit(line.service_charges["unit"])] += quantity
        for key in sorted(owed.keys() | charged.keys()):
            if owed[key] != charged[key]:
                entry = entries.browse(key[0]).exists()
                yield self.env._(
                    "Invoice %(invoice)s charges %(charged)s for the work “%(work)s”, "
                    "by its settlement it is %(owed)s (minutes, or flat fees).",
                    invoice=invoice.display_name,
                    charged=charged[key],
                    owed=owed[key],
                    work=entry.display_name or key[0],
                )

    @api.model
    def _quantity_differences(self, lines):
        """What lines of invoices count, against the work that they charge."""
        for line in lines:
            total = sum(quantity for _id, quantity in line.service_charges["entries"])
            minutes = line.service_charges["unit"] == Unit.MINUTE
            quantity = to_hours(total) if minutes else total
            if line.product_uom_id.compare(line.quantity, quantity):
                yield self.env._(
                    "Invoice %(invoice)s, line “%(line)s”: the quantity is %(found)s, "
                    "by the work it charges it is %(quantity)s.",
                    invoice=line.move_id.display_name,
                    line=line._service_label(),
                    found=line.quantity,
                    quantity=quantity,
                )
