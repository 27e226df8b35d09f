"""Add-ons this one is measured against. Only the bench's Odoo knows their folder."""

from . import layout, odoo_source, process, stamp
from .build import alone
from .console import Failure, say

# By module; like all of OCA's wheels they are installed --no-deps.
_PINS = {"helpdesk_mgmt_sla": "odoo-addon-helpdesk-mgmt-sla==19.0.1.0.0.4"}
_FOLDER = layout.PLATFORM / "peers"
_ADDONS = _FOLDER / "odoo" / "addons"


def build():
    """Have the peers, or say that they are left out: they are no part of us."""
    with alone():
        try:
            stamp.once("peers", stamp.digest(*_PINS.values(), _FOLDER), "Peers", _build)
        except Failure as failure:
            say(f"{failure} What needs them is not measured.")


def present(module):
    """Whether there is such a peer to install."""
    return (_ADDONS / module / "__manifest__.py").is_file()


def addons_path():
    """An option of Odoo: its folders with add-ons, that of the peers among them."""
    folders = [*odoo_source.addons(), *[_ADDONS][: _ADDONS.is_dir()]]
    return f"--addons-path={','.join(map(str, folders))}"


def _build():
    process.run(
        [layout.PYTHON, "-m", "pip", "install", "--no-deps", "--only-binary=:all:"]
        + ["--quiet", "--disable-pip-version-check"]
        + ["--target", stamp.emptied(_FOLDER), *_PINS.values()],
        "The add-ons to measure against could not be installed",
    )
