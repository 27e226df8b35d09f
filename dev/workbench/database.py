"""Databases: templates with what takes long to install, and copies of them."""

import ast
import itertools
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from . import config, layout, odoo_source, postgres, process, python_env, stamp
from .build import alone
from .console import Failure, step

LANGUAGE = "pl_PL"
_STAGE = layout.ROOT / "tests/common.py"
_SET_STAGE = f"""
from odoo.addons.{layout.ADDON}.tests.common import set_stage
set_stage(env)
"""
_numbers = itertools.count(1)
_SOURCES = (".py", ".xml", ".csv", ".po", ".pot", ".js", ".scss")
_NOT_SOURCES = {"tests", "benchmarks", "dev", "docs", "node_modules"}


def addon_template():
    """A database with the add-on just installed; its name tells the sources'."""
    name = f"hsc_addon_{addon_key()}"
    with alone():
        base = _built_base_template()
        if not exists(name):
            with step("Installing the add-on"):
                _make(name, base, [layout.ADDON])
            _drop_other("hsc_addon_", name)
    return name


def stage_template():
    """A database with the records that all tests share; they set them themselves."""
    source = addon_template()
    name = f"hsc_stage_{stamp.digest(source, _STAGE)}"
    with alone():
        if not exists(name):
            with step("Setting the stage for the tests"):
                copy(source, f"{name}_new")
                odoo_shell(f"{name}_new", _SET_STAGE)
                rename(f"{name}_new", name)
            _drop_other("hsc_stage_", name)
    return name


def base_template():
    """A database with all the add-on builds on, but without it."""
    with alone():
        return _built_base_template()


@contextmanager
def passing(kind, template=None):
    """A database of this process's own, for tests or measurements.

    It is a copy of the template, or of one with the add-on.
    """
    template = template or addon_template()
    _drop_orphans(f"hsc_{kind}_")
    name = f"hsc_{kind}_{os.getpid()}_{next(_numbers)}"
    copy(template, name)
    try:
        yield name
    finally:
        drop(name)


def addon_key():
    """A name for the add-on's present sources, its tests left out."""
    return stamp.digest(_base_key(), *_addon_files())


def exists(name):
    """Whether there is a database of this name."""
    return name in names()


def names():
    """The names of all databases."""
    return query("SELECT datname FROM pg_database")


def copy(template, name):
    """Make a database a copy of another, its files included."""
    drop(name)
    query(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    files = _files(template)
    if files.is_dir():
        # Odoo names its files by their content and never writes into one.
        shutil.copytree(files, _files(name), copy_function=os.link)


def rename(old, new):
    """Give a database and its files another name."""
    drop(new)
    if _files(old).is_dir():
        _files(old).rename(_files(new))
    query(f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def drop(name):
    """Remove a database and its files, if they are there."""
    # WITH (FORCE) stumbles over the server's own vacuum, which we may not end; a plain
    # DROP sends that away by itself.
    query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE datname = '{name}' AND usename = current_user"
    )
    query(f'DROP DATABASE IF EXISTS "{name}"')
    shutil.rmtree(_files(name), ignore_errors=True)


def odoo_once(name, *arguments):
    """Run Odoo on a database once: warnings and errors go to the terminal."""
    command = config.odoo("--stop-after-init", *arguments)
    if process.show(command, env=config.environment(name, log="warn")):
        raise Failure(f"Odoo failed on {name}: its messages above say why.")


def odoo_shell(name, code):
    """Run Python in Odoo on a database, with `env` at hand."""
    command = config.odoo("shell", "--no-http")
    environment = config.environment(name, log="warn")
    if process.show(command, env=environment, input=code, stdin=None, text=True):
        raise Failure(f"Odoo failed on {name}: its messages above say why.")


def query(sql, database="postgres"):
    """The first column of a query's result."""
    command = [postgres.program("psql"), "--no-psqlrc", "--quiet", "--tuples-only"]
    command += ["--no-align", "--dbname", database, "--command", sql]
    done = process.captured(command, cwd="/")
    if done.returncode:
        said = done.stderr.removeprefix("psql: error: ").splitlines()
        raise Failure(f"The database server refused: {said[0]}.")
    return done.stdout.split()


def _built_base_template():
    name = f"hsc_base_{_base_key()}"
    if not exists(name):
        with step("Installing Odoo's modules this add-on builds on"):
            _make(name, None, _manifest()["depends"])
        _drop_other("hsc_base_", name)
    return name


def _base_key():
    modules = [*_manifest()["depends"], LANGUAGE]
    return stamp.digest(
        odoo_source.home(), odoo_source.release(), python_env.versions(), *modules
    )


def _make(name, template, modules):
    """Install modules under a passing name, so that half a database has no other."""
    passing = f"{name}_new"
    if template:
        copy(template, passing)
    else:
        drop(passing)
        # Odoo would do it too, and complain that our server lacks an extension
        # for fuzzy search.
        query(f'CREATE DATABASE "{passing}" TEMPLATE template0 LC_COLLATE "C"')
    odoo_once(passing, "-i", ",".join(modules), f"--load-language={LANGUAGE}")
    _check_installed(passing, modules)
    rename(passing, name)


def _check_installed(database, modules):
    """Odoo passes over a module it does not find with no more than a warning."""
    sql = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    missing = set(modules) - set(query(sql, database))
    if missing:
        raise Failure(f"Odoo did not install {', '.join(sorted(missing))}.")


def _drop_other(prefix, name):
    for other in names():
        if other.startswith(prefix) and other != name:
            drop(other)


def _drop_orphans(prefix):
    """Drop the databases of processes that were killed."""
    for name in names():
        pid = name.removeprefix(prefix).partition("_")[0]
        if name.startswith(prefix) and not Path("/proc", pid).exists():
            drop(name)


def _files(name):
    return layout.DATA / "filestore" / name


def _manifest():
    return ast.literal_eval((layout.ROOT / "__manifest__.py").read_text())


def _addon_files():
    for folder, folders, files in os.walk(layout.ROOT):
        folders[:] = sorted(
            name
            for name in folders
            if name not in _NOT_SOURCES and not name.startswith((".", "__pycache__"))
        )
        for name in sorted(files):
            if name.endswith(_SOURCES):
                path = layout.ROOT / os.path.relpath(folder, layout.ROOT) / name
                yield path.relative_to(layout.ROOT)
                yield path
