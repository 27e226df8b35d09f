from . import coverage
from . import helpdesk_ticket
