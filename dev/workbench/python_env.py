"""The virtual environment: Odoo's Python packages, OCA's add-ons, our tools."""

import importlib.util
import shutil
import sys

from . import apt, layout, process, stamp

_PINS = layout.DEV / "requirements.txt"
_OCA = layout.DEV / "requirements-oca.txt"


def build():
    """Make the virtual environment, or renew it when the pins changed."""
    key = stamp.digest(_PINS, _OCA, sys.version, layout.VENV)
    stamp.once("python", key, "Python packages", _build)


def versions():
    """What a database's content depends on in here."""
    return stamp.digest(_PINS, _OCA)


def _build():
    shutil.rmtree(layout.VENV, ignore_errors=True)
    process.run(
        [sys.executable, "-m", "venv", "--without-pip", layout.VENV],
        "The virtual environment could not be made",
    )
    _bring_pip()
    process.run(
        # The pins are complete, so nothing has to be resolved; and wheels only:
        # there may be no compiler.
        [layout.PYTHON, "-m", "pip", "install", "--no-deps", "--only-binary=:all:"]
        + [
            "--require-hashes",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
            _PINS,
            "-r",
            _OCA,
        ],
        "The Python packages could not be installed",
    )


def _bring_pip():
    """Install pip from Python's own copy, else from the distribution's."""
    failing = "pip could not be installed"
    if importlib.util.find_spec("ensurepip"):
        process.run([layout.PYTHON, "-m", "ensurepip"], failing)
        return
    folder = stamp.emptied(layout.PLATFORM / "pip")
    apt.fetch(["python3-pip-whl"], folder)
    (wheel,) = folder.glob("usr/share/python-wheels/pip-*.whl")
    process.run(
        [layout.PYTHON, f"{wheel}/pip", "install", "--no-index", "--quiet", wheel],
        failing,
    )
    shutil.rmtree(folder)
