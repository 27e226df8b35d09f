from . import service_hour_adjustment
