from . import service_gateway_key
