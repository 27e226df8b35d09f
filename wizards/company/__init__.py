from . import service_holiday_load
from . import service_export_wizard
