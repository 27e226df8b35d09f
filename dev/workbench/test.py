"""Run the tests: those that need no Odoo and, at the same time, those in Odoo."""

import os
import time
from contextlib import ExitStack
from pathlib import Path

from . import build, database, layout, postgres, shares, workers
from .console import say

_TESTS = layout.ROOT / "tests"
_UNIT = _TESTS / "unit"
# With these, one pytest at a time has the terminal.
_WATCHED = {"-s", "--capture=no", "--pdb", "--trace", "--co", "--collect-only"}


def main(arguments):
    """Run both kinds of tests, or only the kind the arguments name."""
    started = time.monotonic()
    options, unit, odoo = _sorted_out(arguments)
    watched = bool(_WATCHED & {*options})
    if odoo:
        build.platform()
    else:
        build.tools()
    with ExitStack() as needed:
        team = [workers.without_odoo(options, unit)] if unit else []
        if odoo:
            needed.enter_context(postgres.running())
            template = database.stage_template()
            found = [odoo] if watched else shares.shared_out(odoo)
            for number, share in enumerate(found, 1):
                name = needed.enter_context(database.passing("test", template))
                team.append(workers.in_odoo(number, name, options, share))
            say(f"Ready for the tests in Odoo after {time.monotonic() - started:.1f} s")
        run = workers.one_by_one if watched or len(team) == 1 else workers.side_by_side
        run(team, stop_early=bool({"-x", "--exitfirst"} & {*options}))
    if not options:
        shares.remember(team)
    return workers.verdict(team)


def _sorted_out(arguments):
    """Pytest's options, and the files for each kind of tests."""
    named = [argument for argument in arguments if _path(argument)]
    options = [argument for argument in arguments if argument not in named]
    if not named:
        return options, [str(_UNIT)], [str(layout.LINK / "tests")]
    unit, odoo = [], []
    for argument in named:
        path, *inner = argument.split("::")
        inside = _path(argument).relative_to(layout.ROOT)
        is_unit = _UNIT.relative_to(layout.ROOT) in (inside, *inside.parents)
        root = layout.ROOT if is_unit else layout.LINK
        chosen = unit if is_unit else odoo
        chosen.append("::".join([str(root / inside), *inner]))
        if inside == Path("tests"):
            unit.append(str(_UNIT))
    return options, unit, odoo


def _path(argument):
    """The test file or folder an argument names, if it names one."""
    name = argument.split("::")[0]
    for folder in (Path.cwd(), layout.ROOT):
        path = (folder / name).resolve()
        # Not exists(): an expression for -k can be longer than a name may be.
        if os.path.exists(path) and (path == _TESTS or _TESTS in path.parents):
            return path
    return None
