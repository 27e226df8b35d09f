from odoo import api, fields, models
from odoo.exceptions import LockError

from ...tools.periods import month_of
from . import service_billing_run
from .account_move_line import BILLING
from .service_billing_run import RUNNING


class ServiceBillingRun(models.Model):
    """How a billing run works: step by step, each in a transaction of its own."""

    _inherit = "service.billing.run"

    def _ready_lines(self, limit=None):
        return self.env["service.billing.run.line"].search(
            [
                ("run_id", "=", self.id),
                ("state", "=", "ready"),
                ("selected", "=", True),
            ],
            limit=limit,
        )

    def _step(self):
        """Bill the next few contracts: how many, none when all are done.

        Invoices, settlements and what the run knows of them are of one transaction.
        """
        self.ensure_one()
        lines = self._ready_lines(limit=service_billing_run.STEP)
        billing, *days = self._billing()
        contracts = lines.contract_id.with_env(billing.env).filtered(
            lambda contract: (
                contract.service_tier_id and contract.company_id == self.company_id
            )
        )
        # Another run may be billing some of them at this moment.
        free = contracts.try_lock_for_update(allow_referencing=True)
        invoices, failed = billing._run(free, *days)
        invoices.with_context(**BILLING.opened).service_run_id = self.id
        billed = free - free.browse().union(*failed)
        billed._clear_invoice_generation_error()
        # sudo: what a run does is written by the run alone
        lines.sudo().with_context(**RUNNING.opened)._record(
            invoices, contracts - free, failed
        )
        self._invoices_made(invoices)
        return len(lines)

    def _invoices_made(self, invoices):
        """Hook: these drafts were made by a step of this run."""

    @api.model
    def _cron_continue(self):
        """Go on with runs that were started, one committed step after the other."""
        cron = self.env["ir.cron"]
        for run in self.search([("state", "=", "running")], order="id"):
            cron._commit_progress(remaining=len(run._ready_lines()))
            while run.try_lock_for_update() and run.state == "running":
                done = run._step()
                if not done:
                    run._finish()
                if not cron._commit_progress(done):
                    return
                # What is billed is not looked at again; memory does not grow with it.
                self.env.invalidate_all()

    @api.model
    def _left_out(self, company, last_day):
        """Contracts that whoever billed these periods last left for later."""
        run = self.search(
            [
                ("company_id", "=", company.id),
                ("automatic", "=", False),
                ("state", "!=", "preview"),
            ],
            limit=1,
        )
        begun = run and fields.Date.add(run.last_day, days=1)
        if not run or last_day >= month_of(begun).last:
            return self.env["contract.contract"]
        return run.line_ids.filtered(lambda line: not line.selected).contract_id

    def _leave_out(self, contracts):
        lines = self.line_ids.filtered(lambda line: line.contract_id in contracts)
        lines.selected = False


class ServiceBilling(models.AbstractModel):
    """The scheduled billing of all companies, as runs that people can look at."""

    _inherit = "service.billing"

    @api.model
    def _cron_bill(self):
        """Bill what is over and done, a few days after the end of a period."""
        companies = self.env["contract.contract"]._read_group(
            [("service_tier_id", "!=", False)], ["company_id"]
        )
        for (company,) in companies:
            self._start_due_run(company)
        self.env["ir.cron"]._commit_progress()
        self.env["service.billing.run"]._cron_continue()

    @api.model
    def _start_due_run(self, company):
        billing = self.with_company(company)
        yesterday = billing._last_billable_day()
        delay = max(0, company.service_billing_delay)
        runs = self.env["service.billing.run"].with_company(company)
        at_work = [("company_id", "=", company.id), ("state", "=", "running")]
        if runs.search_count(at_work, limit=1):
            return
        run = runs.with_context(**RUNNING.opened).create(
            {
                "company_id": company.id,
                "automatic": True,
                "last_day": fields.Date.subtract(yesterday, days=delay),
                "jobs_until": yesterday,
            }
        )
        run = run.with_env(runs.env)
        run._leave_out(runs._left_out(company, run.last_day))
        failed = run.line_ids.filtered(lambda line: line.state == "failed")
        if failed or run._ready_lines():
            run._start()
        else:
            run._finish()
            run.with_context(**RUNNING.opened).unlink()


class ServiceBillingRunLine(models.Model):
    """What came of a contract in a step."""

    _inherit = "service.billing.run.line"

    def _record(self, invoices, locked, failed):
        """Store what became of each contract.

        :param locked: contracts that somebody else was billing
        :param failed: errors by contract
        """
        of_contract = invoices.grouped("service_contract_id")
        for line in self:
            contract = line.contract_id.with_env(invoices.env)
            if contract in locked or isinstance(failed.get(contract), LockError):
                line.write(
                    {
                        "state": "failed",
                        "reason": self.env._(
                            "Someone else was billing this contract. Run the "
                            "billing again."
                        ),
                    }
                )
            elif contract in failed:
                contract._record_invoice_generation_error(failed[contract], "invoice")
                line.write({"state": "failed", "reason": str(failed[contract])})
            else:
                mine = of_contract.get(contract, invoices.browse())
                line.write(
                    {
                        "state": "billed" if mine else "nothing",
                        "invoiced": sum(mine.mapped("amount_untaxed")),
                    }
                )
