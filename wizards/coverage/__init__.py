from . import service_contract_choice
from . import service_coverage_override
from . import service_request
from . import service_verdict
