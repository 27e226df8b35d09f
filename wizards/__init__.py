from . import service_billing_run
