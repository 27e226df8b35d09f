from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

REPORT = "helpdesk_service_contract.report_sla_report"


class ServiceSlaReport(models.TransientModel):
    """Which customer's SLA report, and of which days."""

    _name = "service.sla.report"
    _description = "SLA Report"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, check_company=True
    )
    date_from = fields.Date(
        string="First Day",
        required=True,
        compute="_compute_period",
        store=True,
        readonly=False,
    )
    date_to = fields.Date(
        string="Last Day",
        required=True,
        compute="_compute_period",
        store=True,
        readonly=False,
    )

    @api.depends("company_id")
    def _compute_period(self):
        """Last month, by the company's clock."""
        for wizard in self:
            company = wizard.company_id or self.env.company
            this_month = company._service_day().replace(day=1)
            wizard.date_from = fields.Date.subtract(this_month, months=1)
            wizard.date_to = fields.Date.subtract(this_month, days=1)

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for wizard in self:
            if wizard.date_to < wizard.date_from:
                raise ValidationError(
                    self.env._(
                        "The last day of the report, %(last)s, is before its first "
                        "day, %(first)s. Change one of them.",
                        first=format_date(self.env, wizard.date_from),
                        last=format_date(self.env, wizard.date_to),
                    )
                )

    @api.depends("partner_id")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = wizard.partner_id.display_name

    def action_print(self):
        self._check_has_tickets()
        action = self.env.ref(REPORT).report_action(self)
        return action | {"close_on_report_download": True}

    def action_send(self):
        """Open an e-mail to the customer, with the report attached."""
        self._check_has_tickets()
        attachment = self._attachment("mail.compose.message", 0)
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_attachment_ids": attachment.ids,
                "default_composition_mode": "comment",
                "default_model": "res.partner",
                "default_partner_ids": self.partner_id.ids,
                "default_res_ids": self.partner_id.ids,
                "default_subject": self._file_name(),
            },
        }

    def _check_has_tickets(self):
        self.ensure_one()
        # Promises that were broken are told of tickets that were archived as well.
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        of_customer = tickets.search_count(
            [
                ("commercial_partner_id", "=", self._customer().id),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )
        if not of_customer:
            raise UserError(
                self.env._(
                    "%(company)s has no tickets from %(customer)s, so there is "
                    "nothing to report. Choose another customer.",
                    company=self.company_id.name,
                    customer=self.partner_id.display_name,
                )
            )

    def _customer(self):
        """Tickets are reported by people, but promised to their company."""
        return self.partner_id.commercial_partner_id

    def _lang(self):
        return self.partner_id.lang or self._customer().lang or self.env.lang

    def _file_name(self):
        """Name of the file, in the customer's language."""
        self.ensure_one()
        in_language = self.with_context(lang=self._lang())
        return in_language.env._(
            "SLA report %(customer)s %(first)s – %(last)s",
            customer=self._customer().name,
            first=fields.Date.to_string(self.date_from),
            last=fields.Date.to_string(self.date_to),
        ).replace("/", "-")

    def _attachment(self, model, res_id):
        """The report as a file of that record."""
        reports = self.env["ir.actions.report"]
        pdf, file_type = reports._render_qweb_pdf(REPORT, self.ids)
        return self.env["ir.attachment"].create(
            {
                "name": f"{self._file_name()}.{file_type}",
                "raw": pdf,
                "res_model": model,
                "res_id": res_id,
            }
        )
