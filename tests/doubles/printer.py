"""A printer for tests: a program called wkhtmltopdf that does what a test needs."""

import os
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo.addons.base.models.ir_actions_report import _wkhtml

# Odoo wants to know the version; the last argument is the file to write, and those
# before it name what to print.
_BEGIN = """#!/bin/sh
PATH=/usr/bin:/bin
"""
_VERSION = '[ "$1" = --version ] && exit 0\n'
WORKS = (
    _VERSION
    + """\
for out; do :; done
{ echo "%PDF-1.4"; for page; do case $page in *body*) cat "$page";; esac; done
echo "%%EOF"; } > "$out"
"""
)
PRINTS_NOTHING = "exit 1\n"
PRINTS_RUBBISH = _VERSION + 'for out; do :; done; echo "<html>" > "$out"\n'
DIES = "kill -SEGV $$\n"
HANGS = "sleep 1000\n"


@contextmanager
def running(script=WORKS):
    """Put this printer first on the path; none at all where ``script`` is empty."""
    _wkhtml()  # for good: Odoo looks once, and shall not find this one
    with tempfile.TemporaryDirectory() as folder:
        if script:
            file = Path(folder, "wkhtmltopdf")
            file.write_text(_BEGIN + script)
            file.chmod(file.stat().st_mode | stat.S_IXUSR)
        path = f"{folder}:{os.environ['PATH']}" if script else folder
        with patch.dict(os.environ, PATH=path):
            yield
