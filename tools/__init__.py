"""Algorithms of service contracts in plain Python.

Nothing here imports Odoo: integers (minutes), dates and small immutable values go in
and come out, so that every rule can be tested by tables and properties in seconds.
"""
