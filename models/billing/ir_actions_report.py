from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import find_in_path

from ...tools.printing import Fault, Job, PrintError, check_printer, print_pdf

# The context in which a paper is printed within so many seconds.
SECONDS = "service_print_seconds"
# Enough for a statement of some hundred entries on a busy server.
LIMIT = 60


class IrActionsReport(models.Model):
    """Printing that ends: by a PDF, or by a sentence after a while."""

    _inherit = "ir.actions.report"

    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        if not self.env.context.get(SECONDS):
            return super()._run_wkhtmltopdf(
                bodies,
                report_ref=report_ref,
                header=header,
                footer=footer,
                landscape=landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )
        report = self._get_report(report_ref) if report_ref else self
        try:
            self._check_printer()
            options = self._build_wkhtmltopdf_args(
                report.get_paperformat(),
                landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )
            return self._print(Job(options, bodies, header or "", footer or ""))
        except PrintError as error:
            raise UserError(self._print_problem(error)) from None

    @api.model
    def _print_job(self, report_ref, record):
        """All that the printer needs for the paper of a record, apart from time."""
        report = self._get_report(report_ref)
        html, _type = self._render_qweb_html(report_ref, record.ids)
        bodies, _ids, header, footer, paper = report._prepare_html(
            html, report_model=report.model
        )
        options = self._build_wkhtmltopdf_args(
            report.get_paperformat(), False, specific_paperformat_args=paper
        )
        return Job(options, bodies, header or "", footer or "")

    @api.model
    def _print(self, job):
        """The PDF of a job; asks the database for nothing.

        :raises PrintError: where there is none
        """
        return print_pdf(self._printer(), job, self._print_limit())

    @api.model
    def _check_printer(self):
        """Refuse a printer that is missing or hangs, before a page is made for it."""
        check_printer(self._printer(), self._print_limit())

    @api.model
    def _printer(self):
        try:
            return find_in_path("wkhtmltopdf")
        except OSError as error:
            raise PrintError(Fault.MISSING, str(error)) from None

    @api.model
    def _print_limit(self):
        return self.env.context.get(SECONDS) or LIMIT

    @api.model
    def _print_problem(self, error):
        return {
            Fault.MISSING: self.env._("This server has no wkhtmltopdf to make PDFs."),
            Fault.SLOW: self.env._("The printer did not finish in time."),
            Fault.FAILED: self.env._("The printer failed (%s).", error.detail),
            Fault.NO_PDF: self.env._("What the printer made is no PDF."),
        }[error.fault]
