import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.printing import PrintError
from ...tools.sending import pause_after
from ..ledger.service_hour_move import LEDGER

CRON = "helpdesk_service_contract.cron_printing"
_logger = logging.getLogger(__name__)


class ServiceSettlement(models.Model):
    """Statement and SLA report are printed after their invoice was posted.

    A printer may be slow, hang or be missing: nobody who posts waits for it, and while
    it works no transaction is open. What could not be made is tried again.
    """

    _inherit = "service.settlement"

    print_at = fields.Datetime(
        string="Print Next",
        readonly=True,
        copy=False,
        help="When statement and SLA report are printed; empty once they are.",
    )
    print_attempts = fields.Integer(
        string="Failed Prints", readonly=True, copy=False, help="In a row."
    )
    print_error = fields.Text(string="Not Printed Because", readonly=True, copy=False)
    print_user_id = fields.Many2one("res.users", readonly=True, copy=False)

    _print_queue = models.Index("(print_at) WHERE print_at IS NOT NULL")

    def _order_papers(self):
        """Have statement and SLA report printed, soon and by nobody's hand."""
        if not self:
            return
        self.with_context(**LEDGER.opened).write(
            {
                "print_at": fields.Datetime.now(),
                "print_attempts": 0,
                "print_error": False,
                "print_user_id": self.env.uid,
            }
        )
        self.env.ref(CRON)._trigger()

    @api.model
    def _cron_print(self):
        """Print what is due, one settlement after the other."""
        cron = self.env["ir.cron"]
        due = self.search(
            Domain("print_at", "<=", fields.Datetime.now())
            & Domain("invoice_id.state", "=", "posted"),
            order="print_at, id",
        )
        cron._commit_progress(remaining=len(due))
        for settlement in due:
            settlement._print_papers()
            if not cron._commit_progress(1):
                return

    def _print_papers(self):
        """Print statement and SLA report; drop what was ordered anew meanwhile.

        While the printer works nothing is locked, and no transaction is open.
        """
        ordered = self.print_at
        reports = self.env["ir.actions.report"]
        try:
            self.env["ir.cron"]._commit_progress()
            reports._check_printer()
            with self.env.cr.savepoint():
                jobs = self._print_jobs()
            self.env["ir.cron"]._commit_progress()
            files = {
                field: (name, reports._print(job))
                for field, (name, job) in jobs.items()
            }
        except PrintError as error:
            told = reports.with_context(lang=self.print_user_id.lang)
            self._print_failed(ordered, told._print_problem(error))
        except OperationalError:
            raise
        except Exception as error:
            _logger.exception("Settlement %s could not be printed", self.id)
            self._print_failed(ordered, str(error))
        else:
            self._printed(ordered, files)

    def _print_jobs(self):
        """Name and job of each paper, as if the one who posted had printed it."""
        # sudo: the statement is part of the invoice, whoever may post it
        user = self.print_user_id or self.env.user
        reports = self.env["ir.actions.report"].with_user(user).sudo()
        return {
            field: (name, reports._print_job(report, record))
            for field, (report, record, name) in self._papers().items()
        }

    def _is_ordered(self, ordered):
        """Whether the order of that moment stands; locks it."""
        locked = self.try_lock_for_update(allow_referencing=True)
        locked.invalidate_recordset()
        return (
            bool(locked)
            and self.print_at == ordered
            and self.invoice_id.state == "posted"
        )

    def _printed(self, ordered, files):
        if self._is_ordered(ordered):
            self._attach(files)
            self.with_context(**LEDGER.opened).write(
                {"print_at": False, "print_attempts": 0, "print_error": False}
            )

    def _print_failed(self, ordered, reason):
        if self._is_ordered(ordered):
            attempts = self.print_attempts + 1
            self.with_context(**LEDGER.opened).write(
                {
                    "print_at": fields.Datetime.now() + pause_after(attempts),
                    "print_attempts": attempts,
                    "print_error": reason,
                }
            )
