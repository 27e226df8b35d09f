"""Upgrade a database that an older commit made, and prove that nothing is lost.

The older add-on plays the month of the demo, and an administrator edits what came with
it. Then the sources of this checkout upgrade the database, twice: every record keeps
its values, the ledger played again has no differences, and the second time nothing
changes.
"""

import argparse
import json
import os
import re
import tempfile
from pathlib import Path

from . import (
    build,
    config,
    database,
    layout,
    odoo_source,
    postgres,
    process,
    snapshot,
    stamp,
)
from .console import Failure, say, step, table

# An upgrade is promised from here on; a database of an older one was never anybody's.
_OLDEST = "25f61df1a447"
_FOLDER = layout.PLATFORM / "upgrade"
_OLD = _FOLDER / "addons" / layout.ADDON
_CONFIG = _FOLDER / "odoo.conf"
_COMPLAINT = re.compile(r" (WARNING|ERROR|CRITICAL) ")
_EDIT = f"""
for model, field in {snapshot.EDITABLE!r}.items():
    data = env["ir.model.data"].search(
        [("module", "=", "{layout.ADDON}"), ("model", "=", model)]
    )
    records = env[model].with_context(lang="{database.LANGUAGE}")
    for record in records.browse(data.mapped("res_id")):
        value = record[field]
        record[field] = False if value is True else f"{{value}} (own)"
env.cr.commit()
"""
_PLAY_AGAIN = """
for company in env["res.company"].search([]):
    ledger = env["service.hour.ledger"].with_company(company)
    found = ledger.with_user(env.ref("base.user_admin")).rebuild_check()
    print("LEDGER", company.name, found)
"""


def main(arguments):
    """Make the old database, upgrade it, print a table, and fail on any difference."""
    parser = argparse.ArgumentParser(prog="dev/upgrade-test", description=__doc__)
    parser.add_argument(
        "commit", nargs="?", default=_OLDEST, help="default: %(default)s"
    )
    commit = parser.parse_args(arguments).commit
    build.platform()
    _bring(commit)
    with (
        postgres.running(),
        database.passing("upgrade", database.base_template()) as name,
    ):
        with step(f"A month of work with {commit}"):
            _play(name)
        before = _snapshot(name)
        with step("The upgrade"):
            said = _upgrade(name)
        after = _snapshot(name)
        with step("The same upgrade again"):
            said += _upgrade(name)
        again = _snapshot(name)
        replayed = _replayed(name)
    lost = [*_differences(before, after)]
    lost += [f"second upgrade: {line}" for line in _differences(after, again)]
    say()
    say("\n".join(table(_rows(before, after))))
    say("\n".join(["", *replayed, *said, *lost]))
    return bool(lost or said or not replayed)


def _bring(commit):
    """Lay the add-on of that commit where its Odoo looks for it."""
    stamp.emptied(_OLD)
    with tempfile.NamedTemporaryFile(suffix=".tar") as archive:
        git = ["git", "-C", layout.ROOT, "archive", f"--output={archive.name}", commit]
        process.run(git, f"Git has no commit {commit} here: fetch all the history")
        process.run(["tar", "-xf", archive.name, "-C", _OLD], "tar failed")
    beside = [path for path in odoo_source.addons() if path != layout.ADDONS]
    config.write_settings(_CONFIG, [*beside, _OLD.parent])


def _play(name):
    """Have the older add-on installed, its month played, and what it brought edited."""
    path = f"{_OLD / 'dev'}{os.pathsep}{_OLD / 'tests'}"
    environment = config.environment(name, log="error", settings=_CONFIG)
    environment["PYTHONPATH"] = path
    install = ["-i", layout.ADDON, f"--load-language={database.LANGUAGE}"]
    table_of_story = _FOLDER / "story.json"
    for command, said in (
        (config.odoo("--stop-after-init", *install), None),
        ([layout.PYTHON, "-m", "story.play", table_of_story], None),
        (config.odoo("shell", "--no-http"), _EDIT),
    ):
        options = {"input": said, "stdin": None} if said else {}
        if process.show(command, env=environment, text=True, **options):
            raise Failure("The older add-on failed: its messages above say why.")


def _upgrade(name):
    """Upgrade to this checkout; what Odoo warns of while it does."""
    command = config.odoo("--stop-after-init", "-u", layout.ADDON)
    done = process.captured(command, env=config.environment(name, log="warn"))
    if done.returncode:
        raise Failure(f"The upgrade failed:\n{done.stderr}")
    return [line for line in done.stderr.splitlines() if _COMPLAINT.search(line)]


def _snapshot(name):
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [layout.PYTHON, "-m", "workbench.snapshot", file.name]
        if process.show(command, env=config.environment(name)):
            raise Failure("The database could not be read.")
        return json.loads(Path(file.name).read_text())


def _replayed(name):
    """What the ledger says when it is played again."""
    command = config.odoo("shell", "--no-http")
    done = process.captured(
        command,
        env=config.environment(name, log="error"),
        input=_PLAY_AGAIN,
        stdin=None,
    )
    return [line for line in done.stdout.splitlines() if line.startswith("LEDGER")]


def _rows(before, after):
    """For each table with records: how many there were, and are."""
    return [
        {
            "table": name,
            "before": len(rows),
            "after": len(after.get(name, {})),
            "columns": len(next(iter(rows.values()))),
        }
        for name, rows in sorted(before.items())
        if rows
    ]


def _differences(before, after):
    """A line for each table, record or column that is gone, and each changed value."""
    for name, rows in before.items():
        if name not in after:
            yield f"{name} is gone with {len(rows)} records"
            continue
        there = set(next(iter(after[name].values()), ()))
        for column in set(next(iter(rows.values()), ())) - there:
            if not _moved(rows, after[name], column):
                yield f"{name}.{column} is gone"
        for key, values in rows.items():
            now = after[name].get(key)
            if now is None:
                yield f"{name} {key} is gone"
                continue
            for column in there & set(values):
                if now[column] != values[column]:
                    was = f"{column} was {values[column]!r}"
                    yield f"{name} {key}: {was}, is {now[column]!r}"


def _moved(rows, now, column):
    """Whether a column that is new has all the values of one that is gone."""
    new = set(next(iter(now.values()))) - set(next(iter(rows.values())))
    return any(
        all(now.get(key, {}).get(heir) == row[column] for key, row in rows.items())
        for heir in new
    )
