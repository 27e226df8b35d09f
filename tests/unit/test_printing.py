import stat
import time

import pytest

from tools.printing import Fault, Job, PrintError, check_printer, print_pdf

PAGE = Job(["--page-size", "A4"], ["<p>Praca</p>"], "<p>góra</p>", "<p>dół</p>")
GOOD = 'for out; do :; done; printf "%%PDF-1.4 $*\\n%%%%EOF" > "$out"'


@pytest.fixture
def printer(tmp_path):
    """Makes a program of a shell script."""

    def made(script):
        file = tmp_path / "wkhtmltopdf"
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return str(file)

    return made


def test_what_a_printer_is_told(printer):
    words = print_pdf(printer(GOOD), PAGE, 10).decode().split()
    assert words[1:3] == ["--page-size", "A4"]
    assert [word for word in words if word.startswith("--")][1:] == [
        "--header-html",
        "--footer-html",
    ]


def test_what_it_cannot_fetch_does_no_harm(printer):
    assert print_pdf(printer(f"{GOOD}; exit 1"), PAGE, 10)


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("exit 1", Fault.NO_PDF),
        ("exit 0", Fault.NO_PDF),
        ('for out; do :; done; echo "<html>" > "$out"', Fault.NO_PDF),
        ('for out; do :; done; echo "%PDF-1.4" > "$out"', Fault.NO_PDF),
        (f"{GOOD}; exit 2", Fault.FAILED),
        ("kill -SEGV $$", Fault.FAILED),
    ],
)
def test_nothing_but_a_pdf_comes_out(printer, script, fault):
    with pytest.raises(PrintError) as refused:
        print_pdf(printer(script), PAGE, 10)
    assert refused.value.fault == fault


def test_what_a_printer_says_before_it_dies(printer):
    with pytest.raises(PrintError, match="3: no memory"):
        print_pdf(printer("echo no memory >&2; exit 3"), PAGE, 10)


def test_one_that_says_nothing_is_not_asked_for_more(printer):
    check_printer(printer("echo wkhtmltopdf 0.12.6"), 10)
    with pytest.raises(PrintError) as refused:
        check_printer(printer("sleep 1000"), 0.2)
    assert refused.value.fault == Fault.SLOW


def test_no_printer(tmp_path):
    with pytest.raises(PrintError) as refused:
        print_pdf(str(tmp_path / "none"), PAGE, 10)
    assert refused.value.fault == Fault.MISSING


def test_one_that_hangs_is_ended_with_all_it_started(printer, tmp_path):
    alive = tmp_path / "alive"
    script = f"(while :; do touch {alive}; sleep 0.05; done) & wait"
    began = time.monotonic()
    with pytest.raises(PrintError) as refused:
        print_pdf(printer(script), PAGE, 0.5)
    assert refused.value.fault == Fault.SLOW
    assert time.monotonic() - began < 5
    alive.unlink(missing_ok=True)
    time.sleep(0.3)
    assert not alive.exists()
