from . import service_phone_acceptance
from . import service_phone_acceptance_line
from . import service_session_end
