"""The bench: transactions, and calls that are timed in turns."""

import gc
import time
from contextlib import closing, contextmanager
from functools import cached_property
from statistics import median
from typing import NamedTuple

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db

from workbench import database, peers

from .stage import Stage


class Side(NamedTuple):
    """One of the things compared: ``work`` gets an environment of the user.

    In the same transaction ``prepare`` comes before it, and does not count. It may be
    done in the database of another bench.
    """

    user_id: int
    work: callable
    prepare: callable = None
    bench: "Bench" = None


class Call(NamedTuple):
    """What one call took. ``cpu_seconds`` is Python's part: waiting for the database
    is not in it."""

    seconds: float
    cpu_seconds: float
    sql: int


class Calls(NamedTuple):
    """The medians of a side's calls."""

    milliseconds: float
    cpu_milliseconds: float
    sql: int
    repetitions: int


class Bench:
    """Measures in one database; ``quick`` asks for small sizes and few turns.

    Further databases that it makes are gone when the stack ``databases`` is closed.
    """

    def __init__(self, registry, quick, databases):
        self.registry = registry
        self.quick = quick
        self.database = registry.db_name
        self._databases = databases

    @cached_property
    def stage(self):
        """The company and its people, made when the first measurement needs them."""
        with self.transaction() as env:
            return Stage(env)

    @cached_property
    def plain(self):
        """A bench in a database with all that we build on, but without us."""
        return self._of(self._copied("plain", database.base_template()))

    @cached_property
    def peer(self):
        """A bench in a database with a peer in our place; None if it is not to be had.

        Its clocks are those of OCA's helpdesk_mgmt_sla.
        """
        if not peers.present("helpdesk_mgmt_sla"):
            return None
        name = self._copied("peer", database.base_template())
        database.odoo_once(name, peers.addons_path(), "-i", "helpdesk_mgmt_sla")
        return self._of(name)

    @cached_property
    def twin(self):
        """A bench in a copy of this database, as it was when first asked for."""
        close_db(self.database)
        return self._of(self._copied("twin", self.database))

    def _copied(self, kind, template):
        copy = database.passing(f"bench{kind}", template)
        return self._databases.enter_context(copy)

    def _of(self, name):
        return Bench(Registry(name), self.quick, self._databases)

    def environment(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    @contextmanager
    def transaction(self):
        """What is done in here stays in the database."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def analyse(self):
        """Let the planner know what was loaded, as it would know it in the long run."""
        database.query("VACUUM ANALYZE", self.database)

    def size(self, full, quick):
        return quick if self.quick else full

    def compare(self, *sides, turns):
        """The calls of each side, taken in turns, after two that are not counted."""
        turns = self.size(turns, 2)
        # What is there already is not looked through again by each collection.
        gc.freeze()
        calls = [[] for _side in sides]
        for turn in range(turns + 2):
            pairs = list(zip(sides, calls, strict=True))
            # Whoever is first may find the processor's caches colder.
            for side, called in pairs if turn % 2 else reversed(pairs):
                called.append(self._call(side))
        return [self._medians(called[2:]) for called in calls]

    def _call(self, side):
        """Time a side in a transaction of its own, which is undone.

        So each call meets the same database, and empty caches of records like any
        request does.
        """
        with closing((side.bench or self).registry.cursor()) as cr:
            env = api.Environment(cr, side.user_id, {})
            if side.prepare:
                side.prepare(env)
                cr.flush()
            gc.collect()
            sql = cr.sql_log_count
            started, cpu_started = time.perf_counter(), time.thread_time()
            side.work(env)
            cr.flush()
            return Call(
                time.perf_counter() - started,
                time.thread_time() - cpu_started,
                cr.sql_log_count - sql,
            )

    @staticmethod
    def _medians(calls):
        seconds, cpu_seconds, sql = zip(*calls, strict=True)
        return Calls(
            median(seconds) * 1000,
            median(cpu_seconds) * 1000,
            round(median(sql)),
            len(calls),
        )
