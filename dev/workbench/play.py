"""Play the story in a database and write its table down.

    python -m workbench.play FILE

Run by `demo` in the platform's Python, where Odoo is.
"""

import contextlib
import json
import socket
import sys
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.http import root
from odoo.modules.registry import Registry
from odoo.service.server import ThreadedServer
from odoo.tools import config

_REPORT_URL = "report.url"


def main(path):
    """Play, commit, and leave the rows as JSON."""
    config.parse_config([], setup_logging=True)
    # The story imports from the add-on, which Odoo finds only now.
    from . import story

    (database,) = config["db_name"]
    with Registry(database).cursor() as cr, _served() as url:
        env = api.Environment(cr, SUPERUSER_ID, {})
        parameters = env["ir.config_parameter"]
        parameters.set_param(_REPORT_URL, url)
        rows = story.play(env)
        parameters.set_param(_REPORT_URL, False)
        cr.commit()
    Path(path).write_text(json.dumps({"rows": rows, "logins": story.LOGINS}))


@contextlib.contextmanager
def _served():
    """Odoo's address while we play: PDF files fetch their style sheets from it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        config["http_port"] = free.getsockname()[1]
    server = ThreadedServer(root)
    server.http_spawn()
    try:
        yield f"http://127.0.0.1:{config['http_port']}"
    finally:
        server.httpd.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
