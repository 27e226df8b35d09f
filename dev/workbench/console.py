"""What the person at the terminal reads: numbered steps, and failures."""

import itertools
import re
import time
from contextlib import contextmanager

# Amounts and durations: 1 234.50 or 7:30.
_NUMBER = re.compile(r"-?\d[\d .,:]*")
_numbers = itertools.count(1)


class Failure(Exception):
    """Something the user can act on; shown as its one sentence, no traceback."""


def say(text=""):
    """Print at once, also where the output is a pipe."""
    print(text, flush=True)


@contextmanager
def step(title):
    """Announce a step that takes a while, and say how long it took."""
    number = next(_numbers)
    started = time.monotonic()
    say(f"[{number}] {title} ...")
    yield
    say(f"[{number}] done in {time.monotonic() - started:.1f} s")


def table(rows):
    """The rows (dictionaries with the same keys) as aligned lines of text.

    The columns are the first row's keys; those of numbers are aligned to the right.
    """
    names = rows[0] if rows else ()
    columns = [_column(name, [str(row[name]) for row in rows]) for name in names]
    return ["  ".join(cells).rstrip() for cells in zip(*columns, strict=True)]


def _column(name, cells):
    """The cells under their heading and a rule, all equally wide."""
    width = max(map(len, [name, *cells]))
    number = all(map(_NUMBER.fullmatch, filter(None, cells)))
    align = str.rjust if number else str.ljust
    return [align(cell, width) for cell in [name, "-" * width, *cells]]
