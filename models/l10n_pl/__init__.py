"""Polish invoices: what KSeF and FA(3) need, checks before posting, the paper.

Owns the structured invoice and everything that is known only in Poland.
"""

from . import service_plain_text
from . import res_company
from . import res_company_missing
from . import res_partner
from . import product_template
from . import service_ksef_connection
from . import res_config_settings
from . import service_ksef
from . import service_ksef_sending
from . import account_tax
from . import account_move_amounts
from . import account_move_fa3
from . import account_move_fa3_facts
from . import account_move_problems
from . import account_move_check
from . import account_move_meaning
from . import service_ksef_outage
from . import service_ksef_status
from . import service_ksef_receipt
from . import account_move_ksef
from . import account_move_duty
from . import account_move_offline
from . import account_move_jpk
from . import account_move_print
from . import ir_actions_report
from . import account_move_print_vat
from . import account_move_print_correction
from . import account_move_supply
from . import account_move_raise
from . import account_move_line
from . import service_billing
from . import sale_order
