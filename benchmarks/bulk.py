"""Much work in little time: a few records made by Odoo, copied by the database."""

from odoo.tools import SQL
from odoo.tools.sql import table_columns


def copies(records, times, **columns):
    """Ids of the copies of the records, each of them copied ``times`` times.

    A column holds what it holds in the original, unless it is given: one value for all
    copies, or a list with a value for each time.
    """
    if not times:
        return []
    cr = records.env.cr
    records.env.flush_all()
    values = {
        name: SQL.identifier("original", name)
        for name in table_columns(cr, records._table)
        if name != "id"
    }
    for name, value in columns.items():
        # PostgreSQL takes a list for an array, which it counts from 1.
        values[name] = SQL("(%s)[time]" if isinstance(value, list) else "%s", value)
    cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s AS original"
            " CROSS JOIN generate_series(1, %s) AS time"
            " WHERE original.id IN %s ORDER BY time, original.id RETURNING id",
            SQL.identifier(records._table),
            SQL(", ").join(map(SQL.identifier, values)),
            SQL(", ").join(values.values()),
            SQL.identifier(records._table),
            times,
            tuple(records.ids),
        )
    )
    records.env.invalidate_all()
    return [id_ for (id_,) in cr.fetchall()]


def tickets(ticket, times, contract_ids=None, partner_ids=None, days=None):
    """Ids of copies of a ticket and its entries, one copy for each time.

    Given as lists with an item for each time are whom the copy belongs to, and the day
    of its work.
    """
    of_contract = {"service_contract_id": contract_ids} if contract_ids else {}
    of_partner = (
        {"partner_id": partner_ids, "commercial_partner_id": partner_ids}
        if partner_ids
        else {}
    )
    ticket_ids = copies(ticket, times, **of_contract, **of_partner)
    if ticket.timesheet_ids:
        of_day = {"date": days} if days else {}
        copies(
            ticket.timesheet_ids, times, ticket_id=ticket_ids, **of_contract, **of_day
        )
    return ticket_ids


def contracts(contract, ticket, times):
    """Ids of copies of a contract, its customer and its ticket with the work on it."""
    customer_ids = copies(contract.partner_id, times)
    cr = contract.env.cr
    cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE id IN %s",
        [tuple(customer_ids)],
    )
    contract_ids = copies(
        contract,
        times,
        partner_id=customer_ids,
        commercial_partner_id=customer_ids,
        invoice_partner_id=customer_ids,
    )
    copies(contract.contract_line_ids, times, contract_id=contract_ids)
    tickets(ticket, times, contract_ids, customer_ids)
    return contract_ids
