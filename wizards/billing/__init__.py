from . import account_move_reversal
from . import service_package_sale
