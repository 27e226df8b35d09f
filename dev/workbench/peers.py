"""Add-ons that others may have beside this one, to measure and to test against.

Only the Odoo of `bench` and `neighbours` knows their folder.
"""

from . import layout, odoo_source, process, stamp
from .build import alone
from .console import Failure, say

# By module; like all of OCA's wheels they are installed --no-deps.
_PINS = {
    "contract_sale": "odoo-addon-contract-sale==19.0.1.0.0.4",
    "helpdesk_mgmt_merge": "odoo-addon-helpdesk-mgmt-merge==19.0.1.0.0.2",
    "helpdesk_mgmt_rating": "odoo-addon-helpdesk-mgmt-rating==19.0.1.0.0.7",
    "helpdesk_mgmt_sla": "odoo-addon-helpdesk-mgmt-sla==19.0.1.0.0.4",
    "hr_timesheet_time_control": "odoo-addon-hr-timesheet-time-control==19.0.1.0.3",
    "queue_job": "odoo-addon-queue-job==19.0.2.4.0.1",
}
_FOLDER = layout.PLATFORM / "peers"
_ADDONS = _FOLDER / "odoo" / "addons"


def build():
    """Have the peers, or say that they are left out: they are no part of us."""
    with alone():
        try:
            stamp.once("peers", stamp.digest(*_PINS.values(), _FOLDER), "Peers", _build)
        except Failure as failure:
            say(f"{failure} What needs them is left out.")


def names():
    """Those that there are."""
    return [module for module in _PINS if present(module)]


def present(module):
    """Whether there is such a peer to install."""
    return (_ADDONS / module / "__manifest__.py").is_file()


def addons_path():
    """An option of Odoo: its folders with add-ons, that of the peers among them."""
    return f"--addons-path={','.join(map(str, addons()))}"


def addons():
    """Folders with add-ons, that of the peers among them."""
    return [*odoo_source.addons(), *[_ADDONS][: _ADDONS.is_dir()]]


def _build():
    process.run(
        [layout.PYTHON, "-m", "pip", "install", "--no-deps", "--only-binary=:all:"]
        + ["--quiet", "--disable-pip-version-check"]
        + ["--target", stamp.emptied(_FOLDER), *_PINS.values()],
        "The add-ons to measure against could not be installed",
    )
