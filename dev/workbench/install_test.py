"""Do what the README says on installing, in throwaway machines with an Odoo each.

The commands are read from the README, so that it cannot promise what is not tested. A
machine is a folder with a Debian of its own that `chroot` enters, or, for a checkout of
Odoo, a home with a virtual environment. The sentence of each says what it stands for.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from . import build, database, layout, machine, odoo_source, postgres, process
from .console import Failure, say, step

_SECTION = re.compile(r"^Install it into your Odoo\n=+\n(.*?)^=+$", re.M | re.S)
_BLOCK = re.compile(r"^   \*([^*]+)\*[^\n]*::\n\n((?:       .*\n|\n)+)", re.M)
_INSTALL = f"--stop-after-init --http-interface=127.0.0.1 -d fresh -i {layout.ADDON}"
_STATE = f"SELECT state FROM ir_module_module WHERE name = '{layout.ADDON}'"
# What Odoo's own demo data has to show.
_SHOWN = {"service.tier", "contract.contract", "helpdesk.ticket"}
_SHOWN |= {"account.analytic.line", "service.package.sale"}
_DEMO = f"""
SELECT DISTINCT model FROM ir_model_data
 WHERE module = '{layout.ADDON}' AND name LIKE 'demo\\_%'
"""
_AS_ODOO = f"""
su -s /bin/sh odoo -c 'odoo --config /etc/odoo/odoo.conf {_INSTALL}'
su postgres -c "psql -At fresh -c \\"{_STATE}\\"" | grep -qx installed
"""
_IMAGE = """
apt-get install -q -y python3-pip
mkdir -p /mnt/extra-addons
chown odoo /mnt/extra-addons
printf '[options]\\naddons_path = /mnt/extra-addons\\n' > /etc/odoo/odoo.conf
echo 'data_dir = /var/lib/odoo' >> /etc/odoo/odoo.conf
"""
# What the machine's own settings and Python packages are warned of is not ours.
_COMPLAINT = re.compile(
    r" (?:WARNING|ERROR|CRITICAL) \S+ (?!odoo\.tools\.config|py\.warnings)(.*)"
)


def main(arguments):
    """Install in each machine; fail where that fails, or Odoo warns."""
    parser = argparse.ArgumentParser(prog="dev/install-test", description=__doc__)
    names = ", ".join(_MACHINES)
    parser.add_argument("machines", nargs="*", metavar="MACHINE", help=f"of {names}")
    chosen = parser.parse_args(arguments).machines or [*_MACHINES]
    if unknown := set(chosen) - set(_MACHINES):
        parser.error(f"unknown machines: {', '.join(sorted(unknown))}")
    build.platform()
    commands = readme_commands()
    failed = False
    for name in chosen:
        stands_for, installed = _MACHINES[name]
        with step(f"{name}: {stands_for()}"):
            try:
                wrong = "; ".join(_COMPLAINT.findall(installed(commands[name])))
            except Failure as failure:
                wrong = str(failure)
        say(f"{name}: {wrong or 'installed without a warning'}")
        failed |= bool(wrong)
    return failed


def readme_commands(text=None):
    """The commands that the README has for each kind of Odoo."""
    text = text or (layout.ROOT / "README.rst").read_text()
    commands = {
        name: re.sub("^       ", "", block, flags=re.M)
        for name, block in _BLOCK.findall(_SECTION.search(text)[1])
    }
    if set(commands) != set(_MACHINES):
        raise Failure(f"The README says how to install into {', '.join(commands)}.")
    return commands


def _into_debian_package(commands):
    return machine.said(commands + _AS_ODOO)


def _into_official_image(commands):
    """Follow the Dockerfile line by line, where the facts of the image hold."""
    return machine.said(_IMAGE + dockerfile_as_shell(commands) + _AS_ODOO)


def dockerfile_as_shell(dockerfile):
    """What the lines of a Dockerfile do, for a shell of root in the repository."""
    done, user = [], "root"
    for line in dockerfile.replace("\\\n", "").splitlines():
        word, _space, rest = line.strip().partition(" ")
        if word == "USER":
            user = rest
        elif word == "RUN":
            done.append(rest if user == "root" else f"su -s /bin/sh {user} -c '{rest}'")
        elif word == "COPY":
            source, target = rest.split()
            tar = f"tar -C {source} --exclude-from={source}/.dockerignore -c ."
            done.append(f"mkdir -p {target} && {tar} | tar -C {target} -x")
        elif word and word != "FROM":
            raise Failure(f"What does {word} do in the README's Dockerfile?")
    return "\n".join([*done, ""])


def _checkout():
    given = os.environ.get("ODOO_HOME")
    return given or (
        "as ODOO_HOME names none, the sources of Debian's package laid out like one"
    )


def _into_git_checkout(commands):
    name = f"hsc_install_{os.getpid()}"
    install = f"~/odoo/odoo-bin --with-demo {_INSTALL}".replace("fresh", name)
    with _home(os.environ.get("ODOO_HOME")) as home, postgres.running():
        path = f"{home / 'venv/bin'}:{os.environ['PATH']}"
        environment = process.environment(HOME=home, PATH=path)
        environment.pop("PYTHONPATH", None)
        # Our server has no extension for fuzzy search, which Odoo would warn of.
        database.query(f'CREATE DATABASE "{name}" TEMPLATE template0')
        shell = ["sh", "-exc", f"exec 2>&1\n{commands}\n{install}"]
        try:
            done = process.captured(shell, cwd=layout.ROOT, env=environment)
            if done.returncode or database.query(_STATE, name) != ["installed"]:
                raise Failure(f"failed:\n{done.stdout[-2000:]}")
            if missing := _SHOWN - {*database.query(_DEMO, name)}:
                raise Failure(f"the demo data shows no {', '.join(sorted(missing))}")
        finally:
            database.drop(name)
    return done.stdout


@contextmanager
def _home(given):
    """A home with Odoo in `~/odoo` and its Python packages, but none of ours."""
    with tempfile.TemporaryDirectory(dir=layout.PLATFORM) as passing:
        home = Path(passing)
        if given:
            (home / "odoo").symlink_to(given)
        else:
            _lay_out_checkout(odoo_source.home() / "odoo", home / "odoo")
        _make_environment(home / "venv")
        yield home


def _lay_out_checkout(package, root):
    """As in the repository of Odoo: `odoo-bin`, `odoo`, and most add-ons beside it."""
    shutil.copytree(package, root / "odoo", symlinks=True, copy_function=os.link)
    (root / "addons").mkdir()
    for addon in (root / "odoo/addons").iterdir():
        if (
            addon.is_dir()
            and addon.name != "base"
            and not addon.name.startswith("test")
        ):
            addon.rename(root / "addons" / addon.name)
    command = root / "odoo-bin"
    command.write_text("#!/usr/bin/env python3\nimport odoo.cli\nodoo.cli.main()\n")
    command.chmod(0o755)


def _make_environment(folder):
    """The platform's packages without holidays and OCA's add-ons."""
    venv = [sys.executable, "-m", "venv", "--without-pip", folder]
    process.run(venv, "The virtual environment could not be made")
    (packages,) = (folder / "lib").glob("python3*/site-packages")
    shutil.copytree(
        layout.site_packages(),
        packages,
        symlinks=True,
        copy_function=os.link,
        ignore=shutil.ignore_patterns("holidays*", "odoo*", "__pycache__"),
        dirs_exist_ok=True,
    )
    pip = folder / "bin/pip"
    pip.write_text(f"#!{folder}/bin/python\nfrom pip import main\nmain()\n")
    pip.chmod(0o755)


# By kind of Odoo: what stands for it here, and how to install into that.
_MACHINES = {
    "Debian package": (lambda: "odoo-19 in Debian stable", _into_debian_package),
    "Git checkout": (_checkout, _into_git_checkout),
    "Official image": (
        lambda: (
            "no Docker needed: the lines of the Dockerfile, followed in Debian "
            "unstable with the user, folders and configuration of the image"
        ),
        _into_official_image,
    ),
}
