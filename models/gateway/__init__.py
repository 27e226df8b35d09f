"""The calls that other programs make, and the keys they make them with."""

from . import service_gateway_client
from . import ir_http
from . import res_users
from . import helpdesk_ticket
from . import service_gateway
from . import service_gateway_lookup
from . import service_gateway_session
