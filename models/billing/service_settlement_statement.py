from odoo import fields, models

from ..ledger.service_hour_move import LEDGER
from ..sla.service_sla_report import REPORT as SLA_REPORT

STATEMENT = "helpdesk_service_contract.report_statement"


class ServiceSettlement(models.Model):
    """What goes with an invoice: the statement of hours, and the SLA report."""

    _inherit = "service.settlement"

    sla_report_id = fields.Many2one("ir.attachment", readonly=True, copy=False)
    statement_id = fields.Many2one("ir.attachment", readonly=True, copy=False)

    def _statement_name(self):
        """File name of the statement, in the customer's language."""
        self.ensure_one()
        in_language = self.with_context(lang=self.contract_id.partner_id.lang)
        return in_language.env._(
            "Statement of hours %(contract)s %(month)s",
            contract=self.contract_id.code or self.contract_id.name,
            month=self.date_to.strftime("%Y-%m"),
        ).replace("/", "-")

    def action_print_statement(self):
        return self.env.ref(STATEMENT).report_action(self)

    def _papers(self):
        """What goes with the invoice, by the field that holds it: a report, the record
        it is about, and the name of its file."""
        self.ensure_one()
        papers = {"statement_id": (STATEMENT, self, self._statement_name())}
        # What is settled late belongs to periods that were reported on before.
        if self.contract_id.sla_report_with_statement and not self.late:
            report = self.env["service.sla.report"].create(
                {
                    "company_id": self.company_id.id,
                    "partner_id": self.contract_id.partner_id.id,
                    "date_from": self.date_from,
                    "date_to": self.date_to,
                }
            )
            papers["sla_report_id"] = (SLA_REPORT, report, report._file_name())
        return papers

    def _attach(self, files):
        """Put PDFs on the invoice, so that they go and stay together.

        :param files: name and content by the field that holds it
        """
        self.ensure_one()
        settlement = self.with_context(**LEDGER.opened)
        for field, (name, pdf) in files.items():
            settlement[field].unlink()
            settlement[field] = self.env["ir.attachment"].create(
                {
                    "name": f"{name}.pdf",
                    "raw": pdf,
                    "res_model": "account.move",
                    "res_id": self.invoice_id.id,
                }
            )
        again = self.invoice_id.service_correction_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        for invoice in again:
            self._attach_copies(invoice)
