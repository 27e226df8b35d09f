"""Whom a contract serves, what it covers, and the periods of its fees.

Owns offers (``contract.template._contract_values``), which contracts serve a customer
on a day (``contract.contract._serving``) and which of them a ticket
(``contract.contract._serve``), covered items, and the periods and prices of
fees (``contract.line``).
"""

from . import contract_template
from . import contract_contract
from . import contract_contract_state
from . import contract_contract_changes
from . import contract_contract_coverage
from . import contract_contract_offer
from . import contract_contract_serving
from . import contract_line
from . import contract_line_periods
from . import contract_line_price
from . import maintenance_equipment
from . import service_tier
from . import res_company
from . import res_partner
from . import base_partner_merge
