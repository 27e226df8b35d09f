from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.sla import Metric


class ResourceCalendar(models.Model):
    """The log of the clocks goes on naming the calendars it was kept by."""

    _inherit = "resource.calendar"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promised_by(self):
        """The log of the clocks goes on naming the calendars of its promised."""
        events = self.env["service.sla.event"]
        events.flush_model(["promised"])
        named = self.env.execute_query(
            SQL(
                """
                SELECT (promised -> promise ->> 'calendar')::int
                  FROM service_sla_event, unnest(%s) promise
                 WHERE promised -> promise ->> 'calendar' = ANY(%s)
                 LIMIT 1
                """,
                [str(metric) for metric in Metric],
                [str(id_) for id_ in self.ids],
            )
        )
        for (calendar_id,) in named:
            raise UserError(
                self.env._(
                    "SLA clocks have run by the calendar “%s”, so it cannot be "
                    "deleted. Archive it instead.",
                    self.browse(calendar_id).name,
                )
            )

    def _follow_working_time(self):
        """Move the deadlines of running clocks."""
        result = super()._follow_working_time()
        self.env["service.sla"]._calendars_changed(self)
        return result
