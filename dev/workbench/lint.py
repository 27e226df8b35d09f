"""Check the sources: style, likely mistakes, translations."""

import argparse

from . import build, layout, node, process
from .console import say

_PROGRAMS = layout.VENV / "bin"
_MODULES = layout.NODE_MODULES
_PYTHON = [layout.PYTHON, "-m"]
_PRETTIER_FILES = "**/*.{xml,js,mjs,cjs,json,scss,css,yml,yaml}"


def main(arguments):
    """Run every check, and fail if one of them did."""
    parser = argparse.ArgumentParser(prog="dev/lint", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="put right what can be")
    fix = parser.parse_args(arguments).fix
    build.tools()
    failed = [name for name, command in _checks(fix).items() if _finds(name, command)]
    say(f"\nFindings by {', '.join(failed)}." if failed else "\nNo findings.")
    return bool(failed)


def _checks(fix):
    ruff = _PROGRAMS / "ruff"
    # What pylint-odoo knows about are add-ons: the packages, and not dev/.
    packages = {path.parent.name for path in layout.ROOT.glob("*/__init__.py")}
    addon = [*sorted(packages - {"tests"}), *layout.ROOT.glob("__*__.py")]
    pylint = [*_PYTHON, "pylint"]
    prettier = [_MODULES / ".bin/prettier", "--log-level=warn"]
    # Prettier looks for plug-ins beside its configuration, and they are not there.
    prettier += [f"--plugin={_MODULES}/@prettier/plugin-xml/src/plugin.js"]
    return {
        "ruff check": [ruff, "check", *(["--fix"] if fix else []), "."],
        "ruff format": [ruff, "format", *([] if fix else ["--check"]), "."],
        "pylint-odoo": [*pylint, *addon],
        # It knows that tests translate nothing only where they lie flat.
        "pylint-odoo, tests": [*pylint, "--disable=translation-required", "tests"],
        "prettier": [*prettier, "--write" if fix else "--check", _PRETTIER_FILES],
        "eslint": [_MODULES / ".bin/eslint", "."],
        "translations": [*_PYTHON, "workbench.translations"],
    }


def _finds(name, command):
    done = process.captured(command, cwd=layout.ROOT, env=node.environment())
    if done.returncode == 0:
        say(f"{name}: ok")
        return False
    say(f"{name}:\n{done.stdout}{done.stderr}")
    return True
