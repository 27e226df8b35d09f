"""Groups of people by the names Odoo knows them by, and who of them sees prices."""

TECHNICIAN = "helpdesk_service_contract.group_technician"
BACK_OFFICE = "helpdesk_service_contract.group_back_office"
MANAGER = "helpdesk_service_contract.group_manager"
GATEWAY = "helpdesk_service_contract.group_remote_gateway"
ACCOUNTANT = "account.group_account_invoice"
AUDITOR = "account.group_account_readonly"
HELPDESK = "helpdesk_mgmt.group_helpdesk_user_team"
ADMINISTRATOR = "base.group_system"

# They see prices, and from which address a customer agreed; technicians do not.
OFFICE = f"{BACK_OFFICE},{ACCOUNTANT},{AUDITOR}"
