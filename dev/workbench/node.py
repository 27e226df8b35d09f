"""What comes from npm: the browser, files Debian's Odoo lacks, and checks.

Node.js itself is a Python wheel, so it is already in the virtual environment.
"""

import shutil

from . import layout, process, stamp

_FILES = (layout.ROOT / "package.json", layout.ROOT / "package-lock.json")


def build():
    """Install just what the lock file names, by its hashes."""
    key = stamp.digest(*_FILES, layout.NPM)
    stamp.once("npm", key, "JavaScript packages", _build)


def environment(**changes):
    """The environment for a program of Node.js."""
    return process.environment(
        PATH=f"{layout.VENV / 'bin'}:/usr/local/bin:/usr/bin:/bin",
        NODE_PATH=layout.NODE_MODULES,
        NO_COLOR="1",
        **changes,
    )


def _build():
    stamp.emptied(layout.NPM)
    for file in _FILES:
        shutil.copy(file, layout.NPM)
    process.run(
        ["npm", "ci", "--ignore-scripts"]
        + ["--no-audit", "--no-fund", "--no-update-notifier"],
        "The JavaScript packages could not be installed",
        cwd=layout.NPM,
        env=environment(),
    )
