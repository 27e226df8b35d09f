"""Fetch packages with apt, leaving the system as it is and without being root.

apt gets lists, a cache and a source of its own. The mirror is the one the
machine already uses; what makes it trustworthy is not its address but the
distribution's signature, which apt checks as always.
"""

import os
import platform
import re

from . import layout, process
from .console import Failure
from .stamp import emptied

_KEYRINGS = "/usr/share/keyrings"
_INRELEASE = re.compile(r"^'(\S+)/dists/([^/']+)/InRelease'", re.MULTILINE)

# The machine's own settings stay in force (a proxy, say), except its hooks, which
# tell desktop programs about updates or tidy the system's cache. Error-Mode: of a
# mirror that cannot be reached apt would only warn.
_SETTINGS = """\
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::SourceList "{folder}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "{folder}/lists";
Dir::Cache "{folder}/cache";
APT::Sandbox::User "{user}";
APT::Update::Error-Mode "any";
Acquire::GzipIndexes "true";
Acquire::Languages "none";
Acquire::PDiffs "false";
"""


def fetch(packages, into):
    """Download these packages and unpack them into one folder."""
    archive = _reached(packages)
    debs = emptied(layout.APT / "debs")
    _apt_get(archive, "download", *packages, cwd=debs)
    for deb in sorted(debs.glob("*.deb")):
        process.run(["dpkg-deb", "-x", deb, into], f"{deb.name} could not be unpacked")
    emptied(debs)


def mirror():
    """The address that the packages fetched last came from."""
    _deb, _signed_by, site, *_suite = _source_list().read_text().split()
    return site


def download(package, into):
    """Download a package as it is; the name of its file."""
    _apt_get(_reached([package]), "download", package, cwd=into)
    (file,) = into.glob(f"{package}_*.deb")
    return file.name


def _source_list():
    return layout.APT / "sources.list"


def _reached(packages):
    """Settings of the first mirror that answers, is signed and has the packages."""
    problem = Failure("This machine's apt has no source to take a mirror from.")
    for source in _sources():
        try:
            archive = _prepared(source)
            _apt_get(archive, "download", "--print-uris", *packages)
            return archive
        except Failure as failure:
            problem = failure
    raise Failure(
        f"{problem} Odoo 19 comes from Debian unstable or Ubuntu's newest release; "
        "set DEBIAN_MIRROR to the address of a Debian mirror, or ODOO_HOME to an "
        "Odoo 19 you already have."
    )


def _sources():
    """Lines for sources.list to try, best first."""
    mirror = os.environ.get("DEBIAN_MIRROR")
    if mirror:
        return [_line(mirror.rstrip("/"), "debian")]
    release = platform.freedesktop_os_release()
    family = f"{release['ID']} {release.get('ID_LIKE', '')}".split()
    name = "ubuntu" if "ubuntu" in family else "debian"
    return [_line(site, name) for site in _sites()]


def _sites():
    """Where the machine's own apt gets its packages, security archives left out.

    `--print-uris` reads the configuration only: it needs neither the network nor
    lists fetched earlier, which a container's image usually lacks.
    """
    uris = process.output(["apt-get", "update", "--print-uris"])
    sites = [
        site for site, suite in _INRELEASE.findall(uris) if "security" not in suite
    ]
    return list(dict.fromkeys(sites))


def _line(site, distribution):
    suite, components = {
        "debian": ("unstable", "main"),
        "ubuntu": ("devel", "main universe"),
    }[distribution]
    keyring = f"{_KEYRINGS}/{distribution}-archive-keyring.gpg"
    if not os.path.exists(keyring):
        raise Failure(
            f"The file {keyring} is missing: install the package "
            f"{distribution}-archive-keyring, apt checks downloads with it."
        )
    return f"deb [signed-by={keyring}] {site} {suite} {components}\n"


def _prepared(source):
    """A private apt for this source, with fresh lists unless it has them already."""
    folder = layout.APT
    settings, listed = folder / "apt.conf", _source_list()
    if listed.is_file() and listed.read_text() == source:
        return settings
    emptied(folder)
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    # apt drops root's rights for downloads; it would then not get into a checkout
    # below a private folder.
    user = "root" if os.geteuid() == 0 else ""
    settings.write_text(_SETTINGS.format(folder=folder, user=user))
    listed.write_text(source)
    try:
        _apt_get(settings, "update")
    except Failure:
        listed.unlink()
        raise
    return settings


def _apt_get(settings, *arguments, **options):
    process.run(
        ["apt-get", "-c", settings, *arguments],
        "The packages could not be fetched with apt",
        **options,
    )
