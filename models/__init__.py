# In the order of the flow: the promise, the contract, the hours, the ticket, the work,
# and the invoice.
from . import res_company
from . import product_product
from . import service_work_type
from . import service_tier
from . import service_tier_rate
from . import contract_contract
from . import contract_line
from . import service_hour_package
from . import service_hour_move
from . import service_hour_ledger
from . import helpdesk_ticket
from . import account_analytic_line
from . import service_settlement
from . import service_billing
from . import account_move
from . import account_move_line
