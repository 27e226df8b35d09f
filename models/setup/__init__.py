"""From an empty company to its first contract: the assistant and ready-made offers.

Owns what a ready-made offer becomes in a company (``service.ready.offer._make``), and
how it is taken back; the steps of the set-up (``res.company._setup_steps``), and the
list of what is missing (``service.missing``). What each step lacks is known to those
who own it (``res.company._missing``).
"""

from . import res_company
from . import service_ready_offer
from . import service_ready_offer_parts
from . import service_missing
