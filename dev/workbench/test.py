"""Run the tests: first those that need no Odoo, then those in a fresh database."""

import time
from pathlib import Path

from . import build, config, database, layout, postgres, process
from .console import say

_TESTS = layout.ROOT / "tests"
_UNIT = _TESTS / "unit"
_NOTHING_TO_RUN = 5


def main(arguments):
    """Run both kinds of tests, or only the kind the arguments name."""
    started = time.monotonic()
    options, unit, odoo = _sorted_out(arguments)
    if odoo:
        build.platform()
    else:
        build.tools()
    statuses = []
    if unit:
        statuses.append(_run_unit(options, unit))
    if odoo and _goes_on(statuses, options):
        with postgres.running():
            statuses.append(_run_odoo(options, odoo, started))
    return _verdict(statuses)


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
        if path.exists() and (path == _TESTS or _TESTS in path.parents):
            return path
    return None


def _run_unit(options, paths):
    return process.show(
        [layout.PYTHON, "-m", "pytest", "-c", _UNIT / "pytest.ini", *options, *paths],
        cwd=layout.ROOT,
    )


def _run_odoo(options, paths, started):
    with database.passing("test") as name:
        say(f"Ready for the tests in Odoo after {time.monotonic() - started:.1f} s")
        return process.show(
            [layout.PYTHON, "-m", "pytest", "-c", layout.LINK / "pyproject.toml"]
            + ["--rootdir", layout.LINK, "--odoo-http"]
            + [f"--ignore={layout.LINK / 'tests/unit'}", *options, *paths],
            # Odoo's plug-in derives a module's name from the folder pytest is in.
            cwd=layout.LINK,
            env={**config.environment(name), "PWD": str(layout.LINK)},
        )


def _goes_on(statuses, options):
    """Whether the second kind is to run: `-x` stops at the first failure."""
    failed = any(status not in (0, _NOTHING_TO_RUN) for status in statuses)
    return not (failed and {"-x", "--exitfirst"} & set(options))


def _verdict(statuses):
    """Nothing to run is a failure only if it holds for all."""
    ran = [status for status in statuses if status != _NOTHING_TO_RUN]
    return max(ran, default=_NOTHING_TO_RUN)
