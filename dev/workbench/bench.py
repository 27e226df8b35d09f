"""Measure speed: ratios to what Odoo does without us, taken in one run."""

import argparse
import json
import tempfile
from pathlib import Path

from . import build, config, database, layout, peers, postgres, process
from .console import Failure, say, table

# What one measurement is in the JSON file.
_PUBLISHED = (
    "name",
    "value",
    "limit",
    "better",
    "peer",
    "sql",
    "peer_sql",
    "repetitions",
)


def main(arguments):
    """Measure in a fresh database, print the table, and leave the JSON file."""
    options = _parsed(arguments)
    build.platform()
    peers.build()
    with postgres.running(), database.passing("bench") as name:
        figures = _measured(name, options)
    say()
    say("\n".join(table([_row(figure, options.quick) for figure in figures])))
    if options.json:
        published = [{key: figure[key] for key in _PUBLISHED} for figure in figures]
        options.json.write_text(json.dumps(published, indent=2) + "\n")
    return 0


def _parsed(arguments):
    parser = argparse.ArgumentParser(prog="dev/bench", description=__doc__)
    parser.add_argument(
        "prefix", nargs="?", default="", help="measure what is named so, as `ledger.`"
    )
    parser.add_argument(
        "--quick", action="store_true", help="small sizes, to see that it runs"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write figures there")
    return parser.parse_args(arguments)


def _measured(name, options):
    """The figures, measured where Odoo is: in the platform's Python."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [layout.PYTHON, "-m", "workbench", "measure", file.name]
        command += [f"--prefix={options.prefix}", *["--quick"][: options.quick]]
        if process.show(command, env=config.environment(name, log="warn")):
            raise Failure("The measurements stopped: the messages above say why.")
        return json.loads(Path(file.name).read_text())


def _row(figure, quick):
    """A figure as a line of the table; times are milliseconds."""
    sign = "≤" if figure["better"] == "lower" else "≥"
    limit = figure["limit"]
    sql_limit = figure["sql_limit"]
    return {
        "measurement": figure["name"],
        "value": _number(figure["value"]),
        "unit": figure["unit"],
        "limit": "" if limit is None else f"{sign} {limit:g}",
        "verdict": "" if quick else _verdict(figure),
        "ours": _number(figure["ours"]),
        "peer": _number(figure["peer"]),
        "SQL": _number(figure["sql"]),
        "peer SQL": _number(figure["peer_sql"]),
        "SQL limit": "" if sql_limit is None else f"≤ {sql_limit:g}",
        "repetitions": figure["repetitions"],
    }


def _number(value):
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.2f}"


def _verdict(figure):
    """Whether the figure and its count of SQL keep within their limits."""
    value, limit, sql_limit = figure["value"], figure["limit"], figure["sql_limit"]
    lower = figure["better"] == "lower"
    short = []
    if limit is not None and (value > limit if lower else value < limit):
        short.append("short")
    if sql_limit is not None and figure["sql"] > sql_limit:
        short.append("too much SQL")
    if limit is None and sql_limit is None:
        return ""
    return ", ".join(short) or "kept"
