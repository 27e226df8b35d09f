"""Build the add-on's wheel with whool, without what only its development needs.

whool takes every file that git knows. ``pyproject.toml`` names this as the backend.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from whool import buildapi
from whool.buildapi import (  # noqa: F401
    build_editable,
    build_sdist,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

_DEVELOPMENT = (
    ".ci .dockerignore .editorconfig .github .gitignore .pre-commit-config.yaml"
    " .prettierignore .prettierrc.yml .pylintrc benchmarks dev docs eslint.config.cjs"
    " newsfragments package-lock.json package.json"
).split()


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """A wheel as pip asks for it; its name."""
    with tempfile.TemporaryDirectory() as folder:
        name = buildapi.build_wheel(folder, config_settings, metadata_directory)
        _wheel("unpack", Path(folder, name), "--dest", folder)
        (unpacked,) = (path for path in Path(folder).iterdir() if path.is_dir())
        for addon in unpacked.glob("odoo/addons/*"):
            for path in map(addon.joinpath, _DEVELOPMENT):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
        _wheel("pack", unpacked, "--dest-dir", Path(wheel_directory).resolve())
    return name


def _wheel(*arguments):
    command = [sys.executable, "-m", "wheel", *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
