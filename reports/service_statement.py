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
        """Minutes of each package before, in and after the settlement."""
        rows = []
        for package, moves in settlement.move_ids.grouped("package_id").items():
            minutes = {
                kind: sum(same.mapped("minutes"))
                for kind, same in moves.grouped("kind").items()
            }
            newest = max(moves.ids)
            after = sum(m.minutes for m in package.move_ids if m.id <= newest)
            used = -minutes.get("consume", 0)
            expired = -minutes.get("expire", 0) - minutes.get("release", 0)
            rows.append(
                {
                    "period": settlement.contract_id._period_label(
                        package.date_from, package.date_to
                    ),
                    "granted": package.granted_minutes,
                    "before": after + expired + used,
                    "used": used,
                    "expired": expired,
                    "after": after,
                }
            )
        return rows
