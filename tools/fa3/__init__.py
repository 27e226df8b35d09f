"""FA(3), the structured invoice of KSeF: what Odoo's document lacks, and its schema.

``document`` completes what Odoo writes with the ``facts`` of an invoice, ``amounts``
its lines and sums; ``tree`` keeps the order of the schema, and ``schema`` validates.
"""
