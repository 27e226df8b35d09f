"""Remote help: the session, the consent it needs, its hour, and the visit after it.

Owns when a session may start (``service.consent._missing``) and how it ends in work.
"""

from . import helpdesk_ticket_visit
from . import service_terms_acceptance
from . import service_consent
from . import service_remote_program
from . import service_remote_session
from . import service_remote_session_rules
from . import service_remote_session_running
from . import service_remote_session_panel
from . import service_remote_session_schedule
from . import service_remote_session_calendar
from . import service_remote_session_reminder
from . import calendar_event
from . import service_remote_session_consent
from . import service_remote_session_invitation
from . import service_consent_page
from . import helpdesk_ticket
from . import account_analytic_line
