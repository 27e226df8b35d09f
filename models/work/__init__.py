"""The work entry: who pays for it, and how its time is rounded when it is logged.

Owns the rating of work (``service.rating._jobs``). What is settled, and therefore
locked, is told by the ledger (``account.analytic.line._settled``).
"""

from . import res_company
from . import service_rating
from . import account_analytic_line
from . import account_analytic_line_logging
from . import account_analytic_line_history
from . import account_analytic_line_rules
from . import account_analytic_line_notice
from . import service_tier_rate
from . import contract_contract
from . import helpdesk_ticket
from . import service_tier
from . import service_coverage
from . import service_export
