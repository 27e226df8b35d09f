"""A folder for each package of `models/`; what is above all of them stands here.

Odoo runs the modules it finds under this name, so each has a name of its own.
"""

from .company import (
    test_companies_elsewhere,
    test_holidays,
    test_people,
    test_refusals,
    test_roles,
    test_working_time,
)
from .contract import (
    test_contract,
    test_contract_state,
    test_covered_item,
    test_merge,
    test_offer,
)
from .coverage import (
    test_contract_race,
    test_coverage,
    test_quotes,
    test_requests,
    test_several_contracts,
    test_ticket_item,
)
from .sla import (
    test_answer_tour,
    test_clocks,
    test_dispatch,
    test_escalation,
    test_promise_changes,
    test_sla_report,
)
from .work import (
    test_log_work_tour,
    test_rating,
    test_work_dialog,
    test_work_entry,
)
from .ledger import (
    test_ledger,
    test_package,
    test_part_period,
    test_proof,
    test_stateful,
)
from .billing import (
    test_ad_hoc_billing,
    test_billing,
    test_billing_race,
    test_billing_run,
    test_correction,
    test_cost,
    test_credit_limits,
    test_fees,
    test_import,
    test_left_open,
    test_papers,
    test_statement,
    test_take_back,
    test_work_lines,
)
from .l10n_pl import (
    test_fa3,
    test_invoice_amounts,
    test_invoice_checks,
    test_invoice_pdf,
    test_paper_and_xml,
    test_polish_company,
    test_raise,
    test_texts,
)
from .sending import (
    test_jpk,
    test_ksef_connection,
    test_offline,
    test_sending,
    test_sending_faults,
    test_year,
)
from .terms import (
    test_terms,
    test_terms_notice,
)
from .remote import (
    test_acceptance_confirmation,
    test_calendar,
    test_consent_page,
    test_consent_race,
    test_consent_tour,
    test_phone_acceptance,
    test_protocol,
    test_reminder,
    test_session,
    test_session_tour,
)
from .gateway import (
    test_gateway_limits,
    test_gateway_race,
    test_gateway_session_race,
    test_rpc,
    test_tickets,
    test_tool_access,
    test_tool_sessions,
)
from .mail import (
    test_answers,
    test_incoming,
    test_notices,
    test_replies,
)
from .portal import (
    test_closing_tickets,
    test_dialogs,
    test_portal_safety,
    test_ticket_pages,
)
from .install import (
    test_existing_data,
    test_uninstall,
)
from .setup import (
    test_missing,
    test_ready_offers,
    test_setup,
    test_setup_tour,
)
from . import test_guard, test_javascript, test_kept, test_security, test_translation
