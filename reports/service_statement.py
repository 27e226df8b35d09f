from odoo import api, models

from ..tools.duration import to_clock


class ServiceStatement(models.AbstractModel):
    """What the customer sees behind an invoice: packages, tickets and entries."""

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
        }

    @api.model
    def _entries_by_ticket(self, settlement):
        """Pairs of a ticket and its work entries, all in the order of work."""
        # sudo: the statement is whole for whoever may read the settlement, accountants
        # among them, who have no right on tickets
        entries = settlement.sudo().entry_ids
        ordered = entries.sorted(lambda entry: (entry.date, entry.id))
        return ordered.grouped("ticket_id").items()

    @api.model
    def _package_rows(self, settlement):
        """Minutes before, in and after the settlement, of each package that could have
        given hours to its work: also of those that gave none."""
        newest = max(settlement.move_ids.ids, default=settlement.posted_after_id)
        packages = self.env["service.hour.package"].search(
            [
                ("commercial_partner_id", "=", settlement.commercial_partner_id.id),
                ("company_id", "=", settlement.company_id.id),
                ("contract_id", "in", [settlement.contract_id.id, False]),
                ("date_from", "<=", settlement.date_to),
                ("date_to", ">=", settlement.date_from),
            ]
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
