"""Where everything lives: the checkout, and the platform built beside it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDON = "helpdesk_service_contract"

DEV = ROOT / "dev"
PLATFORM = Path(os.environ.get("HSC_PLATFORM") or ROOT / ".platform").absolute()

VENV = PLATFORM / "venv"
PYTHON = VENV / "bin" / "python"
NPM = PLATFORM / "npm"
NODE_MODULES = NPM / "node_modules"
APT = PLATFORM / "apt"
ODOO = PLATFORM / "odoo"
FONTS = PLATFORM / "fonts"
BROWSER = PLATFORM / "browser"
BIN = PLATFORM / "bin"
POSTGRES = PLATFORM / "postgres"
DATA = PLATFORM / "data"
LOG = PLATFORM / "log"
STAMPS = PLATFORM / "stamps"
CONFIG = PLATFORM / "odoo.conf"
DOCUTILS = PLATFORM / "docutils.conf"

# Odoo takes a module's name from its folder's name, and a checkout may be called
# anything: Odoo and pytest see the repository through this link.
ADDONS = PLATFORM / "addons"
LINK = ADDONS / ADDON


def site_packages():
    """The virtual environment's folder of packages."""
    return next((VENV / "lib").glob("python3*")) / "site-packages"
