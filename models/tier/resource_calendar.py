from odoo import models
from odoo.fields import Domain


class ResourceCalendar(models.Model):
    """Calendars by which something is promised keep hours that a clock can run in."""

    _inherit = "resource.calendar"

    def _check_promised_hours(self):
        """Refuse to empty calendars by which something is promised."""
        by_these = Domain("calendar_id", "in", self.ids)
        # sudo: promises count, visible or not
        self.env["service.tier.target"].sudo().search(by_these)._check_calendar()
        self.env["service.tier"].sudo().search(by_these)._check_hours_of_service()

    def _follow_working_time(self):
        self._check_promised_hours()
        return super()._follow_working_time()
