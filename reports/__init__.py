from . import service_remote_protocol
from . import service_acceptance
from . import service_sla_statement
from . import service_statement
