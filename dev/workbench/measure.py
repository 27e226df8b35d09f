"""Run measurements in a database and write their figures down.

`bench` runs this as a command of its own, in the platform's Python, where Odoo is.
"""

import argparse
import json
from contextlib import ExitStack
from pathlib import Path

from odoo.modules.registry import Registry
from odoo.tools import config

from . import peers
from .console import Failure, step


def main(arguments):
    """Measure, and leave the figures as JSON."""
    parser = argparse.ArgumentParser(prog="measure")
    parser.add_argument("file", type=Path)
    parser.add_argument("--prefix", default="")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args(arguments)
    config.parse_config([peers.addons_path()], setup_logging=True)
    (database,) = config["db_name"]
    registry = Registry(database)
    # The measurements use the add-on, which can be imported from here on.
    from odoo.addons.helpdesk_service_contract import benchmarks

    names = [
        name for name in benchmarks.MEASUREMENTS if name.startswith(options.prefix)
    ]
    if not names:
        there = ", ".join(benchmarks.MEASUREMENTS)
        raise Failure(f"No measurement's name starts with {options.prefix}: {there}.")
    figures = []
    with ExitStack() as databases:
        bench = benchmarks.Bench(registry, options.quick, databases)
        for name in names:
            with step(name):
                figures += benchmarks.MEASUREMENTS[name](bench)
    options.file.write_text(json.dumps([figure._asdict() for figure in figures]))
    return 0
