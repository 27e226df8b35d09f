"""Odoo's configuration file, and the environment its processes run in."""

import os

from . import layout, odoo_source, process

_OPTIONS = """\
[options]
addons_path = {addons}
data_dir = {data}
http_interface = 127.0.0.1
list_db = False
max_cron_threads = 1
workers = 0
# No mail leaves this machine.
smtp_server = localhost
smtp_port = 9
"""


# Odoo reads every module's description, and docutils would report slips in them.
_DOCUTILS = "[general]\nreport_level: none\n"


def write():
    """Write the configuration and link the repository where Odoo looks for it."""
    _link()
    layout.DATA.mkdir(exist_ok=True)
    write_settings(layout.CONFIG, odoo_source.addons())
    layout.DOCUTILS.write_text(_DOCUTILS)


def write_settings(path, addons):
    """Write a configuration file of Odoo with these folders of add-ons."""
    folders = ",".join(map(str, addons))
    path.write_text(_OPTIONS.format(addons=folders, data=layout.DATA))


def _link():
    """Show Odoo the repository as an add-on of the right name.

    Its entries are linked one by one: in a link to the whole of it, the platform would
    hold itself, and Odoo's export of terms follows links without end.
    """
    layout.LINK.mkdir(parents=True, exist_ok=True)
    wanted = {path for path in layout.ROOT.iterdir() if path.name[0] != "."}
    links = [path for path in layout.LINK.iterdir() if path.is_symlink()]
    for link in links:
        if link.readlink() not in wanted:
            link.unlink()
    for path in wanted:
        link = layout.LINK / path.name
        if not link.is_symlink():
            link.symlink_to(path)


def environment(database, log="info", settings=layout.CONFIG):
    """What an Odoo process needs to know; the server's PG* variables are set."""
    return process.environment(
        DOCUTILSCONFIG=layout.DOCUTILS,
        ODOO_RC=settings,
        ODOO_LOG_LEVEL=log,
        PGDATABASE=database,
        PATH=f"{layout.BIN}:{os.environ['PATH']}",
    )


def odoo(*arguments):
    """The command line of Odoo."""
    return [layout.PYTHON, layout.DEV / "bin/odoo", *arguments]
