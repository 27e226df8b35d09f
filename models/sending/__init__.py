"""The way out: a queue of invoices for KSeF and e-mail, tried until they are sent.

Owns when an invoice is posted without a person, sent, and tried again.
"""

from . import contract_contract
from . import mail_notification
from . import account_move_queue
from . import account_move_midnight
from . import account_move_offline
from . import account_move_queue_steps
from . import account_move_send
from . import account_move_posting
from . import service_billing_run
