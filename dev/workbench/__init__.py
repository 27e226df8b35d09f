"""Build and drive a complete Odoo 19 for this add-on, below one folder.

Only the standard library is used here: this code runs before anything else is
installed. `__main__` maps each command of `dev/` to its module.
"""
