from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from .tools.charging import Charge


def pre_init_hook(env):
    """Give the existing timesheet lines our columns empty, as none has a ticket yet.

    Otherwise the installation would load and compute every analytic line of the
    database, which can be millions, to find just that.
    """
    for name, column_type in (
        ("customer_id", "int4"),
        ("rating", "jsonb"),
        ("work_type_id", "int4"),
        ("service_contract_id", "int4"),
        ("worked_minutes", "int4"),
        ("billed_minutes", "int4"),
    ):
        if not column_exists(env.cr, "account_analytic_line", name):
            create_column(env.cr, "account_analytic_line", name, column_type)
    # Invoices that were issued stay as they are.
    for name, column_type in (
        ("service_split_payment", "bool"),
        ("service_correction_type", "varchar"),
    ):
        if not column_exists(env.cr, "account_move", name):
            create_column(env.cr, "account_move", name, column_type)
    # With a default PostgreSQL adds it to any number of rows at once.
    env.cr.execute(
        SQL(
            "ALTER TABLE account_analytic_line"
            " ADD COLUMN IF NOT EXISTS charge varchar NOT NULL DEFAULT %s",
            Charge.FULL.value,
        )
    )


def post_init_hook(env):
    """Companies that exist already get what new ones are created with."""
    companies = env["res.company"].search([])
    companies._create_service_projects()
    companies._create_service_calendars()
    companies._create_service_teams()
    companies._choose_replied_stages()
    env["helpdesk.ticket.stage"]._replace_foreign_notices()
    for company in companies:
        year = company._service_day().year
        company._load_holidays_safely([year, year + 1])
    env["account.move"]._adopt_sent_to_ksef()
