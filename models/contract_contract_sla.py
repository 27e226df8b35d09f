from odoo import fields, models


class ContractContract(models.Model):
    """What the customer of a contract is told about promises.

    Apart from the terms of a contract, so that either file is read in one go.
    """

    _inherit = "contract.contract"  # pylint: disable=consider-merging-classes-inherited

    sla_report_with_statement = fields.Boolean(
        string="Attach the SLA Report",
        help="The invoice of a period comes with a report on the guaranteed times of "
        "the customer's tickets, beside the statement of hours.",
    )


class ServiceSettlement(models.Model):
    """The SLA report of the settled period, which goes with the statement."""

    _inherit = "service.settlement"  # pylint: disable=consider-merging-classes-inherited

    sla_report_id = fields.Many2one("ir.attachment", readonly=True, copy=False)

    def _attach_statements(self):
        result = super()._attach_statements()
        self._attach_sla_reports()
        return result

    def _attach_sla_reports(self):
        """Put the SLA report on the invoice, where the contract wants it."""
        # What is settled late belongs to periods that were reported on before.
        reported = self.filtered(
            lambda s: s.contract_id.sla_report_with_statement and not s.late
        )
        reports = self.env["ir.actions.report"]
        for settlement in reported:
            if reports.get_wkhtmltopdf_state() == "install":
                settlement.invoice_id.message_post(
                    body=self.env._(
                        "The SLA report is not attached, because this server has no "
                        "wkhtmltopdf to make PDF files."
                    )
                )
                continue
            report = self.env["service.sla.statement"].create(
                {
                    "company_id": settlement.company_id.id,
                    "partner_id": settlement.contract_id.partner_id.id,
                    "date_from": settlement.date_from,
                    "date_to": settlement.date_to,
                }
            )
            settlement.sla_report_id.unlink()
            settlement.sla_report_id = report._attachment(
                "account.move", settlement.invoice_id.id
            )
