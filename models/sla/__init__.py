"""Clocks: the log of what happened, the timers it comes to, and the alarms.

Owns when a promise is due, kept or broken (``service.sla``), and who is told.
"""

from . import service_sla
from . import service_sla_refresh
from . import service_sla_event
from . import service_sla_timer
from . import service_sla_timer_escalation
from . import service_tier_target
from . import helpdesk_ticket_stage
from . import helpdesk_ticket
from . import helpdesk_ticket_answer
from . import helpdesk_ticket_reply
from . import helpdesk_ticket_report
from . import res_company
from . import service_sla_timer_clock
from . import service_sla_compliance
from . import resource_calendar
from . import contract_contract
from . import service_coverage
from . import service_sla_report
