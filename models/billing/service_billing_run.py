import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate, format_date
from odoo.tools.misc import clean_context, formatLang

from ...tools.guard import Guard, Seal
from ...tools.periods import month_of
from .account_move_line import BILLING

# Contracts that are billed in one transaction: enough for batches to pay, few enough
# that a killed server loses seconds of work and a lock is held for seconds.
STEP = 25
_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)
CRON = "helpdesk_service_contract.cron_service_billing_run"
RUNNING = Seal("billing_run")
BY_THE_RUN = _lt("Only the billing run itself records what it did.")
RECORDED = Guard(
    frozenset({"automatic", "finished_on", "jobs_until", "started_on", "state"}),
    RUNNING,
    message=BY_THE_RUN,
)


class ServiceBillingRun(models.Model):
    """Back office bills the periods that are over and the jobs that are done.

    First a preview of who, what and how much; then the draft invoices, in small steps
    that are committed one by one, so that whatever is killed goes on where it stopped.
    """

    _name = "service.billing.run"
    _inherit = ["service.guarded"]
    _description = "Billing Run"
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    last_day = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self._default_last_day(),
        help="Bills every period that has ended and every job completed by this "
        "day, if not billed yet.",
    )
    state = fields.Selection(
        [("preview", "Preview"), ("running", "In Progress"), ("done", "Finished")],
        required=True,
        readonly=True,
        default="preview",
        copy=False,
    )
    automatic = fields.Boolean(
        readonly=True, copy=False, help="Started by the scheduled action."
    )
    jobs_until = fields.Date(readonly=True, copy=False)
    line_ids = fields.One2many("service.billing.run.line", "run_id", string="Contracts")
    invoice_ids = fields.One2many("account.move", "service_run_id", readonly=True)
    started_on = fields.Datetime(readonly=True, copy=False)
    finished_on = fields.Datetime(readonly=True, copy=False)
    left_open = fields.Text(
        compute="_compute_left_open",
        help="What is not billed and posted by this day, and no part of the run.",
    )
    amounts = fields.Char(
        string="Net",
        compute="_compute_amounts",
        help="What will be billed of the contracts that are switched on, or what was.",
    )
    ready_count = fields.Integer(compute="_compute_counts")
    billed_count = fields.Integer(string="Contracts Billed", compute="_compute_counts")
    failed_count = fields.Integer(string="Not Billed", compute="_compute_counts")
    held_count = fields.Integer(string="On Hold", compute="_compute_counts")
    progress = fields.Integer(compute="_compute_counts", help="In percent.")
    # sudo: a sum and a count for back office, who may not see accounting
    invoice_count = fields.Integer(compute="_compute_invoices", compute_sudo=True)

    def _default_last_day(self):
        this_month = month_of(self.env.company.sudo()._service_day())
        return fields.Date.subtract(this_month.first, days=1)

    @api.depends("last_day", "company_id")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._(
                "Billing until %s", format_date(self.env, run.last_day) or "–"
            )

    @api.depends("line_ids.state", "line_ids.selected")
    def _compute_counts(self):
        for run in self:
            states = run.line_ids.grouped("state")
            ready = states.get("ready", run.line_ids.browse())
            run.ready_count = len(ready.filtered("selected"))
            run.billed_count = len(states.get("billed", ()))
            run.failed_count = len(states.get("failed", ()))
            run.held_count = len(run.line_ids.filtered("held"))
            done = len(run.line_ids) - run.ready_count
            run.progress = 100 * done // len(run.line_ids) if run.line_ids else 100

    @api.depends("last_day", "state")
    def _compute_left_open(self):
        billing = self.env["service.billing"]
        for run in self:
            left = run.last_day and billing._left_open(run.company_id, run.last_day)
            run.left_open = "\n".join(left or ()) or False

    @api.depends("line_ids.selected", "line_ids.state", "line_ids.total", "state")
    def _compute_amounts(self):
        """One sum for each currency: they are never added up."""
        for run in self:
            sums = defaultdict(float)
            for line in run.line_ids.filtered("selected"):
                if line.state in {"ready", "billed"}:
                    amount = line.total if line.state == "ready" else line.invoiced
                    sums[line.currency_id] += amount
            run.amounts = "; ".join(
                formatLang(self.env, amount, currency_obj=currency)
                for currency, amount in sums.items()
            )

    def _compute_invoices(self):
        counts = dict(
            self.env["account.move"]._read_group(
                [("service_run_id", "in", self.ids)], ["service_run_id"], ["__count"]
            )
        )
        for run in self:
            run.invoice_count = counts.get(run, 0)

    @api.model
    def _guards(self):
        return (*super()._guards(), RECORDED)

    @api.model_create_multi
    def create(self, vals_list):
        # Whole, for defaults of the caller are to go.
        # pylint: disable-next=context-overridden
        self = self.with_context(clean_context(self.env.context))  # noqa: PLW0642
        runs = super().create(vals_list)
        for run in runs:
            run._refresh()
        return runs

    def write(self, vals):
        started = any(run.state != "preview" for run in self)
        if "company_id" in vals or (started and "last_day" in vals):
            raise AccessError(
                self.env._("The company and the day of a run cannot be changed.")
            )
        result = super().write(vals)
        if "last_day" in vals:
            for run in self.filtered(lambda run: run.state == "preview"):
                run._refresh()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_preview(self):
        holds = RUNNING.is_open(self.env.context)
        if not holds and any(run.state != "preview" for run in self):
            raise UserError(
                self.env._(
                    "What a run has billed stays on record. Only previews can be "
                    "deleted."
                )
            )

    @api.model
    def action_new_run(self):
        """Open the preview of the last month, or the run that is at work."""
        run = self.search(
            [("company_id", "=", self.env.company.id), ("state", "=", "running")],
            limit=1,
        )
        if not run:
            stale = self.search(
                [("state", "=", "preview"), ("create_uid", "=", self.env.uid)]
            )
            stale.unlink()
            run = self.create({})
        return run._get_records_action(name=self.env._("Billing Run"))

    def _billing(self):
        """The billing of the run's company, and the days it bills until."""
        self.ensure_one()
        # sudo: back office runs the billing but need not be an accountant, who alone
        # posts; the drafts are made of contracts that it may write.
        billing = self.env["service.billing"].sudo().with_company(self.company_id)
        today = self.company_id.sudo()._service_day()
        jobs_until = self.jobs_until or min(self.last_day, today)
        return billing, billing._last_billable_day(self.last_day), jobs_until

    def action_refresh(self):
        self.check_access("write")
        for run in self.filtered(lambda run: run.state == "preview"):
            run._refresh()

    def _refresh(self):
        """Find again what is due, and what of it waits."""
        self.ensure_one()
        billing, *days = self._billing()
        contracts = billing._service_contracts(self.company_id, days[1])
        # What somebody switched off stays so.
        off = self.line_ids.filtered(lambda line: not line.selected).contract_id.ids
        # sudo: lines are made by the run alone; people only switch them off
        lines = self.sudo().with_context(**RUNNING.opened).line_ids
        lines.unlink()
        vals_list = []
        for part, previews, error in billing._in_parts(
            lambda part: billing._preview(part, *days), contracts
        ):
            if error:
                failed = {"state": "failed", "reason": str(error)}
                vals_list.append({"contract_id": part.id} | failed)
            else:
                vals_list += self._vals_of_previews(previews)
        lines.create(
            [
                {"run_id": self.id, "selected": vals["contract_id"] not in off} | vals
                for vals in vals_list
            ]
        )

    @api.model
    def _vals_of_previews(self, previews):
        return [
            {
                "contract_id": contract.id,
                "state": "ready" if preview.is_due else "held",
                "period_count": preview.periods,
                "fees": preview.fees,
                "work": preview.work,
                "packages": preview.packages,
                "again": preview.again,
                "held": "\n".join(preview.held),
            }
            for contract, preview in previews.items()
            if preview.is_due or preview.held
        ]

    def action_bill(self):
        """Make the draft invoices: at once if they are few, else in the background."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "preview":
            raise UserError(self.env._("This run has already been started."))
        lines = self._ready_lines()
        lines.contract_id.check_access("write")
        if not lines:
            raise UserError(self._nothing_to_bill())
        self._start()
        if len(lines) <= STEP:
            self._step()
            self._finish()
            return self._tell()
        # sudo: the user who may bill may have it done in the background
        self.env.ref(CRON).sudo()._trigger()
        return True

    def _nothing_to_bill(self):
        day = format_date(self.env, self.last_day)
        if any(line.state == "failed" for line in self.line_ids):
            return self.env._(
                "Nothing can be billed until %s. The list says what is wrong.", day
            )
        return self.env._("There is nothing to bill up to %s.", day)

    def action_stop(self):
        """Stop after the step that is at work; what is billed stays billed."""
        self.check_access("write")
        for run in self.filtered(lambda run: run.state == "running"):
            run._close()

    def _start(self):
        # sudo: what a run does is written by the run alone
        run, now = self.sudo().with_context(**RUNNING.opened), fields.Datetime.now()
        run.write({"state": "running", "started_on": now})
        for line in run.line_ids.filtered(lambda line: line.state == "failed"):
            line.contract_id._record_invoice_generation_error(
                UserError(line.reason), "invoice"
            )

    def _close(self):
        # sudo: as above
        run, now = self.sudo().with_context(**RUNNING.opened), fields.Datetime.now()
        run.write({"state": "done", "finished_on": now})
        waiting = run.line_ids.filtered(lambda line: line.state == "ready")
        waiting.state = "left_out"

    def _finish(self):
        """Bill and close what belongs to no contract; an error there stops nobody."""
        billing, last_day, _jobs_until = self._billing()
        notes = billing._notes_of_no_contract(self.company_id)
        for _notes, invoices, error in billing._in_parts(billing._bill_again, notes):
            if error:
                _logger.error("Packages are not billed again: %s", error)
            else:
                invoices.with_context(**BILLING.opened).service_run_id = self.id
        self._close()
        billing.env["service.hour.package"]._close_ended(self.company_id, last_day)

    def _tell(self):
        """Say what came of a run that was done at once."""
        message = self.env._("Draft invoices created: %s.", self.invoice_count)
        if self.failed_count:
            message += " " + self.env._(
                "Contracts that were not billed: %s. The list says why.",
                self.failed_count,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if self.failed_count else "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_invoices(self):
        """The invoices of the run: back office sees those of all customers too."""
        self.ensure_one()
        invoices = self.env["account.move"]
        if invoices.has_access("read"):
            invoices = invoices.search([("service_run_id", "=", self.id)])
            views = [
                (self.env.ref(view).id, kind)
                for view, kind in (
                    ("helpdesk_service_contract.service_invoice_view_list", "list"),
                    ("account.view_move_form", "form"),
                )
            ]
            return invoices._get_records_action(
                name=self.env._("Draft Invoices"), views=views
            )
        settlements = self.env["service.settlement"]
        # sudo: which invoice belongs to which run is no secret
        of_run = self.sudo().invoice_ids._service_settlements().ids
        return settlements.browse(of_run)._get_records_action(
            name=self.env._("Settlements")
        )
