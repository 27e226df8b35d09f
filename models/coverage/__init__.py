"""The ticket; who pays for it, and why.

Owns the contract of a ticket (``helpdesk.ticket._contract_on``), the decision
(``service.coverage._decide``) and what follows from it for work:
the contract to write it on and what is charged (``helpdesk.ticket._payer``).
"""

from . import mail_thread
from . import mail_template
from . import res_company
from . import res_users
from . import service_coverage
from . import service_coverage_decision
from . import helpdesk_ticket
from . import helpdesk_ticket_contract
from . import helpdesk_ticket_name
from . import helpdesk_ticket_history
from . import helpdesk_ticket_mail
from . import helpdesk_ticket_notice
from . import helpdesk_ticket_report
from . import helpdesk_ticket_verdict
from . import helpdesk_ticket_decision
from . import helpdesk_ticket_express
from . import helpdesk_ticket_quote
from . import helpdesk_ticket_request
from . import helpdesk_ticket_category
from . import sale_order
from . import maintenance_equipment
from . import service_tier
from . import contract_contract
from . import res_partner
from . import base_partner_merge
