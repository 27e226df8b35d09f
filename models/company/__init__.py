"""Whose clock, which hours, which days off.

Owns the company's day (``res.company._service_day``), its working calendars
(``resource.calendar._working_time``) and its public holidays.
"""

from . import res_company
from . import res_company_calendars
from . import res_company_holidays
from . import resource_calendar
from . import resource_calendar_attendance
from . import resource_calendar_leaves
from . import res_partner
