"""Write down what a database holds of the add-on: `python -m workbench.snapshot FILE`.

Run by `upgrade_test` in the platform's Python, where psycopg2 is.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

from . import layout

# What users may change of the records that the add-on brings.
EDITABLE = {
    "ir.cron": "active",
    "ir.rule": "active",
    "mail.template": "subject",
    "res.groups": "name",
    "service.work.type": "name",
}
_OUR_FIELDS = """
    (SELECT field.* FROM ir_model_fields field
       JOIN ir_model_data data
         ON data.model = 'ir.model.fields' AND data.res_id = field.id
      WHERE data.module = %s) field
"""
_COLUMNS = f"""
    SELECT DISTINCT columns.table_name, columns.column_name
      FROM {_OUR_FIELDS}
      JOIN information_schema.columns
        ON columns.table_name = replace(field.model, '.', '_')
       AND columns.column_name = field.name
     WHERE columns.column_name NOT IN ('id', 'write_date', 'write_uid')
"""
_PAIRS = f"""
    SELECT DISTINCT tables.table_name
      FROM {_OUR_FIELDS}
      JOIN information_schema.tables ON tables.table_name = field.relation_table
     WHERE field.ttype = 'many2many'
"""


def taken(cr):
    """By table, a row for each record: its key, and the values of our columns."""
    columns = defaultdict(set)
    cr.execute(_COLUMNS, [layout.ADDON])
    for table, column in cr:
        columns[table].add(column)
    for model, field in EDITABLE.items():
        columns[model.replace(".", "_")].add(field)
    snapshot = {}
    for table, names in columns.items():
        cr.execute(f'SELECT id::text, to_jsonb(t) FROM "{table}" t')
        snapshot[table] = {
            key: {name: _seen(row[name]) for name in sorted(names)} for key, row in cr
        }
    cr.execute(_PAIRS, [layout.ADDON])
    for (table,) in cr.fetchall():
        cr.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
        snapshot[table] = {key: {} for (key,) in cr}
    return snapshot


def _seen(value):
    """A translated text as the users of the demo, who all speak Polish, see it."""
    return value.get("pl_PL", value) if isinstance(value, dict) else value


if __name__ == "__main__":
    import psycopg2

    with psycopg2.connect("") as connection, connection.cursor() as cr:
        Path(sys.argv[1]).write_text(json.dumps(taken(cr)))
