from . import service_remote_protocol
from . import service_acceptance
from . import service_sla_report
from . import service_statement
