"""A throwaway Debian with Odoo: a folder that `chroot` enters.

What is done in there goes to a layer above it, which is gone afterwards. It is Debian's
stable release with Odoo 19's package from unstable, whose Python can be too new for it.
"""

import glob
import os
import shutil
import tempfile

from . import apt, layout, process, stamp
from .console import Failure

_TOOLS = layout.PLATFORM / "debootstrap"
_BASE = layout.PLATFORM / "debian"
# What a machine behind a proxy needs to reach the packages.
_NETWORK = (
    "/etc/resolv.conf",
    "/etc/pip.conf",
    "/etc/apt/apt.conf.d/99*",
    "/etc/ssl/certs/ca-certificates.crt",
)
_ENTER = """
exec 2>&1
cd "$3"
mkdir root upper work
mount -t overlay overlay -o "lowerdir=$1,upperdir=upper,workdir=work" root
mount --bind "$2" root/src
mount -t proc proc root/proc
exec chroot root /bin/sh -ec "$4"
"""
_ALONE = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
_ALONE += ["sh", "-ec", _ENTER, "sh"]
_INSTALL = ["apt-get", "install", "-q", "-y"]
_SCRIPT = """
export DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
pg_ctlcluster $(pg_lsclusters -h | cut -d' ' -f1,2) start -- -o "-c listen_addresses="
su postgres -c 'createuser --createdb odoo'
cd /src
echo "{mark}"
set -x
{commands}
"""
_MARK = "What the README says:"


def said(commands):
    """What it says to commands that its root gives in the repository."""
    if os.geteuid():
        raise Failure("only root can make such a machine")
    _have_base()
    script = _SCRIPT.format(mark=_MARK, commands=commands)
    with tempfile.TemporaryDirectory(dir=layout.PLATFORM) as passing:
        command = [*_ALONE, _BASE, layout.ROOT, passing, script]
        done = process.captured(command, env=_environment())
    log = layout.LOG / "install.log"
    log.write_text(done.stdout)
    if done.returncode:
        end = "\n".join(done.stdout.splitlines()[-12:])
        raise Failure(f"failed (details: {log}):\n{end}")
    return done.stdout.partition(_MARK)[2]


def _environment():
    """This process's, but what it says of PostgreSQL, Odoo and Python is of no use."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "ODOO", "PYTHON"))
    }
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return kept | {"HOME": "/root", "PATH": path, "TMPDIR": "/tmp"}


def _have_base():
    stamp.once("debian", stamp.digest(_BASE), "A Debian with Odoo", _bootstrap)


def _bootstrap():
    """Debian with Odoo and PostgreSQL; it reaches the network as this machine does."""
    debs = stamp.emptied(_TOOLS)
    apt.fetch(["debootstrap"], debs)
    shutil.rmtree(_BASE, ignore_errors=True)
    process.run(
        ["sh", debs / "usr/sbin/debootstrap", "--variant=minbase"]
        + ["--include=ca-certificates", "stable", _BASE, apt.mirror()],
        "Debian could not be unpacked",
        env=process.environment(DEBOOTSTRAP_DIR=debs / "usr/share/debootstrap"),
    )
    for pattern in _NETWORK:
        for path in glob.glob(pattern):
            shutil.copy(path, f"{_BASE}{path}")
    settings = _BASE / "etc/apt/apt.conf.d/98own"
    settings.write_text('APT::Install-Recommends "false";\n')
    # Nothing here has to outlive a power cut, and nothing starts while it is installed.
    (_BASE / "etc/dpkg/dpkg.cfg.d/fast").write_text("force-unsafe-io\n")
    policy = _BASE / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    (_BASE / "src").mkdir(exist_ok=True)
    package = apt.download("odoo-19", _BASE)
    command = ["chroot", _BASE, *_INSTALL, "postgresql", f"/{package}"]
    environment = {**_environment(), "DEBIAN_FRONTEND": "noninteractive"}
    process.run(command, "Odoo's package could not be installed", env=environment)
