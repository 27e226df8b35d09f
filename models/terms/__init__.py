"""Documents that customers accept: their versions, acceptances and notices.

Owns which version is in force (``service.terms._standings``) and the evidence of who
accepted it (``service.terms.acceptance._record``).
"""

from . import res_partner
from . import base_partner_merge
from . import service_terms
from . import service_terms_version
from . import service_terms_version_file
from . import service_terms_standing
from . import service_evidence
from . import service_terms_acceptance
from . import service_terms_acceptance_line
from . import service_tier
from . import service_tier_price_list
from . import service_terms_version_price_list
from . import service_terms_notice
from . import service_terms_notice_sending
from . import ir_actions_report
from . import res_company
