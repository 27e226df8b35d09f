from . import service_charge_change
