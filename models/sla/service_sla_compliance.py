from odoo import fields, models
from odoo.tools import SQL

from ..tier.service_tier_target import METRICS, PRIORITIES


class ServiceSlaCompliance(models.Model):
    """How promises are kept: a row for each promise on a ticket."""

    _name = "service.sla.compliance"
    _description = "SLA Compliance"
    _auto = False
    _rec_name = "ticket_id"
    _order = "reported_at desc, id desc"
    _depends = {
        "helpdesk.ticket": [
            "active",
            "commercial_partner_id",
            "company_id",
            "priority",
            "service_contract_id",
            "team_id",
            "user_id",
        ],
        "service.sla.timer": [
            "breached_at",
            "deadline",
            "elapsed_minutes",
            "justification",
            "metric",
            "overrun_minutes",
            "started_at",
            "state",
            "ticket_id",
            "tier_id",
        ],
    }

    ticket_id = fields.Many2one("helpdesk.ticket", readonly=True)
    metric = fields.Selection(METRICS, readonly=True)
    tier_id = fields.Many2one("service.tier", readonly=True)
    customer_id = fields.Many2one("res.partner", readonly=True)
    contract_id = fields.Many2one("contract.contract", readonly=True)
    team_id = fields.Many2one("helpdesk.ticket.team", readonly=True)
    user_id = fields.Many2one("res.users", string="Technician", readonly=True)
    priority = fields.Selection(PRIORITIES, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    reported_at = fields.Datetime(string="Reported", readonly=True)
    deadline = fields.Datetime(readonly=True)
    outcome = fields.Selection(
        [("kept", "Met"), ("broken", "Breached"), ("open", "Open")], readonly=True
    )
    promise_count = fields.Integer(string="SLA Targets", readonly=True)
    kept_percent = fields.Float(
        string="Met (%)",
        digits=(5, 1),
        aggregator="avg",
        readonly=True,
        help="Of the SLA targets already met or breached; open ones do not count.",
    )
    elapsed_minutes = fields.Integer(
        string="Time Elapsed",
        readonly=True,
        help="Working time, without pauses; for open targets, as of the last event on "
        "the ticket.",
    )
    overrun_minutes = fields.Integer(
        string="Overrun",
        readonly=True,
        help="Working time past the deadline; for open targets, as of the last "
        "event on the ticket.",
    )
    justified = fields.Boolean(
        readonly=True, help="A reason for the breach has been given."
    )

    @property
    def _table_query(self):
        """As of now: a clock that ran out is broken before anybody looks after it.

        What was broken stays, whatever becomes of its ticket.
        """
        # A promise is kept up to and in the minute of its deadline.
        this_minute = fields.Datetime.now().replace(second=0, microsecond=0)
        return SQL(
            """
            SELECT judged.*,
                   1 AS promise_count,
                   CASE judged.outcome
                       WHEN 'kept' THEN 100.0
                       WHEN 'broken' THEN 0.0
                   END AS kept_percent
              FROM (
                SELECT timer.id,
                       timer.ticket_id,
                       timer.metric,
                       timer.tier_id,
                       ticket.commercial_partner_id AS customer_id,
                       ticket.service_contract_id AS contract_id,
                       ticket.team_id,
                       ticket.user_id,
                       ticket.priority,
                       ticket.company_id,
                       timer.started_at AS reported_at,
                       timer.deadline,
                       timer.elapsed_minutes,
                       timer.overrun_minutes,
                       COALESCE(timer.justification, '') != '' AS justified,
                       CASE
                           WHEN timer.breached_at IS NOT NULL THEN 'broken'
                           WHEN timer.state = 'running' AND timer.deadline < %s
                               THEN 'broken'
                           WHEN timer.state = 'met' THEN 'kept'
                           ELSE 'open'
                       END AS outcome
                  FROM service_sla_timer timer
                  JOIN helpdesk_ticket ticket ON ticket.id = timer.ticket_id
                 WHERE timer.state != 'void' AND ticket.active
                    OR timer.breached_at IS NOT NULL
              ) judged
            """,
            this_minute,
        )

    def action_open_ticket(self):
        self.ensure_one()
        return self.ticket_id._get_records_action()
