"""From an empty company to its first contract: ready-made offers.

Owns what a ready-made offer becomes in a company (``service.ready.offer._make``), and
how it is taken back; and the list of what is missing (``service.missing``).
"""

from . import service_ready_offer
from . import service_ready_offer_parts
from . import service_missing
