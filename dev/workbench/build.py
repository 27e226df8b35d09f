"""Build the platform: every part, in the order they need one another."""

import fcntl
import os
import shutil
from contextlib import contextmanager

from . import browser, config, layout, node, odoo_source, python_env
from .console import Failure, say

_NEEDED_GB = 4


def platform():
    """Everything needed to run Odoo."""
    with alone():
        _check_machine()
        _check_space()
        odoo_source.home()  # a wrong ODOO_HOME had better be known at once
        python_env.build()
        node.build()
        odoo_source.build()
        browser.build()
        config.write()


def tools():
    """What checking the sources needs, which is less."""
    with alone():
        _check_space()
        python_env.build()
        node.build()


@contextmanager
def alone(work="build", waiting="another command that is building the platform"):
    """Keep two commands started together from doing the same work."""
    try:
        layout.PLATFORM.mkdir(parents=True, exist_ok=True)
        lock = (layout.PLATFORM / f"{work}.lock").open("w")
    except OSError as error:
        raise Failure(
            f"The platform's folder {layout.PLATFORM} cannot be used "
            f"({error.strerror}): set HSC_PLATFORM to another one."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for {waiting}.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _check_machine():
    """Say at once what would fail after minutes."""
    machine = os.uname().machine
    if machine != "x86_64":
        raise Failure(
            f"The platform cannot be built on {machine}: libsass and the browser come "
            "ready-made for x86-64 only. The add-on itself runs there: install it into "
            "an Odoo of your own."
        )


def _check_space():
    """Fail before the first build, not in the middle of it."""
    if layout.STAMPS.is_dir() and len(os.listdir(layout.STAMPS)) > 2:
        return
    free = shutil.disk_usage(layout.PLATFORM).free / 1e9
    if free < _NEEDED_GB:
        raise Failure(
            f"The platform needs {_NEEDED_GB} GB in {layout.PLATFORM}, where "
            f"{free:.1f} GB are free: set HSC_PLATFORM to a folder on another disk."
        )
