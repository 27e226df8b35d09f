"""Share the files of tests out, so that each worker has the same to do."""

import json
import os
from pathlib import Path

from . import layout

_MEASURED = layout.PLATFORM / "test_seconds.json"
# What a file takes that was never measured.
_BYTES_A_SECOND = 1000
# A worker needs some seconds to get ready: for less than this another is no help.
_SECONDS_A_WORKER = 30


def shared_out(paths):
    """A list for each worker: of files, or of tests (`file::class::test`) as given."""
    measured = _measured()
    parts = [part for path in paths for part in _parts(path)]
    seconds = {part: _seconds(part, measured) for part in parts}
    useful = int(sum(seconds.values()) / _SECONDS_A_WORKER)
    number = max(1, min(useful, len(os.sched_getaffinity(0)), len(parts)))
    shares = [[] for _number in range(number)]
    for part in sorted(parts, key=seconds.get, reverse=True):
        min(shares, key=lambda share: sum(map(seconds.get, share))).append(part)
    return [sorted(share, key=parts.index) for share in shares]


def remember(workers):
    """Keep how long each file took."""
    seconds = _measured()
    for worker in workers:
        seconds |= worker.report.get("seconds", {})
    _MEASURED.write_text(json.dumps(seconds, indent=1))


def _measured():
    return json.loads(_MEASURED.read_text()) if _MEASURED.is_file() else {}


def _parts(path):
    """The files of a folder; what is not a folder stays one."""
    folder = Path(path)
    if not folder.is_dir():
        return [path]
    files = sorted(folder.rglob("test_*.py"))
    return [str(file) for file in files if file.parent.name != "unit"]


def _seconds(part, measured):
    file = Path(part.partition("::")[0])
    name = str(file.relative_to(layout.LINK))
    return measured.get(name, file.stat().st_size / _BYTES_A_SECOND)
