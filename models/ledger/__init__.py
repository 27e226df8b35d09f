"""Packages of hours, the ledger of their moves, the plan, and the settlement.

Owns where the time of work goes (``service.hour.ledger._plans``), the one balance that
everybody sees (``_balances``), and the posting of a period (``service.settlement``).
"""

from . import contract_template
from . import contract_contract_hours
from . import contract_contract_due
from . import service_hour_package
from . import service_hour_package_end
from . import service_hour_move
from . import service_hour_ledger
from . import service_hour_ledger_check
from . import service_hour_notice
from . import service_settlement
from . import service_settlement_packages
from . import service_settlement_posting
from . import contract_contract_settled
from . import helpdesk_ticket
from . import account_analytic_line
from . import hr_employee
from . import res_users
from . import project_project
from . import base_partner_merge
from . import service_rating
