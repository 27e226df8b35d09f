"""Run other programs quietly, and turn what they say into one sentence."""

import os
import re
import subprocess

from . import layout
from .console import Failure

# What a failing program's output says about causes the user can do something
# about, whatever the program was.
_CAUSES = {
    "the disk is full": "No space left on device|ENOSPC",
    "the network could not be reached": (
        "resolv|resolution|Network is unreachable|Failed to connect|timed out"
        "|Connection refused|NewConnectionError"
        "|ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONNREFUSED"
    ),
    "a package was not found": (
        "Unable to locate package|No matching distribution|E404"
    ),
}


def run(command, failing, log="build.log", **options):
    """Run a command with its output in a log; `failing` starts the sentence.

    Returns nothing: whoever needs a program's output asks `output`.
    """
    layout.LOG.mkdir(parents=True, exist_ok=True)
    path = layout.LOG / log
    with path.open("ab") as sink:
        start = sink.tell()
        done = _call(command, stdout=sink, stderr=subprocess.STDOUT, **options)
    if done.returncode:
        text = path.read_bytes()[start:].decode(errors="replace")
        raise Failure(f"{failing}: {_cause(text, done.returncode)} (details: {path}).")


def captured(command, **options):
    """Run a command and give what it said."""
    return _call(command, capture_output=True, text=True, **options)


def output(command):
    """What a command prints; empty if it fails or is not there."""
    try:
        done = captured(command)
    except Failure:
        return ""
    return done.stdout if done.returncode == 0 else ""


def show(command, **options):
    """Run a command whose output belongs on the terminal; give its status."""
    return _call(command, **options).returncode


def environment(**changes):
    """This process's environment with changes, for a child process."""
    return {**os.environ, **{name: str(value) for name, value in changes.items()}}


def _call(command, **options):
    options.setdefault("stdin", subprocess.DEVNULL)
    command = [*map(str, command)]
    try:
        return subprocess.run(command, check=False, **options)
    except FileNotFoundError:
        raise Failure(f"The program {command[0]} is missing.") from None


def _cause(text, status):
    for cause, pattern in _CAUSES.items():
        if re.search(pattern, text):
            return cause
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else f"it ended with status {status}"
