from . import objection
from . import gateway
from . import helpdesk_ticket
from . import portal_ticket
from . import remote_consent
from . import remote_portal
