"""A headless Chromium: for browser tests, and to print Odoo's reports.

The user's own (CHROMIUM), the machine's, or one from an npm package that holds the
browser with the libraries and fonts an empty machine lacks. It always goes by the
names `chromium` and `google-chrome` in the platform's `bin`, where Odoo finds it.
"""

import os
import platform
import shlex
import shutil

from . import layout, node, process, stamp
from .console import Failure

_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --disable-background-networking "
    "--disable-component-update --disable-sync --no-first-run "
    "--font-render-hinting=none"
)
_FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{folder}/cache</cachedir>
</fontconfig>
"""
_PACKAGE = layout.NODE_MODULES / "@sparticuz/chromium/bin"


def build():
    """Have a browser and a program that prints like wkhtmltopdf with it."""
    given = _own() or _installed()
    printer = shutil.which("wkhtmltopdf")
    key = stamp.digest(given, printer, _PACKAGE, layout.ROOT, layout.PLATFORM)
    stamp.once("browser", key, "Browser", lambda: _build(given))


def _build(given):
    stamp.emptied(layout.BIN)
    if given:
        _write_wrapper(given)
    else:
        _unpack()
        _write_wrapper(layout.BROWSER / "chromium", _surroundings())
    if "with patched qt" not in process.output(["wkhtmltopdf", "--version"]):
        _script("wkhtmltopdf", layout.PYTHON, layout.DEV / "bin/wkhtmltopdf")


def _own():
    given = os.environ.get("CHROMIUM")
    if given and not _works(given):
        raise Failure(f"CHROMIUM is {given}, but no browser answers there.")
    return given


def _installed():
    """A browser of this machine; Ubuntu's package is but a hint to its app store."""
    found = map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))
    return next((program for program in found if program and _works(program)), None)


def _works(program):
    return "chrom" in process.output([program, "--version"]).lower()


def _unpack():
    if platform.machine() != "x86_64":
        raise Failure(
            f"No browser for {platform.machine()} can be fetched: install Chromium, "
            "or set CHROMIUM to the path of one."
        )
    stamp.emptied(layout.BROWSER)
    script = layout.DEV / "workbench/unpack_browser.js"
    process.run(
        ["node", script, _PACKAGE, layout.BROWSER],
        "The browser could not be unpacked",
        env=node.environment(),
    )
    for archive in layout.BROWSER.glob("*.tar"):
        process.run(
            ["tar", "-xf", archive, "-C", layout.BROWSER],
            "The browser could not be unpacked",
        )
        archive.unlink()
    (layout.BROWSER / "chromium").chmod(0o755)
    fonts = layout.BROWSER / "fonts.conf"
    fonts.write_text(_FONTS.format(folder=layout.BROWSER))


def _surroundings():
    return {
        "LD_LIBRARY_PATH": layout.BROWSER / "lib",
        "FONTCONFIG_FILE": layout.BROWSER / "fonts.conf",
    }


def _write_wrapper(program, surroundings=None):
    # Odoo limits the address space of its process; a browser reserves a great deal.
    limit = "ulimit -S -v unlimited\n"
    exports = "".join(
        f"export {name}={shlex.quote(str(value))}\n"
        for name, value in (surroundings or {}).items()
    )
    _script("chromium", program, *_FLAGS.split(), before=limit + exports)
    (layout.BIN / "google-chrome").symlink_to("chromium")


def _script(name, *command, before=""):
    """A program in `bin` that runs another with some arguments first."""
    script = layout.BIN / name
    script.write_text(f'#!/bin/sh\n{before}exec {shlex.join(map(str, command))} "$@"\n')
    script.chmod(0o755)
