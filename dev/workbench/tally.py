"""A plug-in of pytest: what came of the tests, and how long each file took.

`test` has every run of pytest leave it in a file, to sum them up.
"""

import json
from collections import defaultdict
from pathlib import Path


def pytest_addoption(parser):
    """Where to leave it."""
    parser.addoption("--tally", type=Path)


def pytest_configure(config):
    """Count from here on."""
    config.pluginmanager.register(Tally(), "tally")


class Tally:
    """Seconds by file, as pytest reports the stages of each test."""

    def __init__(self):
        self.seconds = defaultdict(float)

    def pytest_runtest_logreport(self, report):
        """Add up; what a subtest took is part of its test."""
        if not getattr(report, "context", None):
            self.seconds[report.nodeid.partition("::")[0]] += report.duration

    def pytest_terminal_summary(self, terminalreporter, config):
        """Leave the file."""
        outcomes = {
            name: len(terminalreporter.stats.get(name, ()))
            for name in ("passed", "failed", "error", "skipped")
        }
        failed = {
            report.nodeid
            for name in ("failed", "error")
            for report in terminalreporter.stats.get(name, ())
        }
        content = {
            "failed": sorted(failed),
            "outcomes": outcomes,
            "seconds": self.seconds,
        }
        config.option.tally.write_text(json.dumps(content))
