"""Printing: a PDF from HTML by wkhtmltopdf, or an error that says why there is none."""

import os
import signal
import subprocess
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from .document import is_pdf

# wkhtmltopdf also ends with 1 where a picture of the page could not be fetched.
_ENDS_WELL = (0, 1)
_LAST_WORDS = 300


class Fault(StrEnum):
    """Why there is no PDF."""

    MISSING = "missing"  # no such program
    SLOW = "slow"  # it did not finish in time
    FAILED = "failed"  # it died
    NO_PDF = "no_pdf"  # it wrote something else, or nothing


class PrintError(Exception):
    """There is no PDF; ``detail`` is what the printer said last."""

    def __init__(self, fault: Fault, detail: str = ""):
        super().__init__(detail or str(fault))
        self.fault = fault
        self.detail = detail


class Job(NamedTuple):
    """What is printed: HTML of the pages, and what stands above and below each."""

    options: Sequence[str]
    bodies: Sequence[str]
    header: str = ""
    footer: str = ""


def check_printer(program: str, seconds: float) -> None:
    """Find out whether the printer does anything at all; Odoo asks it without end.

    :raises PrintError: where it does not say its version within so many seconds
    """
    with TemporaryDirectory(prefix="service_print.") as name:
        _run([program, "--version"], Path(name) / "errors.txt", seconds)


def print_pdf(program: str, job: Job, seconds: float) -> bytes:
    """The PDF of ``job``, made within so many seconds.

    :raises PrintError: whatever the printer does wrong, so that nothing but a PDF comes
        out of here
    """
    with TemporaryDirectory(prefix="service_print.") as name:
        folder = Path(name)
        arguments = [program, *job.options]
        for part in ("header", "footer"):
            if text := getattr(job, part):
                arguments += [f"--{part}-html", _written(folder, part, text)]
        arguments += [
            _written(folder, f"body{number}", body)
            for number, body in enumerate(job.bodies)
        ]
        paper = folder / "paper.pdf"
        _run([*arguments, str(paper)], folder / "errors.txt", seconds)
        file = paper.read_bytes() if paper.exists() else b""
    if not is_pdf(file):
        raise PrintError(Fault.NO_PDF)
    return file


def _written(folder: Path, name: str, text: str) -> str:
    file = folder / f"{name}.html"
    file.write_text(text, encoding="utf-8")
    return str(file)


def _run(arguments: list[str], errors: Path, seconds: float) -> None:
    # A file takes what is said: of a pipe, whoever inherited it would have to let go.
    with errors.open("wb") as said:
        try:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )
        except OSError as error:
            raise PrintError(Fault.MISSING, str(error)) from None
        try:
            ended = process.wait(seconds)
        except subprocess.TimeoutExpired:
            # With all that it started: it leads a group of its own.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise PrintError(Fault.SLOW) from None
    if ended not in _ENDS_WELL:
        words = errors.read_bytes().decode(errors="replace").strip()
        raise PrintError(Fault.FAILED, f"{ended}: {words[-_LAST_WORDS:]}")
