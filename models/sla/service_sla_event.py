from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ...tools.guard import Guard
from ..tier.service_tier_target import METRICS
from .service_sla import CLOCKS

_lt = LazyTranslate(__name__)
ONLY_GROWS = _lt("The SLA log is never edited. It can only be added to.")
GUARDS = (
    Guard(seal=CLOCKS, creation=True, message=ONLY_GROWS),
    Guard(change=True, deletion=True, message=ONLY_GROWS),
)

KINDS = [
    ("started", "Started"),
    ("paused", "Paused"),
    ("resumed", "Resumed"),
    ("responded", "Answered"),
    ("resolved", "Resolved"),
    ("reopened", "Reopened"),
    ("retargeted", "SLA target changed"),
    ("breached", "SLA target breached"),
    ("escalated", "Escalated"),
    ("justified", "Justified"),
]
WAITING_FOR = [
    ("customer", "The customer"),
    ("supplier", "A supplier"),
    ("date", "An appointment"),
    ("other", "Something else"),
]


class ServiceSlaEvent(models.Model):
    """The log of a ticket's clocks. Lines are added by the system alone, and stay."""

    _name = "service.sla.event"
    _inherit = ["service.guarded"]
    _description = "SLA Event"
    _order = "at, id"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one("res.company", index=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    at = fields.Datetime(string="When", required=True, readonly=True)
    metric = fields.Selection(METRICS, readonly=True)
    promised = fields.Json(
        readonly=True, help="What applies from then on, and on what grounds."
    )
    waiting_for = fields.Selection(WAITING_FOR, readonly=True)
    percent = fields.Integer(
        string="Time Elapsed", readonly=True, aggregator=False, help="In percent."
    )
    note = fields.Text(readonly=True)
    create_uid = fields.Many2one("res.users", string="By", readonly=True)

    @api.depends("kind", "metric")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        for event in self:
            words = [kinds[event.kind], metrics.get(event.metric)]
            event.display_name = " – ".join(filter(None, words))

    @api.model
    def _guards(self):
        return (*super()._guards(), *GUARDS)
