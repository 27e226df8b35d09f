from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from .tools.charging import Charge

# Added empty, as their fields would be computed for every row, which can be millions.
EMPTY_COLUMNS = {
    "account_analytic_line": {
        "billed_minutes": "int4",
        "customer_id": "int4",
        "is_history": "bool",
        "rating": "jsonb",
        "service_contract_id": "int4",
        "ticket_id": "int4",
        "work_type_id": "int4",
        "worked_minutes": "int4",
    },
    # Invoices that were issued stay as they are.
    "account_move": {
        "service_correction_type": "varchar",
        "service_split_payment": "bool",
    },
    "contract_contract": {"counts_from": "date"},
    "helpdesk_ticket": {
        "complaint_verdict": "varchar",
        "is_history": "bool",
        "open_reference": "varchar",
        "place_id": "int4",
        "reported_at": "timestamp",
        "service_contract_id": "int4",
        "verdict_on": "timestamp",
    },
    "res_company": {"service_counts_from": "date"},
}


# Set where the column was there before us: OCA's helpdesk_mgmt_timesheet has it too.
OWN_TICKETS = "helpdesk_service_contract.own_tickets_of_time"


def pre_init_hook(env):
    """What is there already becomes history, before Odoo computes anything of it."""
    if column_exists(env.cr, "account_analytic_line", "ticket_id"):
        env["ir.config_parameter"].set_param(OWN_TICKETS, "1")
    for table, columns in EMPTY_COLUMNS.items():
        for name, column_type in columns.items():
            if not column_exists(env.cr, table, name):
                create_column(env.cr, table, name, column_type)
    # With a default PostgreSQL adds it to any number of rows at once.
    env.cr.execute(
        SQL(
            "ALTER TABLE account_analytic_line"
            " ADD COLUMN IF NOT EXISTS charge varchar NOT NULL DEFAULT %s",
            Charge.FULL.value,
        )
    )
    count_from_today(env.cr)
    keep_tickets(env.cr)
    keep_work(env.cr)


def count_from_today(cr):
    """In companies with tickets or contracts nothing before today is ours to count."""
    cr.execute(
        """
        UPDATE res_company company
           SET service_counts_from =
               (now() AT TIME ZONE COALESCE(NULLIF(partner.tz, ''), 'UTC'))::date
          FROM res_partner partner
         WHERE partner.id = company.partner_id
           AND (EXISTS (SELECT FROM helpdesk_ticket WHERE company_id = company.id)
             OR EXISTS (SELECT FROM contract_contract WHERE company_id = company.id))
        """
    )


def keep_tickets(cr):
    """Tickets were reported when they were made, and have no clocks of ours."""
    cr.execute(
        """
        UPDATE helpdesk_ticket
           SET reported_at = date_trunc(
                   'second', COALESCE(create_date, now() AT TIME ZONE 'UTC')
               ),
               is_history = TRUE
        """
    )


def keep_work(cr):
    """Time that was logged for tickets counts for them, and is never billed by us.

    It stands in the column of OCA's helpdesk_mgmt_timesheet, or on the ticket's task.
    """
    cr.execute(
        """
        UPDATE account_analytic_line line
           SET ticket_id = ticket.id
          FROM helpdesk_ticket ticket
         WHERE ticket.task_id = line.task_id
           AND line.ticket_id IS NULL
           AND line.project_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM helpdesk_ticket other
                            WHERE other.task_id = ticket.task_id
                              AND other.id <> ticket.id)
        """
    )
    # A ticket that somebody deleted while nothing looked after the column.
    cr.execute(
        """
        UPDATE account_analytic_line
           SET ticket_id = NULL
         WHERE ticket_id NOT IN (SELECT id FROM helpdesk_ticket)
        """
    )
    cr.execute(
        SQL(
            """
            UPDATE account_analytic_line line
               SET is_history = TRUE,
                   charge = %s,
                   billed_minutes = 0,
                   customer_id = ticket.commercial_partner_id,
                   worked_minutes = ROUND((line.unit_amount * 60)::numeric)
              FROM helpdesk_ticket ticket
             WHERE ticket.id = line.ticket_id
            """,
            Charge.FREE.value,
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


def uninstall_hook(env):
    """Leave what is the user's own, and nothing that another installation doubles."""
    parameters = env["ir.config_parameter"]
    if parameters.get_param(OWN_TICKETS):
        leave_tickets_of_time(env.cr)
    parameters.search([("key", "=like", "helpdesk_service_contract.%")]).unlink()
    # Where they are time off of employees they stay so.
    env["resource.calendar.leaves"].search(
        [("service_holiday", "=", True), ("time_type", "=", "other")]
    ).unlink()
    # OCA's app opens on its first menu again.
    env.ref("helpdesk_mgmt.helpdesk_ticket_main_menu").action = False
    drop_references(env)


def leave_tickets_of_time(cr):
    """Let Odoo forget that the column was ours, so that it drops nothing of it."""
    cr.execute(
        """
        DELETE FROM ir_model_data
         WHERE module = 'helpdesk_service_contract'
           AND model = 'ir.model.fields'
           AND name = 'field_account_analytic_line__ticket_id'
        """
    )
    cr.execute(
        """
        DELETE FROM ir_model_fields
         WHERE model = 'account.analytic.line' AND name = 'ticket_id'
        """
    )
    # Nobody is kept from deleting a ticket any more.
    cr.execute(
        """
        ALTER TABLE account_analytic_line
            DROP CONSTRAINT IF EXISTS account_analytic_line_ticket_id_fkey,
             ADD CONSTRAINT account_analytic_line_ticket_id_fkey
                 FOREIGN KEY (ticket_id) REFERENCES helpdesk_ticket (id)
                 ON DELETE SET NULL
        """
    )


def drop_references(env):
    """Drop the foreign keys from and to our tables, which go in no order of ours.

    Odoo deletes our data before our tables: what is still named there would fail, and
    be reported as an error of the database, one by one.
    """
    ours = [
        model._table
        for model in env.values()
        if model._original_module == "helpdesk_service_contract" and not model._abstract
    ]
    env.cr.execute(
        """
        SELECT conrelid::regclass::text, conname
          FROM pg_constraint
         WHERE contype = 'f'
           AND ARRAY[conrelid::regclass::text, confrelid::regclass::text] && %s
        """,
        [ours],
    )
    for table, name in env.cr.fetchall():
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )
