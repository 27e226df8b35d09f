from odoo.tools.sql import column_exists, rename_column


def migrate(cr, version):
    """What follows from the terms of a package followed from its sale before."""
    if column_exists(cr, "service_hour_move", "by_sale"):
        rename_column(cr, "service_hour_move", "by_sale", "by_terms")
