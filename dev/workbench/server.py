"""A running Odoo: started for a command, and gone with it."""

import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import config
from .console import Failure

_SECONDS_TO_START = 120


def start(database, port, log, *options):
    """Start Odoo on a port of this machine; who does waits, and terminates it."""
    command = config.odoo(f"--http-port={port}", f"--logfile={log}", *options)
    return subprocess.Popen(
        # Odoo is told to end when this command dies, however it does; but Ctrl-C is
        # for this command alone, which then tells Odoo once.
        ["setpriv", "--pdeathsig=TERM", *map(str, command)],
        env=config.environment(database),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def wait(server, port, log):
    """Return when Odoo answers."""
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/web/health", timeout=5)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise Failure(f"Odoo did not start: {log} says why.")


def free_port():
    """A port of this machine that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]
