"""Fees, work and packages become draft invoices that explain themselves.

Owns the billing run, the lines of its invoices, what an entry costs and why
(``service.explanation``), what the next minute costs (``service.cost``), and what a
credit note gives back.
"""

from . import res_company
from . import contract_line
from . import service_hour_package_sale
from . import service_hour_package_take_back
from . import service_opening
from . import service_explanation
from . import service_settlement
from . import contract_template
from . import service_offer_package
from . import contract_contract
from . import contract_contract_offer
from . import service_invoiced_work
from . import service_billing
from . import service_billing_invoices
from . import service_billing_fees
from . import service_billing_lines
from . import service_billing_preview
from . import service_billing_open
from . import service_billing_run
from . import service_billing_run_line
from . import service_billing_run_steps
from . import service_billing_correction
from . import account_move
from . import account_move_correction
from . import account_move_correction_rules
from . import account_move_send
from . import ir_attachment
from . import account_move_line
from . import account_partial_reconcile
from . import ir_actions_report
from . import service_charging
from . import service_hour_ledger
from . import contract_line_fee
from . import service_cost
from . import service_cost_price
from . import service_cost_words
from . import service_cost_customer
from . import helpdesk_ticket
from . import helpdesk_ticket_cost
from . import account_analytic_line
from . import helpdesk_ticket_panel
from . import helpdesk_ticket_customer
from . import service_settlement_statement
from . import service_settlement_printing
from . import account_move_papers
