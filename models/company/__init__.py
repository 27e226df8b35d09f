"""Whose clock, which hours, which days off; who is asked; what only the system writes.

Owns the guards of facts (``service.guarded``), rights on some fields of Odoo's models
(``service.partial.right``), the company's day (``res.company._service_day``), its
working calendars (``resource.calendar._working_time``) and its public holidays; who is
asked when a person must act (``res.company._responsible``), what is missing
(``res.company._missing``); and what must be exported before the add-on goes
(``service.export``).
"""

from . import base
from . import service_guarded
from . import service_partial_right
from . import res_company
from . import res_company_people
from . import res_company_calendars
from . import res_company_holidays
from . import res_company_settings
from . import res_company_missing
from . import resource_calendar
from . import resource_calendar_attendance
from . import resource_calendar_leaves
from . import service_export
from . import service_import
from . import ir_module_module
from . import res_partner
from . import base_partner_merge
