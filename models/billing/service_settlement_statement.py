from odoo import fields, models

STATEMENT = "helpdesk_service_contract.report_statement"


class ServiceSettlement(models.Model):
    """What goes with an invoice: the statement of hours, and the SLA report."""

    _inherit = "service.settlement"

    sla_report_id = fields.Many2one("ir.attachment", readonly=True, copy=False)
    statement_id = fields.Many2one("ir.attachment", readonly=True, copy=False)

    def _attach_statements(self):
        """Put the statement on the invoice, so that they go and stay together."""
        reports = self.env["ir.actions.report"]
        for settlement in self:
            if reports.get_wkhtmltopdf_state() == "install":
                settlement.invoice_id.message_post(
                    body=self.env._(
                        "The statement of hours is not attached, because this server "
                        "has no wkhtmltopdf to make PDF files."
                    )
                )
                continue
            pdf, file_type = reports._render_qweb_pdf(STATEMENT, settlement.ids)
            settlement.statement_id.unlink()
            settlement.statement_id = self.env["ir.attachment"].create(
                {
                    "name": f"{settlement._statement_name()}.{file_type}",
                    "raw": pdf,
                    "res_model": "account.move",
                    "res_id": settlement.invoice_id.id,
                }
            )
        self._attach_sla_reports()

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
            report = self.env["service.sla.report"].create(
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
