from . import service_billing_run
from . import service_charge_change
from . import service_coverage_override
from . import service_hour_adjustment
from . import service_package_sale
from . import service_verdict
