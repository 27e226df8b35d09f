"""Do each part of the build once, and again only when its inputs change."""

import hashlib
import shutil
from pathlib import Path

from . import layout
from .console import step


def digest(*parts):
    """A short name for these inputs: files count by content, the rest as text."""
    whole = hashlib.sha256()
    for part in parts:
        is_file = isinstance(part, Path) and part.is_file()
        content = part.read_bytes() if is_file else str(part).encode()
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()[:12]


def once(name, key, title, build):
    """Call `build` unless it already succeeded for the same key.

    The stamp is written last, so that an interrupted build starts over.
    """
    stamp = layout.STAMPS / name
    if stamp.is_file() and stamp.read_text() == key:
        return
    stamp.unlink(missing_ok=True)
    with step(title):
        build()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)


def emptied(folder):
    """An empty folder in place of whatever an earlier build left there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
