from odoo import api, fields, models
from odoo.fields import Domain


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    service_holiday = fields.Boolean(
        string="Stops the Clocks",
        help="A public holiday that stops the clocks of tickets, whether employees "
        "have it off or not.",
    )

    @api.model
    def _stopping_domain(self):
        """What stops clocks: public holidays of service, and time off of everybody."""
        return Domain("resource_id", "=", False) & (
            Domain("time_type", "=", "leave") | Domain("service_holiday", "=", True)
        )

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._stop_clocks()
        return leaves

    def write(self, vals):
        before = self._stopped_calendars()
        result = super().write(vals)
        self._stop_clocks(before)
        return result

    def unlink(self):
        before = self._stopped_calendars()
        result = super().unlink()
        self.browse()._stop_clocks(before)
        return result

    def _stopped_calendars(self):
        """The calendars that these stop: none, some, or all of them (no record)."""
        # Time off of single people stops no clock.
        common = self.filtered(lambda leave: not leave.resource_id)
        if not common:
            return None
        of_all = common.filtered(lambda leave: not leave.calendar_id)
        return self.env["resource.calendar"] if of_all else common.calendar_id

    def _stop_clocks(self, before=None):
        found = [self._stopped_calendars(), before]
        stopped = [calendars for calendars in found if calendars is not None]
        if not stopped:
            return
        calendars = self.env["resource.calendar"]
        if all(stopped):
            calendars = calendars.union(*stopped)
        calendars._working_time_changed()
