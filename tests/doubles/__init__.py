"""Stand-ins for the offices outside: KSeF and a mail server.

The tests and the demo share them, so they import no Odoo before one of them is used.
"""
