"""Odoo 19 itself: an installation the user names, else Debian's package."""

import os
import shutil
from pathlib import Path

from . import apt, layout, stamp
from .console import Failure

# Odoo's web client needs these. Debian's Odoo refers to them by links that stay
# within the folder everything is unpacked into. (Fonts for point of sale and for
# Swiss payment slips are left out.)
_PACKAGES = [
    "odoo-19",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
]
_UNPACKED = layout.ODOO / "usr/lib/python3/dist-packages"


def build():
    """Have Odoo 19, and let the virtual environment see it."""
    if not os.environ.get("ODOO_HOME"):
        key = stamp.digest(*_PACKAGES, layout.ODOO)
        stamp.once("odoo", key, "Odoo 19", _build)
    path = layout.site_packages() / "odoo-19.pth"
    path.write_text(f"{home()}\n")


def home():
    """The folder that holds the `odoo` package."""
    given = os.environ.get("ODOO_HOME")
    if not given:
        return _UNPACKED
    folder = Path(given).absolute()
    if not (folder / "odoo" / "release.py").is_file():
        raise Failure(f"ODOO_HOME is {given}, but there is no Odoo in that folder.")
    if "(19, 0" not in release():
        raise Failure(f"The Odoo in {given} is not 19.0, which this add-on needs.")
    return folder


def release():
    """Odoo's own statement of its version."""
    given = os.environ.get("ODOO_HOME")
    folder = Path(given) if given else _UNPACKED
    return (folder / "odoo" / "release.py").read_text()


def addons():
    """Folders with add-ons, as Odoo's configuration wants them."""
    in_odoo = home() / "odoo" / "addons"
    # In a git checkout most add-ons are beside the package, not in it.
    beside = home() / "addons"
    # OCA's add-ons, which are wheels.
    installed = layout.site_packages() / "odoo" / "addons"
    return [
        folder
        for folder in (in_odoo, beside, installed, layout.ADDONS)
        if any(folder.glob("*/__manifest__.py"))
    ]


def _build():
    unpacked = layout.ODOO.with_suffix(".new")
    apt.fetch(_PACKAGES, stamp.emptied(unpacked))
    # The package holds most add-ons twice, here without their views and assets.
    shutil.rmtree(unpacked / "usr/lib/python3/dist-packages/addons")
    _add_from_npm(unpacked)
    shutil.rmtree(layout.ODOO, ignore_errors=True)
    unpacked.rename(layout.ODOO)


def _add_from_npm(root):
    """Two things Odoo needs in the browser are no longer packaged by Debian."""
    shutil.copytree(
        layout.NODE_MODULES / "font-awesome/fonts",
        root / "usr/share/fonts-font-awesome/fonts",
    )
    library = "static/lib/selfie_segmentation"
    target = root / "usr/lib/python3/dist-packages/odoo/addons/mail" / library
    target.mkdir(parents=True, exist_ok=True)
    source = layout.NODE_MODULES / "@mediapipe/selfie_segmentation"
    shutil.copy(source / "selfie_segmentation.js", target)
