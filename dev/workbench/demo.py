"""Show the add-on: a company's month, as a table and in a running Odoo."""

import argparse
import json
import os
import socket

from . import build, config, database, layout, postgres, process, server, stamp
from .console import Failure, say, step, table

_DATABASE = "hsc_demo"
_STORY = layout.DEV / "story"
_DOUBLES = layout.ROOT / "tests/doubles"
_PLAYED = layout.PLATFORM / "demo.json"


def main(arguments):
    """Have the demo's database, print its table, and serve it."""
    options = _parsed(arguments)
    if not options.once:
        _check_port(options.port)
    build.platform()
    with postgres.running():
        with build.alone("demo", "another dev/demo that is playing the month"):
            played = _played(options.reset)
        say()
        say("\n".join(table(played["rows"])))
        say(f"\n{played['check']}")
        if not options.once:
            _serve(options.port, played["logins"])
    return 0


def _parsed(arguments):
    parser = argparse.ArgumentParser(prog="dev/demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="stop after the table")
    parser.add_argument("--reset", action="store_true", help="start over")
    parser.add_argument("--port", type=_port, default=8069, help="default: 8069")
    return parser.parse_args(arguments)


def _check_port(port):
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind(("127.0.0.1", port))
        except OSError:
            raise Failure(
                f"Port {port} is in use: choose another with --port NUMBER."
            ) from None


def _port(text):
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def _played(reset):
    """What the story left behind; it is played once per database."""
    addon, story = database.addon_key(), _story_key()
    played = _remembered()
    if reset or not database.exists(_DATABASE) or played.get("story") != story:
        played = _play()
    elif played["addon"] != addon:
        with step("The add-on changed: updating the demo's database"):
            database.odoo_once(_DATABASE, "-u", layout.ADDON)
    _PLAYED.write_text(json.dumps({**played, "addon": addon, "story": story}))
    return played


def _story_key():
    files = [*_STORY.glob("*.py"), *_DOUBLES.glob("*.py")]
    return stamp.digest(*sorted(files))


def _remembered():
    return json.loads(_PLAYED.read_text()) if _PLAYED.is_file() else {}


def _play():
    template = database.addon_template()
    passing = f"{_DATABASE}_new"
    _PLAYED.unlink(missing_ok=True)
    with step("Playing a month of work"):
        database.copy(template, passing)
        story = [layout.PYTHON, "-m", "story.play", _PLAYED]
        if process.show(story, env=_environment(passing)):
            raise Failure("The story could not be played: the messages above say why.")
        database.rename(passing, _DATABASE)
    return _remembered()


def _environment(database):
    """Where the story finds itself, and the stand-ins for the offices outside."""
    path = f"{layout.DEV}{os.pathsep}{_DOUBLES.parent}"
    return {**config.environment(database, log="warn"), "PYTHONPATH": path}


def _serve(port, logins):
    _tell_address(port)
    log = layout.LOG / "odoo.log"
    odoo = server.start(_DATABASE, port, log)
    try:
        with step("Starting Odoo"):
            server.wait(odoo, port, log)
        say(f"\nOdoo is at http://127.0.0.1:{port} -- Ctrl-C stops it.\n")
        rows = [
            dict(zip(("role", "login", "password"), login, strict=True))
            for login in logins
        ]
        say("\n".join(table(rows)))
        odoo.wait()
        raise Failure(f"Odoo ended by itself: {log} says why.")
    except KeyboardInterrupt:
        say("\nStopping Odoo.")
    finally:
        odoo.terminate()
        odoo.wait()


def _tell_address(port):
    """Links and PDF files lead to Odoo, wherever it is served today."""
    for key in ("report.url", "web.base.url"):
        database.query(
            "INSERT INTO ir_config_parameter (key, value)"
            f" VALUES ('{key}', 'http://127.0.0.1:{port}')"
            " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
            _DATABASE,
        )
