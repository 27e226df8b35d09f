from . import service_sla_dialog
from . import service_sla_answer
from . import service_sla_deadline
from . import service_sla_justification
