from . import service_offer_setup
from . import service_setup
from . import service_setup_company
from . import service_setup_offers
