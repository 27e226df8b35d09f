"""The process that keeps the database server while somebody needs it.

Run by `postgres`, apart from the command that needed the server first: other
commands may go on using it. Locks end with their process, however that ends, so
the server is never left behind.
"""

import fcntl
import signal
import subprocess

from . import postgres

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # Only test data and a demo live here: fast, not safe from a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "jit": "off",
}


def main():
    """Run the server until no command holds the lock any more."""
    server = subprocess.Popen(_command(), cwd="/", stdin=subprocess.DEVNULL)
    with postgres.USERS.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Newcomers wait for the lock, so none meets a server about to end.
        server.send_signal(signal.SIGINT)
        server.wait()


def _command():
    settings = {
        **_SETTINGS,
        "unix_socket_directories": postgres.socket_folder(),
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    server = [postgres.program("postgres"), "-D", postgres.DATA, *options]
    return [*map(str, postgres.as_owner(server))]


if __name__ == "__main__":
    main()
