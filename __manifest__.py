# Copyright 2026 The helpdesk_service_contract authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Helpdesk Service Contract",
    "summary": "Service tiers, hour packages and billing for IT service companies",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "license": "AGPL-3",
    "author": "The helpdesk_service_contract authors",
    "depends": [
        "contract",
        "helpdesk_mgmt_project",
        "hr_timesheet",
    ],
    "data": [
        "security/service_groups.xml",
        "security/ir.model.access.csv",
        "security/service_rules.xml",
        "data/service_work_type_data.xml",
        "data/ir_cron_data.xml",
        "data/mail_template_data.xml",
        "reports/service_statement.xml",
        "views/res_company_views.xml",
        "views/service_work_type_views.xml",
        "views/service_tier_views.xml",
        "views/service_hour_package_views.xml",
        "views/service_hour_move_views.xml",
        "views/service_settlement_views.xml",
        "views/account_move_views.xml",
        "wizards/service_billing_run_views.xml",
        "wizards/service_charge_change_views.xml",
        "wizards/service_hour_adjustment_views.xml",
        "wizards/service_package_sale_views.xml",
        "views/contract_contract_views.xml",
        "views/account_analytic_line_views.xml",
        "views/helpdesk_ticket_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "helpdesk_service_contract/static/src/**/*",
        ],
        "web.assets_tests": [
            "helpdesk_service_contract/static/tests/tours/*.esm.js",
        ],
        "web.assets_unit_tests": [
            "helpdesk_service_contract/static/tests/**/*.test.js",
        ],
    },
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "application": True,
}
