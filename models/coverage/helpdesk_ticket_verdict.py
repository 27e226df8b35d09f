from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import LazyTranslate, format_date, html_escape

from ...tools.groups import AUDITOR, BACK_OFFICE
from ...tools.guard import Guard, Seal

_lt = LazyTranslate(__name__)
ASK_BACK_OFFICE = _lt("Verdicts decide who pays. Ask back office for this one.")
JUDGED = {"justified", "unjustified"}
OBJECTING = Seal("objecting")
VERDICTS = Guard(
    frozenset({"complaint_verdict", "report_verdict", "verdict_reason"}),
    group=BACK_OFFICE,
    message=ASK_BACK_OFFICE,
)
OBJECTIONS = Guard(
    frozenset({"objection", "objection_reason"}),
    OBJECTING,
    message=_lt("Only the customer objects to a verdict, and back office answers."),
)


class HelpdeskTicket(models.Model):
    """Verdicts: was the complaint justified, the report needed, the objection right?"""

    _inherit = "helpdesk.ticket"

    complaint_of_id = fields.Many2one(
        "helpdesk.ticket",
        string="Complaint About",
        index="btree_not_null",
        tracking=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id),"
        " ('id', '!=', id)]",
        help="The earlier ticket whose work the customer complains about.",
    )
    complaint_ids = fields.One2many("helpdesk.ticket", "complaint_of_id")
    complaint_verdict = fields.Selection(
        [
            ("pending", "Waiting for the verdict"),
            ("justified", "Justified: caused by us"),
            ("unjustified", "Not justified: not caused by us"),
        ],
        compute="_compute_complaint_verdict",
        store=True,
        readonly=False,
        tracking=True,
        copy=False,
    )
    report_verdict = fields.Selection(
        [("unjustified", "Unjustified")],
        string="Report",
        tracking=True,
        copy=False,
        help="There was nothing to repair, or the cause was not our responsibility.",
    )
    verdict_reason = fields.Text(tracking=True, copy=False)
    verdict_on = fields.Datetime(compute="_compute_verdict_on", store=True, copy=False)
    objection = fields.Selection(
        [
            ("open", "The customer objects"),
            ("dismissed", "Dismissed"),
            ("upheld", "Upheld: the report was justified"),
        ],
        readonly=True,
        tracking=True,
        copy=False,
    )
    objection_reason = fields.Text(readonly=True, copy=False)
    objection_until = fields.Date(compute="_compute_objection_until", compute_sudo=True)
    work_cost = fields.Monetary(
        compute="_compute_work_cost",
        currency_field="company_currency_id",
        groups=f"{BACK_OFFICE},{AUDITOR}",
        help="What the technicians' hours cost us.",
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")

    @api.depends("complaint_of_id")
    def _compute_complaint_verdict(self):
        for ticket in self:
            if not ticket.complaint_of_id:
                ticket.complaint_verdict = False
            elif not ticket.complaint_verdict:
                ticket.complaint_verdict = "pending"

    @api.depends("complaint_verdict", "report_verdict")
    def _compute_verdict_on(self):
        """When the ticket was judged last, whatever became of the verdict since."""
        for ticket in self:
            judged = ticket.report_verdict or ticket.complaint_verdict in JUDGED
            ticket.verdict_on = fields.Datetime.now() if judged else ticket.verdict_on

    @api.depends("verdict_on", "service_tier_id.objection_days")
    def _compute_objection_until(self):
        """Last day on which the customer may object, by the company's clock."""
        for ticket in self:
            if ticket.report_verdict and ticket.verdict_on:
                day = ticket.company_id._service_day(ticket.verdict_on)
                days = ticket.service_tier_id.objection_days
                ticket.objection_until = day + timedelta(days=days)
            else:
                ticket.objection_until = False

    @api.depends("timesheet_ids.amount")
    def _compute_work_cost(self):
        # sudo: the sum of what colleagues cost, for who may see costs
        costs = dict(
            self.env["account.analytic.line"]
            .sudo()
            ._read_group([("ticket_id", "in", self.ids)], ["ticket_id"], ["amount:sum"])
        )
        for ticket in self:
            ticket.work_cost = -costs.get(ticket._origin, 0.0)

    @api.constrains("company_id", "complaint_of_id", "partner_id")
    def _check_complaint(self):
        for ticket in self.sudo().filtered("complaint_of_id"):
            earlier = ticket.complaint_of_id
            if (
                earlier == ticket
                or earlier.commercial_partner_id != ticket.commercial_partner_id
                or earlier.company_id != ticket.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "A complaint is about an earlier ticket of the same customer "
                        "and company. Choose one of “%s”.",
                        ticket.commercial_partner_id.display_name or "–",
                    )
                )

    @api.constrains("complaint_verdict", "report_verdict", "verdict_reason")
    def _check_verdict_reason(self):
        for ticket in self:
            decided = ticket.report_verdict or ticket.complaint_verdict in JUDGED
            if decided and not (ticket.verdict_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "Enter the reason for the verdict: the customer will read it."
                    )
                )

    @api.model
    def _guards(self):
        return (*super()._guards(), VERDICTS, OBJECTIONS)

    @api.model_create_multi
    def create(self, vals_list):
        """A form sends what it computed: that a complaint waits for its verdict."""
        computed = ("complaint_verdict", "pending")
        return super().create(
            [
                dict(fact for fact in vals.items() if fact != computed)
                for vals in vals_list
            ]
        )

    def action_dismiss_objection(self):
        self._answer_objection("dismissed")

    def action_uphold_objection(self):
        self._answer_objection("upheld")

    def _answer_objection(self, answer):
        self.ensure_one()
        if not self.env.user.has_group(BACK_OFFICE):
            raise AccessError(self.env._(ASK_BACK_OFFICE))
        if self.objection != "open":
            raise UserError(self.env._("There is no objection to answer."))
        self.with_context(**OBJECTING.opened).objection = answer

    def _raise_objection(self, reason):
        """The customer says that the report was justified.

        :raises UserError: too late, twice, without a verdict or without a reason
        """
        self.ensure_one()
        today = self.company_id.sudo()._service_day()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Please tell us why the report was justified."))
        if not self.report_verdict or self.objection:
            raise UserError(self.env._("There is no longer a verdict to object to."))
        if today > self.objection_until:
            raise UserError(
                self.env._(
                    "The deadline for objections was %s.",
                    format_date(self.env, self.objection_until),
                )
            )
        # sudo: customers write nothing on tickets but this, and only on their own
        ticket = self.sudo()
        ticket.with_context(**OBJECTING.opened).write(
            {"objection": "open", "objection_reason": reason}
        )
        ticket.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=ticket.company_id._responsible(
                BACK_OFFICE, ticket.service_contract_id.user_id, ticket.user_id
            ).id,
            summary=self.env._("The customer objects to the verdict"),
            note=html_escape(reason),
        )
