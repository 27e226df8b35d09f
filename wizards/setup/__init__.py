from . import service_offer_setup
