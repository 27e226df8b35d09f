from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ..tools.duration import to_clock


class Amounts(NamedTuple):
    """What the invoice asks: the work of the statement and all the rest of it, which
    together are its net total. ``rounding`` is what Odoo adds to the sum of lines."""

    currency: models.Model
    of_entry: dict[int, list]
    work: float
    others: list[tuple[str, float]]
    rounding: float
    total: float

    def of(self, entry):
        """What is asked for an entry: ``Invoiced`` shares."""
        return self.of_entry.get(entry.id, [])

    def sum(self, entries):
        """The net amount of some entries."""
        shares = [share.amount for entry in entries for share in self.of(entry)]
        return self.currency.round(sum(shares))


class ServiceStatement(models.AbstractModel):
    """What the customer sees behind an invoice: packages, tickets, entries, amounts."""

    _name = "report.helpdesk_service_contract.statement"
    _description = "Statement of Hours"

    @api.model
    def _get_report_values(self, docids, data=None):
        return {
            "doc_ids": docids,
            "doc_model": "service.settlement",
            "docs": self.env["service.settlement"].browse(docids),
            "clock": to_clock,
            "entries_by_ticket": self._entries_by_ticket,
            "package_rows": self._package_rows,
            "amounts_of": self._amounts,
        }

    @api.model
    def _entries_by_ticket(self, settlement):
        """Pairs of a ticket and its work entries, all in the order of work."""
        # sudo: the statement is whole for all who may read the settlement, accountants
        # among them, who have no right on tickets
        entries = settlement.sudo().entry_ids
        ordered = entries.sorted(lambda entry: (entry.date, entry.id))
        return ordered.grouped("ticket_id").items()

    @api.model
    def _amounts(self, settlement):
        """Amounts of the invoice of a settlement; none while it is not invoiced, and
        none for those who may not see prices."""
        entries = self.env["account.analytic.line"]
        sees_prices = entries._has_field_access(entries._fields["price_note"], "read")
        # sudo: back office may see what the invoice asks for, with no right on accounts
        invoice = settlement.sudo().invoice_id
        if not invoice or not sees_prices:
            return None
        invoiced = self.env["service.invoiced.work"]
        shares = invoiced._by_entry(invoice)
        currency = invoice.currency_id
        work = sum(share.amount for same in shares.values() for share in same)
        others = [
            (line.name or line.product_id.display_name, line.price_subtotal)
            for line in invoiced._other_lines(invoice)
        ]
        rest = invoice.amount_untaxed - work - sum(net for _name, net in others)
        return Amounts(
            currency,
            shares,
            currency.round(work),
            others,
            currency.round(rest),
            invoice.amount_untaxed,
        )

    @api.model
    def _package_rows(self, settlement):
        """Minutes before, in and after the settlement, of each package that could have
        given hours to its work: also of those that gave none."""
        newest = max(settlement.move_ids.ids, default=settlement.posted_after_id)
        packages = self.env["service.hour.package"]
        packages = packages.search(
            packages._serving_domain(settlement.contract_id)
            & Domain("date_from", "<=", settlement.date_to)
            & Domain("date_to", ">=", settlement.date_from)
        )
        used_late = settlement.move_ids.package_id
        return [
            self._package_row(package, settlement, newest)
            for package in (packages | used_late).sorted("date_to")
            if any(move.id <= newest for move in package.move_ids)
        ]

    @api.model
    def _package_row(self, package, settlement, newest):
        known = package.move_ids.filtered(lambda move: move.id <= newest)
        mine = known.filtered(lambda move: move.settlement_id == settlement)

        def minutes(*kinds, carried=False):
            return sum(
                move.minutes
                for move in mine
                if move.kind in kinds and bool(move.successor_id) == carried
            )

        after = sum(known.mapped("minutes"))
        used = -minutes("consume")
        expired = -minutes("expire", "release")
        carried = -minutes("expire", carried=True)
        granted = known.filtered(lambda move: move.kind in ("grant", "adjust"))
        return {
            "period": package._period_label(),
            "granted": sum(granted.mapped("minutes")),
            "before": after + used + expired + carried,
            "used": used,
            "expired": expired,
            "carried": carried,
            "after": after,
        }
