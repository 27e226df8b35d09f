"""The promise and the price rules that a customer is served under.

Owns what a tier says (``service.tier._rules``, ``_promises``, ``_coverage_rules``) and
what a unit of work costs (``service.price._price``).
"""

from . import product_product
from . import service_work_type
from . import service_tier_part
from . import service_tier
from . import service_tier_rate
from . import service_tier_rate_words
from . import product_template
from . import service_tier_scope
from . import helpdesk_ticket_category
from . import service_tier_coverage
from . import service_tier_target
from . import service_sla_threshold
from . import service_tier_promises
from . import service_price
from . import res_company
from . import resource_calendar
