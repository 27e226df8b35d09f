from . import service_holiday_load
