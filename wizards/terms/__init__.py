from . import service_terms_price_fill
