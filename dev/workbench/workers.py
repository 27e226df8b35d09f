"""Workers: each is one run of pytest, alone on the terminal or beside others."""

import json
import signal
import subprocess
import sys
import time
from collections import Counter

from . import config, layout, process
from .console import say

_FOLDER = layout.PLATFORM / "test"
_UNIT = layout.ROOT / "tests/unit"
_NOTHING_TO_RUN = 5
_SECONDS_TO_END = 10


class Worker:
    """A run of pytest, and what came of it."""

    def __init__(self, title, arguments, cwd, environment):
        self.title = title
        self.output = _FOLDER / f"{title}.txt"
        self._report = _FOLDER / f"{title}.json"
        self._command = [layout.PYTHON, "-m", "pytest", "-p", "workbench.tally"]
        self._command += [f"--tally={self._report}", *arguments]
        self._command += ["--color=yes"] if sys.stdout.isatty() else []
        self._options = {"cwd": cwd, "env": environment, "stdin": subprocess.DEVNULL}
        self._process = None

    def start(self, **output):
        """Begin, on the terminal unless the output leads elsewhere."""
        self._report.unlink(missing_ok=True)
        command = [*map(str, self._command)]
        self._process = subprocess.Popen(command, **self._options, **output)

    def wait(self):
        """Let it end."""
        self._process.wait()

    def stop(self):
        """End it as Ctrl-C does, so that it tidies up; nothing if it has ended."""
        if self._process and self.status is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                self._process.kill()

    @property
    def status(self):
        """Pytest's exit status; none yet while it runs."""
        return self._process.poll() if self._process else _NOTHING_TO_RUN

    @property
    def has_failed(self):
        """Whether it ended otherwise than well."""
        return self.status not in (None, 0, _NOTHING_TO_RUN)

    @property
    def report(self):
        """What the plug-in `tally` left; empty if pytest did not come to it."""
        written = self._report.is_file()
        return json.loads(self._report.read_text()) if written else {}


def without_odoo(options, paths):
    """A worker for tests of plain Python."""
    arguments = ["-c", _UNIT / "pytest.ini", *options, *paths]
    return Worker("Without Odoo", arguments, layout.ROOT, process.environment())


def in_odoo(number, database, options, paths, settings=layout.CONFIG):
    """A worker for tests in Odoo, with a database of its own."""
    arguments = ["-c", layout.LINK / "pyproject.toml", "--rootdir", layout.LINK]
    arguments += ["--odoo-http", f"--ignore={layout.LINK / 'tests/unit'}"]
    # Odoo's plug-in derives a module's name from the folder pytest is in.
    environment = config.environment(database, settings=settings)
    environment["PWD"] = str(layout.LINK)
    arguments += [*options, *paths]
    return Worker(f"In Odoo, {number}", arguments, layout.LINK, environment)


def one_by_one(workers, stop_early):
    """Let each have the terminal."""
    _FOLDER.mkdir(exist_ok=True)
    for worker in workers:
        worker.start()
        worker.wait()
        if stop_early and worker.has_failed:
            return


def side_by_side(workers, stop_early):
    """Let all run at once, and show what they say one after the other."""
    _FOLDER.mkdir(exist_ok=True)
    try:
        for worker in workers:
            with worker.output.open("wb") as output:
                worker.start(stdout=output, stderr=subprocess.STDOUT)
        for worker in workers:
            say(f"\n{worker.title}:")
            for text in _spoken(worker):
                print(text, end="", flush=True)
                if stop_early and any(other.has_failed for other in workers):
                    for other in workers:
                        other.stop()
    finally:
        for worker in workers:
            worker.stop()


def _spoken(worker):
    """The worker's output until it ends, as it comes."""
    with worker.output.open() as output:
        while True:
            ended = worker.status is not None
            yield output.read()
            if ended:
                return
            time.sleep(0.1)


def verdict(workers):
    """Say how many tests passed and failed; the exit status for all.

    That there was nothing to run is a failure only if it holds for all.
    """
    outcomes = Counter()
    for worker in workers:
        outcomes.update(worker.report.get("outcomes", {}))
    failed = outcomes["failed"] + outcomes["error"]
    words = [f"{outcomes['passed']} passed", f"{failed} failed"]
    if outcomes["skipped"]:
        words.append(f"{outcomes['skipped']} skipped")
    for worker in workers:
        if worker.has_failed and not worker.report:
            say(f"{worker.title}: ended with status {worker.status}.")
    say(f"\n{', '.join(words)}")
    statuses = {worker.status for worker in workers} - {_NOTHING_TO_RUN}
    return max(statuses, key=abs, default=_NOTHING_TO_RUN)
