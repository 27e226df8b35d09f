"""Play the story in a database and write its table down.

    python -m story.play FILE

Run by `demo` in the platform's Python, where Odoo is.
"""

import json
import socket
import sys
from pathlib import Path

from odoo import SUPERUSER_ID, api, http
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import config

_STYLES = ("web.report_assets_common", "web.report_assets_pdf")


def main(path):
    """Play, commit, and leave the rows as JSON."""
    config.parse_config([], setup_logging=True)
    (database,) = config["db_name"]
    registry = Registry(database)
    # The story uses the add-on, which can be imported from here on.
    from . import remote, story

    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        _serve_styles(env)
        rows, check = story.play(env)
        logins = [*story.LOGINS, remote.connect_tool(env)]
        env["ir.config_parameter"].set_param("report.url", False)
        cr.commit()
    server.server.stop()
    Path(path).write_text(json.dumps({"rows": rows, "check": check, "logins": logins}))


def _serve_styles(env):
    """Let the documents that the story prints find their styles on a server.

    They are made beforehand: to store them the server would wait for rows that the
    story has changed, while the story waits for the document.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        config["http_port"] = free.getsockname()[1]
    address = f"http://127.0.0.1:{config['http_port']}"
    env["ir.config_parameter"].set_param("report.url", address)
    for name in _STYLES:
        env["ir.qweb"]._get_asset_bundle(name, js=False).css()
    env.cr.commit()
    server.load_server_wide_modules()
    server.server = server.ThreadedServer(http.root)
    server.server.start(stop=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
