"""Compare what the tests of the add-ons beside us say without us and with us."""

import argparse
import json
import tempfile
from pathlib import Path

from . import (
    build,
    config,
    database,
    layout,
    odoo_source,
    peers,
    postgres,
    process,
    workers,
)
from .console import say, step, table

_SETTINGS = layout.PLATFORM / "beside.conf"
# By suite: its add-on, and its files where not all of them are run.
_SUITES = {
    "helpdesk_mgmt": ("helpdesk_mgmt", []),
    "helpdesk_mgmt_project": ("helpdesk_mgmt_project", []),
    "contract": ("contract", []),
    "hr_timesheet": ("hr_timesheet", []),
    "maintenance": ("maintenance", []),
    "sale": ("sale", ["test_sale_order.py", "test_sale_to_invoice.py"]),
    "account, refunds": ("account", ["test_account_move_out_refund.py"]),
    "account, sending": ("account", ["test_account_move_send.py"]),
    "l10n_pl_edi": ("l10n_pl_edi", []),
    "calendar": ("calendar", []),
}
_BY_DESIGN = {
    # An invoice that is sent waits in our queue, so that nothing is raised at once.
    "test_l10n_pl_edi_send_api_error",
    # With contract_sale every salesman may change offers.
    "test_a_manager_keeps_offers_and_categories",
    "test_back_office_offers_and_changes_no_offer",
}


def main(arguments):
    """Run the suites, print one table, and fail if one fails because of us."""
    parser = argparse.ArgumentParser(prog="dev/neighbours", description=__doc__)
    parser.add_argument(
        "suites", nargs="*", metavar="SUITE", help=f"of {', '.join(_SUITES)}"
    )
    parser.add_argument(
        "--beside", action="store_true", help="run ours instead, beside more add-ons"
    )
    options = parser.parse_args(arguments)
    if options.beside:
        return _ours_beside()
    suites = options.suites or [*_SUITES]
    if unknown := set(suites) - set(_SUITES):
        parser.error(f"unknown suites: {', '.join(sorted(unknown))}")
    build.platform()
    with postgres.running():
        without = _results(suites, "without us", database.base_template())
        beside = _results(suites, "with us", database.addon_template())
    new = {name: beside[name].failed - without[name].failed for name in suites}
    rows = [
        {
            "suite": name,
            "without us": without[name],
            "with us": beside[name],
            "because of us": len(new[name]),
        }
        for name in suites
    ]
    say()
    say("\n".join(table(rows)))
    return _says_why(set().union(*new.values()))


def _says_why(failed):
    """Name the tests that fail; whether one of them had better not."""
    unexpected = {test for test in failed if test.rpartition("::")[2] not in _BY_DESIGN}
    for test in sorted(failed):
        say(f"{'Fails' if test in unexpected else 'By design'}: {test}")
    return bool(unexpected)


def _ours_beside():
    """Run our tests where add-ons are installed that others may have."""
    build.platform()
    peers.build()
    config.write_settings(_SETTINGS, peers.addons())
    with (
        postgres.running(),
        database.passing("beside", database.stage_template()) as name,
    ):
        with step(f"Installing {', '.join(peers.names())}"):
            modules = ",".join(peers.names())
            database.odoo_once(name, peers.addons_path(), "-i", modules)
        tests = [layout.LINK / "tests"]
        team = [workers.in_odoo(1, name, ["-q"], tests, settings=_SETTINGS)]
        workers.one_by_one(team, stop_early=False)
    workers.verdict(team)
    return _says_why({*team[0].report.get("failed", ["the tests did not end"])})


class _Result:
    """What came of a suite."""

    def __init__(self, report):
        outcomes = report.get("outcomes", {})
        self.failed = {*report.get("failed", [])}
        self._passed = outcomes.get("passed", 0)

    def __str__(self):
        return f"{len(self.failed)} failed, {self._passed} passed"


def _results(suites, title, template):
    results = {}
    with database.passing("neighbours", template) as name:
        for suite in suites:
            with step(f"{suite}, {title}"):
                results[suite] = _Result(_run(name, *_SUITES[suite]))
    return results


def _run(name, addon, files):
    """What the plug-in `tally` says of the tests of an add-on."""
    source = next(
        path / addon for path in odoo_source.addons() if (path / addon).is_dir()
    )
    with tempfile.TemporaryDirectory() as passing:
        # Below our own folder, which is a package, pytest would look into that as well.
        folder = Path(passing, addon)
        folder.symlink_to(source)
        tests = [folder / "tests" / file for file in files] or [folder / "tests"]
        report = Path(passing, "report.json")
        settings = Path(passing, "pytest.ini")
        settings.write_text("[pytest]\n")
        command = [layout.PYTHON, "-m", "pytest", "-p", "workbench.tally", "-q"]
        command += [f"--tally={report}", "-c", settings, "--rootdir", folder]
        command += ["--odoo-http", "-p", "no:cacheprovider", *tests]
        environment = {**config.environment(name, log="critical"), "PWD": str(folder)}
        process.captured(command, cwd=folder, env=environment)
        return json.loads(report.read_text()) if report.is_file() else {}
